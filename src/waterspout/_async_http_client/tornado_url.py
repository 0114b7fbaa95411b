"""Location: a URL taken apart, as Tornado's own client does it."""

from __future__ import absolute_import, division, print_function

import re

from tornado.httputil import split_host_and_port

from waterspout._bounded_stores import keep
from waterspout._compat import (
    quote,
    to_bytes,
    to_native,
    to_text,
    unquote_to_bytes,
    urlsplit,
    urlunsplit,
)
from waterspout._encoding.urls import remove_dot_segments
from waterspout._encoding.zones import ZONE, lower_but_zone, without_zone

_PORTS = {"http": 80, "https": 443}

_CONTROLS = re.compile(u"[\x00-\x1f\x7f]")
_HOST = re.compile(r"(?:\[[0-9A-Za-z:.]+(?:" + ZONE + r")?\]|[^\[\]:@\\ ]+)\Z")
_VISIBLE = re.compile(br"[\x21-\x7e]*\Z")
_SAFE = "".join(chr(code) for code in range(0x21, 0x7f))

_CACHED = 512
_cache = {}  # type: Dict[Union[bytes, Text], TornadoURL]


class TornadoURL(object):
    """A parsed URL, as Tornado's own client sends it.

    Path and query are sent as given, escaped or not: programs that sign them, or call unusual
    servers, rely on that. Only characters that cannot be sent, spaces and non-ASCII ones, are
    escaped.

    Attributes:
        origin: scheme, host (lower case, IPv6 in brackets, the case of a zone kept) and port.
        host (native str): as the URL spells it.
        netloc (native str): host and port as the URL has them, for the Host header: without an
            IPv6 zone (RFC 6874 section 4).
        target (bytes): path and query.
        userinfo (bytes or None): ``user:password``, unescaped.
    """

    __slots__ = ("origin", "host", "netloc", "target", "userinfo")

    def __init__(self, url):
        # type: (Union[str, Text]) -> None
        text = to_text(url)
        if _CONTROLS.search(text) is not None:
            raise ValueError("The url has a control character")
        parts = urlsplit(text)
        scheme = to_native(parts.scheme)
        if scheme not in _PORTS:
            raise ValueError("Unsupported url scheme: %s" % scheme)
        # A backslash ends the authority in browsers: http://good\@evil/ names two hosts.
        userinfo, at, netloc = parts.netloc.rpartition(u"@")
        netloc = netloc.rstrip(u":")  # An empty port is the default (RFC 3986 section 3.2.3).
        self.netloc = to_native(netloc if _is_ascii(netloc) else _idna(netloc))
        host, port = split_host_and_port(self.netloc)
        if _HOST.match(host) is None or u"\\" in userinfo:
            raise ValueError("The url has no host, or an invalid one: %r" % host)
        if port is None:
            port = _PORTS[scheme]
        elif port > 65535:
            raise ValueError("The url has no valid port: %d" % port)
        self.host = host
        self.origin = (scheme, lower_but_zone(host), port)
        if "%" in host:
            self.netloc = without_zone(host) + self.netloc[len(host):]
        self.userinfo = _unescaped(userinfo) if at else None
        path = parts.path or u"/"
        self.target = escaped(to_bytes(path + u"?" + parts.query if parts.query else path))

    @property
    def absolute(self):
        # type: () -> bytes
        """The target for a proxy (RFC 9112 section 3.2.2)."""
        return to_bytes("%s://%s" % (self.origin[0], self.netloc)) + self.target


def parse_tornado_url(url):
    # type: (Union[str, Text]) -> TornadoURL
    """The `TornadoURL` of ``url``. Raises: ValueError."""
    location = _cache.get(url)
    if location is None:
        return keep(_cache, url, TornadoURL(url), _CACHED)
    return location


def joined(base, reference):
    # type: (str, str) -> str
    """Resolve ``reference``, which may be relative, against ``base`` (RFC 3986 section 5.2).

    Python 2.7's ``urljoin`` keeps leading ``..`` segments. As there and in browsers, a reference
    with the same scheme and no host is relative.
    """
    scheme, netloc, path, query, fragment = urlsplit(base)
    to = urlsplit(reference)
    if to.netloc or to.scheme not in ("", scheme):
        return urlunsplit(to._replace(scheme=to.scheme or scheme))
    if to.path:
        if not to.path.startswith("/"):
            path = path.rpartition("/")[0] + "/" + to.path
        else:
            path = to.path
        path, query = remove_dot_segments(path), to.query
    elif to.query:
        query = to.query
    return urlunsplit((scheme, netloc, path, query, to.fragment))


def _idna(netloc):
    # type: (Text) -> bytes
    host, port = split_host_and_port(netloc)
    return host.encode("idna") + (b"" if port is None else b":%d" % port)


def _is_ascii(text):
    # type: (Text) -> bool
    return all(letter < u"\x80" for letter in text)


def escaped(raw):
    # type: (bytes) -> bytes
    """``raw`` with everything escaped but visible ASCII; existing escapes are unchanged."""
    return raw if _VISIBLE.match(raw) is not None else to_bytes(quote(raw, safe=_SAFE))


def _unescaped(userinfo):
    # type: (Text) -> bytes
    user, _, password = to_native(userinfo).partition(":")
    return unquote_to_bytes(user) + b":" + unquote_to_bytes(password)
