"""``python -m waterspout.testing.cassette old.yaml new.json``: converts a cassette of vcrpy."""

from __future__ import absolute_import, division, print_function

import sys

from waterspout.testing.cassette._file.convert import convert


def main(arguments):
    # type: (list[str]) -> int
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m waterspout.testing.cassette old.yaml new.json\n")
        return 2
    try:
        count = convert(*arguments)
    except (ValueError, ImportError, EnvironmentError) as error:
        sys.stderr.write("%s\n" % error)
        return 1
    print("%s: %d interactions" % (arguments[1], count))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
