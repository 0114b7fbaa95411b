"""MetricsHandler: answers the scrapes of a Prometheus server."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service.handlers import JSONHandler

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


class MetricsHandler(JSONHandler):
    """Answers GET with the metrics of all processes, in a format that the scrape accepts.

    ::

        ("/metrics", service.MetricsHandler, {"observer": metrics})

    It answers anyone: keep it off a port that the public can reach. A scrape is a request, which
    is measured like any other.

    Args:
        observer (`waterspout.instrumentation.prometheus.PrometheusObserver`).
    """

    json_object_type = None  # It reads no JSON.

    def initialize(self, observer):
        # type: (Any) -> None
        """Called by Tornado with the arguments of the route."""
        if not hasattr(observer, "exposition"):
            raise TypeError("MetricsHandler needs a PrometheusObserver, not %r" % (observer,))
        self._observer = observer

    def get(self):
        # type: () -> None
        """Answer a scrape."""
        content_type, text = self._observer.exposition(self.request.headers.get("Accept", ""))
        self.set_header("Content-Type", content_type)
        self.finish(text)
