"""One process that serves until it is told to stop, and then takes its leave properly."""

from __future__ import absolute_import, division, print_function

import datetime
import functools
import logging

from tornado import gen
from tornado.concurrent import Future
from tornado.ioloop import IOLoop

from waterspout._compat import resolve
from waterspout.service.server import DRAIN_TIMEOUT, Server

#: Seconds that the application's shutdown callbacks get to close clients and executors.
SHUTDOWN_TIMEOUT = 5.0

_log = logging.getLogger("waterspout.service")


def run_worker(make_app, sockets, watch, on_ready, drain_timeout=DRAIN_TIMEOUT):
    # type: (...) -> None
    """Serve on ``sockets`` until stopped. Blocks; call it in a process without an IOLoop.

    Args:
        make_app (callable): returns the :class:`Application`; called on the running IOLoop.
        sockets (list of socket): listening.
        watch (callable): ``watch(io_loop, stop)`` arranges for ``stop()`` to be called.
        on_ready (callable): called with nothing once requests are served.
        drain_timeout (float seconds): for requests in flight when stopped.
    """
    io_loop = IOLoop(make_current=False)  # it is, while it runs
    io_loop.run_sync(
        functools.partial(_serve, io_loop, make_app, sockets, watch, on_ready, drain_timeout)
    )
    io_loop.close()


@gen.coroutine
def _serve(io_loop, make_app, sockets, watch, on_ready, drain_timeout):
    stopped = Future()
    watch(io_loop, functools.partial(resolve, stopped, None))
    application = make_app()
    server = Server(application)
    server.add_sockets(sockets)
    on_ready()
    yield stopped
    cut_off = yield server.drain(drain_timeout)
    if cut_off:
        _log.warning("Cut off %d requests still running after %g s", cut_off, drain_timeout)
    yield _shut_down(application)


@gen.coroutine
def _shut_down(application):
    try:
        yield gen.with_timeout(datetime.timedelta(seconds=SHUTDOWN_TIMEOUT), application.shutdown())
    except gen.TimeoutError:
        _log.warning("Shutdown callbacks did not end within %g s", SHUTDOWN_TIMEOUT)
