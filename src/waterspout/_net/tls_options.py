"""TLSOptions: how a TLS connection is verified and authenticated."""

from __future__ import absolute_import, division, print_function

import os
import ssl

from waterspout._net.shortage import lacking


class TLSOptions(object):
    """A value. Requests with equal options may share connections, others never do.

    Args:
        verify (bool): verify the certificate and its host name.
        ca (native str or None): file or folder of CA certificates; None for the system's.
        cert, key (native str or None): paths of the client's certificate and its key.
        context (ssl.SSLContext or None): used as it is, instead of the arguments above. Contexts
            that Python 3.8 makes treat a truncated connection as an orderly end; ours do not.
        checks_name (bool): verify the host name ourselves, if ``context`` verifies certificates
            but not names.
    """

    __slots__ = ("verify", "ca", "cert", "key", "checks_name", "_context", "_given", "_stamps")

    def __init__(self, verify=True, ca=None, cert=None, key=None, context=None,
                 checks_name=False):
        # type: (bool, Optional[str], Optional[str], Optional[str], Optional[ssl.SSLContext], bool) -> None
        self.verify = verify
        self.ca = ca
        self.cert = cert
        self.key = key
        self.checks_name = checks_name
        self._context = context
        self._given = context
        # Certificates are renewed under the same path; the options are not equal then.
        self._stamps = tuple(file_stamp(path) for path in (ca, cert, key))

    def context(self):
        # type: () -> ssl.SSLContext
        """Return the SSLContext, made once. Raises: IOError, ssl.SSLError for unusable files."""
        if self._context is None:
            self._context = self._make_context()
        return self._context

    def _make_context(self):
        # OpenSSL raises nothing if it cannot open the system's certificates. A context without any
        # would be kept, and refuse every server.
        error = lacking()
        if error is not None:
            raise error
        if not self.verify:
            context = _lenient_context()
        elif self.ca is not None and os.path.isdir(self.ca):
            context = ssl.create_default_context(capath=self.ca)
        else:
            context = ssl.create_default_context(cafile=self.ca)
        if self.cert is not None:
            context.load_cert_chain(self.cert, self.key)
        # Python 3.8 and 3.9 make OpenSSL 3 treat a truncated connection as an orderly end.
        context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
        return context

    def _key(self):
        return (self.verify, self.ca, self.cert, self.key, self.checks_name, self._given,
                self._stamps)

    def __hash__(self):
        return hash(self._key())

    def __eq__(self, other):
        return isinstance(other, TLSOptions) and self._key() == other._key()

    def __ne__(self, other):  # py2: does not follow from __eq__
        return not self == other

    def __repr__(self):
        return "<TLSOptions verify=%r>" % self.verify


def _lenient_context():
    # type: () -> ssl.SSLContext
    """A context that verifies nothing. It does not load CA certificates, which is slow."""
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_CLIENT", ssl.PROTOCOL_SSLv23))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # `ssl.create_default_context` sets these too.
    context.options |= ssl.OP_NO_SSLv2 | ssl.OP_NO_SSLv3 | ssl.OP_NO_COMPRESSION
    return context


def file_stamp(path):
    # type: (Optional[str]) -> Any
    """A value that changes when the file does; None without a file."""
    if path is None:
        return None
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime, status.st_size, status.st_ino


#: The options of https requests that give none.
DEFAULT_TLS = TLSOptions()
