"""Connection: one socket, its HTTP/1.1 state, and the exchange that uses it."""

from __future__ import absolute_import, division, print_function

import socket
import ssl

from tornado.ioloop import IOLoop

from waterspout._compat import monotonic
from waterspout._net.socket_stream import RECEIVE_BYTES, is_cut_short
from waterspout._net.stale_connections import may_replace
from waterspout._net.upload import Upload
from waterspout._net.watch import watch
from waterspout._wire.client_connection import ClientConnection
from waterspout._wire.events import EndOfMessage, ProtocolSwitched
from waterspout.exceptions import ReadError, RemoteProtocolError, SSLError, WriteError

_READ, _WRITE = IOLoop.READ, IOLoop.WRITE

#: A body up to this size goes out in one piece with its head.
_JOINED_BYTES = 64 * 1024

#: Reads in a row before other sockets have their turn. The IOLoop reports what is left again.
_READS_IN_A_ROW = 16


class Connection(object):
    """Serves one exchange after another. It is closed after any fault.

    It always listens, so that a server that closes an idle connection, or sends something
    unasked, is noticed at once and the connection is never reused.

    Attributes:
        bucket (Bucket): of its origin.
        exchange (Exchange or None): the one under way.
        uses (int): exchanges begun on it.
        opened (float): when it was made, in `monotonic` seconds.
        idle_since (float or None): since when it is idle; None while it is in use.
        sent (bool): the socket has taken a byte of the exchange's request.
        stream (PlainStream), wire (ClientConnection): for its `Upload`.
    """

    __slots__ = ("bucket", "exchange", "uses", "opened", "idle_since", "closed", "sent", "stream",
                 "wire", "_pool", "_io_loop", "_watched", "_paused", "_batched", "_upload",
                 "_buffer", "__weakref__")

    def __init__(self, bucket, stream, pool, io_loop, message_limits):
        # type: (Bucket, PlainStream, Pool, IOLoop, MessageLimits) -> None
        self.bucket = bucket
        self.exchange = None
        self.uses = 0
        self.opened = monotonic()
        self.idle_since = None
        self.closed = False
        self.sent = False
        self.stream = stream
        self.wire = ClientConnection(message_limits)
        self._pool = pool
        self._io_loop = io_loop
        self._paused = False
        self._batched = False  # Its exchange's request is in the pool's batch.
        self._upload = None  # type: Optional[Upload]  # For a request that needs several sends.
        self._buffer = None  # type: Optional[BodyBuffer]  # While a large body is received.
        self._watched = watch(io_loop, stream, self._handle_events, 0, _READ)

    def begin(self, exchange, now, batched=False):
        # type: (Exchange, float, bool) -> None
        """Send the request of ``exchange``; the response's events go to its ``received``.

        Args:
            batched (bool): add it to the pool's batch, which wants it.
        """
        self.exchange = exchange
        exchange.connection = self
        exchange.ready = now
        self.uses += 1
        body = exchange.body
        upload = None
        try:
            if body is None or (type(body) is bytes and len(body) <= _JOINED_BYTES
                                and not exchange.expects_continue):
                data = self.wire.send_request(
                    exchange.method, exchange.target, exchange.fields, body, exchange.host)
            else:
                upload = Upload(self, exchange)
                upload.frame()
        except Exception as error:
            self._refuse(error)
            return
        if batched:
            self._batched = True
            self.sent = False
            exchange.hold()
            self._pool.batch.add(self, exchange, data)
        elif upload is None:
            self._send(data, now)
        else:
            self.sent = False
            self._upload = upload
            exchange.enter("send", now)
            upload.flush()

    def send_batched(self, exchange, data):
        # type: (Exchange, bytes) -> None
        """Send the whole request that `begin` has added to the pool's batch."""
        if exchange.connection is not self:
            return  # It has ended, or has another connection.
        self._batched = False
        now = monotonic()
        if exchange.due <= now:
            exchange.expire(now)
        elif self.is_dead():
            self._lose_unsent()
        else:
            self._send(data, now)
            self.reschedule()

    def _refuse(self, error):
        """Fail the exchange; nothing was sent, so the connection can be reused."""
        exchange, self.exchange = self.exchange, None
        exchange.connection = None
        self._pool.free(self)  # First, because the error's handler may close the pool.
        exchange.raised(error)

    def _send(self, data, now):
        exchange = self.exchange
        try:
            taken = self.stream.send(data)
        except socket.error as error:
            self.sent = False
            exchange.enter("send", now)
            self._upload = Upload(self, exchange)
            self._upload.broke(error)
            return
        self.sent = taken > 0
        if taken == len(data):
            exchange.sent = now
            exchange.enter("read", now)
        else:
            self._upload = Upload(self, exchange)
            self._upload.send_later(memoryview(data)[taken:] if taken else data)

    # For the reader of the response

    def pause(self):
        # type: () -> None
        """Read no more until `resume`: the response's reader is slower than the server."""
        self._paused = True
        self.watch()
        if self._upload is None and self.exchange is not None:
            self.exchange.hold()

    def resume(self):
        # type: () -> None
        if self._paused:
            self._paused = False
            self.watch()
            if self._upload is None and self.exchange is not None:
                self.exchange.progressed()
                self.reschedule()

    def stop_awaiting_continue(self):
        # type: () -> bool
        """Send the body although no ``100 Continue`` came. Return whether it was held back."""
        return self._upload is not None and self._upload.continue_()

    def is_dead(self):
        # type: () -> bool
        """Whether the server closed it, or sent something unasked, while it was idle.

        The IOLoop reports that too, but not before its next iteration.
        """
        try:
            return not self.stream.is_silent() and self.stream.recv() is not None
        except socket.error:
            return True

    def close(self):
        # type: () -> None
        """Close the socket, even during an exchange. Idempotent."""
        if not self.closed:
            self.closed = True
            watch(self._io_loop, self.stream, None, self._watched, 0)
            self.stream.close()
            self._pool.removed(self)
            if self._upload is not None:
                self._upload.drop()

    # For the upload

    def watch(self):
        # type: () -> None
        """Tell the IOLoop which events are wanted now."""
        if self.closed:
            return
        stream, upload = self.stream, self._upload
        events = 0 if self._paused else _READ
        if upload is not None and upload.wants_write and not stream.send_needs_read:
            events |= _WRITE
        if stream.recv_needs_write:
            events |= _WRITE
        self._watched = watch(
            self._io_loop, stream, self._handle_events, self._watched, events)

    def reschedule(self):
        # type: () -> None
        """The exchange's ``due`` may be earlier than before."""
        if self.exchange is not None:
            self._pool.reschedule(self.exchange)

    def uploaded(self):
        # type: () -> None
        """The socket has taken the last byte of the request."""
        self._upload = None
        self.exchange.sent = now = monotonic()
        self.exchange.enter("read", now)
        if self._paused:
            self.exchange.hold()
        self.reschedule()

    def read_rest(self):
        # type: () -> None
        """Nothing more can be sent: read what the server has sent, then fail."""
        if not self._paused:
            self._read()

    # What the IOLoop calls

    def _handle_events(self, fd, events):
        if self._batched:  # What arrives now is no response to a request that was not sent.
            if self.is_dead():
                self._batched = False
                self._lose_unsent()
            return
        stream, upload = self.stream, self._upload
        if upload is not None and upload.wants_write and (
                events & _WRITE or stream.send_needs_read):
            upload.flush()
        # Readable, or an error that recv will raise.
        if (events & ~_WRITE or stream.recv_needs_write) and not self.closed:
            self._read()
        if events & _WRITE:
            self.watch()  # A writable socket would be reported again and again.

    def _read(self):
        turns = _READS_IN_A_ROW
        # In the batch: what arrives before the next request was sent is no response to it.
        while turns and not (self._paused or self._batched or self.closed):
            turns -= 1
            if self._buffer is not None and self._fill_buffer():
                return
            try:
                data = self.stream.recv()
            except socket.error as error:
                self._lose_unread(str(error), error)
                return
            if not data:
                self._nothing_came(data is not None)
                return
            if self.exchange is None:
                self.close()  # Unasked bytes: the next response's beginning would be unknown.
                return
            try:
                events = self.wire.receive_data(data)
            except RemoteProtocolError as error:
                self._lose(type(error), str(error), error)
                return
            if self._upload is not None:
                self._upload.answered(events)
                if self.closed:  # The body's source has closed it.
                    return
            if events:
                self._hand_over(events)
            elif self._upload is None:
                self.exchange.progressed()
            if len(data) < self.stream.full_bytes:
                return

    def _fill_buffer(self):
        """Receive a large body, but for its end. Return whether that was all for this iteration.

        The end is for `_read`, which sees any bytes after it.
        """
        wire, stream = self.wire, self.stream
        left = _READS_IN_A_ROW * stream.full_bytes
        while left > 0:
            missing = wire.body_bytes_missing()
            if missing <= RECEIVE_BYTES:
                self._buffer = None
                return False
            try:
                count = self._buffer.receive(stream, missing - 1)
            except socket.error as error:
                self._lose_unread(str(error), error)
                return True
            if not count:
                self._nothing_came(count is not None)
                return True
            wire.body_bytes_taken(count)
            self.exchange.progressed()
            if count < stream.full_bytes:
                return True
            left -= count
        return True

    def _hand_over(self, events):
        exchange = self.exchange
        last = type(events[-1])
        if last is EndOfMessage or last is ProtocolSwitched:
            self.exchange = exchange.connection = None
            exchange.done = True
            self._pool.finished(exchange)
            if self._upload is not None or self.wire.why_not_reusable():
                self.close()
            else:
                self._pool.free(self)
        elif self._upload is None:
            exchange.progressed()
            exchange.received(events)
            self._buffer = exchange.body_buffer()
            return
        exchange.received(events)

    def _nothing_came(self, ended):
        """``recv`` returned nothing: the peer has ended the connection, or sent no more yet."""
        if ended:
            self._ended()
        elif self._upload is not None and self._upload.error is not None:
            self._lose_unread("", None)
        elif self.stream.recv_needs_write:
            self.watch()

    def _ended(self):
        if self.exchange is None:
            self.close()
            return
        try:
            events = self.wire.receive_eof()
        except RemoteProtocolError as error:
            what = str(error)
            if not self.wire.response_started:
                what = "the server closed the connection without a response"
            self._lose_unread(what, None)
        else:
            self._hand_over(events)

    def _lose_unsent(self):
        self._lose_unread("the server closed the connection before the request was sent", None)

    def _lose_unread(self, what, cause):
        """The connection failed while reading; an earlier failure to send is the cause, if any."""
        upload = self._upload
        if upload is not None and upload.error is not None:
            self._lose(WriteError, str(upload.error), upload.error)
        elif not isinstance(cause, ssl.SSLError):
            self._lose(ReadError, what, cause)
        elif is_cut_short(cause):
            self._lose(ReadError, "the server ended TLS without close_notify", cause)
        else:
            self._lose(SSLError, "TLS failed: " + str(cause), cause)

    def _lose(self, error_class, what, cause):
        """The connection has failed: move the exchange to a new one if allowed, else fail it."""
        exchange = self.exchange
        if exchange is None:
            self.close()
            return
        if may_replace(self, exchange):
            self.exchange = exchange.connection = None
            exchange.replaced = True
            exchange.sent_before = self.sent
            exchange.sent = None
            self._pool.replace_stale(self, exchange)
        else:
            exchange.fail(error_class, what, cause)

    def __repr__(self):
        state = "closed" if self.closed else "active" if self.exchange is not None else "idle"
        return "<Connection to %s, %s, %d uses>" % (self.bucket.origin, state, self.uses)
