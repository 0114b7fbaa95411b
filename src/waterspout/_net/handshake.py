"""Handshake: the TLS handshake on a connected socket, for both ends."""

from __future__ import absolute_import, division, print_function

import socket
import ssl

from tornado.ioloop import IOLoop

from waterspout._net.socket_stream import is_cut_short
from waterspout._net.watch import watch


class Handshake(object):
    """A TLS handshake that does not block. Subclasses wrap the socket, and tell how it ended.

    Args:
        sock (socket.socket): connected, non-blocking; closed if the handshake fails.
    """

    #: The other end, in error messages.
    PEER = "peer"

    def __init__(self, io_loop, sock):
        # type: (IOLoop, socket.socket) -> None
        self._io_loop = io_loop
        self._socket = sock
        self._watched = 0

    @property
    def socket(self):
        # type: () -> socket.socket
        """The one that was given, or after `start` one for TLS that has taken its place."""
        return self._socket

    def start(self):
        # type: () -> None
        """Begin. Call this once."""
        try:
            self._socket = self._wrap(self._socket)
        except (IOError, ValueError) as error:
            self._close()
            self._refused(error)
            return
        self._shake()

    def cancel(self):
        # type: () -> None
        """Give up, and close the socket. Nothing is told."""
        self._close()

    # For subclasses

    def _wrap(self, sock):
        # type: (socket.socket) -> ssl.SSLSocket
        """Return a socket for TLS. Raises: IOError, ValueError."""
        raise NotImplementedError

    def _verify(self):
        # type: () -> None
        """The handshake is done. Raises: ValueError: the peer is not who it should be."""

    def _succeeded(self):
        # type: () -> None
        raise NotImplementedError

    def _refused(self, error):
        # type: (Exception) -> None
        """One of both ends refuses the other. The socket is closed."""
        raise NotImplementedError

    def _lost(self, what, error):
        # type: (str, Exception) -> None
        """The connection was lost. The socket is closed."""
        raise NotImplementedError

    def _shake(self, fd=None, events=None):
        try:
            self._socket.do_handshake()
            self._verify()
        except ssl.SSLWantReadError:
            self._watch(IOLoop.READ)
        except ssl.SSLWantWriteError:
            self._watch(IOLoop.WRITE)
        except ssl.SSLError as error:
            self._close()
            if isinstance(error, ssl.SSLZeroReturnError) or is_cut_short(error):
                self._lost("the %s closed the connection" % self.PEER, error)
            else:
                self._refused(error)
        except ValueError as error:  # CertificateError is one.
            self._close()
            self._refused(error)
        except socket.error as error:
            self._close()
            self._lost(str(error), error)
        else:
            self._watch(0)
            self._succeeded()

    def _watch(self, events):
        self._watched = watch(
            self._io_loop, self._socket, self._shake, self._watched, events)

    def _close(self):
        self._watch(0)
        self._socket.close()
