"""``python -m waterspout_cmdb``: the gateway as a command."""

from __future__ import absolute_import, division, print_function

import logging
import os
import sys

import waterspout
from waterspout.service import ListenError, announce, listen, port_of, setup_logging
from waterspout_cmdb.command_line.environment_variables import remarks
from waterspout_cmdb.command_line.option_table import BadOption
from waterspout_cmdb.gateway.embedded_sandbox import Sandbox, SandboxError
from waterspout_cmdb.gateway.gateway_options import (
    ENVIRONMENT_PREFIX,
    TABLE,
    read_options,
    split_origins,
    usage,
)
from waterspout_cmdb.gateway.greeting import greeting
from waterspout_cmdb.gateway.server import sdk_maker, serve_gateway
from waterspout_cmdb.sandbox.sandbox_options import TABLE as SANDBOX_TABLE

#: Exit code for what the person at the terminal has to put right.
USAGE = 2

_log = logging.getLogger("waterspout.cmdb")


def main(arguments, environment):
    # type: (List[str], Mapping[str, str]) -> int
    """Run the gateway until it is stopped; returns the exit code."""
    if "--help" in arguments or "-h" in arguments:
        announce(usage())
        return 0
    if "--version" in arguments:
        announce("waterspout_cmdb " + waterspout.__version__)
        return 0
    try:
        options = read_options(arguments, environment)
        setup_logging(options.logging)
        # The sandbox is started with this environment, and reads some of it.
        known = set(TABLE.variables()) | set(SANDBOX_TABLE.variables())
        for line in remarks(environment, ENVIRONMENT_PREFIX, known):
            _log.warning(line)
        return run(options)
    except (BadOption, ListenError, SandboxError, waterspout.TransportUnavailable) as error:
        announce("waterspout_cmdb: " + " ".join(str(error).split()), sys.stderr)
        return USAGE
    except KeyboardInterrupt:  # Ctrl-C before there was anything to stop
        return 130


def run(options):
    # type: (OptionParser) -> int
    """Start what the options ask for, serve, and stop it in reverse order."""
    sandbox = None if options.upstream else Sandbox(options.sandbox_port, options.sandbox_db)
    upstream = options.upstream or sandbox.upstream
    make_sdk = _sdk_maker(upstream, options)
    sockets = listen(options.port, options.address)
    port = port_of(sockets)

    def on_ready():
        announce(greeting(options.address, port, upstream, sandbox and sandbox.db))

    try:
        if sandbox is not None:
            _start(sandbox)
        return serve_gateway(
            sockets,
            options.processes,
            make_sdk,
            options.max_body_bytes,
            split_origins(options.allowed_origins),
            drain_timeout=options.drain_timeout,
            on_ready=on_ready,
            on_sigchld=sandbox and sandbox.check,
        )
    finally:
        if sandbox is not None:
            sandbox.stop()


def _sdk_maker(upstream, options):
    try:
        return sdk_maker(
            upstream,
            options.org,
            options.user,
            options.transport,
            options.timeout,
            options.total_timeout,
        )
    except ValueError as error:
        raise BadOption("upstream must be HOST:PORT or a base URL: %s" % error)


def _start(sandbox):
    try:
        sandbox.start()
    except ListenError as error:
        raise _does_not_start(error, "choose another --sandbox-port")
    except SandboxError as error:
        raise _does_not_start(
            error, "if the line above is about its file, choose another --sandbox-db"
        )


def _does_not_start(error, advice):
    return SandboxError(
        "the sandbox CMDB does not start: %s; %s, or name a CMDB with --upstream=HOST:PORT"
        % (error, advice)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
