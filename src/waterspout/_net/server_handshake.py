"""ServerHandshake: TLS with a client."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import monotonic
from waterspout._net.handshake import Handshake

#: Seconds that a client has for the handshake.
HANDSHAKE_SECONDS = 10.0


class ServerHandshake(Handshake):
    """The handshake of an accepted connection.

    Args:
        context (ssl.SSLContext): with the server's certificate.
        done (callable): ``done(handshake, tls_socket, failure)`` is called, once, unless it is
            cancelled; ``failure`` is None, or a native str and the socket is closed. It may be
            called within `start`.
    Attributes:
        due (float): for a `TimeoutSweep`, which the caller lets watch this object.
        was_refused (bool): it failed because of what the client sent; otherwise the client has left
            or took too long.
    """

    PEER = "client"

    def __init__(self, io_loop, sock, context, done):
        # type: (IOLoop, socket.socket, ssl.SSLContext, Callable) -> None
        super(ServerHandshake, self).__init__(io_loop, sock)
        self.due = monotonic() + HANDSHAKE_SECONDS
        self.was_refused = False
        self._context = context
        self._done = done

    def expire(self, now):
        # type: (float) -> None
        """``due`` has passed."""
        self._close()
        self._done(self, None, "it took more than %g s" % HANDSHAKE_SECONDS)

    def _wrap(self, sock):
        return self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)

    def _succeeded(self):
        self._done(self, self._socket, None)

    def _refused(self, error):
        self.was_refused = True
        self._done(self, None, str(error))

    def _lost(self, what, error):
        self._done(self, None, what)
