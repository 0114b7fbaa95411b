"""The gateway, made of its options."""

from __future__ import absolute_import, division, print_function

import functools

import waterspout
from waterspout.service import serve_sockets
from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.gateway.options import (
    accepting,
    calling,
    jobs,
    limits,
    listening,
    logs,
    operating,
    trusting,
)
from waterspout_cmdb.gateway.sockets import open_sockets

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Sequence  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401

    from waterspout.service import Application  # noqa: F401
    from waterspout_cmdb.gateway.jobs.running.runner_child import RunnerChild  # noqa: F401


#: The groups of options that are keywords of the application.
_GROUPS = accepting, limits, logs, trusting

#: In place of the sandbox's address, which is not known before it is started.
_NO_UPSTREAM = "127.0.0.1:1"


def app_maker(options, upstreams):
    # type: (OptionParser, Sequence[str]) -> Callable[[], Application]
    """Return a function that makes a process's application.

    Args:
        upstreams: the hosts or base URLs of the CMDB; `options` may name none.
    Raises:
        BadOption: options, or files that they name, cannot be used.
        waterspout.TransportUnavailable: the transport's package is not installed.
    """
    listening.check(options)
    make_sdk = calling.sdk_maker(upstreams, options)
    keywords = {}  # type: Dict[str, Any]
    for group in _GROUPS:
        keywords.update(group.app_keywords(options))
    jobs.prepare(options)
    for_operators = operating.Operating(options, upstreams)
    for_operators.log()

    def make_gateway():
        observers = for_operators.observers()
        sdk = make_sdk(observers)
        for observer in observers:
            observer.watch(sdk)
        probe = for_operators.probe()
        access = jobs.access(options)
        application = make_app(
            sdk, jobs=access, observers=observers,
            operations=for_operators.operations(probe, access), **keywords)
        if probe is not None:
            application.on_shutdown(probe.close)
        return application

    return make_gateway


def complaints(options):
    # type: (OptionParser) -> List[str]
    """Return every reason for which `app_maker` would refuse these options; it starts nothing."""
    upstreams = options.upstream or [_NO_UPSTREAM]
    steps = [
        lambda: listening.check(options),
        lambda: calling.sdk_maker(upstreams, options),
        lambda: jobs.check(options),
        lambda: operating.Operating(options, upstreams),
    ]  # type: List[Callable[[], Any]]
    steps += [
        functools.partial(getattr(group, "check", group.app_keywords), options)
        for group in _GROUPS]
    found = []  # type: List[str]
    for step in steps:
        try:
            step()
        except BadOption as error:
            found += [each for each in error.reasons if each not in found]
        except waterspout.TransportUnavailable as error:
            found.append("transport: %s" % error)
    return found


def serve_gateway(options, make_gateway, jobs_runner=None, **callbacks):
    # type: (OptionParser, Callable[[], Application], Optional[RunnerChild], **Any) -> int
    """Listen, serve until stopped, and return the exit code.

    Args:
        make_gateway: what `app_maker` returned.
        jobs_runner (RunnerChild or None): is started before, and stopped after.
        callbacks: of ``waterspout.service.serve_sockets``; ``on_ready`` is called with the
            `Sockets`.
    Raises: ListenError.
    """
    keywords = listening.serve_keywords(options)
    keywords.update(operating.serve_keywords(options), **callbacks)
    sockets = open_sockets(options)
    if sockets.operations:
        keywords["operations_sockets"] = sockets.operations
    on_ready = callbacks.get("on_ready")
    if on_ready is not None:
        keywords["on_ready"] = functools.partial(on_ready, sockets)
    if jobs_runner is None:
        return serve_sockets(make_gateway, sockets.clients, **keywords)
    keywords["on_sigchld"] = _all_of(keywords.get("on_sigchld"), jobs_runner.check)
    jobs_runner.start()
    try:
        return serve_sockets(make_gateway, sockets.clients, **keywords)
    finally:
        jobs_runner.stop()


def _all_of(*callbacks):
    # type: (*Any) -> Callable[[], None]
    def call():
        for callback in callbacks:
            if callback is not None:
                callback()

    return call
