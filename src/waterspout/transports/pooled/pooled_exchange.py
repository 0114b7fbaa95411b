"""PooledExchange: an exchange on the ``pooled`` transport, collected or streamed."""

from __future__ import absolute_import, division, print_function

import weakref

from tornado import httputil

from waterspout._compat import monotonic, set_cause, to_bytes, to_native
from waterspout._decoding.body_stream import BodyStream
from waterspout._encoding.header_checks import METHOD_BYTES
from waterspout._net.body_buffer import LARGE_BYTES, new_body
from waterspout._net.body_sources import IteratorBodySource
from waterspout._net.exchange import Exchange
from waterspout._wire.events import InformationalHead, ResponseHead
from waterspout.exceptions import RequestException, ResponseTooLarge
from waterspout.models.failures import failure, own_failure
from waterspout.models.response import Response
from waterspout.models.traces import failed_times
from waterspout.structures import Headers

#: The usual reason phrases as native ``str``.
_REASONS = dict((to_bytes(phrase), phrase) for phrase in httputil.responses.values())


class PooledExchange(Exchange):
    """The exchange of a `PreparedRequest`; ``done(request, response, error)`` ends it.

    Attributes:
        holder: the owner of the call, for `PooledTransport.end_calls`.
    """

    __slots__ = ("request", "holder", "_done", "_limits", "_head", "_head_time")

    def __init__(self, origin, host, request, options, lines, done, limits):
        # type: (Origin, FieldLines, PreparedRequest, CallOptions, FieldLines, Callable, Limits) -> None
        url = request.parsed_url
        # RFC 9112 section 3.2.2: a proxy that forwards the request gets the whole URL.
        forwarded = origin.proxy is not None and not origin.tunnelled
        body = request.body
        if body is None:
            if request.says_empty:
                body = b""  # The wire then writes Content-Length: 0.
        elif not isinstance(body, bytes):
            body = IteratorBodySource(body.pieces(), body.length)
        Exchange.__init__(
            self,
            origin,
            METHOD_BYTES.get(request.method) or to_bytes(request.method),
            to_bytes(url.absolute_target) if forwarded else url.target_bytes,
            lines,
            body,
            options.timeout,
            options.deadline,
            host,
        )
        self.expects_continue = lines.expects_continue
        self.request = request
        self._done = done
        self._limits = limits
        self._head = None
        self._head_time = None

    def failed(self, error_class, what, cause):
        self.failed_with(self.failure(error_class, what, cause))

    def failed_with(self, error):
        self._done(self.request, None, error)

    def raised(self, error):
        super(PooledExchange, self).raised(own_failure(self.request, error))

    def failure(self, error_class, what, cause=None):
        # type: (type, str, Optional[BaseException]) -> RequestException
        """Make the error for a failure of this call."""
        now = monotonic()
        in_body = self._head is not None
        if self.sent_before:
            what += "; it was sent before, on a kept connection that the server closed"
        error = failure(
            error_class, self.request, what, self.phase, now - self.started, in_body)
        error.times = self._times_until(now)
        error.may_have_been_sent = error.may_have_been_sent or self.sent_before
        return set_cause(error, cause)

    def refuse_response(self, error_class, what, cause=None):
        # type: (type, str, Optional[BaseException]) -> None
        """Like `fail`, also after the end of the response was received."""
        if self.done:
            self.failed(error_class, what, cause)
        else:
            self.fail(error_class, what, cause)

    def _may_have_body(self, head):
        return self.method != b"HEAD" and head.status_code not in (204, 304)

    def _response(self, content, end, stream=None):
        head = self._head
        return Response(
            self.request,
            head.status_code,
            _REASONS.get(head.reason) or to_native(head.reason, "latin-1"),
            lambda: Headers.of_bytes(head.pairs()),
            content,
            self._times(end),
            stream,
            head.sets_cookies,
        )

    def _times(self, end):
        # The arguments of `Trace`, which is made only if it is used. If the response came before
        # the whole body was sent, the moment of sending is left out.
        early = self.sent is not None and self.sent > self._head_time
        rest = None if early else self.sent, self._head_time, end
        opening = self.opening_times
        if opening is None:
            moments = (self.started, self.ready, None, None, None) + rest
        else:
            secured = None if self.origin.tls is None else self.ready
            moments = (self.started,) + opening + (secured,) + rest
        return moments, 2 if self.replaced else 1, opening is None

    def _times_until(self, now):
        # The same for an exchange that failed at ``now``.
        opening = self.opening_times
        if self._head is not None:
            moments, attempts, reused = self._times(now)
            return failed_times(moments, "end", now, attempts, reused)
        attempts = 2 if self.replaced else 1
        if self.phase == "pool":
            return failed_times((self.started,), "turn", now, attempts)
        if self.phase == "connect":
            begun, resolved, connected = getattr(self, "failed_opening", (now, None, None))
            missed = ("resolved" if resolved is None else
                      "connected" if connected is None else "secured")
            return failed_times(
                (self.started, begun, resolved, connected), missed, now, attempts, False)
        moments = (self.started, self.ready, None, None, None)
        if opening is not None:
            secured = None if self.origin.tls is None else self.ready
            moments = (self.started,) + opening + (secured,)
        missed = "sent" if self.sent is None else "head"
        return failed_times(moments + (self.sent,), missed, now, attempts, opening is None)


