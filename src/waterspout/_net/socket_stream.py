"""Connected, non-blocking sockets, plain and TLS, that signal "would block" in the same way."""

from __future__ import absolute_import, division, print_function

import errno
import select
import socket
import ssl

#: Bytes asked of the socket at a time.
RECEIVE_BYTES = 64 * 1024

#: Bytes of plaintext in a TLS record, at most (RFC 8446 section 5.1).
TLS_RECORD_BYTES = 16 * 1024

#: Bytes given to TLS at a time. Python's ssl cannot take 2 GiB, and a call sends one record anyway.
_TLS_SEND_BYTES = 1024 * 1024

_NOT_NOW = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR)


def _poll_of(sock):
    # type: (socket.socket) -> Callable[[int], Any]
    """A function that, called with 0, returns whether something can be read; True if unknown."""
    if not hasattr(select, "poll"):  # Windows
        return lambda timeout: True
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return poll.poll


class PlainStream(object):
    """A TCP or unix socket.

    Attributes:
        full_bytes (int): if `recv` returns fewer bytes than this, no more are there now.
        send_needs_read, recv_needs_write (bool): the last `send` (`recv`) would have blocked on
            the other direction. Only TLS does that, when it changes its keys.
    """

    __slots__ = ("_socket", "_recv", "_send", "_poll")

    full_bytes = RECEIVE_BYTES
    send_needs_read = recv_needs_write = False

    def __init__(self, sock):
        # type: (socket.socket) -> None
        self._socket = sock
        self._recv = sock.recv
        self._send = sock.send
        self._poll = None  # type: Optional[Callable]  # Once it is asked for.

    def fileno(self):
        # type: () -> int
        """The descriptor, for the IOLoop."""
        return self._socket.fileno()

    def is_silent(self):
        # type: () -> bool
        """Return True only if `recv` would return None; False may be wrong.

        Called before each reuse: it costs a tenth of a ``recv`` that raises EAGAIN.
        """
        if self._poll is None:
            self._poll = _poll_of(self._socket)
        try:
            return not self._poll(0)
        except select.error:  # py2: a signal came.
            return False

    def recv(self):
        # type: () -> Optional[bytes]
        """Return received bytes, ``b""`` at the end, None if there are none yet.

        Raises: socket.error.
        """
        try:
            return self._recv(RECEIVE_BYTES)
        except socket.error as error:
            if error.errno in _NOT_NOW:
                return None
            raise

    def recv_into(self, room):
        # type: (memoryview) -> Optional[int]
        """Receive into ``room``; return the number of bytes, 0 at the end, None if there are none
        yet.

        Over TLS ``room`` must hold the longest record: see `TLSStream`. Raises: socket.error.
        """
        try:
            return self._socket.recv_into(room)
        except socket.error as error:
            if error.errno in _NOT_NOW:
                return None
            raise

    def send(self, data):
        # type: (bytes) -> int
        """Return how many bytes of ``data`` the socket took, possibly 0. Raises: socket.error.

        After 0, send the same bytes again: TLS may have begun to send them.
        """
        try:
            return self._send(data)
        except socket.error as error:
            if error.errno in _NOT_NOW:
                return 0
            raise

    def shutdown_write(self):
        # type: () -> None
        """Tell the peer that nothing more is sent. Raises: socket.error.

        Over TLS, `recv` returns encrypted bytes from then on: read them to drop them.
        """
        self._socket.shutdown(socket.SHUT_WR)

    def release(self):
        # type: () -> None
        """Forget the socket, which something else uses and closes from now on."""
        self._recv = self._send = self._socket = self._poll = None  # py2: see `close`

    def close(self):
        # type: () -> None
        self._recv = self._send = None  # py2: each of them keeps the descriptor open
        self._socket.close()


class TLSStream(PlainStream):
    """A TLS socket after its handshake.

    No received bytes stay in OpenSSL's buffer, where a poll would not see them: a ``recv`` takes as
    much as the longest record, and OpenSSL reads one record at a time.
    """

    __slots__ = ("send_needs_read", "recv_needs_write", "_on_close")

    full_bytes = TLS_RECORD_BYTES

    def __init__(self, sock, on_close=None):
        # type: (ssl.SSLSocket, Optional[Callable[[ssl.SSLSocket], None]]) -> None
        super(TLSStream, self).__init__(sock)
        self.send_needs_read = self.recv_needs_write = False
        self._on_close = on_close

    def recv(self):
        return self._receive(self._recv, RECEIVE_BYTES, b"")

    def recv_into(self, room):
        return self._receive(self._socket.recv_into, room, 0)

    def _receive(self, receive, argument, end):
        """What ``receive(argument)`` returns; None if it would block, ``end`` at the end."""
        self.recv_needs_write = False
        try:
            return receive(argument)
        except ssl.SSLWantReadError:
            return None
        except ssl.SSLWantWriteError:
            self.recv_needs_write = True
            return None
        except ssl.SSLZeroReturnError:  # The peer sent close_notify: an orderly end.
            return end
        except socket.error as error:
            if error.errno in _NOT_NOW and not isinstance(error, ssl.SSLError):
                return None  # After `shutdown_write`, which has ended TLS.
            raise

    def send(self, data):
        self.send_needs_read = False
        if len(data) > _TLS_SEND_BYTES:
            data = memoryview(data)[:_TLS_SEND_BYTES]
        try:
            return self._send(data)
        except ssl.SSLWantReadError:
            self.send_needs_read = True
            return 0
        except ssl.SSLWantWriteError:
            return 0

    def shutdown_write(self):
        self._notify_close()
        super(TLSStream, self).shutdown_write()  # The socket forgets TLS.

    def close(self):
        if self._on_close is not None:
            self._on_close(self._socket)
        self._notify_close()
        super(TLSStream, self).close()

    def _notify_close(self):
        try:
            self._socket.unwrap()  # Sends close_notify (RFC 8446 section 6.1); awaits none.
        except (IOError, ValueError):
            pass  # The connection is broken already, or TLS has ended.


def is_cut_short(error):
    # type: (ssl.SSLError) -> bool
    """Whether the peer closed TCP without close_notify, so that data may be missing."""
    # OpenSSL 3's error has a class in newer Pythons only; 2.7 has it in the text.
    return isinstance(error, ssl.SSLEOFError) or "unexpected eof" in str(error)
