"""A connected, non-blocking socket, plain or TLS, with one way to say "not now"."""

from __future__ import absolute_import, division, print_function

import errno
import socket
import ssl

#: Bytes asked of the socket at a time.
RECEIVE_BYTES = 64 * 1024

_NOT_NOW = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR)


class PlainStream(object):
    """TCP or unix."""

    __slots__ = ("_socket", "_recv", "_send")

    #: Whether `recv` must be called until it says None: bytes may wait where no poll sees them.
    buffers = False

    def __init__(self, sock):
        # type: (socket.socket) -> None
        self._socket = sock
        self._recv = sock.recv
        self._send = sock.send

    def fileno(self):
        # type: () -> int
        return self._socket.fileno()

    def recv(self):
        # type: () -> Optional[bytes]
        """What has come: ``b""`` for the end, None for nothing yet. Raises: socket.error."""
        try:
            return self._recv(RECEIVE_BYTES)
        except socket.error as error:
            if error.errno in _NOT_NOW:
                return None
            raise

    def send(self, data):
        # type: (bytes) -> int
        """How many bytes of ``data`` were taken, possibly none. Raises: socket.error."""
        try:
            return self._send(data)
        except socket.error as error:
            if error.errno in _NOT_NOW:
                return 0
            raise

    def close(self):
        # type: () -> None
        self._socket.close()


class TLSStream(PlainStream):
    """TLS after its handshake."""

    __slots__ = ()

    buffers = True

    def recv(self):
        try:
            return self._recv(RECEIVE_BYTES)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except ssl.SSLZeroReturnError:  # close_notify: an orderly end.
            return b""

    def send(self, data):
        try:
            return self._send(data)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
