"""Connection: one socket, its wire, and the exchange that is on it."""

from __future__ import absolute_import, division, print_function

import collections
import socket
import ssl

from tornado.ioloop import IOLoop

from waterspout._compat import monotonic
from waterspout._wire.client_connection import ClientConnection
from waterspout._wire.events import EndOfMessage
from waterspout.exceptions import ReadError, RemoteProtocolError, ResponseTooLarge, WriteError

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
                 "_io_loop", "_stream", "_fd", "_wire", "_output", "_events", "_sent",
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
            if body is None or len(body) <= _JOINED_BYTES:
                data = self._wire.send_request(
                    exchange.method, exchange.target, exchange.fields, body)
            else:
                data = self._wire.start_request(
                    exchange.method, exchange.target, exchange.fields, len(body))
                self._output.append(memoryview(self._wire.send_data(body)))
                self._wire.end_request()
            taken = self._stream.send(data)
        except socket.error as error:
            self._lose(WriteError, str(error), error)
            return
        self._sent = taken > 0
        if taken == len(data) and not self._output:
            exchange.enter("read", now)
        else:
            if taken < len(data):
                self._output.appendleft(memoryview(data)[taken:])
            exchange.enter("send", now)
            self._flush()

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
        if events:
            self._hand_over(events)
        else:
            self.exchange.progressed()

    def _hand_over(self, events):
        exchange = self.exchange
        if type(events[-1]) is EndOfMessage:
            self.exchange = None
            exchange.connection = None
            exchange.done = True
            self._pool.finished(exchange)
            if self._wire.reusable and not self._output:
                self._pool.free(self)
            else:
                self.close()
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
        if self.exchange is not None and self.exchange.phase == "send":
            self.exchange.enter("read", monotonic())

    def _broken_while_sending(self, error):
        # The server may have answered (413, 401) and closed before it had read all: read on.
        self._output.clear()
        self._output.append(b"")  # Keeps the connection from being used again.
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
        if stale and not exchange.replaced and (nothing_sent or exchange.may_be_sent_again):
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
