"""JobsMetrics: how many jobs there are in each state, for Prometheus, beside what else is measured.
"""

from __future__ import absolute_import, division, print_function

import datetime
import logging

from tornado import gen

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

    from waterspout_cmdb.gateway.jobs.handling.jobs_access import JobsAccess  # noqa: F401

#: https://prometheus.io/docs/instrumenting/exposition_formats/
_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_NAME = "waterspout_import_jobs"

_HEAD = (
    "# HELP %s Import jobs of all clients, by state; those that were removed are not counted.\n"
    "# TYPE %s gauge\n" % (_NAME, _NAME))

#: Seconds; a scrape goes on without the jobs then.
TIMEOUT = 2.0

_log = logging.getLogger("waterspout.cmdb")


class JobsMetrics(object):
    """For ``Operations(metrics=)``. The store is asked at each scrape.

    Args:
        jobs (JobsAccess)
        observer (waterspout.instrumentation.prometheus.PrometheusObserver or None)
    """

    def __init__(self, jobs, observer=None):
        # type: (JobsAccess, Any) -> None
        self._jobs = jobs
        self._observer = observer

    def __repr__(self):
        # type: () -> str
        return "<JobsMetrics of %r>" % self._jobs

    @gen.coroutine
    def exposition(self, accept=""):
        """Return a Future of the content type and the text; it does not fail for the store."""
        content_type, text = _CONTENT_TYPE, b""
        if self._observer is not None:
            content_type, text = self._observer.exposition(accept)
        try:
            counts = yield gen.with_timeout(
                datetime.timedelta(seconds=TIMEOUT), self._jobs.in_store("count_by_state"),
                quiet_exceptions=Exception)
        except Exception as error:  # Metrics of other things matter most when something is wrong.
            _log.warning("Jobs are not counted for /metrics: %s", error)
        else:
            lines = ['%s{state="%s"} %d\n' % (_NAME, state, counts[state])
                     for state in sorted(counts)]
            text += (_HEAD + "".join(lines)).encode("ascii")
        raise gen.Return((content_type, text))
