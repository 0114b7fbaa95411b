"""Accepts connections, and pauses while the system cannot open another one."""

from __future__ import absolute_import, division, print_function

import errno
import logging
import os

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, detached, monotonic, py2_close_on_exec

if TYPE_CHECKING:
    import socket  # noqa: F401
    from typing import Any, Callable  # noqa: F401

#: Seconds until accepting is tried again after the system refused, unless one of our connections
#: ends before. As nginx's accept_mutex_delay.
PAUSE = 0.5

#: Connections that are accepted before other events get a turn. As in Tornado.
_ACCEPTS_PER_TURN = 128

#: Connections that are accepted when the server stops, at most. A listen queue holds fewer.
_LAST_ACCEPTS = 8192

_NONE_WAITING = (errno.EAGAIN, errno.EWOULDBLOCK)

# Errors of one connection that was lost while it waited: accept(2). (py2: EINTR)
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

    Tornado's own accept handler raises when the process has no free descriptor (EMFILE) or the
    system no memory. The socket stays readable, so it raises again in every iteration of the
    IOLoop. This class stops watching the socket for `PAUSE` seconds instead; connections wait in
    the kernel's queue meanwhile. One line is logged when that begins and one when it ends.

    Args:
        sock (socket.socket): listening, non-blocking; closed by `close`.
        on_connection (callable): ``on_connection(socket, address)``.
    """

    def __init__(self, sock, on_connection):
        # type: (socket.socket, Callable[[socket.socket, Any], None]) -> None
        self._io_loop = IOLoop.current()
        self._socket = sock
        self._on_connection = on_connection
        self._timer = None  # type: Any  # Set while it pauses.
        self._refused_at = None  # type: Any  # Of the first refusal; None once the queue was empty again.
        self._closed = False
        self._watch()

    def __repr__(self):
        state = "closed" if self._closed else "pausing" if self._timer else "accepting"
        return "<Acceptor %r %s>" % (self._socket, state)

    def resume(self):
        # type: () -> None
        """End a pause: a descriptor may be free now."""
        if self._timer is not None:
            self._io_loop.remove_timeout(self._timer)
            self._timer = None
            self._watch()

    def accept_waiting(self):
        # type: () -> None
        """Accept the connections in the kernel's queue, which `close` would reset."""
        self.resume()
        self._accept(_LAST_ACCEPTS)

    def close(self):
        # type: () -> None
        """Stop accepting and close the socket. Idempotent."""
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
                    self._log_end()
                return
            py2_close_on_exec(connection)
            self._on_connection(connection, address)

    def _pause(self, error):
        # For any error: trying again at once would fail again.
        self._io_loop.remove_handler(self._socket)
        self._timer = detached(self._io_loop.call_later, PAUSE, self.resume)
        if self._refused_at is None:
            self._refused_at = monotonic()
            _log.error(
                "Accepting no connections for now: the system refuses with %s (%s)",
                os.strerror(error.errno) if error.errno else error,
                errno.errorcode.get(error.errno, type(error).__name__),
            )

    def _log_end(self):
        seconds, self._refused_at = monotonic() - self._refused_at, None
        _log.warning("Accepting connections again, after %.1f s", seconds)
