"""``python -m waterspout_cmdb.sandbox``: the sandbox CMDB as a command."""

from __future__ import absolute_import, division, print_function

import logging
import os
import sys

import waterspout
from waterspout.service import (
    ListenError,
    announce,
    listen,
    port_of,
    serve_sockets,
    setup_logging,
    shown_address,
)
from waterspout_cmdb.command_line.environment_variables import remarks
from waterspout_cmdb.command_line.option_table import BadOption
from waterspout_cmdb.sandbox.app import make_app
from waterspout_cmdb.sandbox.lifeline import stop_when_closed
from waterspout_cmdb.sandbox.models.seed import BadSeed, read_definitions
from waterspout_cmdb.sandbox.sandbox_options import ENVIRONMENT_PREFIX, TABLE, read_options, usage
from waterspout_cmdb.sandbox.storage import StorageError, Store

STDIN = 0

#: Exit code for what the person at the terminal has to put right.
USAGE = 2

_log = logging.getLogger("waterspout.cmdb.sandbox")


def main(arguments, environment):
    # type: (List[str], Mapping[str, str]) -> int
    """Run the sandbox until it is stopped; returns the exit code."""
    if "--help" in arguments or "-h" in arguments:
        announce(usage())
        return 0
    if "--version" in arguments:
        announce("waterspout_cmdb.sandbox " + waterspout.__version__)
        return 0
    try:
        options = read_options(arguments, environment)
        setup_logging(options.logging)
        if not options.until_stdin_closes:  # The program that started us has said it.
            for line in remarks(environment, ENVIRONMENT_PREFIX, TABLE.variables()):
                _log.warning(line)
        return run(options)
    except (BadOption, BadSeed, ListenError, StorageError) as error:
        announce("waterspout_cmdb.sandbox: " + " ".join(str(error).split()), sys.stderr)
        return USAGE
    except KeyboardInterrupt:  # Ctrl-C before there was anything to stop
        return 130


def run(options):
    # type: (OptionParser) -> int
    """Serve as the options ask for."""
    # First the file: once the port is open, whoever started us takes us to be well.
    seed = read_definitions(options.seed) if options.seed else None
    store = Store.open(options.db, seed)
    sockets = listen(options.port, options.address)

    def on_ready():
        if options.until_stdin_closes:
            stop_when_closed(STDIN)  # First: whatever fails below, no parent is outlived.
        address = shown_address(options.address, port_of(sockets))
        line = "Sandbox CMDB on http://%s, its data in %s" % (address, options.db)
        if options.until_stdin_closes:
            _log.info(line)  # The program that started us speaks to its user itself.
        else:
            announce(line)

    return serve_sockets(
        lambda: make_app(store, options.max_import_rows), sockets, on_ready=on_ready
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
