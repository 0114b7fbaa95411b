"""The names in the certificate that the client of a request has shown."""

from __future__ import absolute_import, division, print_function

import re
import ssl

from waterspout._compat import TYPE_CHECKING, to_native

if TYPE_CHECKING:
    from typing import Any, Dict, Mapping, Tuple  # noqa: F401

#: Certificates whose names are remembered, so that they are not decoded for each request.
_REMEMBERED = 1000

_KINDS = ("URI", "DNS", "email")

# Others would make a line of the log ambiguous.
_PRINTABLE = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,199}\Z")


class CertificateNames(object):
    """Finds the names in the certificates of clients. Make one for an application."""

    __slots__ = ("_names",)

    def __init__(self):
        # type: () -> None
        self._names = {}  # type: Dict[bytes, Tuple[str, ...]]

    def of(self, request):
        # type: (Any) -> Tuple[str, ...]
        """Return the names in the certificate of a request's client, the best one first.

        ``"URI:name"``, ``"DNS:name"`` and ``"email:name"`` of the subject's alternative names, then
        ``"CN=name"`` of the subject. Empty: the connection has no TLS, or the client has shown no
        certificate that the server has verified.
        """
        stream = getattr(request.connection, "stream", None)
        sock = getattr(stream, "socket", None)
        if not isinstance(sock, ssl.SSLSocket):
            return ()
        try:
            encoded = sock.getpeercert(binary_form=True)
            if encoded is None:
                return ()
            names = self._names.get(encoded)
            if names is None:
                names = names_in(sock.getpeercert() or {})
                if len(self._names) >= _REMEMBERED:
                    self._names.clear()
                self._names[encoded] = names
        except (EnvironmentError, ValueError):  # The connection is closed.
            return ()
        return names


def names_in(certificate):
    # type: (Mapping[str, Any]) -> Tuple[str, ...]
    """Return the names in what ``getpeercert()`` returned: empty if it was not verified."""
    found = []
    for kind in _KINDS:
        for its_kind, value in certificate.get("subjectAltName", ()):
            if its_kind == kind:
                found.append("%s:%s" % (kind, to_native(value)))
    for attributes in certificate.get("subject", ()):
        for attribute, value in attributes:
            if attribute == "commonName":
                found.append("CN=%s" % to_native(value))
    return tuple(name for name in found if _PRINTABLE.match(name))
