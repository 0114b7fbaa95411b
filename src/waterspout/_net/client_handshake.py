"""ClientHandshake: TLS with an origin."""

from __future__ import absolute_import, division, print_function

import ssl

from waterspout._encoding.zones import without_zone
from waterspout._net.handshake import Handshake
from waterspout._net.shortage import is_shortage
from waterspout.exceptions import ConnectError, SSLError


class ClientHandshake(Handshake):
    """The handshake of a connection to an origin, whose certificate is verified.

    Args:
        sessions (TLSSessions).
        done (callable): ``done(tls_socket, failure)`` is called, once, unless it is cancelled;
            ``failure`` is None or ``(error_class, what, cause)``.
    """

    PEER = "server"

    def __init__(self, io_loop, sock, origin, sessions, done):
        # type: (IOLoop, socket.socket, Origin, TLSSessions, Callable) -> None
        super(ClientHandshake, self).__init__(io_loop, sock)
        self._origin = origin
        # RFC 6066 section 3: no trailing dot; RFC 6874 section 4: no zone.
        self._host = without_zone(origin.host).strip("[]").rstrip(".")
        self._sessions = sessions
        self._done = done

    def _wrap(self, sock):
        context = self._origin.tls.context()
        return context.wrap_socket(
            sock,
            do_handshake_on_connect=False,
            suppress_ragged_eofs=False,  # Without close_notify, a body may be incomplete.
            server_hostname=self._host,
            **self._sessions.arguments(self._origin, context)
        )

    def _verify(self):
        """Verify the certificate's host name, where the SSLContext does not."""
        tls = self._origin.tls
        context = tls.context()
        if tls.checks_name and not context.check_hostname and context.verify_mode != ssl.CERT_NONE:
            ssl.match_hostname(self._socket.getpeercert(), self._host)

    def _succeeded(self):
        self._done(self._socket, None)

    def _refused(self, error):
        error_class = ConnectError if is_shortage(error) else SSLError
        self._done(None, (error_class, "TLS failed: " + str(error), error))

    def _lost(self, what, error):
        self._done(None, (ConnectError, "%s (during the TLS handshake)" % what, error))
