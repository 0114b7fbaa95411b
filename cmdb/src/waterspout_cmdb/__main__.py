"""``python -m waterspout_cmdb``: the commands; with options alone, or none, start the gateway."""

from __future__ import absolute_import, division, print_function

import sys

from waterspout_cmdb.commands.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
