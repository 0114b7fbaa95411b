"""Handshake: TLS on a connected socket, without blocking."""

from __future__ import absolute_import, division, print_function

import socket
import ssl

from tornado.ioloop import IOLoop


class Handshake(object):
    """A TLS handshake that does not block."""

    def __init__(self, io_loop, sock, origin, done):
        # type: (IOLoop, socket.socket, Origin, Callable) -> None
        self._io_loop = io_loop
        self._socket = sock
        self._origin = origin
        self._done = done
        self._listening = 0

    def start(self):
        # type: () -> None
        """``done(tls_socket, error)`` is called, once, unless it is cancelled."""
        try:
            self._socket = self._origin.tls.context().wrap_socket(
                self._socket,
                do_handshake_on_connect=False,
                server_hostname=self._origin.host.strip("[]"),
            )
        except (IOError, ValueError) as error:
            self._finish(error)
            return
        self._shake()

    def cancel(self):
        # type: () -> None
        self._listen(0)
        self._socket.close()

    def _shake(self, fd=None, events=None):
        try:
            self._socket.do_handshake()
        except ssl.SSLWantReadError:
            self._listen(IOLoop.READ)
        except ssl.SSLWantWriteError:
            self._listen(IOLoop.WRITE)
        except (socket.error, ssl.CertificateError, ValueError) as error:
            self._finish(error)
        else:
            self._finish(self._wrong_name())

    def _wrong_name(self):
        """What is wrong with the name in the certificate, where that is for us to see to."""
        tls = self._origin.tls
        context = tls.context()
        if tls.checks_name and not context.check_hostname and context.verify_mode != ssl.CERT_NONE:
            try:
                ssl.match_hostname(self._socket.getpeercert(), self._origin.host.strip("[]"))
            except ValueError as error:  # A CertificateError, or no certificate at all.
                return error
        return None

    def _listen(self, events):
        if events == self._listening:
            return
        if self._listening:
            self._io_loop.remove_handler(self._socket.fileno())
        if events:
            self._io_loop.add_handler(self._socket.fileno(), self._shake, events)
        self._listening = events

    def _finish(self, error):
        self._listen(0)
        if error is not None:
            self._socket.close()
        self._done(self._socket, error)
