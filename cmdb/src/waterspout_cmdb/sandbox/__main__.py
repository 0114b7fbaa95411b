"""``python -m waterspout_cmdb.sandbox``: start the sandbox CMDB."""

from __future__ import absolute_import, division, print_function

import os
import sys

from waterspout_cmdb.sandbox.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
