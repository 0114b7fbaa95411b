"""The gateway as a command: options in, exit code out."""

from __future__ import absolute_import, division, print_function

import logging

from tornado.escape import native_str

import waterspout
from waterspout.service import ListenError, announce, listen, port_of
from waterspout_cmdb.command_line.command import run_command
from waterspout_cmdb.command_line.environment_variables import variable_warnings
from waterspout_cmdb.command_line.option_table import BadOption
from waterspout_cmdb.gateway.call_policies import call_policies
from waterspout_cmdb.gateway.embedded_sandbox import EmbeddedSandbox, SandboxNotStarted
from waterspout_cmdb.gateway.gateway_options import (
    ENVIRONMENT_PREFIX,
    TABLE,
    read_options,
    split_origins,
    usage,
)
from waterspout_cmdb.gateway.server import sdk_maker, serve_gateway
from waterspout_cmdb.gateway.startup_message import startup_message
from waterspout_cmdb.sandbox.sandbox_options import TABLE as SANDBOX_TABLE

_log = logging.getLogger("waterspout.cmdb")


def main(arguments, environment):
    # type: (List[str], Mapping[str, str]) -> int
    """Run the gateway until it is stopped, and return the exit code."""
    user_errors = SandboxNotStarted, waterspout.TransportUnavailable
    return run_command(
        "waterspout_cmdb", usage, read_options, run, user_errors, arguments, environment
    )


def run(options, environment):
    # type: (OptionParser, Mapping[str, str]) -> int
    """Start what the options ask for, serve, and stop it in reverse order."""
    # The sandbox is started with this environment, and reads some of it.
    known = set(TABLE.variables()) | set(SANDBOX_TABLE.variables())
    for line in variable_warnings(environment, ENVIRONMENT_PREFIX, known):
        _log.warning(line)
    sandbox = None
    if not options.upstream:
        sandbox = EmbeddedSandbox(options.sandbox_port, options.sandbox_db)
    upstreams = options.upstream or [sandbox.upstream]
    make_sdk = _sdk_maker(upstreams, options)
    sockets = listen(options.port, options.address)
    port = port_of(sockets)

    def on_ready():
        announce(startup_message(options.address, port, upstreams, sandbox and sandbox.db))

    try:
        if sandbox is not None:
            _start(sandbox)
        return serve_gateway(
            sockets,
            options.processes,
            make_sdk,
            options.max_body_bytes,
            split_origins(options.allowed_origins),
            options.allow_missing_host,
            _deadline(options),
            drain_timeout=options.drain_timeout,
            http_server=native_str(options.http_server),
            on_ready=on_ready,
            on_sigchld=sandbox and sandbox.check,
        )
    finally:
        if sandbox is not None:
            sandbox.stop()


def _deadline(options):
    if not options.deadline_header:
        return None
    return waterspout.DeadlineHeader(
        native_str(options.deadline_header), native_str(options.deadline_unit))


def _sdk_maker(upstreams, options):
    try:
        policies = call_policies(
            options.retries,
            options.max_concurrent,
            options.max_queued,
            options.max_concurrent_per_org,
            options.breaker == "on",
            len(upstreams),
        )
    except ValueError as error:
        raise BadOption(str(error))
    try:
        return sdk_maker(
            upstreams,
            options.org,
            options.user,
            options.transport,
            options.timeout,
            options.total_timeout,
            policies,
        )
    except ValueError as error:
        raise BadOption("upstream must be HOST:PORT or a base URL: %s" % error)


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
