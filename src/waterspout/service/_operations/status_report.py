"""The service as JSON: workers of all processes, upstreams, versions, limits."""

from __future__ import absolute_import, division, print_function

import collections
import os

from waterspout._compat import TYPE_CHECKING, VERSIONS, monotonic
from waterspout._version import __version__
from waterspout.service._operations.plain_values import plain
from waterspout.service._operations.worker_reports import WorkerReport

if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional  # noqa: F401

    from waterspout.service._operations.worker_reports import WorkerReports  # noqa: F401

#: What is added up over the workers.
_SUMS = ("requests", "in_flight", "connections", "memory_bytes")

#: What is known of a worker, in the order in which a person reads it.
_ORDER = ("worker", "pid", "state", "state_seconds", "uptime_seconds", "report_age_seconds",
          "requests", "in_flight", "connections", "memory_bytes", "refused", "upstreams")

#: Limits of a server, by their names here.
_LIMITS = (
    ("head_seconds", "head_timeout"),
    ("send_seconds", "send_timeout"),
    ("request_line_bytes", "max_start_line_size"),
    ("header_fields", "max_header_fields"),
)


class StatusReport(object):
    """What is known of a service.

    Args:
        application (Application).
        versions (mapping): of what the service is made of, beside Python, Tornado and waterspout.
    Attributes:
        reports (WorkerReports or None): of this process, if it writes to a scoreboard.
    """

    def __init__(self, application, versions):
        # type: (Any, Mapping[str, Any]) -> None
        self.reports = None  # type: Optional[WorkerReports]
        self._application = application
        self._versions = dict(versions)
        self._alone = WorkerReport(application, is_serving=True)

    @property
    def state(self):
        # type: () -> str
        """Of this process: "starting", "serving" or "draining"."""
        return self._alone.state if self.reports is None else self.reports.state

    def workers(self):
        # type: () -> List[Dict[str, Any]]
        """Return what each worker has reported; that of this process is of now.

        Returns: list of dict; see `WorkerReport.now`. ``worker`` is its place on the scoreboard,
            and in place of the times there are ``state_seconds``, ``uptime_seconds`` and
            ``report_age_seconds``.
        """
        if self.reports is None:
            records = [self._alone.now()]  # type: List[Any]
        else:
            self.reports.write()
            records = self.reports.board.read()
        now = monotonic()
        return [_with_ages(index, record, now)
                for index, record in enumerate(records) if record is not None]

    def whole(self, more=None):
        # type: (Optional[Mapping[str, Any]]) -> Dict[str, Any]
        """Return everything.

        Args:
            more (mapping): the service's own numbers, as ``service``.
        """
        workers = self.workers()
        report = collections.OrderedDict([
            ("pid", os.getpid()),
            ("state", self.state),
            ("uptime_seconds", self._uptime(workers)),
            ("versions", dict(dict(VERSIONS, waterspout=__version__), **self._versions)),
            ("listening", sorted(set(
                address for worker in workers for address in worker.pop("listening", ())))),
            ("limits", self._limits()),
            ("totals", dict((name, _sum(workers, name)) for name in _SUMS)),
            ("workers", workers),
        ])  # type: Dict[str, Any]
        if more is not None:
            report["service"] = more
        return plain(report, levels=10)

    def _uptime(self, workers):
        # type: (List[Dict[str, Any]]) -> float
        """Of the service: the scoreboard is older than the workers."""
        if self.reports is not None:
            return _rounded(monotonic() - self.reports.board.made)
        return workers[0]["uptime_seconds"]

    def _limits(self):
        # type: () -> Dict[str, Any]
        limits = {"body_bytes": self._application.max_body_bytes}
        server = None if self.reports is None else self.reports.server
        if server is not None:
            limits["idle_seconds"] = server.conn_params.header_timeout
            limits["body_seconds"] = server.conn_params.body_timeout
            for name, attribute in _LIMITS:
                if hasattr(server, attribute):
                    limits[name] = getattr(server, attribute)
        return limits


def _with_ages(index, record, now):
    # type: (int, Dict[str, Any], float) -> Dict[str, Any]
    record = dict(record, worker=index)
    for name, moment in (("state_seconds", "since"), ("uptime_seconds", "started"),
                         ("report_age_seconds", "written")):
        record[name] = _rounded(now - record.pop(moment))
    worker = collections.OrderedDict(
        (name, record.pop(name)) for name in _ORDER if name in record)  # type: Dict[str, Any]
    worker.update(record)
    return worker


def _rounded(seconds):
    # type: (float) -> float
    return round(max(seconds, 0.0), 3)


def _sum(workers, name):
    # type: (List[Dict[str, Any]], str) -> Optional[int]
    """Over the workers that know it; None if none does."""
    known = [worker[name] for worker in workers if worker.get(name) is not None]
    return sum(known) if known else None
