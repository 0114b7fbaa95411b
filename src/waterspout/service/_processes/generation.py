"""Generation: an application, and the server that serves it, from its start to its end."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout._compat import TYPE_CHECKING
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._tls.ssl_options import ssl_options_of
from waterspout.service.futures import done_within

if TYPE_CHECKING:
    import socket  # noqa: F401
    from typing import Any, List  # noqa: F401

    from waterspout.service._processes.service_plan import ServicePlan  # noqa: F401

#: Seconds for handlers that were cut off to notice that their connections are closed. Otherwise
#: their errors would be logged as never retrieved.
LAST_TURNS = 0.5

_log = SafeLogger("waterspout.service")


class Generation(object):
    """What a process serves until it ends or reloads.

    A reload makes the next one. The two have nothing in common but the port: each has its own
    application and server, so everything that an application decides, its TLS options and limits
    for example, applies to the connections that its own server accepts.

    Args:
        plan (ServicePlan)
        application (Application): just made; this runs its shutdown callbacks at the end.
    """

    def __init__(self, plan, application):
        # type: (ServicePlan, Any) -> None
        self._plan = plan
        self._application = application
        self._server = plan.server_class(application, ssl_options=ssl_options_of(application))

    def __repr__(self):
        return "<Generation %r>" % self._server

    def start(self, sockets):
        # type: (List[socket.socket]) -> None
        """Serve on these listening sockets, which `end` closes."""
        self._server.add_sockets(sockets)

    def announce_stop(self):
        # type: () -> None
        """The whole service stops: from now on the application's readiness says so."""
        self._application.draining = True

    @gen.coroutine
    def end(self, others_accept, on_drained=lambda: None):
        """Stop accepting, at once; finish the requests; run the shutdown callbacks.

        Args:
            others_accept (bool): another generation serves the same port already.
            on_drained (callable): called without arguments between the last two of these.
        Returns: Future of bool: False if requests or shutdown callbacks were cut off.
        """
        seconds = self._plan.drain_timeout
        cut_off = yield self._server.drain(seconds, others_accept)
        if cut_off:
            _log.warning("Cut off %d requests still running after %g s", cut_off, seconds)
        on_drained()
        seconds = self._plan.shutdown_timeout
        shut_down = yield done_within(seconds, self._application.shutdown())
        if not shut_down:
            _log.warning("Shutdown callbacks did not end within %g s", seconds)
        if cut_off:
            yield self._server.end_handlers(LAST_TURNS)
        raise gen.Return(shut_down and not cut_off)
