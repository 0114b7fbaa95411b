"""Operations: the pages of a service that are for operators."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, string_types
from waterspout.service._operations.debug_page.debug_requests import DebugRequests
from waterspout.service._operations.operator_pages import (
    LOOPBACK,
    OperatorPages,
    PagesAmongOthers,
)
from waterspout.service._operations.readiness import Readiness
from waterspout.service._operations.status_report import StatusReport
from waterspout.service._proxies.networks import UNIX, Networks

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Mapping, Optional  # noqa: F401

    from waterspout.service._operations.worker_reports import WorkerReports  # noqa: F401

#: Bytes of the body that a request for a page may have. They are dropped.
_MAX_BODY_BYTES = 64 * 1024


class Operations(object):
    """Pages for operators, given to ``Application(operations=...)``.

    | ``/healthz``: the process answers, also while it stops.
    | ``/readyz``: it may be given requests; asks ``checks``.
    | ``/metrics``: for a Prometheus server.
    | ``/status``: the workers of all processes, upstreams, versions and limits, as JSON.

    In the application they answer peers on this machine, and those on ``allowed`` networks, if no
    proxy has passed the request on; others get what an unknown path gets. With
    ``serve(operations_sockets=...)`` they answer on these sockets instead, to everyone who can
    connect, or to this machine and ``allowed`` if that is given. They need no API key, do not count
    for limits and metrics, and are in the access log at debug only.

    Make one in each process, in ``make_app``.

    Args:
        checks (iterable of ReadinessCheck, or mapping of names to functions): what ``/readyz``
            asks.
        metrics (`waterspout.instrumentation.prometheus.PrometheusObserver` or None): what
            ``/metrics`` shows beside the numbers of the workers and of connections to upstreams,
            for which no package is needed. Or another object whose ``exposition()`` returns a
            content type and bytes in Prometheus' text format, or a Future of both.
        status (callable or None): takes no arguments and returns a mapping that ``/status`` shows
            as ``service``.
        allowed (iterable of native str or None): networks such as ``"10.0.0.0/8"``.
        versions (mapping): of your own service, for ``/status``: ``{"inventory": "2.1"}``.
        debug_secret (text or None): a request with this in its field ``X-Waterspout-Debug`` is
            answered with a page about itself, in HTML: the response, the upstream calls, and where
            the time went. At least 16 characters. None: there is no such page.
    Raises:
        TypeError: an argument is of a wrong type.
        ValueError: two checks have one name, one of ``allowed`` is no network, or the secret is too
            short.
    """

    def __init__(
        self, checks=(), metrics=None, status=None, allowed=None, versions=(), debug_secret=None
    ):
        # type: (Any, Any, Optional[Callable[[], Mapping[str, Any]]], Optional[Iterable[str]], Any, Optional[str]) -> None  # noqa: E501
        if metrics is not None and not hasattr(metrics, "exposition"):
            raise TypeError("metrics needs a PrometheusObserver, not %r" % (metrics,))
        if status is not None and not callable(status):
            raise TypeError("status needs a function that returns a mapping, not %r" % (status,))
        self.readiness = Readiness(checks)
        self.metrics = metrics
        self.status = status
        if allowed is not None and not isinstance(allowed, string_types):
            allowed = tuple(allowed)
        Networks(allowed or ())  # Checks them.
        self._allowed = allowed  # type: Any
        self._versions = dict(versions)
        #: For the application: None if there is no debug page.
        self.debug = None if debug_secret is None else DebugRequests(debug_secret)
        self._main = None  # type: Any  # The Application that was given this.
        self._own = None  # type: Any  # The one for a port of their own.
        self._make_application = None  # type: Any
        self.report = None  # type: Any  # The StatusReport.

    def __repr__(self):
        return "<Operations checks=%r allowed=%r>" % (
            [check.name for check in self.readiness.checks], self._allowed)

    @property
    def application(self):
        # type: () -> Any
        """An Application with the pages and nothing else, for a port or socket of their own.

        Once it was asked for, the application that was given this answers them no more.
        Raises: RuntimeError: no application was given this.
        """
        if self._own is None:
            if self._main is None:
                raise RuntimeError("give Operations to an Application first")
            self._own = self._make_application(
                [], max_body_bytes=_MAX_BODY_BYTES,
                request_id_header=self._main.request_id_header)
            self._own.operator_pages = OperatorPages(
                self, None if self._allowed is None else LOOPBACK + (UNIX,) + self._allowed)
            self._main.operator_pages = None
        return self._own

    # For the application, and for the process that serves it

    def attach(self, application, make_application):
        # type: (Any, Callable[..., Any]) -> OperatorPages
        """Show this ``application``, and return the pages that it answers.

        Args:
            make_application (callable): makes another Application, of routes and keywords.
        Raises: ValueError: another one has this.
        """
        if self._main is not None:
            raise ValueError("each Application needs Operations of its own")
        self._main = application
        self._make_application = make_application
        self.report = StatusReport(application, self._versions)
        return PagesAmongOthers(self, self._allowed or (), application.origin_check)

    def show(self, reports):
        # type: (WorkerReports) -> None
        """Show the scoreboard of ``reports``, which are this process's."""
        self.report.reports = reports
