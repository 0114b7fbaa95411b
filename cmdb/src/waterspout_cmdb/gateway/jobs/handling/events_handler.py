"""EventsHandler: how far a job is, as Server-Sent Events."""

from __future__ import absolute_import, division, print_function

import datetime

from tornado import gen
from tornado.iostream import StreamClosedError

from waterspout.service import Refusal
from waterspout_cmdb.gateway.jobs.handling.event_hub import Watch
from waterspout_cmdb.gateway.jobs.handling.job_handler import JobHandler
from waterspout_cmdb.gateway.jobs.handling.job_json import event_of
from waterspout_cmdb.gateway.jobs.storing.job import ENDED

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

#: Seconds without an event until a comment is sent: proxies close what is silent for a minute, and
#: a client that has left without a word is noticed.
HEARTBEAT = 15.0

#: Milliseconds until a client connects again after the end of a response.
_RETRY = b"retry: 2000\n\n"


class EventsHandler(JobHandler):
    """``GET /cmdb/jobs/<id>/events``.

    The response ends with the job, with the removal of the job, and when this process stops or is
    replaced; clients connect again then, and other processes answer.
    """

    _watch = None  # type: Optional[Watch]

    @gen.coroutine
    def get(self, job_id):
        """Send an event for each change, until the job has ended."""
        job = yield self.find_job(job_id)
        seen = self.request.headers.get("Last-Event-ID")
        if job.state in ENDED and seen == event_of(job)[0]:
            self.set_status(204)  # EventSource does not come again after that.
            return
        if not self.jobs.hub.has_room(job.tenant):
            raise Refusal(503, "too many clients listen to events; ask for the job's state now and "
                               "then", {"Retry-After": "10"})
        self._leave_place()
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")  # For nginx.
        hub, watch = self.jobs.hub, Watch(job, self._is_leaving)
        self._watch = watch
        hub.add(watch)
        try:
            yield self._send(_RETRY)
            yield self._tell(watch, seen)
        except StreamClosedError:
            pass  # It has left.
        finally:
            hub.remove(watch)

    def on_connection_close(self):
        """The client has left: nothing waits for it."""
        super(EventsHandler, self).on_connection_close()
        if self._watch is not None:
            self._watch.end()

    @gen.coroutine
    def _tell(self, watch, seen):
        # type: (Watch, Optional[str]) -> Any
        while watch.job is not None and not watch.is_over:
            job = watch.job
            event_id, event = event_of(job)
            if event_id != seen:
                yield self._send(event)
                seen = event_id
            if job.state in ENDED:
                return
            if watch.job is not job:
                continue
            try:
                yield gen.with_timeout(datetime.timedelta(seconds=HEARTBEAT), watch.changed())
            except gen.TimeoutError:
                if watch.job is job:
                    yield self._send(b": heartbeat\n\n")

    @gen.coroutine
    def _send(self, data):
        # type: (bytes) -> Any
        """Raises: StreamClosedError: the client has left, or reads nothing."""
        self.write(data)
        try:
            yield gen.with_timeout(datetime.timedelta(seconds=HEARTBEAT), self.flush(),
                                   quiet_exceptions=StreamClosedError)
        except gen.TimeoutError:
            raise StreamClosedError()

    def _leave_place(self):
        # type: () -> None
        """Listeners do not count as requests that run: a few would keep all others out."""
        admission = getattr(self.application, "admission", None)
        if admission is not None:
            admission.ended(self.request)

    def _is_leaving(self):
        # type: () -> bool
        if self.application.draining:
            return True
        # Replaced by another process or application, which does not count as the service's stop.
        return closes_after_response(self.request.connection)


def closes_after_response(connection):
    # type: (Any) -> bool
    """Whether a server closes this connection after the response, as it does while it drains."""
    is_last = getattr(connection, "serves_last_request", None)
    if is_last is None:  # Of Tornado's own server.
        is_last = getattr(getattr(connection, "params", None), "no_keep_alive", False)
    return bool(is_last)
