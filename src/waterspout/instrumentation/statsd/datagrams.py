"""Datagrams: lines for a statsd server, many in one datagram. It never waits and never raises."""

from __future__ import absolute_import, division, print_function

import os
import socket

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, detached, is_closed

if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple  # noqa: F401

#: Bytes of a datagram, at most: what fits into one packet on an Ethernet (1500) with room for
#: headers of IPv6, UDP and a tunnel.
MAX_BYTES = 1432


class Datagrams(object):
    """
    Args:
        address (tuple): (host, port) of the server. A host name is looked up here, once: that
            blocks.
        interval (float seconds): lines are sent after this long, or when a datagram is full.
    Attributes:
        dropped (int): datagrams that the system did not take.
    Raises:
        ValueError: the address is not valid, or the host is not known.
    """

    def __init__(self, address, interval):
        # type: (Tuple[str, int], float) -> None
        try:
            host, port = address
            found = socket.getaddrinfo(host, port, 0, socket.SOCK_DGRAM)
        except (TypeError, ValueError, EnvironmentError) as error:  # gaierror is one.
            raise ValueError("address=%r: give (host, port) of a statsd server (%s)" % (
                address, error))
        self._family, self._address = found[0][0], found[0][4]
        self._interval = interval
        self._pid = None  # type: Optional[int]
        self._socket = None  # type: Any
        self._begin()

    def _begin(self):
        # type: () -> None
        """Begin in this process: what a parent has counted, it sends itself."""
        self.dropped = 0
        self._pid = os.getpid()
        self._lines = []  # type: List[bytes]
        self._size = 0
        self._counts = {}  # type: Dict[Any, int]
        self._gauges = {}  # type: Dict[Any, int]
        self._changed = set()  # type: set
        self._due = None  # type: Optional[float]
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def time(self, key, milliseconds, now):
        # type: (Tuple[str, str], float, float) -> None
        """Add a timing.

        Args:
            key (tuple): name and tags.
            now (float): monotonic seconds, as for the other methods.
        """
        self._wait(now)
        self._add(("%s:%.3f|ms%s" % (key[0], milliseconds, key[1])).encode("ascii"))

    def count(self, key, now):
        # type: (Tuple[str, str], float) -> None
        """Count one more. Those of an interval are sent as one sum."""
        self._wait(now)
        self._counts[key] = self._counts.get(key, 0) + 1

    def move(self, key, step, now):
        # type: (Tuple[str, str], int, float) -> None
        """Move a gauge by ``step``. The value at the end of an interval is sent."""
        self._wait(now)
        self._gauges[key] = max(0, self._gauges.get(key, 0) + step)  # A forked child begins at 0.
        self._changed.add(key)

    def flush(self):
        # type: () -> None
        """Send everything now."""
        if self._pid != os.getpid():
            self._begin()
        self._due = None
        counts, self._counts = self._counts, {}
        for (name, tags), number in counts.items():
            self._add(("%s:%d|c%s" % (name, number, tags)).encode("ascii"))
        changed, self._changed = self._changed, set()
        for key in changed:
            self._add(("%s:%d|g%s" % (key[0], self._gauges[key], key[1])).encode("ascii"))
        self._send()

    def close(self):
        # type: () -> None
        """Send everything, and close the socket; a later line opens another one."""
        self.flush()
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _wait(self, now):
        # type: (float) -> None
        """Have what is added sent after the interval."""
        if self._pid != os.getpid():
            self._begin()
        if self._due is None:
            self._due = now + self._interval
            io_loop = IOLoop.current(instance=False)
            if io_loop is not None and not is_closed(io_loop):
                detached(io_loop.call_later, self._interval, self._flush_on_time)
        elif now >= self._due + self._interval:
            self.flush()  # The loop that should have done it was closed, or there was none.

    def _flush_on_time(self):
        if self._due is not None:
            self.flush()

    def _add(self, line):
        # type: (bytes) -> None
        if self._size + len(line) > MAX_BYTES:
            self._send()
        self._lines.append(line)
        self._size += len(line) + 1

    def _send(self):
        # type: () -> None
        lines, self._lines, self._size = self._lines, [], 0
        if not lines:
            return
        try:
            if self._socket is None:
                self._socket = socket.socket(self._family, socket.SOCK_DGRAM)
                self._socket.setblocking(False)
            # Not connected: a server that is not there would be an error of the next datagram.
            self._socket.sendto(b"\n".join(lines), self._address)
        except EnvironmentError:  # A full buffer, no route, no descriptor.
            self.dropped += 1
