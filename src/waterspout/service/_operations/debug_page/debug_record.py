"""DebugRecord: what is known of a request when its debug page is made."""

from __future__ import absolute_import, division, print_function

import os

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout.service._operations.debug_page.upstream_calls import UpstreamCalls

if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple  # noqa: F401

    from tornado.httputil import HTTPHeaders, HTTPServerRequest  # noqa: F401

    from waterspout.instrumentation.call_context import CallContext  # noqa: F401

#: Bytes of the response's body that are kept for the page.
KEPT_BYTES = 16 * 1024


class DebugRecord(object):
    """
    Args:
        request (HTTPServerRequest); context (CallContext): of the request; it gets an observer.
        request_bytes (int): of the request's body.
    Attributes:
        request; context; calls (UpstreamCalls); request_bytes.
        status_code (int or None); reason (native str): of the response, once it began.
        headers (list of (name, value)): of the response.
        body (bytes): the beginning of its body; body_bytes (int): of all of it.
        receiving (float seconds): from the request's head to the end of its body.
        handling (float seconds): from then to the response's head.
        sending (float seconds): from then to the response's end.
        upstream (float seconds): in which at least one call was under way.
        worker (int): the pid.
    """

    def __init__(self, request, context, request_bytes):
        # type: (HTTPServerRequest, CallContext, int) -> None
        self.request = request
        self.context = context
        self.request_bytes = request_bytes
        self.calls = UpstreamCalls()
        context.observe([self.calls])
        self.receiving = request.request_time()
        self.handling = self.sending = self.upstream = 0.0
        self.status_code = None  # type: Optional[int]
        self.reason = ""
        self.headers = []  # type: List[Tuple[str, str]]
        self.body_bytes = 0
        self.worker = os.getpid()
        self._kept = []  # type: List[bytes]
        self._left = KEPT_BYTES
        self._since = monotonic()

    @property
    def body(self):
        # type: () -> bytes
        return b"".join(self._kept)

    @property
    def total(self):
        # type: () -> float
        return self.receiving + self.handling + self.sending

    def response_began(self, status_code, reason, headers):
        # type: (int, str, HTTPHeaders) -> None
        """The head of the response is there; perhaps not the first one, if that was a 1xx."""
        self.status_code, self.reason = status_code, reason
        self.headers = list(headers.get_all())
        self.handling = self._lap()

    def add_body(self, chunk):
        # type: (Any) -> None
        """A piece of the body is there."""
        self.body_bytes += len(chunk)
        if self._left > 0:
            piece = bytes(chunk[:self._left])
            self._kept.append(piece)
            self._left -= len(piece)

    def response_ended(self):
        # type: () -> None
        """All of the response is there."""
        self.sending = self._lap()
        tally = self.context.tally
        self.upstream = 0.0 if tally is None else tally.seconds()

    def _lap(self):
        # type: () -> float
        since, self._since = self._since, monotonic()
        return self._since - since
