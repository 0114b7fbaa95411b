"""The sandbox's options; ``option_table.py`` says where their values come from."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str
from tornado.util import basestring_type

from waterspout.service import LOG_LEVELS
from waterspout_cmdb.command_line.option_table import (
    ANY_TEXT,
    YES_OR_NO,
    BadOption,
    OptionTable,
    between,
    one_of,
    option,
)
from waterspout_cmdb.sandbox.operations.importing_rows import MAX_ROWS

#: The gateway's ``--sandbox-port`` is ``WATERSPOUT_SANDBOX_PORT``, and it means the same here.
ENVIRONMENT_PREFIX = "WATERSPOUT_SANDBOX_"

OPTIONS = (
    option("port", int, 8079, "PORT",
           "serve on this port; 0 lets the system choose", between(0, 65535)),
    option("address", basestring_type, "127.0.0.1", "HOST",
           "serve on this address; 0.0.0.0 is every IPv4 address of the machine", ANY_TEXT),
    option("db", basestring_type, "", "FILE", "where to keep the data; it must be given", ANY_TEXT),
    option("seed", basestring_type, "", "FILE",
           "the models that every organisation has, a JSON list; default: HOST and APP", ANY_TEXT),
    option("max_import_rows", int, MAX_ROWS, "N",
           "rows that one import may have", between(1, 2 ** 31)),
    option("until_stdin_closes", bool, False, "",
           "stop when standard input ends; for programs that start the sandbox", YES_OR_NO),
    option("logging", basestring_type, "warning", "LEVEL",
           "what to log, info shows each request: " + ", ".join(LOG_LEVELS), one_of(LOG_LEVELS)),
)  # fmt: skip

TABLE = OptionTable(OPTIONS, ENVIRONMENT_PREFIX)


def read_options(arguments, environment):
    # type: (List[str], Mapping[str, str]) -> OptionParser
    """Every option as an attribute of the result, e.g. ``.port``; see `OptionTable.read`.

    Raises: BadOption: also if no ``--db`` is given.
    """
    options = TABLE.read(arguments, environment)
    if not options.db:
        raise BadOption("--db=FILE is needed: where to keep the data")
    # Python 2 has bytes in file names and on the terminal, and knows a text's only if it is ASCII.
    options.db, options.seed = native_str(options.db), native_str(options.seed)
    return options


def usage():
    # type: () -> str
    """What ``--help`` prints."""
    lines = [
        "Usage: python -m waterspout_cmdb.sandbox --db=FILE [--name=value ...]",
        "",
        "Serves the CMDB's instance API from one SQLite file. Ctrl-C or SIGTERM stops it; requests",
        "in flight finish first.",
        "",
    ]
    lines += TABLE.lines()
    lines += [
        "  --version",
        "        print the version and exit",
        "",
        "Each option can also be set in the environment: %sPORT=8079. A flag wins." %
        ENVIRONMENT_PREFIX,
    ]
    return "\n".join(lines)
