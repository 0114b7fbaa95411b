"""The sandbox's command line."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str
from tornado.options import Error, OptionParser
from tornado.util import basestring_type

from waterspout.service import LOG_LEVELS
from waterspout_cmdb.sandbox.importer import MAX_ROWS

_GROUP = "waterspout_cmdb.sandbox"


class BadOption(Exception):
    """An option that cannot be used; ``str()`` is one line for the person at the terminal."""


def read_options(arguments):
    # type: (List[str]) -> OptionParser
    """Every option as an attribute of the result, e.g. ``.port``.

    Args:
        arguments: the command line without the program's name.
    Raises: BadOption. SystemExit: after printing the help that ``--help`` asks for.
    """
    options = _options()
    for argument in arguments:
        flag = argument.partition("=")[0]
        if not flag.startswith("--") or flag[2:] not in options:
            raise BadOption("there is no option %s; --help lists them" % flag)
        try:
            options.parse_command_line(["", argument], final=False)
        except (Error, ValueError) as error:
            raise BadOption("%s: %s" % (flag, error))
    if not options.db:
        raise BadOption("--db=FILE is needed: where to keep the data")
    if options.logging not in LOG_LEVELS:
        raise BadOption("--logging is one of %s" % ", ".join(LOG_LEVELS))
    if options.max_import_rows < 1:
        raise BadOption("--max-import-rows must be 1 or more")
    # Python 2 has bytes in file names and on the terminal, and knows a text's only if it is ASCII.
    options.db, options.seed = native_str(options.db), native_str(options.seed)
    return options


def _options():
    options = OptionParser()

    def define(name, **details):
        options.define(name, group=_GROUP, **details)

    define("port", type=int, default=8079, help="serve on this port; 0: any free one")
    define("address", type=basestring_type, default="127.0.0.1", help="serve on this address")
    define("db", type=basestring_type, default="", metavar="FILE", help="where to keep the data")
    define(
        "seed",
        type=basestring_type,
        default="",
        metavar="FILE",
        help="the models that every organisation has, a JSON list; default: HOST and APP",
    )
    define(
        "max_import_rows", type=int, default=MAX_ROWS, help="rows that one import may have"
    )
    define(
        "until_stdin_closes",
        type=bool,
        default=False,
        help="stop when standard input ends; for programs that start the sandbox",
    )
    define(
        "logging",
        type=basestring_type,
        default="warning",
        metavar="|".join(LOG_LEVELS),
        help="what to log; info shows each request",
    )
    return options