class CollectedPooledExchange(PooledExchange):
    """Calls ``done`` with the complete response."""

    __slots__ = ("_body", "_room")  # Set when the head arrives. The body: see `new_body`.

    def received(self, events):
        now = monotonic()
        for event in events:
            kind = type(event)
            if kind is bytes:
                self._body.append(event)
                self._room -= len(event)
                if self._room < 0:
                    self._too_large()
                    return
            elif kind is ResponseHead:
                self._head = event
                self._head_time = now
                self._body = []
                self._room = room = self._limits.max_body_bytes
                length = event.content_length
                if (length is not None and (length > LARGE_BYTES or length > room)
                        and self._may_have_body(event)):
                    if length > room:
                        self._too_large()
                        return
                    self._body = new_body(length)
            elif kind is not InformationalHead:
                self._finish(now)

    def body_buffer(self):
        if self._head is None or type(self._body) is list:
            return None
        return self._body

    def _too_large(self):
        what = "the body is more than %d bytes" % self._limits.max_body_bytes
        self.refuse_response(ResponseTooLarge, what)

    def _finish(self, now):
        response = self._response(b"".join(self._body), now)
        if self._head.content_encoding is not None:
            limits = self._limits
            try:
                response.decode_content(limits.max_body_bytes, limits.max_content_codings)
            except RequestException as error:
                self.failed(type(error), str(error), error)
                return
        self._done(self.request, response, None)


class StreamedPooledExchange(PooledExchange):
    """Calls ``done`` at the response's head; the body is read as a stream."""

    __slots__ = ("_stream", "reading")

    def __init__(self, *args):
        super(StreamedPooledExchange, self).__init__(*args)
        self._stream = None  # A weak reference: a collected response ends its exchange.
        self.reading = None

    def received(self, events):
        response = None
        for event in events:
            kind = type(event)
            if kind is ResponseHead:
                response = self._begin(event)
            elif kind is not InformationalHead:
                stream = self._stream()
                if stream is not None:
                    stream.feed(event) if kind is bytes else stream.end()
        if response is not None:
            done, self._done = self._done, None  # It refers to the response: see `_stream`.
            done(self.request, response, None)

    def failed_with(self, error):
        if self._stream is None:
            super(StreamedPooledExchange, self).failed_with(error)
        else:
            stream = self._stream()
            if stream is not None:
                stream.fail(error)

    def pause(self):
        # type: () -> None
        """The reader is slow: read no more, and suspend `ClientTimeout.read`."""
        if self.connection is not None:
            self.connection.pause()

    def resume(self):
        # type: () -> None
        if self.connection is not None:
            self.connection.resume()

    def _begin(self, head):
        self._head = head
        self._head_time = monotonic()
        coding = head.content_encoding
        stream = BodyStream(
            self, None if coding is None else to_native(coding, "latin-1"), self._limits)
        self._stream = weakref.ref(stream)
        return self._response(None, None, stream)
