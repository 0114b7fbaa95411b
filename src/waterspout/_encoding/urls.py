"""URLs as requests sends them: parsed, normalised and escaped once.

The rules are those of requests' ``prepare_url`` and of urllib3 below it: RFC 3986, except that
illegal characters are escaped and not refused. ``tests/differential`` compares the results.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._bounded_stores import keep
from waterspout._compat import (
    Mapping,
    quote,
    quote_plus,
    string_types,
    text_type,
    to_bytes,
    to_native,
    to_text,
    unquote_to_bytes,
)
from waterspout._encoding.zones import ZONE, lower_but_zone, without_zone
from waterspout.exceptions import InvalidSchema, InvalidURL, MissingSchema

DEFAULT_PORTS = {"http": 80, "https": 443}

# RFC 3986 appendix B. A backslash ends the authority, as in browsers and urllib3: otherwise
# http://good\@evil/ would name one host here and another one there.
_URL = re.compile(
    u"^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?://([^\\\\/?#]*))?([^?#]*)(?:\\?([^#]*))?(?:#(.*))?\\Z",
    re.DOTALL,
)
_AUTHORITY = re.compile(u"^(?:(.*)@)?(\\[[^\\]@]*\\]|[^\\[\\]:@]*)(?::([0-9]*))?\\Z", re.DOTALL)
_IPV6 = re.compile(r"\[(?=[^:]*:[^:]*:)[0-9a-fA-F:.]+(?:" + ZONE + r")?\]\Z")
# RFC 3986 section 3.2.2, reg-name, without escapes, which no resolver knows. A leading dot or star
# is refused, as in requests.
_HOST = re.compile(r"[A-Za-z0-9_~!$&'()+,;=-][A-Za-z0-9._~!$&'()*+,;=-]*\Z")
_IDNA_HOST = re.compile(r"[A-Za-z0-9-][A-Za-z0-9.-]*\Z")  # RFC 3490 section 4: STD3's rules.
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_is_plain = re.compile(r"[A-Za-z0-9_.~-]*\Z").match

#: Classes of most values in ``params=`` and forms: text, and what ``str()`` makes text of.
_SINGLE = frozenset([str, text_type, int, float, bool])

_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_SUB_DELIMS = "!$&'()*+,;="
_PATH = _SUB_DELIMS + ":@/~"
_QUERY = _PATH + "?"
_REQUOTE = "!#$&'()*+,/:;=?@[]~"

_CACHE_ENTRIES = 512
_cache = {}  # type: Dict[Text, URL]


def origin_text(origin):
    # type: (Tuple[str, str, int]) -> str
    """``scheme://host:port`` of a URL's ``origin``, always with the port."""
    return "%s://%s:%d" % origin


class URL(object):
    """A parsed URL, normalised and escaped. Immutable.

    Attributes, native ``str`` unless stated:
        scheme, port (int), query, fragment.
        host: in lower case, IDNA-encoded; IPv6 in brackets, with its zone, whose case is kept.
        path: never empty.
        userinfo (or None): ``"user:password"``, still escaped.
        authority: host and port; no port if it is the scheme's default.
        netloc: for the Host header: the authority without an IPv6 zone (RFC 6874 section 4).
        origin (tuple): scheme, host, port (RFC 9110 section 4.3.1).
        target: the request target in origin form (RFC 9112 section 3.2.1).
        target_bytes (bytes): the same, encoded.
    """

    __slots__ = ("scheme", "host", "port", "path", "query", "fragment", "userinfo", "authority",
                 "netloc", "origin", "target", "target_bytes")

    def __init__(self, scheme, host, port, path, query="", fragment="", userinfo=None):
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
        self.fragment = fragment
        self.userinfo = userinfo
        self.authority = host if port == DEFAULT_PORTS[scheme] else "%s:%d" % (host, port)
        self.netloc = self.authority if "%" not in host else (
            without_zone(host) + self.authority[len(host):])
        self.origin = (scheme, host, port)
        self._set_target()

    def _set_target(self):
        self.target = self.path + "?" + self.query if self.query else self.path
        self.target_bytes = to_bytes(self.target)

    @property
    def credentials(self):
        # type: () -> Optional[bytes]
        """``b"user:password"``, unescaped, or None unless both are given, as in requests."""
        user, colon, password = (self.userinfo or "").partition(":")
        if not colon or not (user or password):
            return None
        return unquote_to_bytes(user) + b":" + unquote_to_bytes(password)

    @property
    def without_fragment(self):
        # type: () -> str
        return "%s://%s%s" % (self.scheme, self.authority, self.target)

    @property
    def absolute_target(self):
        # type: () -> str
        """The request target for a proxy, in absolute form (RFC 9112 section 3.2.2)."""
        return "%s://%s%s" % (self.scheme, self.netloc, self.target)

    @property
    def for_messages(self):
        # type: () -> str
        """The URL for messages: without userinfo, query and fragment, which may hold secrets."""
        return "%s://%s%s" % (self.scheme, self.authority, self.path)

    def at(self, other):
        # type: (URL) -> URL
        """A copy with scheme, host and port of ``other``."""
        twin = URL.__new__(URL)
        twin.scheme = other.scheme
        twin.host = other.host
        twin.port = other.port
        twin.path = self.path
        twin.query = self.query
        twin.fragment = self.fragment
        twin.userinfo = self.userinfo
        twin.authority = other.authority
        twin.netloc = other.netloc
        twin.origin = other.origin
        twin.target = self.target
        twin.target_bytes = self.target_bytes
        return twin

    def with_query(self, query):
        # type: (str) -> URL
        """A copy with ``query``, escaped already, appended to its own.

        The part after a ``#`` becomes the fragment, as in requests.
        """
        query, _, fragment = query.partition("#")
        if self.query:
            query = self.query + "&" + query
        twin = URL.__new__(URL)
        twin.scheme = self.scheme
        twin.host = self.host
        twin.port = self.port
        twin.path = self.path
        twin.query = query
        twin.fragment = fragment or self.fragment
        twin.userinfo = self.userinfo
        twin.authority = self.authority
        twin.netloc = self.netloc
        twin.origin = self.origin
        twin._set_target()
        return twin

    def with_fragment(self, fragment):
        # type: (str) -> URL
        return URL(
            self.scheme, self.host, self.port, self.path, self.query, fragment, self.userinfo
        )

    @property
    def without_userinfo(self):
        # type: () -> URL
        return URL(self.scheme, self.host, self.port, self.path, self.query, self.fragment)

    def __str__(self):
        url = self.without_fragment
        return url + "#" + self.fragment if self.fragment else url

    def __repr__(self):
        return "<URL %s>" % self.for_messages


