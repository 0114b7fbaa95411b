"""serve() and serve_sockets(): run an application until it is told to stop."""

from __future__ import absolute_import, division, print_function

import functools

import tornado.web

from waterspout._compat import TYPE_CHECKING, integer_types
from waterspout.service._host.cpus import available_cpus
from waterspout.service._host.reuse_port import stop_handshakes
from waterspout.service._processes.listening_sockets import listen
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.single_process import SingleProcess
from waterspout.service._processes.standard_streams import (
    fill_standard_descriptors,
    flush_standard_streams,
)
from waterspout.service._processes.supervisor import Supervisor
from waterspout.service._processes.worker import SHUTDOWN_TIMEOUT, run_worker
from waterspout.service._server.drain import DRAIN_TIMEOUT
from waterspout.service._server.servers import HTTP_SERVERS, SERVER_CLASSES
from waterspout.service.app import Application

if TYPE_CHECKING:
    import socket  # noqa: F401
    from typing import Any, Callable, List, Optional  # noqa: F401

#: Seconds that a worker may take to end, beyond the drain and the shutdown callbacks.
_STOP_MARGIN = 2.0

_log = SafeLogger("waterspout.service")


def serve(
    make_app,
    port,
    address="127.0.0.1",
    processes=1,
    drain_timeout=DRAIN_TIMEOUT,
    on_ready=None,
    on_sigchld=None,
    http_server=HTTP_SERVERS[0],
    on_worker_exit=None,
):
    # type: (Callable[[], Application], int, str, int, float, Optional[Callable[[], Any]], Optional[Callable[[], Any]], str, Optional[Callable[[int], Any]]) -> int  # noqa: E501
    """Listen on ``address:port`` and serve until SIGTERM or SIGINT.

    :func:`serve_sockets` explains the other arguments, the exit code, and how a stop ends.

    Args:
        make_app (callable): returns the :class:`Application`.
        port (int): 0 lets the system choose a free port.
        address (native str): an IP address or host name; ``""`` means every interface. With
            ``unix:PATH``, a unix socket, ``port`` is not used.
    Returns: int, the exit code for ``sys.exit``.
    Raises:
        ListenError: the service cannot listen there. Nothing was started.
        ValueError: ``processes`` or ``drain_timeout`` is negative, or ``http_server`` is none of
            the two. Nothing was started.
        TypeError: an argument is of a wrong type, which it names. Nothing was started, unless it
            is what ``make_app`` returned.
    """
    _check(
        make_app, processes, drain_timeout, on_ready, on_sigchld, http_server, on_worker_exit)
    return serve_sockets(
        make_app, listen(port, address), processes, drain_timeout, on_ready, on_sigchld,
        http_server, on_worker_exit
    )


