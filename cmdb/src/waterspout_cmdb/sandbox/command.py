"""The sandbox CMDB as a command: options in, exit code out."""

from __future__ import absolute_import, division, print_function

import functools
import logging

from tornado.escape import native_str

from waterspout.service import announce, listen, port_of, serve_sockets, shown_address
from waterspout_cmdb.command_line.command import Command
from waterspout_cmdb.command_line.environment_variables import variable_warnings
from waterspout_cmdb.sandbox.app import make_app
from waterspout_cmdb.sandbox.models.seed import BadSeed, read_definitions
from waterspout_cmdb.sandbox.parent_watch import stop_when_closed
from waterspout_cmdb.sandbox.sandbox_options import (
    ENVIRONMENT_PREFIX,
    TABLE,
    complaints,
    usage,
)
from waterspout_cmdb.sandbox.storage import StorageError, Store

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List, Mapping  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

STDIN = 0

_log = logging.getLogger("waterspout.cmdb.sandbox")


def main(arguments, environment, program="python -m waterspout_cmdb.sandbox"):
    # type: (List[str], Mapping[str, str], str) -> int
    """Run the sandbox until it is stopped, and return the exit code.

    Args:
        program: what the user has typed for it, for ``--help``.
    """
    user_errors = BadSeed, StorageError
    command = Command(
        "waterspout_cmdb.sandbox", functools.partial(usage, program), TABLE, run, user_errors,
        _complaints, _warnings)
    return command.main(arguments, environment)


def _complaints(options):
    # type: (Options) -> List[str]
    found = complaints(options)
    try:
        if options.seed:
            read_definitions(native_str(options.seed))
    except BadSeed as error:
        found.append("seed: %s" % error)
    return found


def _warnings(environment):
    # type: (Mapping[str, str]) -> List[str]
    return variable_warnings(environment, ENVIRONMENT_PREFIX, TABLE.variables())


def run(options, arguments, environment):
    # type: (Options, List[str], Mapping[str, str]) -> int
    """Serve as the options ask for, and return the exit code."""
    if not options.until_stdin_closes:  # Otherwise the program that started us has logged it.
        for line in _warnings(environment):
            _log.warning(line)
    # The file first: once the port is open, a caller takes the sandbox to be ready.
    # py2: file names and the terminal are bytes; a text beside them must be ASCII.
    db = native_str(options.db)
    seed = read_definitions(native_str(options.seed)) if options.seed else None
    store = Store.open(db, seed)
    sockets = listen(options.port, options.address)

    def on_ready():
        if options.until_stdin_closes:
            # First, so that the sandbox ends with its parent even if a later line fails.
            stop_when_closed(STDIN)
        address = shown_address(options.address, port_of(sockets))
        line = "Sandbox CMDB on http://%s, its data in %s" % (address, db)
        if options.until_stdin_closes:
            _log.info(line)  # The program that started us prints its own message.
        else:
            announce(line)

    return serve_sockets(
        lambda: make_app(store, options.max_import_rows), sockets, on_ready=on_ready
    )
