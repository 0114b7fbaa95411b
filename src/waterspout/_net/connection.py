"""Connection: one socket, its wire, and the exchange that is on it."""

from __future__ import absolute_import, division, print_function

import collections
import socket
import ssl

from tornado.ioloop import IOLoop

from waterspout._compat import monotonic
from waterspout._wire.client_connection import ClientConnection
from waterspout._wire.events import (
    EndOfMessage,
    InformationalHead,
    ProtocolSwitched,
    ResponseHead,
)
from waterspout.exceptions import (
    InvalidHeader,
    LocalProtocolError,
    ReadError,
    RemoteProtocolError,
    ResponseTooLarge,
    WriteError,
)

_READ, _WRITE = IOLoop.READ, IOLoop.WRITE

#: A body up to this size goes out in one piece with its head.
_JOINED_BYTES = 64 * 1024


class Connection(object):
    """Carries one exchange after the other, for as long as nothing odd happens.

    Always listening, so that a server that closes an idle connection, or says something
    unasked, is noticed at once and the connection is never used again.

    Attributes:
        origin (Origin); exchange (Exchange or None).
        uses (int): exchanges begun on it.
        opened (float), idle_since (float): `monotonic` seconds.
    """

    __slots__ = ("origin", "exchange", "uses", "opened", "idle_since", "closed", "_pool",
                 "_io_loop", "_stream", "_fd", "_wire", "_output", "_events", "_sent", "_body",
                 "__weakref__")

    def __init__(self, origin, stream, pool, io_loop, wire_limits):
        # type: (Origin, PlainStream, Pool, IOLoop, wire.Limits) -> None
        self.origin = origin
        self.exchange = None
        self.uses = 0
        self.opened = self.idle_since = monotonic()
        self.closed = False
        self._pool = pool
        self._io_loop = io_loop
        self._stream = stream
        self._fd = stream.fileno()
        self._wire = ClientConnection(wire_limits)
        self._output = collections.deque()  # What the socket did not take yet.
        self._sent = False  # A byte of the exchange's request has left.
        self._body = None  # type: Optional[StreamedBody]  # While it is being sent.
        self._events = _READ
        io_loop.add_handler(self._fd, self._handle_events, _READ)

    def begin(self, exchange, now):
        # type: (Exchange, float) -> None
        """Send the request of ``exchange``; what comes back goes to it."""
        self.exchange = exchange
        exchange.connection = self
        self.uses += 1
        self._sent = False
        body = exchange.body
        try:
            if body is None or type(body) is bytes and len(body) <= _JOINED_BYTES:
                data = self._wire.send_request(
                    exchange.method, exchange.target, exchange.fields, body)
                self._begin_small(exchange, data, now)
            else:
                exchange.enter("send", now)
                self._begin_large(exchange, body)
        except (LocalProtocolError, InvalidHeader) as error:
            # Nothing was sent, so the connection is as good as before.
            self.exchange = exchange.connection = None
            exchange.raised(error)
            self._pool.free(self)

    def _begin_small(self, exchange, data, now):
        try:
            taken = self._stream.send(data)
        except socket.error as error:
            self._lose(WriteError, str(error), error)
            return
        self._sent = taken > 0
        if taken == len(data):
            exchange.enter("read", now)
        else:
            self._output.append(memoryview(data)[taken:])
            exchange.enter("send", now)
            self._listen(self._events | _WRITE)

    def _begin_large(self, exchange, body):
        whole = type(body) is bytes
        self._output.append(self._wire.start_request(
            exchange.method, exchange.target, exchange.fields, len(body) if whole else body.length))
        if whole:
            self._output.append(self._wire.send_data(body))
            self._wire.end_request()
        else:
            self._body = body
        self._flush()
        if self._body is not None and not exchange.expects_continue:
            self._body.start(self)

    # For a StreamedBody

    def write(self, data):
        # type: (bytes) -> None
        """Send a piece of the body; `StreamedBody.drained` is called when it has left."""
        if self._body is None:
            return
        try:
            framed = self._wire.send_data(data)
        except LocalProtocolError as error:
            self.body_failed(error)
            return
        self._output.append(framed)
        # Not from here: a body that writes from drained() would recurse.
        self._listen(self._events | _WRITE)
        if self.exchange.phase == "send":
            self.exchange.enter("send", monotonic())

    def end_body(self):
        # type: () -> None
        """The body is complete."""
        if self._body is None:
            return
        self._body = None
        try:
            last = self._wire.end_request()
        except LocalProtocolError as error:
            self.body_failed(error)
            return
        if last:
            self._output.append(last)
        self._flush()

    def body_failed(self, error):
        # type: (BaseException) -> None
        """What gives the body has failed: so does the call, with its error."""
        self._body = None
        exchange = self.exchange
        if exchange is not None:
            exchange.raised(error)

    def _stop_body(self):
        body, self._body = self._body, None
        if body is not None:
            body.stop()

    # For who reads the response

    def pause(self):
        # type: () -> None
        """Read no more until `resume`: whoever reads the response is slower than the server."""
        self._listen(self._events & ~_READ)

    def resume(self):
        # type: () -> None
        if not self.closed:
            self._listen(self._events | _READ)
            if self._stream.buffers:
                self._io_loop.add_callback(self._read)

    def close(self):
        # type: () -> None
        """Close the socket, whatever is on it. Idempotent."""
        if not self.closed:
            self.closed = True
            if self._events:
                self._io_loop.remove_handler(self._fd)
            self._stream.close()
            self._output.clear()
            self._stop_body()
            self._pool.removed(self)

    # What the IOLoop calls

    def _handle_events(self, fd, events):
        if events & _WRITE and not self.closed:
            self._flush()
        if events & ~_WRITE and not self.closed:  # Readable, or an error that recv will name.
            self._read()

    def _read(self):
        while not self.closed and self._events & _READ:
            try:
                data = self._stream.recv()
            except socket.error as error:
                self._lose(ReadError, str(error), error)
                return
            if data is None:
                return
            if not data:
                self._ended()
                return
            if self.exchange is None:
                self.close()  # Said unasked: nothing says where the next response begins.
                return
            self._received(data)
            if not self._stream.buffers:
                return

    def _received(self, data):
        try:
            events = self._wire.receive_data(data)
        except RemoteProtocolError as error:
            self._lose(type(error), str(error), error)
            return
        if self._body is not None and events:
            self._look_while_sending(events)
        if events:
            self._hand_over(events)
        else:
            self.exchange.progressed()

    def _look_while_sending(self, events):
        """What came before the request was out: go on, or spare the rest of it?"""
        for event in events:
            if isinstance(event, InformationalHead):
                if event.status_code == 100 and self.exchange.expects_continue:
                    self.exchange.expects_continue = False
                    self._body.start(self)
            elif isinstance(event, ResponseHead) and event.status_code >= 300:
                self._stop_body()
                self._output.clear()
                return

    def _hand_over(self, events):
        exchange = self.exchange
        last = type(events[-1])
        if last is EndOfMessage or last is ProtocolSwitched:
            self.exchange = None
            exchange.connection = None
            exchange.done = True
            self._pool.finished(exchange)
            if self._output or self._body is not None or not self._wire.reusable:
                self.close()
            else:
                self._pool.free(self)
        else:
            exchange.progressed()
        exchange.received(events)

    def _ended(self):
        if self.exchange is None:
            self.close()
            return
        try:
            events = self._wire.receive_eof()
        except RemoteProtocolError as error:
            if isinstance(error, ResponseTooLarge):
                self._lose(type(error), str(error), error)
            elif self._wire.response_started:
                self._lose(ReadError, str(error), None)
            else:
                self._lose(ReadError, "the server closed the connection without an answer", None)
        else:
            if events:
                self._hand_over(events)
            else:
                self.close()

    def _flush(self):
        output = self._output
        while output:
            data = output[0]
            try:
                taken = self._stream.send(data)
            except socket.error as error:
                self._broken_while_sending(error)
                return
            if taken:
                self._sent = True
                if self.exchange is not None:
                    self.exchange.progressed()
            if taken == len(data):
                output.popleft()
            else:
                output[0] = memoryview(data)[taken:]
                self._listen(self._events | _WRITE)
                return
        if self._events & _WRITE:
            self._listen(self._events & ~_WRITE)
        exchange = self.exchange
        if exchange is not None and exchange.phase == "send":
            if self._body is None:
                exchange.enter("read", monotonic())
            elif not exchange.expects_continue:
                exchange.wait_for_body()
                self._body.drained()

    def _broken_while_sending(self, error):
        # The server may have answered (413, 401) and closed before it had read all: read on.
        # The wire knows that the request is incomplete, if it is; else what is left tells.
        self._stop_body()
        self._output.clear()
        self._output.append(b"")
        self._listen(_READ)
        if self.exchange is not None:
            self.exchange.enter("read", monotonic())

    def _lose(self, error_class, what, cause):
        """The connection is gone with an exchange on it: replace it once, or fail."""
        exchange, self.exchange = self.exchange, None
        stale = self.uses > 1 and not self._wire.response_started
        nothing_sent = not self._sent
        self.close()
        if exchange is None:
            return
        exchange.connection = None
        if stale and not exchange.replaced and exchange.may_be_sent_again(nothing_sent):
            exchange.replaced = True
            self._pool.replace(exchange)
        else:
            if isinstance(cause, ssl.SSLError):
                what = "TLS failed: %s" % what
            exchange.fail(error_class, what, cause)

    def _listen(self, events):
        if events == self._events:
            return
        if not events:
            self._io_loop.remove_handler(self._fd)
        elif not self._events:
            self._io_loop.add_handler(self._fd, self._handle_events, events)
        else:
            self._io_loop.update_handler(self._fd, events)
        self._events = events

    def __repr__(self):
        state = "closed" if self.closed else "active" if self.exchange is not None else "idle"
        return "<Connection to %s, %s, %d uses>" % (self.origin, state, self.uses)
