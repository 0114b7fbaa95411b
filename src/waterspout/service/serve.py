"""Serve an application, in one process or several, until told to stop."""

from __future__ import absolute_import, division, print_function

import functools
import logging
import os
import signal

from tornado.process import cpu_count

from waterspout.service.listen import listen
from waterspout.service.server import DRAIN_TIMEOUT
from waterspout.service.signals import add_signal_handler, add_stop_handler
from waterspout.service.supervisor import Supervisor
from waterspout.service.worker import SHUTDOWN_TIMEOUT, run_worker

#: Seconds a worker may take for its leave beyond the drain and the shutdown callbacks.
_STOP_MARGIN = 2.0

_log = logging.getLogger("waterspout.service")


def serve(make_app, port, address="127.0.0.1", processes=1, **options):
    # type: (Callable[[], Application], int, str, int, **Any) -> int
    """Listen on ``address:port`` and serve; see :func:`serve_sockets` for the rest.

    Raises: ListenError: the port is in use, and the like. Nothing was started.
    """
    return serve_sockets(make_app, listen(port, address), processes, **options)


def serve_sockets(
    make_app,
    sockets,
    processes=1,
    drain_timeout=DRAIN_TIMEOUT,
    on_ready=None,
    on_sigchld=None,
):
    # type: (...) -> int
    """Serve until SIGTERM, SIGINT or SIGHUP; a second one ends everything at once.

    Requests in flight are finished first. Call it from the main thread, before any IOLoop,
    client or thread exists: with several processes it forks.

    Args:
        make_app (callable): returns the :class:`Application`. Called in each process that
            serves, with its IOLoop running, so that clients it makes belong to that process.
        sockets (list of socket): from :func:`listen`; closed at the end.
        processes (int): 1 serves in this process, without a fork; 0 means one per core.
            A worker that crashes is started again, unless it keeps crashing.
        drain_timeout (float seconds): what requests in flight get when stopping.
        on_ready (callable): called with nothing, in this process, once all processes serve.
        on_sigchld (callable): called with nothing, in this process, whenever one of its child
            processes may have ended; for callers who started some of their own.
    Returns: int, the exit code: 0 when stopped as told, 1 when workers kept crashing or had
        to be killed.
    """
    on_ready = on_ready or _nothing
    on_sigchld = on_sigchld or _nothing

    def on_stopping():
        _log.info("Stopping: requests in flight get %g s; another signal ends them", drain_timeout)

    def work(watch, worker_ready):
        run_worker(make_app, sockets, watch, worker_ready, drain_timeout)

    if processes == 1:
        work(functools.partial(_watch, on_stopping, on_sigchld), on_ready)
        code = 0
    else:
        code = Supervisor(
            work,
            processes or cpu_count(),
            stop_timeout=drain_timeout + SHUTDOWN_TIMEOUT + _STOP_MARGIN,
            on_stopping=functools.partial(_close_then, sockets, on_stopping),
            on_ready=on_ready,
            on_sigchld=on_sigchld,
        ).run()
    _log.info("Stopped")
    return code


def _watch(on_stopping, on_sigchld, io_loop, stop):
    """In the only process: the first signal stops, the second exits."""
    signals = []

    def on_stop_signal():
        signals.append(None)
        if len(signals) > 1:
            _log.warning("Second signal: exiting at once")
            os._exit(1)
        on_stopping()
        stop()

    add_stop_handler(io_loop, on_stop_signal)
    add_signal_handler(io_loop, signal.SIGCHLD, on_sigchld)


def _close_then(sockets, callback):
    # While the parent holds them, the kernel accepts connections that nobody will answer.
    for sock in sockets:
        sock.close()
    callback()


def _nothing():
    pass
