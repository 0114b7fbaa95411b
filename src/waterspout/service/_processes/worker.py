"""Serves in one process until it is stopped: drain, close the application, end the loop."""

from __future__ import absolute_import, division, print_function

import functools

from tornado import gen
from tornado.concurrent import Future
from tornado.ioloop import IOLoop

from waterspout._compat import close_without_waiting, resolve
from waterspout.service._processes.deferred_gc import DeferredGC
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.young_gc import rare_young_collections
from waterspout.service._server.drain import DRAIN_TIMEOUT
from waterspout.service._server.server import Server
from waterspout.service.futures import done_within

#: Seconds that the application's shutdown callbacks get to close clients and executors.
SHUTDOWN_TIMEOUT = 5.0

#: Seconds for handlers that were cut off to notice that their connections are closed. Otherwise
#: their errors would be logged as never retrieved.
LAST_TURNS = 0.5

_log = SafeLogger("waterspout.service")


def run_worker(
    make_app, sockets, watch, on_ready, drain_timeout=DRAIN_TIMEOUT, on_drained=lambda: None,
    server_class=Server
):  # fmt: skip
    # type: (...) -> bool
    """Serve on ``sockets`` until stopped. Blocks; call it in a process without an IOLoop.

    Args:
        make_app (callable): returns the :class:`Application`; called on the running IOLoop.
        sockets (list of socket): listening.
        watch (callable): ``watch(io_loop, stop)`` arranges for ``stop()`` to be called.
        on_ready (callable): called without arguments once requests are served.
        drain_timeout (float seconds): for requests in flight when stopped.
        on_drained (callable): called without arguments when requests have ended, before the
            application's shutdown callbacks.
        server_class (type): a DrainingServer.
    Returns: bool: False if requests or shutdown callbacks were cut off.
    """
    io_loop = IOLoop(make_current=False)  # It is current while it runs.
    serve = functools.partial(
        _serve, io_loop, make_app, sockets, watch, on_ready, drain_timeout, on_drained,
        server_class)
    with rare_young_collections():
        deferred_gc = DeferredGC(io_loop)
        try:
            clean = io_loop.run_sync(serve)
        finally:
            deferred_gc.close()
    close_without_waiting(io_loop)
    return clean


@gen.coroutine
def _serve(
    io_loop, make_app, sockets, watch, on_ready, drain_timeout, on_drained, server_class
):
    stopped = Future()  # type: Future[None]
    watch(io_loop, functools.partial(resolve, stopped, None))
    application = make_app()
    server = server_class(application)
    server.add_sockets(sockets)
    on_ready()
    yield stopped
    cut_off = yield server.drain(drain_timeout)
    if cut_off:
        _log.warning("Cut off %d requests still running after %g s", cut_off, drain_timeout)
    on_drained()
    shut_down = yield done_within(SHUTDOWN_TIMEOUT, application.shutdown())
    if not shut_down:
        _log.warning("Shutdown callbacks did not end within %g s", SHUTDOWN_TIMEOUT)
    if cut_off:
        yield server.end_handlers(LAST_TURNS)
    raise gen.Return(shut_down and not cut_off)
