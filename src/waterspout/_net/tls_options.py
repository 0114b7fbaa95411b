"""TLSOptions: how a TLS connection is made, as far as it makes connections differ."""

from __future__ import absolute_import, division, print_function

import os
import ssl

from waterspout._net.shortage import lacking


class TLSOptions(object):
    """A value: equal options may share connections, others never do.

    Args:
        verify (bool): check the certificate and its host name.
        ca (str or None): file or folder of CA certificates; None for the system's.
        cert, key (str or None): paths of the client's certificate and its key.
        context (ssl.SSLContext or None): used as it is, in place of all of the above. Python 3.8
            makes contexts that take a connection cut short for one that ended; ours do not.
        checks_name (bool): see to it that the certificate is for the host, where ``context``
            checks certificates but leaves the names to its user.
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
        # Certificates are renewed under the same path: those options are other ones then.
        self._stamps = tuple(file_stamp(path) for path in (ca, cert, key))

    def context(self):
        # type: () -> ssl.SSLContext
        """Made once. Raises: IOError, ssl.SSLError for files that cannot be used."""
        if self._context is None:
            self._context = self._make_context()
        return self._context

    def _make_context(self):
        # Where OpenSSL cannot open the system's certificates it says nothing, and a context
        # that has none would be kept and refuse every server.
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
        # Python 3.8 and 3.9 have OpenSSL 3 take a connection that is cut for one that is closed.
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
    """Checks nothing, and so need not load what it would check with, which takes long."""
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_CLIENT", ssl.PROTOCOL_SSLv23))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # What `ssl.create_default_context` sees to besides.
    context.options |= ssl.OP_NO_SSLv2 | ssl.OP_NO_SSLv3 | ssl.OP_NO_COMPRESSION
    return context


def file_stamp(path):
    # type: (Optional[str]) -> Any
    """What changes when the file does; None without a file."""
    if path is None:
        return None
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime, status.st_size, status.st_ino


#: What https gets that asks for nothing else.
DEFAULT_TLS = TLSOptions()
