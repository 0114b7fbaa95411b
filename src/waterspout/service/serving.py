"""serve() and serve_sockets(): run an application until it is told to stop."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service._processes.listening_sockets import listen
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.service_plan import ServicePlan
from waterspout.service._processes.single_process import SingleProcess
from waterspout.service._processes.standard_streams import (
    fill_standard_descriptors,
    flush_standard_streams,
)
from waterspout.service._processes.supervisor import Supervisor
from waterspout.service._server.drain import DRAIN_TIMEOUT
from waterspout.service._server.servers import HTTP_SERVERS
from waterspout.service.app import Application

if TYPE_CHECKING:
    import socket  # noqa: F401
    from typing import Any, Callable, List, Optional, Sequence, Union  # noqa: F401

_log = SafeLogger("waterspout.service")


def serve(
    make_app,  # type: Callable[[], Application]
    port,  # type: Union[int, str]
    address="127.0.0.1",  # type: str
    processes=1,  # type: int
    drain_timeout=DRAIN_TIMEOUT,  # type: float
    on_ready=None,  # type: Optional[Callable[[], Any]]
    on_sigchld=None,  # type: Optional[Callable[[], Any]]
    http_server=HTTP_SERVERS[0],  # type: str
    on_worker_exit=None,  # type: Optional[Callable[[int], Any]]
    drain_grace=0.0,  # type: float
    reload=None,  # type: Optional[Callable[[], Callable[[], Application]]]
    operations_sockets=(),  # type: Sequence[socket.socket]
    pidfile=None,  # type: Optional[str]
    release_command=None,  # type: Optional[List[str]]
):
    # type: (...) -> int
    """Listen on ``address:port`` and serve until SIGTERM or SIGINT.

    :func:`serve_sockets` explains the other arguments, the exit code, and how a stop ends.

    Args:
        make_app (callable): returns the :class:`Application`.
        port (int or native str): 0 lets the system choose a free port; ``unix:PATH`` is a unix
            socket, as for :func:`listen`.
        address (native str): an IP address or host name; ``""`` means every interface. It may be
            the ``unix:PATH`` as well: then ``port`` is not used.
    Returns: int, the exit code for ``sys.exit``.
    Raises:
        ListenError: the service cannot listen there. Nothing was started.
        ValueError: a number is negative, or ``http_server`` is none of the two. Nothing was
            started.
        TypeError: an argument is of a wrong type, which it names. Nothing was started, unless it
            is what ``make_app`` returned.
    """
    plan = ServicePlan(
        Application, make_app, [], processes, drain_timeout, on_ready, on_sigchld, http_server,
        on_worker_exit, drain_grace, reload, operations_sockets, pidfile,
        release_command)
    plan.sockets = listen(port, address)
    return _run(plan)


def serve_sockets(
    make_app,  # type: Callable[[], Application]
    sockets,  # type: List[socket.socket]
    processes=1,  # type: int
    drain_timeout=DRAIN_TIMEOUT,  # type: float
    on_ready=None,  # type: Optional[Callable[[], Any]]
    on_sigchld=None,  # type: Optional[Callable[[], Any]]
    http_server=HTTP_SERVERS[0],  # type: str
    on_worker_exit=None,  # type: Optional[Callable[[int], Any]]
    drain_grace=0.0,  # type: float
    reload=None,  # type: Optional[Callable[[], Callable[[], Application]]]
    operations_sockets=(),  # type: Sequence[socket.socket]
    pidfile=None,  # type: Optional[str]
    release_command=None,  # type: Optional[List[str]]
):
    # type: (...) -> int
    """Serve until SIGTERM or SIGINT; a second signal ends everything at once.

    Requests in flight are finished first. Call this in the main thread, before any IOLoop, client
    or thread exists: with several processes it forks.

    SIGHUP reloads: ``reload`` and then ``make_app`` are called again. Several processes are
    replaced one by one; each new one serves before an old one leaves. With one process the new
    application takes the place of the old one. In both cases requests in flight get
    ``drain_timeout``, and no connection is refused or reset. If something fails, that is logged,
    and the service goes on with what it had.

    SIGUSR2 starts ``release_command``, which is mostly this program in a new release, with the
    listening sockets. When all processes of the new one serve, this one finishes its requests and
    returns 0. If the new one ends before that, or does not serve within 120 s, this one goes on.
    In no case a connection is refused or reset.

    A stop always ends. Processes that are not done ``drain_grace``, ``drain_timeout`` and some
    seconds (for shutdown callbacks) after the signal are ended with exit code 1. With one process
    that is the calling process. It exits by ``os._exit`` after its log and standard streams were
    flushed, so code after this call, ``finally`` and ``atexit`` do not run. In all other cases the
    code after this call runs and may take any time. When the main thread has ended, threads that
    were started while serving, and for which Python would wait, get up to 5 s more; if one is still
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
            A worker that crashes is started again, after 0.1 s and up to 5 s. The service gives up
            if no worker serves and each has failed six times in a row to start.
        drain_timeout (float seconds): for requests in flight when the service stops, or when they
            belong to a process or an application that was replaced; infinity waits for all of
            them.
        on_ready (callable): called without arguments, in this process, once all processes serve.
            An exception is logged and otherwise ignored; the same for ``on_sigchld``.
        on_sigchld (callable): called without arguments, in this process, whenever one of its
            child processes may have ended. For callers that start child processes of their own.
        http_server (native str): ``"waterspout"``, or ``"tornado"`` for the HTTP server of the
            installed Tornado. That one is slower and less strict, and answers some requests that it
            refuses without JSON.
        on_worker_exit (callable): called with the pid of each worker process that has ended, in
            any way, in this process and before another one takes its place. With one process it
            is never called. An exception is logged and otherwise ignored. A
            :class:`waterspout.instrumentation.prometheus.SharedDirectory` needs it.
        drain_grace (float seconds): how long connections are still accepted after the first stop
            signal. Meanwhile ``Application.draining`` is True, connections are kept as before, and
            a load balancer can notice that it should use other servers. The time of
            ``drain_timeout`` begins after it.
        reload (callable): called without arguments, in this process, at SIGHUP; returns the
            ``make_app`` to use from then on. For reading a configuration again.
        operations_sockets (list of socket): from :func:`listen`; the pages of
            ``Application(operations=...)`` are served there, without TLS, from before the first
            request until the last one is finished. Closed at the end.
        pidfile (native str): a file for the number of this process, from the start to the end.
        release_command (list of native str): the program that SIGUSR2 starts, and its arguments.
            It gets the sockets by :func:`inherited_sockets_by_name`, as ``"service"`` and
            ``"operations"``, and must run as the process that is started: a shell script has to
            ``exec`` it. None: SIGUSR2 is logged and ignored.
    Returns: int, the exit code: 0 when everything ended in time; 1 when requests or shutdown
        callbacks were cut off, when workers had to be killed, and when no worker could be started.
    Raises:
        ValueError: a number is negative, or ``http_server`` is none of the two. Nothing was
            started.
        TypeError: an argument is of a wrong type, which it names. Nothing was started, unless it
            is what ``make_app`` returned.
        PidFileError: the ``pidfile`` is that of a running process, or cannot be written. Nothing
            was started.
    """
    return _run(ServicePlan(
        Application, make_app, sockets, processes, drain_timeout, on_ready, on_sigchld,
        http_server, on_worker_exit, drain_grace, reload, operations_sockets, pidfile,
        release_command))


def _run(plan):
    # type: (ServicePlan) -> int
    fill_standard_descriptors()
    runner = SingleProcess(plan) if plan.processes == 1 else Supervisor(plan)
    code = runner.run()  # type: int
    _log.info("Stopped")
    flush_standard_streams()
    return code
