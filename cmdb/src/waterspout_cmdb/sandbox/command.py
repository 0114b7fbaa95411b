"""The sandbox CMDB as a command: options in, exit code out."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout.service import announce, listen, port_of, serve_sockets, shown_address
from waterspout_cmdb.command_line.command import run_command
from waterspout_cmdb.command_line.environment_variables import variable_warnings
from waterspout_cmdb.sandbox.app import make_app
from waterspout_cmdb.sandbox.models.seed import BadSeed, read_definitions
from waterspout_cmdb.sandbox.parent_watch import stop_when_closed
from waterspout_cmdb.sandbox.sandbox_options import (
    ENVIRONMENT_PREFIX,
    TABLE,
    read_options,
    usage,
)
from waterspout_cmdb.sandbox.storage import StorageError, Store

STDIN = 0

_log = logging.getLogger("waterspout.cmdb.sandbox")


def main(arguments, environment):
    # type: (List[str], Mapping[str, str]) -> int
    """Run the sandbox until it is stopped, and return the exit code."""
    user_errors = BadSeed, StorageError
    return run_command(
        "waterspout_cmdb.sandbox", usage, read_options, run, user_errors, arguments, environment
    )


def run(options, environment):
    # type: (OptionParser, Mapping[str, str]) -> int
    """Serve as the options ask for, and return the exit code."""
    if not options.until_stdin_closes:  # Otherwise the program that started us has logged it.
        for line in variable_warnings(environment, ENVIRONMENT_PREFIX, TABLE.variables()):
            _log.warning(line)
    # The file first: once the port is open, a caller takes the sandbox to be ready.
    seed = read_definitions(options.seed) if options.seed else None
    store = Store.open(options.db, seed)
    sockets = listen(options.port, options.address)

    def on_ready():
        if options.until_stdin_closes:
            # First, so that the sandbox ends with its parent even if a later line fails.
            stop_when_closed(STDIN)
        address = shown_address(options.address, port_of(sockets))
        line = "Sandbox CMDB on http://%s, its data in %s" % (address, options.db)
        if options.until_stdin_closes:
            _log.info(line)  # The program that started us prints its own message.
        else:
            announce(line)

    return serve_sockets(
        lambda: make_app(store, options.max_import_rows), sockets, on_ready=on_ready
    )
