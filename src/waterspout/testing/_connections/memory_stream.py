"""MemoryStream: one end of a connection within the process."""

from __future__ import absolute_import, division, print_function

import errno
import socket

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, detached
from waterspout._net.socket_stream import RECEIVE_BYTES

if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple, Union  # noqa: F401

#: Bytes that are on their way in one direction, at most: a sender waits for a slower reader, as it
#: does when a socket's buffers are full.
CAPACITY_BYTES = 64 * 1024


def connected_pair(io_loop):
    # type: (Any) -> Tuple[MemoryStream, MemoryStream]
    """The two ends of a new connection."""
    one, other = MemoryStream(io_loop), MemoryStream(io_loop)
    one.peer, other.peer = other, one
    return one, other


class MemoryStream(object):
    """Has the methods of `waterspout._net.socket_stream.PlainStream`, with the same meanings.

    What is sent can be received in the next iteration of the IOLoop, not earlier.

    Attributes:
        peer (MemoryStream): the other end.
        handler (callable or None): see `report`.
    """

    full_bytes = RECEIVE_BYTES
    send_needs_read = recv_needs_write = False

    if TYPE_CHECKING:
        peer = None  # type: Any

    def __init__(self, io_loop):
        # type: (Any) -> None
        self.handler = None  # type: Optional[Callable]
        self._io_loop = io_loop
        self._events = 0
        self._is_scheduled = False
        self._received = bytearray()
        self._ended = False  # The peer sends no more.
        self._last = None  # type: Optional[Callable[[], None]]  # In place of the end.
        self._closed = False

    # For a connection

    def is_silent(self):
        # type: () -> bool
        return not (self._received or self._ended)

    def recv(self):
        # type: () -> Optional[bytes]
        return self._take(RECEIVE_BYTES)

    def recv_into(self, room):
        # type: (memoryview) -> Optional[int]
        data = self._take(len(room))
        if data is None:
            return None
        room[:len(data)] = data
        return len(data)

    def send(self, data):
        # type: (Union[bytes, memoryview]) -> int
        peer = self.peer
        if peer._closed:
            raise socket.error(errno.EPIPE, "the other end is closed")
        taken = min(len(data), CAPACITY_BYTES - len(peer._received))
        if taken:
            peer._received += memoryview(data)[:taken].tobytes()
            peer._changed()
        return taken

    def shutdown_write(self):
        # type: () -> None
        self.peer._end()

    def close(self):
        # type: () -> None
        self._closed = True
        self._received = bytearray()
        self.peer._end()

    def abort(self, what):
        # type: (str) -> None
        """The peer gets a socket.error in place of what it has not received yet."""
        def broken():
            raise socket.error(errno.ECONNRESET, what)

        del self.peer._received[:]
        self.end_with(broken)

    def end_with(self, function):
        # type: (Callable[[], None]) -> None
        """``function()`` is called when the peer has received all that was sent, and reads on.

        It may raise socket.error, for the peer's `recv`, or end the connection otherwise.
        """
        self.peer._last = function
        self.peer._end()

    # For the IOLoop

    def report(self, handler, events):
        # type: (Optional[Callable], int) -> None
        """Have ``handler(stream, events)`` called, again and again, as long as it is so:

        ``IOLoop.READ``: `recv` would not return None; ``IOLoop.WRITE``: `send` would not return 0.
        """
        self.handler = handler
        self._events = events
        self._changed()

    def _ready(self):
        events = 0 if self.is_silent() else IOLoop.READ
        if self.peer._closed or len(self.peer._received) < CAPACITY_BYTES:
            events |= IOLoop.WRITE
        return events & self._events

    def _changed(self):
        if self.handler is not None and not self._is_scheduled and self._ready():
            self._is_scheduled = True
            detached(self._io_loop.add_callback, self._report)

    def _report(self):
        self._is_scheduled = False
        ready = self._ready()
        if self.handler is not None and ready:
            try:
                self.handler(self, ready)
            finally:
                self._changed()

    # Parts

    def _take(self, size):
        if not self._received:
            last, self._last = self._last, None
            if last is not None:
                last()
                return None
            return b"" if self._ended else None
        data = bytes(self._received[:size])
        del self._received[:size]
        self.peer._changed()
        return data

    def _end(self):
        self._ended = True
        self._changed()

    def __repr__(self):
        return "<MemoryStream %d bytes received%s%s>" % (
            len(self._received), ", ended" if self._ended else "",
            ", closed" if self._closed else "")