def serve_sockets(
    make_app,
    sockets,
    processes=1,
    drain_timeout=DRAIN_TIMEOUT,
    on_ready=None,
    on_sigchld=None,
    http_server=HTTP_SERVERS[0],
    on_worker_exit=None,
):
    # type: (Callable[[], Application], List[socket.socket], int, float, Optional[Callable[[], Any]], Optional[Callable[[], Any]], str, Optional[Callable[[int], Any]]) -> int  # noqa: E501
    """Serve until SIGTERM or SIGINT; a second signal ends everything at once.

    Requests in flight are finished first. Call this in the main thread, before any IOLoop, client
    or thread exists: with several processes it forks. SIGHUP is logged and ignored; reloading is
    not supported.

    A stop always ends. Processes that are not done ``drain_timeout`` and some seconds (for
    shutdown callbacks) after the signal are ended with exit code 1. With one process that is the
    calling process. It exits by ``os._exit`` after its log and standard streams were flushed, so
    code after this call, ``finally`` and ``atexit`` do not run. In all other cases the code after
    this call runs and may take any time. When the main thread has ended, threads that were
    started while serving, and for which Python would wait, get up to 5 s more; if one is still
    running then, the exit code is 1.

    Standard streams may be closed or broken. Text that cannot be written to them is lost.

    While large JSON is in memory, full garbage collections are deferred, for 60 s at most.

    Args:
        make_app (callable): returns the :class:`Application`. Called in each process that serves,
            on its running IOLoop, so that the clients it creates belong to that process.
        sockets (list of socket): from :func:`listen` or :func:`inherited_sockets`; closed at the
            end.
        processes (int): 1 serves in this process, without a fork; 0 means one process for each CPU
            that this one may use; see :func:`available_cpus`.
            A worker that crashes is started again, unless it crashes six times in a row.
        drain_timeout (float seconds): for requests in flight when the service stops; infinity
            waits for all of them.
        on_ready (callable): called without arguments, in this process, once all processes serve.
            An exception is logged and otherwise ignored; the same for ``on_sigchld``.
        on_sigchld (callable): called without arguments, in this process, whenever one of its
            child processes may have ended. For callers that start child processes of their own.
        http_server (native str): ``"waterspout"``, or ``"tornado"`` for the HTTP server of the
            installed Tornado. That one is slower and less strict, answers some requests that it
            refuses without JSON, and resets the connections that wait when the service stops.
        on_worker_exit (callable): called with the pid of each worker process that has ended, in
            any way, in this process and before another one takes its place. With one process it
            is never called. An exception is logged and otherwise ignored. A
            :class:`waterspout.instrumentation.prometheus.SharedDirectory` needs it.
    Returns: int, the exit code: 0 when everything ended in time; 1 when requests or shutdown
        callbacks were cut off, when workers had to be killed, and when workers kept crashing.
    Raises:
        ValueError: ``processes`` or ``drain_timeout`` is negative, or ``http_server`` is none of
            the two. Nothing was started.
        TypeError: an argument is of a wrong type, which it names. Nothing was started, unless it
            is what ``make_app`` returned.
    """
    _check(
        make_app, processes, drain_timeout, on_ready, on_sigchld, http_server, on_worker_exit)
    make_app = functools.partial(_made, make_app)
    fill_standard_descriptors()
    on_ready = functools.partial(_notify, "on_ready", on_ready or _nothing)
    on_sigchld = functools.partial(_notify, "on_sigchld", on_sigchld or _nothing)
    on_worker_exit = functools.partial(_notify, "on_worker_exit", on_worker_exit or _nothing)
    stop_timeout = drain_timeout + SHUTDOWN_TIMEOUT + _STOP_MARGIN
    server_class = SERVER_CLASSES[http_server]

    def on_stopping():
        stop_handshakes(sockets)
        _log.info("Stopping: requests in flight get %g s; another signal ends them", drain_timeout)

    def work(watch, worker_ready):
        return run_worker(
            make_app, sockets, watch, worker_ready, drain_timeout, server_class=server_class
        )

    if processes == 1:
        code = SingleProcess(
            make_app, sockets, drain_timeout, stop_timeout, on_stopping, on_ready, on_sigchld,
            server_class,
        ).run()
    else:
        code = Supervisor(
            work,
            processes or available_cpus(),
            stop_timeout,
            on_stopping=functools.partial(_then_close, on_stopping, sockets),
            on_ready=on_ready,
            on_sigchld=on_sigchld,
            on_worker_exit=on_worker_exit,
        ).run()
    _log.info("Stopped")
    flush_standard_streams()
    return code


def _check(
    make_app, processes, drain_timeout, on_ready, on_sigchld, http_server, on_worker_exit
):
    # type: (Any, Any, Any, Any, Any, Any, Any) -> None
    if not callable(make_app) or isinstance(make_app, tornado.web.Application):
        raise TypeError(
            "make_app must be a function that returns a waterspout.service.Application, not %r"
            % (make_app,)
        )
    if not isinstance(processes, integer_types) or isinstance(processes, bool):
        raise TypeError("processes must be an int, not %r" % (processes,))
    if processes < 0:
        raise ValueError("processes must be 0 or more, not %d" % processes)
    if not isinstance(drain_timeout, (float,) + integer_types) or isinstance(drain_timeout, bool):
        raise TypeError("drain_timeout must be a number of seconds, not %r" % (drain_timeout,))
    if not drain_timeout >= 0:  # Also refuses NaN.
        raise ValueError("drain_timeout must be 0 or more, not %r" % drain_timeout)
    for name, callback in (("on_ready", on_ready), ("on_sigchld", on_sigchld),
                           ("on_worker_exit", on_worker_exit)):
        if callback is not None and not callable(callback):
            raise TypeError("%s must be a function, not %r" % (name, callback))
    if http_server not in HTTP_SERVERS:
        raise ValueError(
            "http_server must be %s, not %r"
            % (" or ".join('"%s"' % name for name in HTTP_SERVERS), http_server)
        )


def _made(make_app):
    # type: (Callable[[], Application]) -> Application
    """Call ``make_app`` and check its result, which Tornado would only use at the first request."""
    application = make_app()
    if not isinstance(application, Application):
        raise TypeError(
            "make_app must return a waterspout.service.Application, not %r" % (application,)
        )
    return application


def _notify(name, callback, *args):
    """Call a callback of the program; log what it raises."""
    try:
        callback(*args)
    except Exception:
        _log.exception("%s failed; the service goes on", name)


def _then_close(callback, sockets):
    callback()
    # While the parent holds them, the kernel accepts connections that no process will answer.
    for sock in sockets:
        sock.close()


def _nothing(*args):
    pass
