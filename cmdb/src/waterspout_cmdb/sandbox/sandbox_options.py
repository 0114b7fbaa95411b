"""The sandbox's options; ``option_table.py`` describes where their values come from."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout.service import LOG_LEVELS
from waterspout_cmdb.command_line.command import usage_text
from waterspout_cmdb.command_line.option import (
    ANY_TEXT,
    YES_OR_NO,
    OptionGroup,
    between,
    one_of,
    option,
)
from waterspout_cmdb.command_line.option_table import OptionTable
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

TABLE = OptionTable([OptionGroup("", OPTIONS)], ENVIRONMENT_PREFIX)


def read_options(arguments, environment):
    # type: (List[str], Mapping[str, str]) -> OptionParser
    """Return the options as attributes, e.g. ``.port``; see `OptionTable.read`.

    Raises: BadOption: also if there is no ``--db``.
    """
    return TABLE.read(arguments, environment, complaints)


def complaints(options):
    # type: (OptionParser) -> List[str]
    """Return what is wrong with the options together."""
    return [] if options.db else ["--db=FILE is needed: where to keep the data"]


def usage(program="python -m waterspout_cmdb.sandbox"):
    # type: (str) -> str
    """Return what ``--help`` prints; ``program`` is what the user has typed for the sandbox."""
    return usage_text(
        program,
        "--db=FILE [--name=value ...]",
        [
            "Serves the CMDB's instance API from one SQLite file. Ctrl-C or SIGTERM stops it; "
            "requests",
            "in flight finish first.",
        ],
        TABLE,
        [
            "Each option can also be set in the environment: %sPORT=8079. A flag wins."
            % ENVIRONMENT_PREFIX
        ],
    )
