"""A pool whose sockets, servers and time are the test's to move."""

from __future__ import absolute_import, division, print_function

import collections
import errno
import socket

from fake_loop import FakeLoop
from net_exchanges import RecordedExchange
from tornado.ioloop import IOLoop

import waterspout._net.connection
import waterspout._net.connector
import waterspout._net.exchange
import waterspout._net.idle_expiry
import waterspout._net.pool
import waterspout._net.timeout_sweep
import waterspout._net.upload
from waterspout._net.pool import Pool
from waterspout._wire.message_limits import MessageLimits
from waterspout.limits import Limits

#: The modules that read the clock.
TIMED = (
    waterspout._net.connection, waterspout._net.connector, waterspout._net.exchange,
    waterspout._net.idle_expiry, waterspout._net.pool, waterspout._net.timeout_sweep,
    waterspout._net.upload,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CLOSING = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def reset():
    return socket.error(errno.ECONNRESET, "Connection reset by peer")


class FakeStream(object):
    """A connected socket; the test is the server.

    Attributes:
        sent (bytes): what the client sent.
        incoming (deque): what `recv` gives, one after the other: bytes (``b""`` for the end),
            or errors, which stay.
        room (int or None): bytes that `send` still takes; None for any number.
        send_error (socket.error or None): what `send` raises.
    """

    full_bytes = 64 * 1024

    def __init__(self, loop, fd):
        self.loop = loop
        self.fd = fd
        self.sent = b""
        self.incoming = collections.deque()
        self.room = None
        self.send_error = None
        self.send_needs_read = self.recv_needs_write = False
        self.closed = False

    def fileno(self):
        return self.fd

    def is_silent(self):
        return not self.incoming

    def recv(self):
        assert not self.closed
        if not self.incoming:
            return None
        first = self.incoming[0]
        if isinstance(first, Exception):
            raise first
        return self.incoming.popleft() if first else first

    def recv_into(self, room):
        data = self.recv()
        if data is None:
            return None
        if len(data) > len(room):
            self.incoming.appendleft(data[len(room):])
            data = data[:len(room)]
        room[:len(data)] = data
        return len(data)

    def send(self, data):
        assert not self.closed
        if self.send_error is not None:
            raise self.send_error
        taken = len(data) if self.room is None else min(self.room, len(data))
        if self.room is not None:
            self.room -= taken
        self.sent += memoryview(data)[:taken].tobytes()
        return taken

    def close(self):
        assert not self.closed
        self.closed = True

    # The server

    def says(self, *pieces):
        """``pieces`` come, and the loop tells."""
        self.incoming.extend(pieces)
        for _ in pieces:
            if self.incoming and not self.closed:
                self.loop.fire(self.fd, IOLoop.READ)

    def takes(self, room):
        """The server reads ``room`` bytes (None for all there will be), and the loop tells."""
        self.room = room
        self.loop.fire(self.fd, IOLoop.WRITE)

    @property
    def requests(self):
        """How many request heads were sent whole."""
        return self.sent.count(b"\r\n\r\n")


class FakeAttempt(object):
    """A connection being made, until the test says what becomes of it."""

    doing = "connecting"

    def __init__(self, connector, origin, on_connected, on_failed):
        self.connector = connector
        self.origin = origin
        self.on_connected = on_connected
        self.on_failed = on_failed
        self.begun = connector.loop.now
        self.resolved = self.connected = None

    def start(self):
        self.connector.pending.append(self)
        if self.connector.at_once:
            self.succeed()

    def cancel(self):
        self.connector.pending.remove(self)

    def succeed(self):
        self.connector.pending.remove(self)
        self.resolved = self.connected = self.connector.loop.now
        stream = self.connector.new_stream()
        self.on_connected(stream)
        return stream

    def fail(self, error_class, what="refused"):
        self.connector.pending.remove(self)
        self.on_failed(error_class, what, None)


class FakeConnector(object):
    """Attributes: pending ([FakeAttempt]); streams ([FakeStream]): all that were connected."""

    def __init__(self, loop):
        self.loop = loop
        self.pending = []
        self.streams = []
        self.at_once = False  # Connect without being told.
        self.prepare = None  # Called with each new stream.
        self.closed = 0

    def connect(self, origin, on_connected, on_failed):
        return FakeAttempt(self, origin, on_connected, on_failed)

    def new_stream(self):
        stream = FakeStream(self.loop, 100 + len(self.streams))
        self.streams.append(stream)
        if self.prepare is not None:
            self.prepare(stream)
        return stream

    def close(self):
        self.closed += 1


class Net(object):
    """A pool on fakes. A context manager: inside of it, time is the loop's."""

    def __init__(self, at_once=True, **limits):
        self.loop = FakeLoop()
        self.connector = FakeConnector(self.loop)
        self.connector.at_once = at_once
        self.pool = Pool(self.loop, self.connector, Limits(**limits), MessageLimits())

    def __enter__(self):
        self._clocks = [module.monotonic for module in TIMED]
        for module in TIMED:
            module.monotonic = self.loop.clock
        return self

    def __exit__(self, *exc_info):
        for module, clock in zip(TIMED, self._clocks):
            module.monotonic = clock

    def run(self, *args, **kwargs):
        """A RecordedExchange that the pool was given."""
        exchange = RecordedExchange(*args, **kwargs)
        self.pool.run(exchange)
        return exchange

    @property
    def streams(self):
        return self.connector.streams

    @property
    def open_streams(self):
        return [stream for stream in self.streams if not stream.closed]

    def counts(self):
        """active, idle, queued, opened, reused over all origins."""
        names = ("active", "idle", "queued", "opened", "reused")
        stats = self.pool.stats().values()
        return tuple(sum(each[name] for each in stats) for name in names)
