"""Listener: accepts connections, and pauses while there can be no more of them."""

from __future__ import absolute_import, division, print_function

import errno
import logging
import os
import socket

from tornado.ioloop import IOLoop

from waterspout._compat import (
    TYPE_CHECKING,
    detached,
    handler_context,
    monotonic,
    py2_close_on_exec,
)
from waterspout._net.watch import watch

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

#: Seconds until accepting is tried again after the system refused. As nginx's accept_mutex_delay.
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

_log = logging.getLogger("waterspout.server")


class Listener(object):
    """Accepts the connections of one listening socket, from its construction on.

    Tornado's own accept handler raises when the process has no free descriptor (EMFILE) or the
    system no memory. The socket stays readable, so it raises again in every iteration of the
    IOLoop. This class stops watching the socket for `PAUSE` seconds instead; connections wait in
    the kernel's queue meanwhile. One line is logged when that begins and one when it ends.

    Accepted sockets are non-blocking and closed on exec; those of TCP send small pieces at once
    (TCP_NODELAY).

    Each call of ``on_connection`` runs in its own copy of the context in which the Listener was
    made; on 2.7 in the `stack_context` of that time. Tornado's accept handler (``add_handler``)
    does the same, but with one copy for all connections.

    Args:
        sock (socket.socket): listening, non-blocking; closed by `close`.
        on_connection (callable): ``on_connection(socket, address)``. What it raises is logged by
            the IOLoop.
    """

    __slots__ = ("_io_loop", "_socket", "_on_connection", "_run", "_is_tcp", "_watched", "_paused",
                 "_stopped", "_timer", "_refused_at")

    def __init__(self, io_loop, sock, on_connection):
        # type: (IOLoop, socket.socket, Callable[[socket.socket, Any], None]) -> None
        self._io_loop = io_loop
        self._socket = sock
        self._on_connection = on_connection
        self._run = handler_context()
        self._is_tcp = sock.family in (socket.AF_INET, socket.AF_INET6)
        self._watched = 0  # Events.
        self._paused = False  # By `pause`.
        self._stopped = False
        self._timer = None  # type: Any  # Set while it pauses because the system refused.
        self._refused_at = None  # type: Optional[float]  # Until the queue was empty again.
        self._watch()

    def __repr__(self):
        # type: () -> str
        state = "accepting" if self._watched else "stopped" if self._stopped else "pausing"
        return "<Listener %r %s>" % (self._socket, state)

    def pause(self):
        # type: () -> None
        """Accept no connections until `resume`: the server has as many as it may have."""
        self._paused = True
        self._watch()

    def resume(self):
        # type: () -> None
        """Accept connections again: one has ended.

        A descriptor may be free now, so this also ends a pause because the system refused.
        """
        self._paused = False
        if self._timer is not None:
            self._stop_timer()
            self._timer = detached(self._io_loop.call_later, 0, self._try_again)
        self._watch()

    def accept_waiting(self):
        # type: () -> None
        """Accept the connections in the kernel's queue, which `close` would reset."""
        for _ in range(_LAST_ACCEPTS):
            if not self._accept():
                return

    def stop_watching(self):
        # type: () -> None
        """Accept no connections any more, except by `accept_waiting`. Idempotent."""
        self._stopped = True
        self._stop_timer()
        self._watch()

    def close(self):
        # type: () -> None
        """Stop accepting and close the socket. Idempotent."""
        self.stop_watching()
        self._socket.close()

    def _watch(self):
        # type: () -> None
        accepts = not (self._paused or self._stopped or self._timer)
        self._watched = watch(
            self._io_loop, self._socket, self._ready, self._watched, IOLoop.READ if accepts else 0)

    def _ready(self, fd, events):
        # type: (Any, int) -> None
        for _ in range(_ACCEPTS_PER_TURN):
            if not self._accept() or not self._watched:
                return

    def _accept(self):
        # type: () -> bool
        """Accept one connection. Return whether another may be waiting."""
        try:
            connection, address = self._socket.accept()
        except EnvironmentError as error:
            if error.errno in _LOST:
                return True
            if error.errno not in _NONE_WAITING:
                self._refuse(error)
            elif self._refused_at is not None:
                self._log_end()
            return False
        py2_close_on_exec(connection)
        connection.setblocking(False)
        if self._is_tcp:
            try:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except socket.error:
                pass  # The client has reset the connection, on systems that say so here.
        self._run(self._on_connection, connection, address)
        return True

    def _refuse(self, error):
        # type: (EnvironmentError) -> None
        """The system cannot make another connection. For any error: it would come again at once."""
        if self._stopped:
            return
        self._stop_timer()
        self._timer = detached(self._io_loop.call_later, PAUSE, self._try_again)
        self._watch()
        if self._refused_at is None:
            self._refused_at = monotonic()
            _log.error(
                "Accepting no connections for now: the system refuses with %s (%s)",
                os.strerror(error.errno) if error.errno else error,
                errno.errorcode.get(error.errno, type(error).__name__),
            )

    def _try_again(self):
        # type: () -> None
        self._timer = None
        self._watch()
        if self._watched:
            # Not only when the socket is readable: the system refuses also while no connection
            # waits, and then nothing would tell that this is over.
            self._ready(self._socket, IOLoop.READ)

    def _stop_timer(self):
        # type: () -> None
        timer, self._timer = self._timer, None
        if timer is not None:
            self._io_loop.remove_timeout(timer)

    def _log_end(self):
        # type: () -> None
        seconds, self._refused_at = monotonic() - self._refused_at, None
        _log.warning("Accepting connections again, after %.1f s", seconds)
