"""Serve an application, in one process or several, until told to stop."""

from __future__ import absolute_import, division, print_function

import functools

from tornado.process import cpu_count

from waterspout.service._processes.listening_sockets import listen
from waterspout.service._processes.single_process import SingleProcess
from waterspout.service._processes.standard_streams import (
    SteadyLogger,
    fill_standard_descriptors,
    flush_standard_streams,
)
from waterspout.service._processes.supervisor import Supervisor
from waterspout.service._processes.worker import SHUTDOWN_TIMEOUT, run_worker
from waterspout.service._tornado_server.server import DRAIN_TIMEOUT

#: Seconds a worker may take for its leave beyond the drain and the shutdown callbacks.
_STOP_MARGIN = 2.0

_log = SteadyLogger("waterspout.service")


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
    """Serve until SIGTERM or SIGINT; a second one ends everything at once.

    Requests in flight are finished first. Call it from the main thread, before any IOLoop,
    client or thread exists: with several processes it forks. SIGHUP is ignored, with one line
    in the log: to reload is not possible yet.

    A stop ends. Processes that are not done ``drain_timeout`` and some seconds (for shutdown
    callbacks) after the signal are ended with exit code 1. With one process that is the calling
    process, which then does not return from here: it exits by ``os._exit``, after its log lines
    and standard streams were written out, so what follows this call, ``finally`` and ``atexit``
    do not run. Otherwise what follows this call runs and may take its time. When the main thread
    has ended, threads that were started while serving, and that Python would wait for, get up to
    5 s more; if one is still running then, the exit code is 1.

    Standard streams may be closed or broken. What cannot be written to them is lost.

    While large JSON is in memory, full collections of the garbage collector are put off: see
    ``service/_processes/deferred_gc.py``.

    Args:
        make_app (callable): returns the :class:`Application`. Called in each process that
            serves, with its IOLoop running, so that clients it makes belong to that process.
        sockets (list of socket): from :func:`listen`; closed at the end.
        processes (int): 1 serves in this process, without a fork; 0 means one per core.
            A worker that crashes is started again, unless it keeps crashing.
        drain_timeout (float seconds): what requests in flight get when stopping; infinity waits
            for them.
        on_ready (callable): called with nothing, in this process, once all processes serve. If
            it raises, that is logged and nothing else; likewise ``on_sigchld``.
        on_sigchld (callable): called with nothing, in this process, whenever one of its child
            processes may have ended; for callers who started some of their own.
    Returns: int, the exit code: 0 when stopped as told, 1 when workers kept crashing or had
        to be killed, and when requests or shutdown callbacks were cut off.
    Raises: ValueError: ``processes`` or ``drain_timeout`` is negative. Nothing was started.
    """
    if not drain_timeout >= 0:  # nor is NaN
        raise ValueError("drain_timeout is %r, not a number of seconds" % drain_timeout)
    if processes < 0:
        raise ValueError("processes is %r, not a number of processes" % processes)
    fill_standard_descriptors()
    on_ready = functools.partial(_notify, "on_ready", on_ready or _nothing)
    on_sigchld = functools.partial(_notify, "on_sigchld", on_sigchld or _nothing)
    stop_timeout = drain_timeout + SHUTDOWN_TIMEOUT + _STOP_MARGIN

    def on_stopping():
        _log.info("Stopping: requests in flight get %g s; another signal ends them", drain_timeout)

    def work(watch, worker_ready):
        return run_worker(make_app, sockets, watch, worker_ready, drain_timeout)

    if processes == 1:
        code = SingleProcess(
            make_app, sockets, drain_timeout, stop_timeout, on_stopping, on_ready, on_sigchld
        ).run()
    else:
        code = Supervisor(
            work,
            processes or cpu_count(),
            stop_timeout,
            on_stopping=functools.partial(_close_then, sockets, on_stopping),
            on_ready=on_ready,
            on_sigchld=on_sigchld,
        ).run()
    _log.info("Stopped")
    flush_standard_streams()
    return code


def _notify(name, callback):
    """Call what the program gave us to be told; its failure is its own."""
    try:
        callback()
    except Exception:
        _log.exception("%s failed; the service goes on", name)


def _close_then(sockets, callback):
    # While the parent holds them, the kernel accepts connections that nobody will answer.
    for sock in sockets:
        sock.close()
    callback()


def _nothing():
    pass