def parse(url):
    # type: (Union[str, bytes, Text]) -> URL
    """Parse ``url`` as requests does. The last results are cached.

    Raises: MissingSchema, InvalidSchema, InvalidURL.
    """
    try:
        parsed = _cache.get(url)
    except TypeError:  # Not hashable, such as a list; `_parse` refuses it.
        parsed = None
    if parsed is None:
        return keep(_cache, url, _parse(url), _CACHE_ENTRIES)
    return parsed


def _parse(url):
    if not isinstance(url, string_types):
        raise InvalidURL("a URL must be text, not %s" % type(url).__name__)
    try:
        text = to_text(url).lstrip()
    except UnicodeDecodeError:
        raise InvalidURL("a URL must be text or UTF-8")
    scheme, authority, path, query, fragment = _URL.match(text).groups()
    if scheme is None:
        raise MissingSchema(
            "%s has no scheme: perhaps you meant %s?" % (_shown(text), _shown(u"http://" + text))
        )
    scheme = to_native(scheme).lower()
    if scheme not in DEFAULT_PORTS:  # Also for "localhost:80/x".
        raise InvalidSchema("%s: a URL must begin with http:// or https://" % _shown(text))
    match = _AUTHORITY.match(authority or u"")
    if match is None:
        raise InvalidURL("%s: cannot tell host and port" % _shown(text))
    userinfo, host, port = match.groups()
    path = _escape(path, _PATH)
    return URL(
        scheme,
        _parse_host(host, text),
        _parse_port(port, scheme, text),
        _normal_path(path if path.startswith("/") else "/" + path),
        _normal_query(query or u""),
        _normal_query(fragment or u""),
        None if userinfo is None else _escape(userinfo, _SUB_DELIMS + ":~"),
    )


def join(base, reference):
    # type: (URL, Text) -> URL
    """Resolve ``reference`` against ``base`` (RFC 3986 section 5.2.2).

    The standard library's ``urljoin`` differs between Python versions.
    Raises: MissingSchema, InvalidSchema, InvalidURL.
    """
    scheme, authority, path, query, fragment = _URL.match(reference).groups()
    if scheme is not None:
        return parse(reference)
    if authority is not None:
        return parse(to_text(base.scheme) + u":" + reference)
    escaped = _escape(path, _PATH)
    if not escaped:
        escaped = base.path
        query = to_text(base.query) if query is None else query
    elif not escaped.startswith("/"):
        escaped = base.path.rpartition("/")[0] + "/" + escaped
    return URL(
        base.scheme,
        base.host,
        base.port,
        _normal_path(escaped),
        _normal_query(query or u""),
        _normal_query(fragment or u""),
    )


