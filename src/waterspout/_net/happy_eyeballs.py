"""HappyEyeballs: connects to the first of several addresses that accepts (RFC 8305)."""

from __future__ import absolute_import, division, print_function

import errno
import os
import socket

from tornado.ioloop import IOLoop

from waterspout._compat import detached, py2_close_on_exec
from waterspout._net.watch import watch
from waterspout.exceptions import ConnectError

#: Seconds after which the next address is tried too ("Connection Attempt Delay", RFC 8305
#: section 5).
RACE_DELAY = 0.25

# Not EAGAIN: a unix socket's queue is full, and no event reports when it has room again.
_IN_PROGRESS = (0, errno.EINPROGRESS, errno.EINTR)


class HappyEyeballs(object):
    """Tries the addresses one after another, each with a head start on the next.

    Args:
        addresses ([(family, address)]): in the resolver's order.
        source_address (native str or None): the local address to connect from.
        done (callable): ``done(sock, failure)`` is called, once, unless it is cancelled;
            ``failure`` is None or ``(error_class, what, cause)``.
    """

    def __init__(self, io_loop, addresses, source_address, done):
        # type: (IOLoop, List[Tuple[int, Any]], Optional[str], Callable) -> None
        self._io_loop = io_loop
        self._addresses = interleaved(addresses)
        self._source_address = source_address
        self._done = done
        self._racing = set()  # type: Set[socket.socket]
        self._timer = None
        self._last_error = None  # type: Optional[socket.error]

    def start(self):
        # type: () -> None
        self._stop_timer()
        while self._addresses:
            family, address = self._addresses.pop(0)
            if self._try(family, address):
                if self._addresses:
                    self._timer = detached(self._io_loop.call_later, RACE_DELAY, self.start)
                return
        if not self._racing:
            error = self._last_error
            what = "the name has no address" if error is None else str(error)
            self._done(None, (ConnectError, what, error))

    def cancel(self):
        # type: () -> None
        self._stop_timer()
        racing, self._racing = self._racing, set()
        for sock in racing:
            watch(self._io_loop, sock, None, IOLoop.WRITE, 0)
            sock.close()

    def _try(self, family, address):
        sock = None
        try:
            sock = socket.socket(family, socket.SOCK_STREAM)
            py2_close_on_exec(sock)
            sock.setblocking(False)
            if family != getattr(socket, "AF_UNIX", None):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self._source_address is not None:
                    sock.bind((self._source_address, 0))
            code = sock.connect_ex(address)
            if code not in _IN_PROGRESS:
                raise socket.error(code, os.strerror(code))
            watch(self._io_loop, sock, self._ready, 0, IOLoop.WRITE)
        except Exception as error:
            # Not only socket.error: the program's own resolver may return any value.
            if sock is not None:
                sock.close()
            self._last_error = error
            return False
        self._racing.add(sock)
        return True

    def _ready(self, sock, events):
        self._racing.remove(sock)
        watch(self._io_loop, sock, None, IOLoop.WRITE, 0)
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            sock.close()
            self._last_error = socket.error(code, os.strerror(code))
            self.start()
        else:
            self.cancel()
            self._done(sock, None)

    def _stop_timer(self):
        timer, self._timer = self._timer, None
        if timer is not None:
            self._io_loop.remove_timeout(timer)


def interleaved(addresses):
    # type: (Iterable[Tuple[int, Any]]) -> List[Tuple[int, Any]]
    """The addresses in the resolver's order, with alternating families (RFC 8305 section 4)."""
    addresses = list(addresses)
    first = [each for each in addresses if each[0] == addresses[0][0]]
    others = [each for each in addresses if each[0] != addresses[0][0]]
    mixed = []
    while first or others:
        mixed.extend(first[:1] + others[:1])
        first, others = first[1:], others[1:]
    return mixed
