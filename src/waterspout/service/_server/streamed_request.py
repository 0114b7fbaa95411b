"""The base of RequestDelegate for a request whose handler reads the body while it arrives."""

from __future__ import absolute_import, division, print_function

import sys
from functools import partial

from waterspout._compat import TYPE_CHECKING
from waterspout.service._server.body_stream import ATTRIBUTE, BodyStream
from waterspout.service._server.checked_request import CheckedRequest
from waterspout.service._server.head_checks import announced_length
from waterspout.service._server.refusal_sentences import SENTENCES
from waterspout.service.exceptions import Refusal

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401


class StreamedRequest(CheckedRequest):
    """Starts the handler when the head was accepted, if its class has ``streams_body``."""

    #: The body, if the handler reads it as a stream; and the bytes that it may have.
    _stream = None  # type: Optional[BodyStream]
    _stream_bytes = 0

    #: The delegate that was found for the request when its head had arrived.
    _found = None  # type: Any

    def _accept(self):
        # type: () -> Optional[Future[None]]
        application, request = self._application, self._request
        handler_class = application.streaming_class(request)
        if handler_class is None:
            return None
        limit = handler_class.max_body_bytes
        self._stream_bytes = application.max_body_bytes if limit is None else limit
        length = announced_length(request.headers)
        if length is not None and length > self._stream_bytes:
            return self._refuse_head(self._stream_refusal("body size", 413))
        try:
            self._found = application.find_handler(request)
        except Exception:
            return self._refuse_head(sys.exc_info())
        if not getattr(getattr(self._found, "handler_class", None), "streams_body", False):
            return None  # An error: the page of another origin sends it, for example.
        self._stream = vars(request)[ATTRIBUTE] = BodyStream(
            handler_class.chunk_timeout, partial(self._fail_stream, "body time", 408))
        vars(request)["received_bytes"] = None  # For the access log: not all have arrived.
        self._allow_stream()
        self._hand_over(lambda request: self._found)
        if length is None and "Transfer-Encoding" not in request.headers:
            self._end_stream()
            return None
        return self._stream.wanted()

    def _allow_stream(self):
        # type: () -> None
        """Let the connection receive the body."""
        self._connection.set_max_body_size(self._stream_bytes)
        self._connection.set_body_timeout(float("inf"))  # Each piece has a time of its own.

    def _end_stream(self):
        # type: () -> None
        vars(self._request)["received_bytes"] = self._stream.received_bytes
        self._stream.end()

    def _fail_stream(self, kind, status_code):
        # type: (str, int) -> None
        """Tell the handler that the rest of the body is refused."""
        self._application.count_refusal(self._request, kind)
        self._stream.fail(self._stream_refusal(kind, status_code))

    def _stream_refusal(self, kind, status_code):
        # type: (str, int) -> Refusal
        why = SENTENCES.get(kind) or (
            "the body is longer than the %d bytes accepted here" % self._stream_bytes)
        return Refusal(status_code, why, kind=kind)
