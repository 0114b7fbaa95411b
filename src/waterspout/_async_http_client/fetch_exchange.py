"""FetchExchange: one hop of a fetch on its way through the pool."""

from __future__ import absolute_import, division, print_function

import time

from waterspout._async_http_client.callbacks import CallbackFailed, call
from waterspout._async_http_client.fetch_headers import offered
from waterspout._async_http_client.tornado_errors import (
    connection_closed,
    raised_error,
    timeout_error,
    tornado_error,
)
from waterspout._compat import monotonic, to_bytes, to_native
from waterspout._decoding.content_codings import BodyDecoder
from waterspout._late_headers import LateHeaders, native
from waterspout._net.exchange import CONTINUE_SECONDS, NEVER, Exchange
from waterspout._wire.events import InformationalHead, ResponseHead
from waterspout.exceptions import ContentDecodingError, ResponseTooLarge
from waterspout.status_codes import REDIRECTS

#: The errors that end a fetch while its response is received.
REFUSED = (ContentDecodingError, ResponseTooLarge, CallbackFailed)


class FetchExchange(Exchange):
    """Collects a response for a `Fetch`.

    Its timeouts are Tornado's: ``connect_timeout`` for the queue, and again for connecting;
    ``request_timeout`` from when the fetch first left the queue to the last byte of its last
    response. 0 means no limit.

    Attributes:
        hop (Hop).
        begun, begun_at (float or None): when it left the queue, in `monotonic` seconds and in
            those of `time.time`; None before.
        head (ResponseHead or None), head_time (float, `monotonic`), headers (HTTPHeaders).
        chunks (list of bytes): the body.
    """

    __slots__ = ("hop", "begun", "begun_at", "head", "head_time", "headers", "chunks", "_fetch",
                 "_limit", "_follows", "_decoder", "_over")

    def __init__(self, fetch, hop, origin, fields, body):
        # type: (Fetch, Hop, Origin, FieldLines, Union[None, bytes, BodySource]) -> None
        location = hop.location
        proxied = origin.proxy is not None and not origin.tunnelled
        super(FetchExchange, self).__init__(
            origin,
            to_bytes(hop.method),
            location.absolute if proxied else location.target,
            fields,
            body,
            None,
        )
        self.hop = hop
        self.begun = self.begun_at = None
        self.head = self.headers = None
        self.head_time = 0.0
        self.chunks = []
        self._fetch = fetch
        self._limit = NEVER
        self._follows = False
        self._decoder = None
        self._over = False  # The fetch was told how it ended.

    @property
    def request(self):
        # type: () -> HTTPRequest
        """The caller's request, before redirects."""
        return self._fetch.request

    # Timeouts

    def enter(self, phase, now):
        request = self._fetch.request
        self.phase = phase
        if phase == "pool":
            limits = [request.connect_timeout, request.request_timeout]
            self.due = now + min([seconds for seconds in limits if seconds] or [NEVER])
            if self._fetch.limit is not None:  # A redirect.
                self.due = min(self.due, self._fetch.limit)
            return
        if self.begun is None:
            self.begun = now
            self.begun_at = time.time()
            if self._fetch.limit is None:
                self._fetch.limit = now + (request.request_timeout or NEVER)
            self._limit = self._fetch.limit
        self.due = self._limit
        if phase == "connect" and request.connect_timeout:
            self.due = min(self._limit, now + request.connect_timeout)

    def progressed(self):
        """Do nothing: the limit is for the whole request."""

    def hold(self):
        self.due = self._limit

    def await_continue(self, now):
        self.due = min(self._limit, now + CONTINUE_SECONDS)

    def expire(self, now):
        if self.connection is None or self._limit <= now:
            self.raised(timeout_error(self))
        elif not self.connection.stop_awaiting_continue():
            self.hold()

    # The response

    def received(self, events):
        try:
            for event in events:
                if type(event) is not bytes:
                    self._take(event)
                elif not self._follows:
                    self.chunks.extend(self._decoded(event))
        except REFUSED as error:
            self._refuse(error)

    def _take(self, event):
        kind = type(event)
        if kind is ResponseHead:
            self._begin_response(event)
        elif kind is not InformationalHead:
            self._end()

    def _decoded(self, data):
        return (data,) if self._decoder is None else self._decoder.pieces(data)

    def _begin_response(self, head):
        self.head = head
        self.head_time = monotonic()
        self.headers = LateHeaders(head.raw)
        fetch = self._fetch
        if (head.status_code in REDIRECTS and self.hop.redirects_left > 0
                and "Location" in self.headers):
            self._follows = True
            return
        coding = head.content_encoding
        if (coding is not None and fetch.request.decompress_response
                and coding in offered(self.hop.headers.get_all())):
            self._decoder = BodyDecoder(to_native(coding), fetch.max_body_bytes)
            self.headers.add("X-Consumed-Content-Encoding", self.headers["Content-Encoding"])
            del self.headers["Content-Encoding"]
        if fetch.header_callback is not None:
            for line in header_lines(head, self.headers):
                call(fetch.header_callback, line)

    def _end(self):
        if self._decoder is not None:
            self._decoder.finish()
        self._over = True
        if self._follows:
            self._fetch.follow(self)
        else:
            self._fetch.answered(self)

    # Failures

    def failed(self, error_class, what, cause):
        self.failed_with(tornado_error(self, error_class, what, cause))

    def failed_with(self, error):
        self._over = True
        self._fetch.failed(self, raised_error(error))

    def cancel(self):
        self._over = True
        super(FetchExchange, self).cancel()

    def give_up(self, error):
        # type: (BaseException) -> None
        """End it with ``error``, even after the last byte was received."""
        if self.done:
            self.failed_with(error)
        else:
            self.raised(error)

    def _refuse(self, error):
        if isinstance(error, (CallbackFailed, ContentDecodingError)):
            self.give_up(connection_closed(error))
            return
        what = "decompressed body too large: %s" % error
        self.give_up(tornado_error(self, type(error), what, error))


def header_lines(head, headers):
    # type: (ResponseHead, HTTPHeaders) -> Iterator[str]
    """The lines for ``header_callback``."""
    yield "HTTP/%s %d %s\r\n" % (
        native(head.http_version), head.status_code, native(head.reason))
    for pair in headers.get_all():
        yield "%s: %s\r\n" % pair
    yield "\r\n"
