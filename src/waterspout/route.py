"""Route: how to get to a server, beyond what its URL says."""

from __future__ import absolute_import, division, print_function


class Route(object):
    """Through which proxy, trusting whom, showing which certificate. A value; does not change.

    Args:
        proxy (URL or None): an HTTP proxy; its credentials are its userinfo.
        verify (bool or native str): check the server's certificate (RFC 9110 section 4.3.4);
            a path is a file or folder of CA certificates to trust in place of the system's.
        cert (native str, (cert, key) or None): paths of the client's certificate and key.
        unix_socket (native str or None): path of a socket to connect to, whatever the URL's host.
    """

    __slots__ = ("proxy", "verify", "cert", "unix_socket")

    def __init__(self, proxy=None, verify=True, cert=None, unix_socket=None):
        # type: (Optional[URL], Any, Any, Optional[str]) -> None
        self.proxy = proxy
        self.verify = verify
        self.cert = cert
        self.unix_socket = unix_socket

    def _key(self):
        return (str(self.proxy) if self.proxy else None, self.proxy and self.proxy.userinfo,
                self.verify, self.cert, self.unix_socket)

    def __hash__(self):
        return hash(self._key())

    def __eq__(self, other):
        return isinstance(other, Route) and self._key() == other._key()

    def __ne__(self, other):  # py2: does not follow from __eq__
        return not self == other

    def __repr__(self):
        return "<Route proxy=%s verify=%r>" % (
            self.proxy and self.proxy.for_messages, self.verify)
