"""AccessEntry: one line of the access log, as text and as JSON."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

from waterspout._compat import TYPE_CHECKING
from waterspout.service._logging.json_values import quoted, quoted_again
from waterspout.service.log_lines import printable

if TYPE_CHECKING:
    from typing import Any, NamedTuple, Optional  # noqa: F401

    Details = NamedTuple("Details", [
        ("route", Optional[str]),
        ("request_bytes", Optional[int]),
        ("response_bytes", Optional[int]),
        ("principal", Optional[str]),
        ("upstream_seconds", float),
        ("calls", int),
        ("retries", int),
    ])
else:
    Details = namedtuple(
        "Details",
        "route request_bytes response_bytes principal upstream_seconds calls retries")

# How a request has ended.
ANSWERED, REFUSED, CUT_OFF = "answered", "refused", "cut off"
CLIENT_LEFT, INCOMPLETE = "client left", "incomplete"

#: Characters of a path, and of other texts; a line of text has 200 of the path.
_MAX_PATH = 1000

#: ``remote_ip`` of a client at a unix socket, which has no address; as in Tornado.
_NO_ADDRESS = "0.0.0.0"


class AccessEntry(object):
    """What the access log says of one request.

    It is the message of its record: ``str()`` is the line as text, and `JSONFormatter` asks for
    `json_members`.

    Attributes:
        status (int): 499 if the client left.
        method, path, client (native str); seconds (float): the request's time.
        request_id (native str or None)
        outcome (native str): one of those above.
        refusal (native str or None): why it was refused.
        left_after (float seconds or None): when the client left.
        handler_status (int or None): what the handler would have answered the client that left.
        details (Details or None)
        sample (float): the share of requests like this one that are logged.
    """

    __slots__ = ("status", "method", "path", "client", "seconds", "request_id", "outcome",
                 "refusal", "left_after", "handler_status", "details", "sample")

    def __init__(self, request, status, outcome, request_id):
        # type: (Any, int, str, Optional[str]) -> None
        self.status = status
        self.method = request.method or "-"
        self.path = request.path or "-"
        self.client = request.remote_ip or "-"
        if self.client == _NO_ADDRESS:
            self.client = "unix"
        self.seconds = request.request_time()
        self.outcome = outcome
        self.request_id = request_id
        self.refusal = None  # type: Optional[str]
        self.left_after = None  # type: Optional[float]
        self.handler_status = None  # type: Optional[int]
        self.details = None  # type: Optional[Details]
        self.sample = 1.0

    def __str__(self):
        return "%d %s %s (%s) %.1fms%s%s%s" % (
            self.status, printable(self.method), printable(self.path), self.client,
            1000 * self.seconds,
            "" if self.request_id is None else " id=%s" % self.request_id,
            "" if self.details is None else self._details_as_text(self.details),
            "" if self.outcome == ANSWERED else self._outcome_as_text())

    def json_members(self):
        # type: () -> str
        """Return the members of a JSON object, without the braces."""
        method = quoted_again(self.method, _MAX_PATH)
        path = quoted_again(self.path, _MAX_PATH)
        text = '"message":"%d %s %s","client":%s,"method":%s,"path":%s,"status":%d,' \
            '"duration_ms":%.3f,"outcome":"%s"' % (
                self.status, method[1:-1], path[1:-1], quoted_again(self.client, _MAX_PATH),
                method, path, self.status, 1000 * self.seconds, self.outcome)
        if self.request_id is not None:
            text += ',"request_id":' + quoted(self.request_id)
        if self.details is not None:
            text += self._details_as_json(self.details)
        if self.refusal is not None:
            text += ',"refusal":' + quoted(self.refusal)
        if self.left_after is not None:
            text += ',"client_left_after_ms":%.3f,"handler_status":%d' % (
                1000 * self.left_after, self.handler_status or 0)
        if self.sample != 1.0:
            text += ',"sample":%.6g' % self.sample
        return text

    def _own_seconds(self, details):
        # The two clocks differ by microseconds.
        return max(0.0, self.seconds - details.upstream_seconds)

    def _details_as_text(self, details):
        # type: (Details) -> str
        words = " own=%.1fms upstream=%.1fms calls=%d" % (
            1000 * self._own_seconds(details), 1000 * details.upstream_seconds, details.calls)
        if details.retries:
            words += " retries=%d" % details.retries
        for name, value in (("in", details.request_bytes), ("out", details.response_bytes)):
            if value is not None:
                words += " %s=%d" % (name, value)
        for name, text in (("route", details.route), ("principal", details.principal)):
            if text is not None:
                words += " %s=%s" % (name, printable(text))
        return words

    def _details_as_json(self, details):
        # type: (Details) -> str
        text = ',"own_ms":%.3f,"upstream_ms":%.3f,"upstream_calls":%d,"upstream_retries":%d,' \
            '"route":%s,"request_bytes":%s,"response_bytes":%s' % (
                1000 * self._own_seconds(details), 1000 * details.upstream_seconds,
                details.calls, details.retries,
                "null" if details.route is None else quoted_again(details.route, _MAX_PATH),
                "null" if details.request_bytes is None else details.request_bytes,
                "null" if details.response_bytes is None else details.response_bytes)
        if details.principal is not None:
            text += ',"principal":' + quoted_again(details.principal, _MAX_PATH)
        return text

    def _outcome_as_text(self):
        # type: () -> str
        if self.outcome == REFUSED:
            return ": refused by the server (%s)" % self.refusal
        if self.outcome == CUT_OFF:
            return ": an error cut the response off"
        if self.outcome == INCOMPLETE:
            return ": the connection ended before the request was complete"
        return ": the client left after %.1fms, the request %s" % (
            1000 * (self.left_after or 0),
            "was given up" if self.handler_status == self.status
            else "ended with %d" % (self.handler_status or 0))
