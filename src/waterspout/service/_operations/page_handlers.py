"""The pages for operators."""

from __future__ import absolute_import, division, print_function

import json
import logging

from tornado.concurrent import is_future

from waterspout._compat import TYPE_CHECKING
from waterspout._json_text.encoded_json import EncodedJSON
from waterspout.service._operations import exposition
from waterspout.service._operations.readiness import DEGRADED, READY
from waterspout.service._operations.worker_reports import SERVING
from waterspout.service.handlers import JSONHandler
from waterspout.service.log_lines import printable

if TYPE_CHECKING:
    from typing import Any, Dict, Type  # noqa: F401

_access_log = logging.getLogger("tornado.access")


class PageHandler(JSONHandler):
    """A page for operators. A probe comes every few seconds: the access log has it at debug only.

    Args:
        operations (Operations).
    """

    json_object_type = None  # It reads no JSON.

    def initialize(self, operations):
        # type: (Any) -> None
        """Called by Tornado with the arguments of the route."""
        self._operations = operations

    def set_default_headers(self):
        """No cache may answer for this process."""
        super(PageHandler, self).set_default_headers()
        self.set_header("Cache-Control", "no-store")

    def head(self):
        # type: () -> Any
        """Some balancers ask without wanting the text."""
        return self.get()

    def _log(self):
        self.application.request_ended(self.request, self)
        _access_log.debug(
            "%d %s %s (%s) %.1fms", self.get_status(), printable(self.request.method),
            printable(self.request.path), self.request.remote_ip,
            1000 * self.request.request_time())


class HealthHandler(PageHandler):
    """The process answers. Nothing is asked, so that no other service's failure restarts it."""

    def get(self):
        # type: () -> None
        self.write_json({"status": "ok"})


class ReadinessHandler(PageHandler):
    """The process may be given requests."""

    def get(self):
        # type: () -> None
        state = self._operations.report.state
        if state != SERVING:
            self._write_status(state, {})
        else:
            self.finish_after(self._operations.readiness.ask(), self._asked)

    def _asked(self, future):
        word, outcomes = future.result()
        state = self._operations.report.state
        self._write_status(word if state == SERVING else state, outcomes)

    def _write_status(self, word, outcomes):
        # type: (str, Dict[str, str]) -> None
        body = {"status": word}  # type: Dict[str, Any]
        if outcomes:
            body["checks"] = outcomes
        self.write_json(body, 200 if word in (READY, DEGRADED) else 503)


class MetricsPageHandler(PageHandler):
    """What a Prometheus server scrapes."""

    def get(self):
        # type: () -> None
        metrics = self._operations.metrics
        measured = exposition.CONTENT_TYPE, b""  # type: Any
        if metrics is not None:
            # Without an Accept it is the text format, which ours can follow.
            measured = metrics.exposition()
        if is_future(measured):
            self.finish_after(measured, lambda future: self._write(*future.result()))
        else:
            self._write(*measured)

    def _write(self, content_type, measured):
        # type: (str, bytes) -> None
        operations = self._operations
        self.set_header("Content-Type", content_type)
        self.write(measured + exposition.exposition(
            operations.report.workers(), operations.readiness.last))


class StatusHandler(PageHandler):
    """All that is known, as JSON that a person can read."""

    def get(self):
        # type: () -> None
        status = self._operations.status
        report = self._operations.report.whole(None if status is None else status())
        text = json.dumps(report, indent=2, separators=(",", ": "))
        self.write_json(EncodedJSON(text + "\n"))


PAGES = {
    "/healthz": HealthHandler,
    "/readyz": ReadinessHandler,
    "/metrics": MetricsPageHandler,
    "/status": StatusHandler,
}  # type: Dict[str, Type[PageHandler]]
