"""ServicePlan: what serve() was asked to do, checked once."""

from __future__ import absolute_import, division, print_function

import functools

from waterspout._compat import TYPE_CHECKING
from waterspout.service._host.cpus import available_cpus
from waterspout.service._processes.failed_reload import log_failed_reload
from waterspout.service._processes.plan_checks import (
    checked_callback,
    checked_command,
    checked_path,
    checked_processes,
    checked_seconds,
    is_function,
)
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._server.drain import DRAIN_TIMEOUT
from waterspout.service._server.servers import HTTP_SERVERS, SERVER_CLASSES

if TYPE_CHECKING:
    import socket  # noqa: F401
    from typing import Any, Callable, Optional, Sequence  # noqa: F401

#: Seconds that the application's shutdown callbacks get to close clients and executors.
SHUTDOWN_TIMEOUT = 5.0

#: Seconds that a process may take to end, beyond the drain and the shutdown callbacks.
STOP_MARGIN = 2.0

_log = SafeLogger("waterspout.service")


class ServicePlan(object):
    """The arguments of `serve_sockets`, which explains them, after all checks.

    Args:
        application_class (type): of what ``make_app`` has to return.
        make_app, sockets, processes, drain_timeout, drain_grace, reload, on_ready, on_sigchld,
            on_worker_exit, http_server, operations_sockets, pidfile, release_command:
            as for `serve_sockets`.
    Attributes:
        make_app (callable): the program's; it raises TypeError for what is not an application.
        sockets, operations_sockets (list of socket): listening.
        processes (int): at least 1.
        drain_timeout, drain_grace (float seconds)
        server_class (type): a DrainingServer.
        pidfile (native str or None)
        release_command (list of native str or None)
        on_ready, on_sigchld, on_worker_exit (callable): the program's; they raise nothing.
    Raises:
        TypeError, ValueError: an argument is wrong; the message names it.
    """

    def __init__(
        self,
        application_class,
        make_app,
        sockets,
        processes=1,
        drain_timeout=DRAIN_TIMEOUT,
        on_ready=None,
        on_sigchld=None,
        http_server=HTTP_SERVERS[0],
        on_worker_exit=None,
        drain_grace=0.0,
        reload=None,
        operations_sockets=(),
        pidfile=None,
        release_command=None,
    ):
        # type: (type, Any, Sequence[socket.socket], Any, Any, Any, Any, Any, Any, Any, Any, Sequence[socket.socket], Any, Any) -> None  # noqa: E501
        self._application_class = application_class
        self.make_app = self._checked_maker("make_app must be", make_app)
        self.sockets = list(sockets)
        self.operations_sockets = list(operations_sockets)
        self.processes = checked_processes(processes) or available_cpus()
        self.drain_timeout = checked_seconds("drain_timeout", drain_timeout)
        self.drain_grace = checked_seconds("drain_grace", drain_grace)
        self.on_ready = checked_callback("on_ready", on_ready)
        self.on_sigchld = checked_callback("on_sigchld", on_sigchld)
        self.on_worker_exit = checked_callback("on_worker_exit", on_worker_exit)
        if http_server not in HTTP_SERVERS:
            raise ValueError(
                "http_server must be %s, not %r"
                % (" or ".join('"%s"' % name for name in HTTP_SERVERS), http_server)
            )
        self.server_class = SERVER_CLASSES[http_server]
        if reload is not None and not is_function(reload):
            raise TypeError("reload must be a function, not %r" % (reload,))
        self._reload = reload
        self.pidfile = checked_path("pidfile", pidfile)
        self.release_command = checked_command("release_command", release_command)

    def __repr__(self):
        return "<ServicePlan processes=%d sockets=%d>" % (self.processes, len(self.sockets))

    @property
    def shutdown_timeout(self):
        # type: () -> float
        """Seconds for the shutdown callbacks of an application."""
        return SHUTDOWN_TIMEOUT

    @property
    def stop_timeout(self):
        # type: () -> float
        """Seconds in which a process that was told to stop has ended, if nothing is wrong."""
        return self.drain_grace + self.drain_timeout + SHUTDOWN_TIMEOUT + STOP_MARGIN

    def log_stop(self):
        # type: () -> None
        """Log that the service stops, and how long that may take."""
        grace = ""
        if self.drain_grace:
            grace = "new connections are accepted for %g s; then " % self.drain_grace
        _log.info("Stopping: %srequests in flight get %g s; another signal ends them",
                  grace, self.drain_timeout)

    def reloaded(self):
        # type: () -> Optional[Callable[[], Any]]
        """Read the configuration again, if the program has a ``reload``.

        Returns: callable, from now on in place of ``make_app``; None if there was an error, which
            is logged.
        """
        if self._reload is None:
            return self.make_app
        try:
            return self._checked_maker("reload must return", self._reload())
        except (Exception, SystemExit) as error:  # The latter by a parser of command lines.
            log_failed_reload(error)
            return None

    def _checked_maker(self, what, make_app):
        # type: (str, Any) -> Callable[[], Any]
        if not is_function(make_app):
            raise TypeError(
                "%s a function that returns a waterspout.service.Application, not %r"
                % (what, make_app)
            )
        return functools.partial(self._made, make_app)

    def _made(self, make_app):
        """Call ``make_app``, and check its result, which would only fail at the first request."""
        application = make_app()
        if not isinstance(application, self._application_class):
            raise TypeError(
                "make_app must return a waterspout.service.Application, not %r" % (application,)
            )
        return application
