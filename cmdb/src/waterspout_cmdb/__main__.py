"""``python -m waterspout_cmdb``: start the gateway; with ``keys``, make an API key for it."""

from __future__ import absolute_import, division, print_function

import os
import sys

from waterspout_cmdb.gateway import command, keys_command


def main(arguments):
    # type: (List[str]) -> int
    """Run the command that the arguments ask for, and return its exit code."""
    if arguments[:1] == ["keys"]:
        return keys_command.main(arguments[1:])
    return command.main(arguments, os.environ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
