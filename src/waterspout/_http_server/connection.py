"""HTTPServerConnection: one client's socket, its HTTP/1.1 state, and the request under way."""

from __future__ import absolute_import, division, print_function

import functools
import socket

from tornado import httputil, iostream
from tornado.ioloop import IOLoop
from tornado.log import app_log, gen_log

from waterspout._compat import detached, monotonic, text_of_latin1
from waterspout._http_server import phases
from waterspout._http_server.delegate_calls import DelegateCalls, DelegateFailed
from waterspout._http_server.detached_stream import detached_stream
from waterspout._http_server.exchange import Exchange, rejected_quietly
from waterspout._http_server.request_headers import RequestHeaders
from waterspout._http_server.response_batch import LARGEST, MANY
from waterspout._http_server.time_limits import DEPARTED_SECONDS, NEVER
from waterspout._net.lingering import Lingering
from waterspout._net.outbox import Outbox
from waterspout._net.watch import watch
from waterspout._wire.refusals import RequestRefused
from waterspout._wire.server_connection import ServerConnection

_READ, _WRITE = IOLoop.READ, IOLoop.WRITE

#: Bytes that are read ahead while a response is being made, to notice a client that leaves.
_READ_AHEAD_BYTES = 64 * 1024

#: As Tornado has them in a start line.
_METHODS = {method.encode("ascii"): method for method in (
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")}
_VERSIONS = {b"1.0": "HTTP/1.0", b"1.1": "HTTP/1.1"}


class HTTPServerConnection(object):
    """Serves one request after another. The only one who reads, sends and closes its socket.

    It is the ``server_connection`` of Tornado's requests, and it is passed to ``start_request`` and
    ``on_close`` of the server.

    Args:
        engine (Engine): of the server.
        sock (socket.socket or ssl.SSLSocket): connected; over TLS after the handshake.
        stream (PlainStream): of that socket.
        context (RequestContext): the client's address.
    Attributes:
        exchange (Exchange or None): the request that is being read or answered.
        is_broken (bool): nothing can be sent any more; it is closed in the next iteration.
        phase (native str): one of `phases`.
        due (float): when `expire` is to be called, in `monotonic` seconds; infinity for never. The
            earlier one of two: what the client has yet to send, and what it has yet to take.
    """

    __slots__ = (
        "io_loop", "socket", "stream", "wire", "context", "exchange", "phase", "due",
        "_engine", "_calls", "_held", "_outbox", "_watched", "_requests",
        "_owes_continue", "is_broken", "_lingering", "_receive_due", "_send_due",
        "__weakref__",
    )  # fmt: skip

    def __init__(self, engine, sock, stream, context):
        # type: (Engine, socket.socket, PlainStream, RequestContext) -> None
        self.io_loop = engine.io_loop
        self.socket = sock
        self.stream = stream
        self.wire = ServerConnection(engine.limits, engine.requires_host)
        self.context = context
        self.exchange = None
        self.phase = phases.IDLE
        self._engine = engine
        self._calls = None  # type: Optional[DelegateCalls]  # For the exchange.
        self._held = None  # type: Optional[Future]  # The delegate's; nothing is read until then.
        self._outbox = None  # type: Optional[Outbox]  # While the socket does not take all.
        self._requests = 0
        self._owes_continue = False  # The client waits for ``100 Continue``.
        self.is_broken = False  # Sending has failed; the connection will be closed.
        self._lingering = None  # type: Optional[Lingering]
        self.due = self._receive_due = monotonic() + engine.params.header_timeout
        self._send_due = NEVER
        self._watched = watch(self.io_loop, stream, self._handle_events, 0, _READ)

    # For the exchange

    @property
    def serves_last_request(self):
        # type: () -> bool
        """Whether the connection ends with this request."""
        engine = self._engine
        return engine.params.no_keep_alive or self._requests >= engine.max_requests

    def send(self, data):
        # type: (bytes) -> Future[None]
        """Send ``data`` now, or what the socket does not take when it can."""
        outbox = self._outbox
        if outbox is None:
            if not data:
                return self._engine.done
            if self._engine.active >= MANY and len(data) <= LARGEST:
                self._outbox = Outbox(data)
                self._engine.batch.add(self)
                return self._engine.done
            try:
                taken = self.stream.send(data)
            except socket.error:
                self._break_soon()
                return rejected_quietly(iostream.StreamClosedError())
            if taken == len(data):
                return self._engine.done
            outbox = self._outbox = Outbox(memoryview(data)[taken:] if taken else data)
            self._limit_sending()
            self._watch()
        elif data:
            outbox.add(data)
        return outbox.drained()

    def response_ended(self, exchange):
        # type: (Exchange) -> None
        """The response of ``exchange`` is complete: go on when its last byte was sent."""
        if self.wire.switched:  # The application will call `detach`.
            self._limit_receiving(monotonic() + self._engine.params.header_timeout)
            return
        self.exchange = self._held = None
        if exchange.is_reading:  # As in Tornado. Later: the handler is within its call of finish().
            detached(self.io_loop.add_callback, self._calls.connection_closed)
        if self._outbox is None:
            self._next()
        else:
            self.phase = phases.FLUSHING

    def set_body_timeout(self, seconds):
        # type: (float) -> None
        """Give the rest of the body so many seconds from now on."""
        if self.phase is phases.BODY:
            self._limit_receiving(monotonic() + seconds)

    def detach(self):
        # type: () -> iostream.IOStream
        """Hand over the socket with all bytes that were received or not sent."""
        self.phase = phases.DETACHED
        self._engine.active -= 1
        watch(self.io_loop, self.stream, None, self._watched, 0)
        self._watched = 0
        self.stream.release()
        unsent = [] if self._outbox is None else self._outbox.unsent()
        stream = detached_stream(
            self.socket, self.wire.unread, unsent, self._engine.max_buffer_size,
            self._engine.params.chunk_size)
        self._forget()
        return stream

    # For the server

    @property
    def has_ended(self):
        # type: () -> bool
        """The connection is closed or broken, or the client has ended its side."""
        return self.phase is phases.CLOSED or self.wire.ended or self.is_broken

    def close(self):
        # type: () -> None
        """Close the connection and tell the application, if a request is under way. Idempotent."""
        exchange, calls = self.exchange, self._calls
        if self._shut() and exchange is not None:
            _tell(calls, exchange)

    def close_by_application(self):
        # type: () -> None
        """The same for the application, which is told in the next iteration of the IOLoop."""
        exchange, calls = self.exchange, self._calls
        if self._shut() and exchange is not None:
            detached(self.io_loop.add_callback, _tell, calls, exchange)

    def expire(self, now):
        # type: (float) -> None
        """``due`` has passed."""
        if self._send_due <= now:
            gen_log.info("Timeout sending a response to %s", self.context)
            self.close()
        elif self.phase is phases.HEAD:
            self._refuse(RequestRefused("head time", "the request's head did not arrive in time"))
        elif self.phase is phases.BODY:
            self._refuse(RequestRefused("body time", "the request's body did not arrive in time"))
        else:
            self.close()

    # What the IOLoop calls

    def _handle_events(self, fd, events):
        if self._outbox is not None and (events & _WRITE or self.stream.send_needs_read):
            self.flush()
        # Readable, or an error that recv will raise.
        if self._watched & _READ and (events & ~_WRITE or self.stream.recv_needs_write):
            self._read()

    def _read(self):
        try:
            data = self.stream.recv()
        except socket.error:
            self.close()
            return
        if data:
            self.wire.receive_data(data)
            if self._reads:
                self._advance()
            elif self.wire.unread_bytes >= _READ_AHEAD_BYTES:
                self._watch()
                if self.phase is phases.ANSWERING:  # Nothing shows any more that a client leaves.
                    self._limit_receiving(monotonic() + DEPARTED_SECONDS)
        elif data is None:
            if self.stream.recv_needs_write:
                self._watch()
        else:
            self._ended()

    def _ended(self):
        """The client has ended its side, or left."""
        self.wire.receive_eof()
        self._watch()
        if self._held is not None or self.phase is phases.FLUSHING:
            # The rest of the request may have arrived.
            if self._held is not None and self._receive_due is NEVER:
                self._limit_receiving(monotonic() + DEPARTED_SECONDS)
            return
        if self.phase is not phases.ANSWERING:
            self._advance()
        elif self.wire.switched:
            self.close()
        elif self.exchange is not None:
            self._departed()

    def _departed(self):
        """The client has ended its side and may have left: tell the application."""
        self._limit_receiving(monotonic() + DEPARTED_SECONDS)
        self._calls.call(self.exchange.lost)

    def flush(self):
        # type: () -> None
        """Send what the socket takes now of what is unsent."""
        if self._outbox is None:
            return
        try:
            is_empty, progress = self._outbox.flush(self.stream)
        except socket.error:
            self.close()
            return
        if not is_empty:
            if progress or self._send_due is NEVER:
                self._limit_sending()
            self._watch()
            return
        outbox, self._outbox = self._outbox, None
        self._send_due = NEVER
        self.due = self._receive_due
        if self._watched != _READ:
            self._watch()
        outbox.emptied()
        if self.phase is phases.FLUSHING:
            self._next()

    # Requests

    def _advance(self):
        """Go on with what has arrived, as far as that and the application allow.

        Not beyond one request: `_next` has this called again in another iteration, so that a
        client that sends many at once does not keep others waiting.
        """
        has_begun = False
        try:
            while self._held is None and self.phase not in phases.LAST:
                exchange = self.exchange
                if exchange is not None:
                    has_begun = True
                    if not exchange.is_reading or not self._read_body():
                        return
                elif has_begun or self.phase is phases.FLUSHING:
                    return
                elif self._begin():
                    has_begun = True
                else:
                    if self.wire.ended:
                        self.close()
                    return
        except RequestRefused as refused:
            self._refuse(refused)
        except httputil.HTTPInputError as error:
            self._refuse_input(error)
        except DelegateFailed:
            self.close()

    def _begin(self):
        # type: () -> bool
        """Read the next request's head and hand it over, if it is complete."""
        wire = self.wire
        head = wire.read_head()
        if head is None:
            if wire.head_begun and self.phase is phases.IDLE:
                self.phase = phases.HEAD
                self._limit_receiving(
                    monotonic() + min(
                        self._engine.head_seconds, self._engine.params.header_timeout))
            return False
        engine = self._engine
        expect = head.expect
        if expect is not None and expect != b"100-continue" and engine.refuses_expectations:
            refusal = RequestRefused("expectation", "Expect other than 100-continue")
            refusal.method, refusal.target = head.method, head.target
            raise refusal
        self._requests += 1
        engine.requests += 1
        engine.active += 1
        has_body = head.has_body
        exchange = self.exchange = Exchange(self, has_body)
        calls = self._calls = DelegateCalls(engine.new_context())
        self.phase = phases.BODY if has_body else phases.ANSWERING
        self._stop_limiting_receiving()
        if has_body:
            params = engine.params
            if params.max_body_size is not None:  # It may have been changed.
                wire.body_limit = params.max_body_size
            if params.body_timeout is not None and not wire.body_has_arrived:
                self.set_body_timeout(params.body_timeout)
            self._owes_continue = expect == b"100-continue"  # None in HTTP/1.0.
        # Without the namedtuple's own __new__, which is written in Python.
        start_line = tuple.__new__(httputil.RequestStartLine, (
            _METHODS.get(head.method) or text_of_latin1(head.method), text_of_latin1(head.target),
            _VERSIONS[head.http_version]))
        held = calls.start(
            engine.start_request, self, exchange, start_line, RequestHeaders(head.raw, head.lower))
        if held is not None:
            self._hold(exchange, held)
        elif not has_body and self.exchange is exchange:
            self._end_request(exchange)
        return True

    def _read_body(self):
        # type: () -> bool
        """Hand over the next piece of the body, or the end of the request, if that has arrived."""
        exchange, wire = self.exchange, self.wire
        piece = wire.read_body(self._engine.params.chunk_size)
        if piece is None:
            if self._owes_continue and not wire.response_started:
                self._owes_continue = False
                self.send(wire.continue_())
            return False
        if piece:
            held = self._calls.data_received(piece)
            if held is not None:
                self._hold(exchange, held)
                return True
            if not wire.complete or self.exchange is not exchange or self.phase in phases.LAST:
                return True
        exchange.is_reading = False
        self.phase = phases.ANSWERING
        if self._receive_due is not NEVER:
            self._stop_limiting_receiving()
        self._end_request(exchange)
        return True

    def _end_request(self, exchange):
        """All of the request was handed over: tell the delegate."""
        self._calls.finish()
        if self.wire.ended and self.exchange is exchange:
            self._departed()

    def _hold(self, exchange, future):
        """Read no more of the request until the delegate's Future is done."""
        if self.exchange is exchange:  # Otherwise it was answered in the same call.
            self._held = future
            self._watch()
        detached(self.io_loop.add_future, future, functools.partial(self._go_on, self._calls))

    def _go_on(self, calls, future):
        if self._held is not future:  # The request has ended meanwhile.
            if not future.cancelled():
                future.exception()  # Mark it retrieved.
            return
        self._held = None
        try:
            calls.result(future)
            if not self.exchange.is_reading:  # There is no body.
                self._end_request(self.exchange)
        except httputil.HTTPInputError as error:
            self._refuse_input(error)
        except DelegateFailed:
            self.close()
        else:
            self._watch()
            self._advance()

    def _next(self):
        """The response is sent: await another request, or end the connection."""
        if self.phase in phases.LAST:
            return
        self.phase = phases.IDLE
        self._engine.active -= 1
        wire = self.wire
        if wire.next_request() is None:
            self._calls = None
            self._limit_receiving(monotonic() + self._engine.params.header_timeout)
            if wire.unread_bytes:  # In another iteration: other connections have their turn.
                self._watch()
                detached(self.io_loop.add_callback, self._advance)
            elif wire.ended:
                self.close()
        elif wire.ended:
            self.close()
        else:
            self._linger()

    def _refuse_input(self, error):
        """The application has raised HTTPInputError."""
        if self.exchange is None:  # It has answered before: a 400 would answer the next request.
            app_log.error("HTTPInputError after the response: %s", error)
            self.close()
        else:
            self._refuse(RequestRefused("application", str(error)))

    def _refuse(self, refused):
        """Answer a request that cannot be served, and end the connection."""
        calls = self._calls
        exchange, self.exchange = self.exchange, None
        self._held = None
        self._engine.refused[refused.kind] += 1
        if refused.kind == "incomplete" or self.wire.response_started:
            self.exchange = exchange
            self.close()
            return
        if self.phase not in phases.ACTIVE:
            self._engine.active += 1
        self.phase = phases.ANSWERING
        self._stop_limiting_receiving()
        self.exchange = Exchange(self, True)
        self._calls = DelegateCalls(self._engine.new_context())
        if not self._calls.call(self._engine.refuse, refused, self.exchange, calls):
            self.close()

    # The end

    def _linger(self):
        self.phase = phases.LINGERING
        watch(self.io_loop, self.stream, None, self._watched, 0)
        self._watched = 0
        self._engine.sweep.watched.discard(self)
        self._lingering = Lingering(self.io_loop, self.stream, self._engine.sweep, self.close)

    def _break_soon(self):
        """The socket cannot send: close it once the caller, the application, has returned."""
        self.is_broken = True  # The application may ask before that.
        detached(self.io_loop.add_callback, self.close)

    def _shut(self):
        # type: () -> bool
        """Close the socket, and return whether it was open."""
        if self.phase is phases.CLOSED or self.phase is phases.DETACHED:
            return False
        lingering, self._lingering = self._lingering, None
        if self.phase in phases.ACTIVE:
            self._engine.active -= 1
        self.phase = phases.CLOSED
        self._watched = watch(self.io_loop, self.stream, None, self._watched, 0)
        if self._outbox is not None and self._send_due is NEVER:
            self._send_collected()
        if lingering is not None:
            lingering.close()
        self.stream.close()
        if self._outbox is not None:
            self._outbox.fail(iostream.StreamClosedError())
        self._forget()
        return True

    def _send_collected(self):
        """Send what was to be sent at the end of the iteration: it counts as sent already."""
        try:
            self._outbox.flush(self.stream)
        except socket.error:
            pass

    def _forget(self):
        self.exchange = self._calls = self._outbox = self._held = None
        self.due = NEVER
        self.socket = None
        self._engine.ended(self)

    # Parts

    def _watch(self):
        """Tell the IOLoop which events are wanted now."""
        if self.phase in phases.LAST:
            return
        wire, stream = self.wire, self.stream
        events = 0
        if not wire.ended and (self._reads or wire.unread_bytes < _READ_AHEAD_BYTES):
            events = _READ
        if stream.recv_needs_write or self._outbox is not None and not stream.send_needs_read:
            events |= _WRITE
        self._watched = watch(self.io_loop, stream, self._handle_events, self._watched, events)

    @property
    def _reads(self):
        # type: () -> bool
        """What arrives is used at once."""
        return self._held is None and self.phase in (phases.IDLE, phases.HEAD, phases.BODY)

    def _limit_receiving(self, due):
        self._receive_due = due
        self.due = due if due < self._send_due else self._send_due
        self._engine.sweep.reschedule(self)

    def _stop_limiting_receiving(self):
        self._receive_due = NEVER
        self.due = self._send_due

    def _limit_sending(self):
        self._send_due = due = monotonic() + self._engine.send_seconds
        self.due = due if due < self._receive_due else self._receive_due
        self._engine.sweep.reschedule(self)

    def __repr__(self):
        # type: () -> str
        return "<HTTPServerConnection from %s, %s, %d requests>" % (
            self.context, self.phase, self._requests)


def _tell(calls, exchange):
    """Tell the application that the connection has ended: the delegate, or else the handler."""
    if not calls.connection_closed():
        calls.call(exchange.lost)

