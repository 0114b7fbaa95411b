"""Lingering: ends a connection so that the peer can read the last response."""

from __future__ import absolute_import, division, print_function

import socket

from tornado.ioloop import IOLoop

from waterspout._compat import detached, monotonic
from waterspout._net.watch import watch

#: Seconds without a byte after which the peer is not waited for any more. These limits are those of
#: nginx (lingering_timeout, lingering_time).
SILENCE_SECONDS = 5.0

#: Seconds in all.
LINGERING_SECONDS = 30.0

#: Bytes that are received and dropped, at most.
LINGERING_BYTES = 32 * 1024 * 1024


class Lingering(object):
    """Half-closes a connection whose last response was sent, and drops what the peer still sends.

    A socket that is closed with unread bytes sends a reset, and a peer that gets it while it sends
    its request may lose the response. So the end of the sending side is announced first, and the
    socket is closed when the peer closes it, or at one of the limits above (RFC 9112 section 9.6).

    Args:
        stream (PlainStream): not watched by the IOLoop; it belongs to this object and is closed.
        sweep (TimeoutSweep): watches `due`.
        done (callable): ``done()`` is called once, after the stream was closed, and never within
            the constructor.
    Attributes:
        due (float): for the sweep.
    """

    __slots__ = ("due", "_io_loop", "_stream", "_sweep", "_done", "_ends", "_left", "_watched")

    def __init__(self, io_loop, stream, sweep, done):
        # type: (IOLoop, PlainStream, TimeoutSweep, Callable[[], None]) -> None
        now = monotonic()
        self.due = now + SILENCE_SECONDS
        self._io_loop = io_loop
        self._stream = stream
        self._sweep = sweep
        self._done = done  # type: Optional[Callable[[], None]]  # Until it is called.
        self._ends = now + LINGERING_SECONDS
        self._left = LINGERING_BYTES
        self._watched = 0
        try:
            stream.shutdown_write()
        except socket.error:  # The peer has reset the connection.
            detached(io_loop.add_callback, self.close)
            return
        sweep.watched.add(self)
        sweep.reschedule(self)
        self._watched = watch(io_loop, stream, self._ready, 0, IOLoop.READ)

    def expire(self, now):
        # type: (float) -> None
        """``due`` has passed."""
        self.close()

    def close(self):
        # type: () -> None
        """Wait no longer. Idempotent."""
        done, self._done = self._done, None
        if done is not None:
            self._sweep.watched.discard(self)
            self._watched = watch(self._io_loop, self._stream, self._ready, self._watched, 0)
            self._stream.close()
            done()

    def _ready(self, fd, events):
        # type: (Any, int) -> None
        try:
            data = self._stream.recv()
        except socket.error:
            self.close()
            return
        if data is None:
            return
        self._left -= len(data)
        if not data or self._left <= 0:
            self.close()
        else:
            self.due = min(monotonic() + SILENCE_SECONDS, self._ends)
