"""Generation: an application, and the servers that serve it, from its start to its end."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout._compat import TYPE_CHECKING
from waterspout.service._processes.listening_sockets import duplicates
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._tls.ssl_options import ssl_options_of
from waterspout.service.futures import done_within

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from waterspout.service._operations.worker_reports import WorkerReports  # noqa: F401
    from waterspout.service._processes.places import Place  # noqa: F401
    from waterspout.service._processes.service_plan import ServicePlan  # noqa: F401

#: Seconds for handlers that were cut off to notice that their connections are closed. Otherwise
#: their errors would be logged as never retrieved.
LAST_TURNS = 0.5

#: Seconds for requests for operators' pages once the application has ended.
LAST_PAGES = 0.5

_log = SafeLogger("waterspout.service")


class Generation(object):
    """What a process serves until it ends or reloads.

    A reload makes the next one. The two have nothing in common but the ports: each has its own
    application and servers, so everything that an application decides, its TLS options and limits
    for example, applies to the connections that its own servers accept.

    Args:
        plan (ServicePlan)
        application (Application): just made; this runs its shutdown callbacks at the end.
        place (Place or None): where to report how it is.
    Raises: ValueError: there are sockets for operators, and ``application`` has no pages for them.
        What the application's ``ssl_options`` raise. Then call `shut_down`.
    """

    def __init__(self, plan, application, place=None):
        # type: (ServicePlan, Any, Optional[Place]) -> None
        self._plan = plan
        self._application = application
        self._server = plan.server_class(application, ssl_options=ssl_options_of(application))
        self._operations_server = None  # type: Any
        if plan.operations_sockets:
            if application.operations is None:
                raise ValueError(
                    "operations_sockets need an application with operations: "
                    "Application(operations=Operations())")
            self._operations_server = plan.server_class(application.operations.application)
        self._place = place
        self._reports = None  # type: Optional[WorkerReports]

    def __repr__(self):
        return "<Generation %r>" % self._server

    def start(self):
        # type: () -> None
        """Serve on descriptors of its own for the sockets of the plan."""
        sockets = duplicates(self._plan.sockets)
        pages_sockets = duplicates(self._plan.operations_sockets)
        if self._place is not None and self._application.operations is not None:  # It shows them.
            self._reports = self._place.reports(self._application, self._server)
        if self._operations_server is not None:
            self._operations_server.add_sockets(pages_sockets)
        self._server.add_sockets(sockets)
        if self._reports is not None:
            self._reports.serving()

    def announce_stop(self):
        # type: () -> None
        """The whole service stops: from now on the application's readiness says so."""
        self._application.draining = True
        self._report()

    def replaced_in_process(self, successor):
        # type: (Generation) -> None
        """From now on ``successor`` reports in the same place."""
        if self._reports is not None:
            self._reports.close()
            self._reports = None
        successor._report()

    @gen.coroutine
    def end(self, others_accept, on_drained=lambda: None):
        """Stop accepting, at once; finish the requests; run the shutdown callbacks.

        Operators' pages are answered until the requests are finished; if others accept, only on
        connections that are open.

        Args:
            others_accept (bool): another generation serves the same port already.
            on_drained (callable): called without arguments between the last two of these.
        Returns: Future of bool: False if requests or shutdown callbacks were cut off.
        """
        seconds = self._plan.drain_timeout
        if self._reports is not None:
            self._reports.leaving()
        pages = self._end_pages(others_accept) if others_accept else None
        cut_off = yield self._server.drain(seconds, others_accept)
        if cut_off:
            _log.warning("Cut off %d requests still running after %g s", cut_off, seconds)
        on_drained()
        if pages is None:
            pages = self._end_pages(others_accept)
        shut_down = yield shut_down_within(self._plan.shutdown_timeout, self._application)
        yield pages
        if cut_off:
            yield self._server.end_handlers(LAST_TURNS)
        if self._reports is not None:
            self._reports.close()
        raise gen.Return(shut_down and not cut_off)

    @gen.coroutine
    def _end_pages(self, others_accept):
        if self._operations_server is not None:
            yield self._operations_server.drain(LAST_PAGES, others_accept)

    def _report(self):
        if self._reports is not None:
            self._reports.write()


@gen.coroutine
def shut_down_within(seconds, application):
    """Run the shutdown callbacks of ``application``.

    Args:
        seconds (float): for all of them.
    Returns: Future of bool: False if they did not end in time, which is logged.
    """
    in_time = yield done_within(seconds, application.shutdown())
    if not in_time:
        _log.warning("Shutdown callbacks did not end within %g s", seconds)
    raise gen.Return(in_time)
