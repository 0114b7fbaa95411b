"""Handshake: the TLS handshake on a connected socket."""

from __future__ import absolute_import, division, print_function

import socket
import ssl

from tornado.ioloop import IOLoop

from waterspout._encoding.zones import without_zone
from waterspout._net.shortage import is_shortage
from waterspout._net.socket_stream import is_cut_short
from waterspout._net.watch import watch
from waterspout.exceptions import ConnectError, SSLError


class Handshake(object):
    """A TLS handshake that does not block.

    Args:
        sessions (TLSSessions).
        done (callable): ``done(tls_socket, failure)`` is called, once, unless it is cancelled;
            ``failure`` is None or ``(error_class, what, cause)``.
    """

    def __init__(self, io_loop, sock, origin, sessions, done):
        # type: (IOLoop, socket.socket, Origin, TLSSessions, Callable) -> None
        self._io_loop = io_loop
        self._socket = sock
        self._origin = origin
        # RFC 6066 section 3: no trailing dot; RFC 6874 section 4: no zone.
        self._host = without_zone(origin.host).strip("[]").rstrip(".")
        self._sessions = sessions
        self._done = done
        self._watched = 0

    def start(self):
        # type: () -> None
        try:
            context = self._origin.tls.context()
            self._socket = context.wrap_socket(
                self._socket,
                do_handshake_on_connect=False,
                suppress_ragged_eofs=False,  # Without close_notify, a body may be incomplete.
                server_hostname=self._host,
                **self._sessions.arguments(self._origin, context)
            )
        except (IOError, ValueError) as error:
            error_class = ConnectError if is_shortage(error) else SSLError
            self._fail(error_class, "TLS failed: " + str(error), error)
            return
        self._shake()

    def cancel(self):
        # type: () -> None
        self._watch(0)
        self._socket.close()

    def _shake(self, fd=None, events=None):
        try:
            self._socket.do_handshake()
            self._check_name()
        except ssl.SSLWantReadError:
            self._watch(IOLoop.READ)
        except ssl.SSLWantWriteError:
            self._watch(IOLoop.WRITE)
        except (ssl.SSLError, ValueError) as error:  # CertificateError is a ValueError.
            if isinstance(error, ssl.SSLError) and is_cut_short(error):
                self._lose("the server closed the connection", error)
            else:
                self._fail(SSLError, "TLS failed: " + str(error), error)
        except socket.error as error:
            self._lose(str(error), error)
        else:
            self._watch(0)
            self._done(self._socket, None)

    def _check_name(self):
        """Verify the certificate's host name, where the SSLContext does not."""
        tls = self._origin.tls
        context = tls.context()
        if tls.checks_name and not context.check_hostname and context.verify_mode != ssl.CERT_NONE:
            ssl.match_hostname(self._socket.getpeercert(), self._host)

    def _watch(self, events):
        self._watched = watch(
            self._io_loop, self._socket, self._shake, self._watched, events)

    def _lose(self, what, error):
        self._fail(ConnectError, "%s (during the TLS handshake)" % what, error)

    def _fail(self, error_class, what, cause):
        self._watch(0)
        self._socket.close()
        self._done(None, (error_class, what, cause))
