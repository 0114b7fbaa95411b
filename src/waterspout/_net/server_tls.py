"""ServerTLS: the certificate of a server, which may be renewed while it runs."""

from __future__ import absolute_import, division, print_function

import logging
import ssl

from tornado.tcpserver import TCPServer

from waterspout._compat import server_context
from waterspout._net.shortage import lacking
from waterspout._net.tls_options import file_stamp

_FILES = ("certfile", "keyfile", "ca_certs")

_log = logging.getLogger("waterspout.server")


class ServerTLS(object):
    """Makes the SSLContext of a server.

    An SSLContext is used as it is; the program that made it can load a new certificate into it. For
    a dict it is made at the first call of `context`, and again when one of its files has changed.

    No protocol is offered by ALPN: a client that offers some gets none, and speaks HTTP/1.1.

    Args:
        ssl_options (dict or ssl.SSLContext): a dict has ``certfile``, and may have ``keyfile``,
            ``ca_certs``, ``cert_reqs``, ``ciphers`` and ``ssl_version``, as in Tornado.
    Raises:
        KeyError: a dict without ``certfile``.
        ValueError: the file of ``certfile`` or ``keyfile`` does not exist.
    """

    __slots__ = ("_options", "_context", "_stamps")

    def __init__(self, ssl_options):
        # type: (Union[Dict[str, Any], ssl.SSLContext]) -> None
        TCPServer(ssl_options=ssl_options)  # Tornado checks them, and raises its own errors.
        self._options = None  # type: Optional[Dict[str, Any]]
        self._context = None  # type: Optional[ssl.SSLContext]
        self._stamps = None  # type: Any  # Of the files that were loaded, or could not be.
        if isinstance(ssl_options, dict):
            self._options = dict(ssl_options)
        else:
            self._context = ssl_options

    def context(self):
        # type: () -> ssl.SSLContext
        """Return the SSLContext for the next handshake.

        If the files have changed and cannot be loaded, that is logged once for each change, and the
        context stays as it was.

        Raises: IOError, ssl.SSLError: the files could not be loaded yet.
        """
        if self._options is not None:
            stamps = [file_stamp(self._options.get(name)) for name in _FILES]
            if stamps != self._stamps:
                self._load(stamps)
        return self._context

    def _load(self, stamps):
        # type: (Any) -> None
        try:
            self._context = server_context(self._options)
        except (IOError, ssl.SSLError, ValueError) as error:
            if self._context is None:
                raise
            if lacking() is not None:
                return  # No file could be opened now: try again at the next handshake.
            _log.warning("The changed certificate or key in %s cannot be loaded; the old one stays "
                         "in use: %s", self._options["certfile"], error)
        self._stamps = stamps