def _shown(text):
    # type: (Text) -> str
    """The URL for an error message: without userinfo, query and fragment (secrets)."""
    text = re.sub(u"(//|^)[^/?#]*@", u"\\1", text, count=1)
    # The text before a later @ may be a password with an unescaped "/", "?" or "#".
    text = re.sub(u"^((?:[^/@]*//)?).*@", u"\\1...@", text, count=1, flags=re.DOTALL)
    return "%r" % to_native(re.split(u"[?#]", text)[0])


def _parse_host(host, url):
    if not host:
        raise InvalidURL("%s: no host" % _shown(url))
    pattern = _IPV6 if host.startswith(u"[") else _HOST
    try:
        ascii_host = host.encode("ascii")
    except UnicodeEncodeError:
        pattern, ascii_host = _IDNA_HOST, _idna(host)
    native = to_native(ascii_host)
    if not pattern.match(native):
        raise InvalidURL("%s: the host is not a name or address" % _shown(url))
    return lower_but_zone(native)


def _idna(host):
    try:
        return host.encode("idna")
    except UnicodeError:
        return b""


def _parse_port(port, scheme, url):
    if not port:
        return DEFAULT_PORTS[scheme]
    if len(port.lstrip(u"0")) > 5 or int(port) > 65535:
        raise InvalidURL("%s: the port is not in 0..65535" % _shown(url))
    return int(port)


def _normal_path(escaped):
    return _decode_unreserved(remove_dot_segments(escaped))


def _normal_query(text):
    return _decode_unreserved(_escape(text, _QUERY))


def _escape(text, safe):
    # As urllib3 does: valid %XX stay, in upper case; if any % is not an escape, all are escaped.
    native, escapes = _ESCAPE.subn(lambda match: match.group().upper(), to_native(text))
    if escapes == native.count("%"):
        safe += "%"
    return quote(native, safe)


def _decode_unreserved(text):
    # RFC 3986 section 6.2.2.2, and requests' unquote_unreserved.
    if "%" not in text:
        return text
    return _ESCAPE.sub(_unreserved, text)


def _unreserved(match):
    character = chr(int(match.group()[1:], 16))
    return character if character in _UNRESERVED else match.group()


def remove_dot_segments(path):
    # type: (str) -> str
    """RFC 3986 section 5.2.4."""
    if "." not in path:
        return path
    segments = path.split("/")
    output = []
    for segment in segments:
        if segment == ".":
            continue
        if segment != "..":
            output.append(segment)
        elif output:
            output.pop()
    if not output or output[0]:
        output.insert(0, "")
    if path.endswith(("/.", "/..")):
        output.append("")
    return "/".join(output) or "/"  # Empty for "/../", for example.


def requote(text):
    # type: (Union[str, bytes, Text]) -> str
    """``text`` with characters escaped that a URL cannot have; valid escapes are unchanged."""
    native = to_native(text)
    if len(_ESCAPE.findall(native)) == native.count("%"):
        return quote(_decode_unreserved(native), _REQUOTE + "%")
    return quote(native, _REQUOTE)


def encode_query(params):
    # type: (Any) -> str
    """``params`` as a query, as in requests: text unchanged but escaped, pairs urlencoded."""
    if isinstance(params, string_types):
        return _escape(requote(params), _QUERY + "#")  # `requote` does not escape brackets.
    return encode_pairs(params, "params")


def encode_pairs(pairs, keyword):
    # type: (Any, str) -> str
    """``pairs`` as ``application/x-www-form-urlencoded``.

    Args:
        pairs (mapping or iterable of (name, value)): a list as a value gives one pair for each
            item, and for each item of a list in it; None is left out; other values than text and
            bytes are converted by ``str()``.
        keyword (native str): the argument's name, for the error.
    Raises: ValueError: ``pairs`` is neither.
    """
    items = pairs
    if isinstance(pairs, Mapping) or hasattr(pairs, "items"):
        items = pairs.items()
    encoded = []
    try:
        for name, values in items:
            if type(values) in _SINGLE:
                encoded.append(_form(name) + "=" + _form(values))
                continue
            for value in _items(values):
                if value is not None:
                    encoded += [_form(name) + "=" + _form(item) for item in _items(value)]
    except (TypeError, ValueError) as error:
        if items is not pairs or isinstance(error, UnicodeError):
            raise  # By a value: the mapping or the pairs are in order.
        raise ValueError("%s= is %s, neither a mapping nor (name, value) pairs"
                         % (keyword, type(pairs).__name__))
    return "&".join(encoded)


def _items(value):
    if isinstance(value, string_types) or not hasattr(value, "__iter__"):
        return (value,)
    return value


def _form(value):
    if type(value) is not str:
        if not isinstance(value, string_types):
            value = str(value)
        elif isinstance(value, text_type):
            value = to_native(value)
    if isinstance(value, str) and _is_plain(value):
        return value
    return quote_plus(to_bytes(value), "~")
