"""Accepting connections, and waiting while the system has no room for another one."""

from __future__ import absolute_import, division, print_function

import errno
import logging
import os

from tornado.ioloop import IOLoop

from waterspout._compat import detached, monotonic, py2_close_on_exec

#: Seconds until accepting is tried again after the system refused, unless one of our
#: connections ends before. nginx's accept_mutex_delay.
PAUSE = 0.5

#: Connections that are accepted before others get a turn: Tornado's number.
_ACCEPTS_PER_TURN = 128

#: Connections that are taken in at the end at most. More than a listen queue holds.
_LAST_ACCEPTS = 8192

_NONE_WAITING = (errno.EAGAIN, errno.EWOULDBLOCK)

# What happened to one connection while it waited; accept(2) names them. (py2: EINTR)
_LOST = frozenset(
    getattr(errno, name)
    for name in (
        "ECONNABORTED", "EINTR", "EPERM", "ENETDOWN", "EPROTO", "ENOPROTOOPT", "EHOSTDOWN",
        "ENONET", "EHOSTUNREACH", "EOPNOTSUPP", "ENETUNREACH",
    )
    if hasattr(errno, name)
)  # fmt: skip

_log = logging.getLogger("waterspout.service")


class Acceptor(object):
    """Accepts the connections of one listening socket.

    Tornado's own accept handler raises where the process has no descriptor left (EMFILE) or the
    system no memory. The socket stays readable, so that it raises again in every turn of the
    IOLoop. This one stops watching the socket for `PAUSE` seconds; the connections wait in
    the kernel's queue meanwhile. The log has a line when that begins and one when it is over.

    Args:
        sock (socket.socket): listening, non-blocking; closed by `close`.
        on_connection (callable): ``on_connection(socket, address)``.
    """

    def __init__(self, sock, on_connection):
        # type: (socket.socket, Callable[[socket.socket, Any], None]) -> None
        self._io_loop = IOLoop.current()
        self._socket = sock
        self._on_connection = on_connection
        self._timer = None  # While it pauses.
        self._refused_at = None  # The first refusal since all that wait were accepted.
        self._closed = False
        self._watch()

    def __repr__(self):
        state = "closed" if self._closed else "pausing" if self._timer else "accepting"
        return "<Acceptor %r %s>" % (self._socket, state)

    def resume(self):
        # type: () -> None
        """End a pause: a descriptor may have come free."""
        if self._timer is not None:
            self._io_loop.remove_timeout(self._timer)
            self._timer = None
            self._watch()

    def accept_waiting(self):
        # type: () -> None
        """Accept what waits in the kernel's queue, which `close` would reset."""
        self.resume()
        self._accept(_LAST_ACCEPTS)

    def close(self):
        # type: () -> None
        """Accept no more, and close the socket. Idempotent."""
        if self._closed:
            return
        self._closed = True
        if self._timer is not None:
            self._io_loop.remove_timeout(self._timer)
            self._timer = None
        else:
            self._io_loop.remove_handler(self._socket)
        self._socket.close()

    def _watch(self):
        self._io_loop.add_handler(
            self._socket, lambda sock, events: self._accept(_ACCEPTS_PER_TURN), IOLoop.READ
        )

    def _accept(self, most):
        for _ in range(most):
            if self._closed:
                return
            try:
                connection, address = self._socket.accept()
            except EnvironmentError as error:
                if error.errno in _LOST:
                    continue
                if error.errno not in _NONE_WAITING:
                    self._pause(error)
                elif self._refused_at is not None:
                    self._note_end()
                return
            py2_close_on_exec(connection)
            self._on_connection(connection, address)

    def _pause(self, error):
        # Whatever the error is: to try again at once would be of no use.
        self._io_loop.remove_handler(self._socket)
        self._timer = detached(self._io_loop.call_later, PAUSE, self.resume)
        if self._refused_at is None:
            self._refused_at = monotonic()
            _log.error(
                "Accepting no connections for now, since the system refuses: %s (%s)",
                os.strerror(error.errno) if error.errno else error,
                errno.errorcode.get(error.errno, type(error).__name__),
            )

    def _note_end(self):
        seconds, self._refused_at = monotonic() - self._refused_at, None
        _log.warning("Accepting connections again, after %.1f s", seconds)
