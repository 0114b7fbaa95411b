"""Recognises requests that a browser sends for a page of another origin.

A page may send a "simple" POST (a form, or text/plain) to any address that its browser can reach,
including the loopback interface, without a preflight request. A service without authentication
would execute it. Browsers send the page's origin in header fields that pages cannot set; other
clients send none of these fields and are not affected.

Source: the rules are those of ``http.CrossOriginProtection`` in Go 1.25. `Sec-Fetch-Site` is
defined in W3C Fetch Metadata, `Origin` in RFC 6454 and the Fetch standard.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Iterable, Optional  # noqa: F401

    from tornado import httputil  # noqa: F401

#: Methods that change nothing (RFC 9110 section 9.2.1): pages may send them.
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#@]+\Z")

# An IP address, or a name that browsers do not resolve: no DNS answer can change these.
_FIXED_HOST = re.compile(r"(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\]|(.+\.)?localhost)(:\d+)?\Z")


class OriginCheck(object):
    """Decides by the header fields of browsers whether a request may be served.

    Args:
        allowed_origins (iterable of native str): origins whose pages may send requests, such as
            ``"https://tools.example"``.
        allow_names (bool): whether a page may call this service by a host name. False: a
            browser's request must have an IP address or localhost in Host, unless its origin is
            allowed. This protects against DNS rebinding: a page of ``evil.example``, a name that
            resolves to this service's address later, is of the same origin to its browser.
    Raises: ValueError: an allowed origin is not valid.
    """

    def __init__(self, allowed_origins=(), allow_names=True):
        # type: (Iterable[str], bool) -> None
        self.allowed_origins = frozenset(normal_origin(origin) for origin in allowed_origins)
        self.allow_names = allow_names

    def __repr__(self):
        return "<OriginCheck allowed_origins=%r allow_names=%r>" % (
            sorted(self.allowed_origins), self.allow_names)

    def allowed(self, headers):
        # type: (httputil.HTTPHeaders) -> Optional[str]
        """Return the request's origin if it is one of ``allowed_origins``, else None."""
        origin = headers.get("Origin")
        return origin if origin is not None and origin.lower() in self.allowed_origins else None

    def allows_host(self, headers):
        # type: (httputil.HTTPHeaders) -> bool
        """Return whether the Host of a request cannot be a name that was made to lead here."""
        return self.allow_names or bool(_FIXED_HOST.match(headers.get("Host", "").lower()))

    def complaint(self, method, headers):
        # type: (str, httputil.HTTPHeaders) -> Optional[str]
        """Return why the request must be refused, as a sentence for the client, or None."""
        if method in SAFE_METHODS:
            return None
        lower = getattr(headers, "unparsed_lower", None)  # Of `LateHeaders`.
        if lower is not None and b"\nsec-fetch-site:" not in lower and b"\norigin:" not in lower:
            return None  # Not from a browser; without a look at each field.
        site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
        if site is None and origin is None:
            return None
        if self.allowed(headers) is not None:
            return None
        host = headers.get("Host", "").lower()
        if site is not None:
            foreign = site not in ("same-origin", "none")
        else:
            foreign = (origin or "").lower().partition("://")[2] != host
        if foreign:
            return "the request comes from a page of another origin, which is not allowed here"
        if not self.allows_host(headers):
            return (
                "the request comes from a page that calls this service by a host name, which is "
                "not allowed here"
            )
        return None


def normal_origin(text):
    # type: (str) -> str
    """Return an origin as browsers send it: in lower case, without default port and final slash.

    Args:
        text (native str): such as ``"https://Tools.example:443/"``.
    Raises: ValueError: it is not ``scheme://host`` or ``scheme://host:port``.
    """
    origin = text.strip().lower()
    if origin.endswith("/"):
        origin = origin[:-1]
    if not _ORIGIN.match(origin):
        raise ValueError("%s is not an origin such as https://tools.example:8443" % text)
    for end in {"http": (":80",), "https": (":443",)}.get(origin.partition("://")[0], ()):
        if origin.endswith(end):
            origin = origin[: -len(end)]
    return origin
