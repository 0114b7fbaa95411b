"""The gateway as a command: options in, exit code out."""

from __future__ import absolute_import, division, print_function

import functools
import logging
import sys

import waterspout
from waterspout.service import ListenError, PidFileError, announce, shown_sockets
from waterspout_cmdb.command_line.command import Command
from waterspout_cmdb.command_line.environment_variables import BULK_PREFIX, variable_warnings
from waterspout_cmdb.gateway.assembly import app_maker, complaints, serve_gateway
from waterspout_cmdb.gateway.embedded_sandbox import EmbeddedSandbox, SandboxNotStarted
from waterspout_cmdb.gateway.options import jobs
from waterspout_cmdb.gateway.options.table import ENVIRONMENT_PREFIX, TABLE, usage
from waterspout_cmdb.gateway.reloading import Reloading
from waterspout_cmdb.gateway.startup_message import startup_message
from waterspout_cmdb.sandbox.sandbox_options import TABLE as SANDBOX_TABLE

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List, Mapping  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

#: Is set for a new release by the one before, see docs/service.md; the kit takes it from there.
_READY_FD = "WATERSPOUT_READY_FD"

_log = logging.getLogger("waterspout.cmdb")


def main(arguments, environment, program="python -m waterspout_cmdb"):
    # type: (List[str], Mapping[str, str], str) -> int
    """Run the gateway until it is stopped, and return the exit code.

    Args:
        program: what the user has typed for it, for ``--help``.
    """
    user_errors = SandboxNotStarted, PidFileError, waterspout.TransportUnavailable
    command = Command(
        "waterspout_cmdb", functools.partial(usage, program), TABLE, run, user_errors, complaints,
        _warnings)
    return command.main(arguments, environment)


def run(options, arguments, environment):
    # type: (Options, List[str], Mapping[str, str]) -> int
    """Start what the options ask for, serve, and stop it in reverse order."""
    for line in _warnings(environment):
        _log.warning(line)
    sandbox = None
    if not options.upstream:
        sandbox = EmbeddedSandbox(options.sandbox_port, options.sandbox_db)
    upstreams = options.upstream or [sandbox.upstream]
    make_gateway = app_maker(options, upstreams)
    jobs_runner = jobs.runner(options, upstreams)
    reload = Reloading(arguments, environment, options, upstreams, jobs_runner)
    # A sandbox belongs to the gateway that has started it: another one could not start it again.
    release_command = None if sandbox else release(arguments)

    def on_ready(sockets):
        announce(startup_message(
            shown_sockets(sockets.clients[:1]), upstreams, sandbox and sandbox.db,
            "https" if options.tls_cert else "http", shown_sockets(sockets.operations[:1]),
            bool(options.api_keys)))

    try:
        if sandbox is not None:
            _start(sandbox)
        return serve_gateway(
            options, make_gateway, jobs_runner, reload=reload, release_command=release_command,
            on_ready=on_ready, on_sigchld=sandbox and sandbox.check)
    finally:
        if sandbox is not None:
            sandbox.stop()


def release(arguments):
    # type: (List[str]) -> List[str]
    """Return the command that starts this gateway again, in the release that is installed now.

    Args:
        arguments: those that this one was started with.
    """
    return [sys.executable, "-m", "waterspout_cmdb"] + list(arguments)


def _warnings(environment):
    # type: (Mapping[str, str]) -> List[str]
    # The sandbox is started with this environment, and reads some of it.
    known = set(TABLE.variables()) | set(SANDBOX_TABLE.variables()) | {_READY_FD}
    own = dict(each for each in environment.items() if not each[0].startswith(BULK_PREFIX))
    return variable_warnings(own, ENVIRONMENT_PREFIX, known)


def _start(sandbox):
    try:
        sandbox.start()
    except ListenError as error:
        raise _with_advice(error, "choose another --sandbox-port")
    except SandboxNotStarted as error:
        raise _with_advice(
            error, "if the line above is about its file, choose another --sandbox-db"
        )


def _with_advice(error, advice):
    return SandboxNotStarted(
        "the sandbox CMDB does not start: %s; %s, or name a CMDB with --upstream=HOST:PORT"
        % (error, advice)
    )
