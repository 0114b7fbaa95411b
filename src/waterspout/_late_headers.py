"""LateHeaders: Tornado's HTTPHeaders, parsed when they are first used."""

from __future__ import absolute_import, division, print_function

import re

from tornado import httputil
from tornado.escape import native_str
from tornado.httputil import HTTPHeaders

from waterspout._bounded_stores import keep
from waterspout._compat import to_bytes
from waterspout._late_attributes import late_attributes

#: Name and value of each field line, which `waterspout._wire` has validated.
_FIELDS = re.compile("([^:]+):[ \t]*([^\r]*[^\r\t ])?[ \t]*\r\n")

#: The function with which HTTPHeaders makes "Content-Type" of "content-type".
_normalize = (
    getattr(httputil, "_normalize_header", None)
    or getattr(getattr(httputil, "_normalized_headers", None), "__getitem__", None)
)

#: The attributes of an empty HTTPHeaders.
_ATTRIBUTES = frozenset(vars(HTTPHeaders()))

#: The attribute with the joined values of each name: Tornado's name for it, before 6.6 and since.
_JOINED = "_dict" if "_dict" in _ATTRIBUTES else "_combined_cache"

#: Whether HTTPHeaders has the attributes that `_attributes` fills.
_IS_KNOWN = _normalize is not None and (
    _ATTRIBUTES - {"_last_key"} == {_JOINED, "_as_list"})

#: Not a value: all fields have to be parsed.
_PARSE = object()


class LateHeaders(HTTPHeaders):
    """Headers of a request or response; most programs use few of them.

    They equal what ``HTTPHeaders.parse`` makes of the same lines. The attributes of `HTTPHeaders`
    are made at the first access to any of them, all in one pass: Tornado's own parser takes eight
    times as long.

    Args:
        raw (bytes): valid field lines (`waterspout._wire.grammar.FIELD_LINES`).
        lower (bytes or None): an LF and these lines in lower case, if the caller has that.
    """

    # None once the fields were parsed.
    _raw = _lower = None  # type: Optional[bytes]

    def __init__(self, raw, lower=None):
        # type: (bytes, Optional[bytes]) -> None
        self._raw = raw
        self._lower = lower

    @property
    def unparsed(self):
        # type: () -> Optional[bytes]
        """The field lines, each with its CRLF; None once they were parsed and may have changed."""
        return self._raw

    @property
    def unparsed_lower(self):
        # type: () -> Optional[bytes]
        """An LF and `unparsed` in lower case, to be searched for ``b"\\nname:"``; or None."""
        raw = self.unparsed
        if raw is None:
            return None
        if self._lower is None:
            self._lower = b"\n" + raw.lower()
        return self._lower

    def encoded(self):
        # type: () -> Optional[Tuple[bytes, Optional[int]]]
        """`unparsed`, and the value of a Content-Length field that follows those lines, if any."""
        raw = self.unparsed
        return None if raw is None else (raw, None)

    def __bool__(self):
        # type: () -> bool
        return self.unparsed != b"" and (self.unparsed is not None or len(self) > 0)

    __nonzero__ = __bool__  # py2

    def __contains__(self, name):
        # type: (object) -> bool
        value = self._look_up(name)
        return super(LateHeaders, self).__contains__(name) if value is _PARSE else value is not None

    def __getitem__(self, name):
        # type: (str) -> str
        value = self._look_up(name)
        if value is _PARSE:
            return super(LateHeaders, self).__getitem__(name)
        if value is None:
            raise KeyError(name)
        return value

    def get(self, name, default=None):
        # type: (str, Any) -> Any
        """Like ``HTTPHeaders.get``."""
        value = self._look_up(name)
        if value is _PARSE:
            return super(LateHeaders, self).get(name, default)
        return default if value is None else value

    def _look_up(self, name):
        # type: (Any) -> Any
        """The value of a field that is there once, None if it is not there, without parsing.

        Most programs ask for two or three fields. `_PARSE` where there is more to it.
        """
        lower = self._lower or self.unparsed_lower
        if lower is None:
            return _PARSE
        key = _KEYS.get(name) or _key(name)
        start = lower.find(key)
        if start < 0:
            return None
        if key == _LF or lower.find(key, start + 1) >= 0:
            return _PARSE  # It is not a name, or there are several values to be joined.
        raw = self.unparsed
        value = raw[start + len(key) - 1:raw.find(b"\r", start)].strip(b" \t")
        try:
            return str(value.decode("ascii"))
        except UnicodeDecodeError:
            return _PARSE

    def make_all(self):
        # type: () -> None
        """Make the attributes of `HTTPHeaders`. Called when one of them is first asked for."""
        raw = self.unparsed
        if raw is not None:
            self._raw = self._lower = None
            self.__dict__.update(_attributes(raw))


late_attributes(LateHeaders, _ATTRIBUTES, LateHeaders.make_all)

#: By a name: what a line with this field begins with, after the end of the line before it.
_KEYS = {}  # type: Dict[str, bytes]

#: More names than a program asks for.
_KEY_ENTRIES = 256

_LF = b"\n"


def _key(name):
    # type: (Any) -> bytes
    """Return the bytes to look for; for what is not a name an LF, which is always found."""
    if not isinstance(name, str) or ":" in name:
        return _LF
    return keep(_KEYS, name, _LF + to_bytes(name.lower()) + b":", _KEY_ENTRIES)


def native(raw):
    # type: (bytes) -> str
    """Decode as Tornado does: Latin-1 bytes to a native string, which is UTF-8 on 2.7."""
    return native_str(raw.decode("latin-1"))


def _attributes(raw):
    # type: (bytes) -> Dict[str, Any]
    """The attributes of an HTTPHeaders with the fields of ``raw``."""
    try:
        text = str(raw.decode("ascii"))
    except UnicodeDecodeError:
        # Tornado before 6.4 strips a no-break space (0xA0), which is text in Latin-1.
        return vars(HTTPHeaders.parse(native(raw)))
    if not _IS_KNOWN:
        return vars(HTTPHeaders.parse(text))
    return _fast_attributes(text)


def _fast_attributes(text):
    # type: (str) -> Dict[str, Any]
    joined, as_list, repeated, name = {}, {}, set(), None
    for name, value in _FIELDS.findall(text):
        name = _normalize(name)
        if name in as_list:
            as_list[name].append(value)
            repeated.add(name)
        else:
            joined[name] = value
            as_list[name] = [value]
    for each in repeated:
        joined[each] = ",".join(as_list[each])
    attributes = {_JOINED: joined, "_as_list": as_list}
    if "_last_key" in _ATTRIBUTES:
        attributes["_last_key"] = name
    return attributes
