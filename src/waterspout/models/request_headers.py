"""RequestHeaders: the header fields of a request, checked and encoded when they are set."""

from __future__ import absolute_import, division, print_function

import operator

from waterspout._compat import TYPE_CHECKING
from waterspout._encoding.bodies import FORM, JSON
from waterspout._encoding.header_checks import checked_field, valid_name
from waterspout._wire.field_lines import FieldLines
from waterspout.exceptions import InvalidHeader, LocalProtocolError
from waterspout.field_names import FRAMING
from waterspout.structures import Headers, pairs_of, replaced

if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple  # noqa: F401

#: The lower-case name of a checked field.
_key_of = operator.itemgetter(0)

#: In place of an encoded line: the transport writes what states the body's length.
_OF_BODY = (b"", b"")


class RequestHeaders(Headers):
    """`Headers` whose fields are checked and encoded once, when they are set.

    Copies share the encoded lines. Setting a name to None removes it. An invalid field that is set
    on an object is kept, and raises when the request is sent, as in requests; the constructor and
    `merged` raise at once. Content-Length and Transfer-Encoding are shown here, but the transport
    writes them.

    Args:
        fields (mapping, iterable of (name, value), Headers or None): text (Latin-1) or bytes;
            a value of None is left out.
    Attributes:
        states_length (bool): one of them states the body's length.
    Raises: InvalidHeader; LocalProtocolError: two Host fields. Nothing was sent.
    """

    # Each tuple of `fields` ends with an item for `FieldLines.of_lines`; None if it is invalid.
    # `_lines` with `_added` are the encoded fields: a request gets several, which are joined once.
    __slots__ = ("_lines", "_added", "states_length")

    def __init__(self, fields=None):
        # type: (Any) -> None
        self._set_fields([checked_field(name, value) for name, value in pairs_of(fields)
                          if value is not None])
        self.check()

    @classmethod
    def of(cls, headers):
        # type: (Any) -> RequestHeaders
        """A new RequestHeaders with these fields. Raises: as the constructor."""
        if not isinstance(headers, cls):
            return cls(headers)
        if headers._added or headers._lines is None:
            headers.check()
        twin = cls.__new__(cls)
        twin.fields = headers.fields
        twin._lines = headers._lines
        twin._added = ()
        twin.states_length = headers.states_length
        return twin

    def check(self):
        # type: () -> FieldLines
        """Return `lines`. Raises: InvalidHeader or LocalProtocolError: a field is invalid."""
        if self._added:
            self._lines, self._added = self._lines.followed_by(self._added), ()
        elif self._lines is None:
            self._lines = _lines_of(self.fields)
        return self._lines

    @property
    def lines(self):
        # type: () -> Optional[FieldLines]
        """The encoded fields without those that state the body's length.

        None if one of them is invalid; `check` raises the reason.
        """
        return self.check() if self._added else self._lines

    def copy(self):
        # type: () -> RequestHeaders
        twin = RequestHeaders.__new__(RequestHeaders)
        twin.fields = self.fields
        twin._lines = self.lines
        twin._added = ()
        twin.states_length = self.states_length
        return twin

    def merged(self, headers):
        # type: (Any) -> RequestHeaders
        """A copy with ``headers`` set over it, by name; None removes one.

        Fields that are repeated in a mapping such as `Headers` become one, with their values
        joined. Raises: as the constructor.
        """
        twin = RequestHeaders.__new__(RequestHeaders)
        twin.merge(headers, self)
        return twin

    def merge(self, headers, base=None):
        # type: (Any, Optional[RequestHeaders]) -> None
        """Set ``headers`` over these, as `merged` does. Nothing is changed if that raises.

        Args:
            base (RequestHeaders or None): become a copy of it first.
        """
        if base is None:
            base = self
        fields, added = base.fields[:], base._added
        appended = base._lines is not None  # Or was one replaced or removed?
        for name, value in headers.items() if hasattr(headers, "items") else headers or ():
            if value is None:
                key = valid_name(name).lower()
                fields = [field for field in fields if field[0] != key]
                appended = False
                continue
            new = checked_field(name, value)
            key = new[0]
            if key in map(_key_of, fields):  # In C: each request asks this about some fields.
                fields = replaced(fields, new)
                appended = False
            else:
                fields.append(new)
                added += (new[3],)
                if key in _NOT_APPENDED:
                    appended = False
        if appended:  # As nearly always: the lines of the others are used as they are.
            self.fields = fields
            self._lines = base._lines
            self._added = added
            self.states_length = base.states_length
        else:
            _lines_of(fields)
            self._set_fields(fields)

    def append_checked(self, field):
        # type: (Tuple[str, str, str, Tuple[bytes, bytes]]) -> None
        """Append a result of `checked_field` whose name is new, and is not that of a length."""
        self.fields = self.fields + [field]
        if self._lines is not None:
            self._added += (field[3],)

    def set_content_type(self, value):
        # type: (str) -> None
        """Set Content-Type unless it exists."""
        if "content-type" in map(_key_of, self.fields):
            return
        self.append_checked(_CONTENT_TYPES.get(value) or checked_field("Content-Type", value))

    def state_length(self, length):
        # type: (Optional[int]) -> None
        """State the body's length in bytes; None for an unknown length (chunked)."""
        if length is None:
            key, other = "transfer-encoding", "content-length"
            field = (key, "Transfer-Encoding", "chunked", _OF_BODY)
        else:
            key, other = "content-length", "transfer-encoding"
            field = (key, "Content-Length", "%d" % length, _OF_BODY)
        if self.states_length:
            self.fields = replaced([each for each in self.fields if each[0] != other], field)
        else:
            self.fields = self.fields + [field]
            self.states_length = True

    def state_no_length(self):
        # type: () -> None
        """Remove the fields that state a body's length."""
        self.fields = [field for field in self.fields if field[0] not in FRAMING]
        self.states_length = False

    def add(self, name, value):
        # type: (Any, Any) -> None
        if value is not None:
            self._set_fields(self.fields + [_field(name, value)])

    def __setitem__(self, name, value):
        if value is None:
            self.pop(name, None)
            return
        self.set_checked(_field(name, value))

    def set_checked(self, field):
        # type: (Tuple[str, str, str, Any]) -> None
        """Set a result of `checked_field`, by its name."""
        key = field[0]
        if self._lines is not None and field[3] is not None and key not in _NOT_APPENDED and (
                key not in map(_key_of, self.fields)):
            self.append_checked(field)
            return
        self._set_fields(replaced(self.fields, field))

    def __delitem__(self, name):
        super(RequestHeaders, self).__delitem__(name)
        self._set_fields(self.fields)

    def __reduce__(self):
        """Support pickling and copying, of invalid fields as well."""
        return _restored, (self.get_all(),)

    def _set_fields(self, fields):
        # type: (List[Tuple]) -> None
        self.fields = fields
        encoded = [field[3] for field in fields if field[0] not in FRAMING]
        self.states_length = len(encoded) != len(fields)
        self._lines = None  # type: Optional[FieldLines]
        self._added = ()  # type: Tuple[Tuple[bytes, bytes], ...]
        if None not in (encoded if not self.states_length else [field[3] for field in fields]):
            try:
                self._lines = FieldLines.of_lines(encoded)
            except LocalProtocolError:
                pass  # `check` raises it.


#: Fields whose place among the encoded lines is not that among the fields.
_NOT_APPENDED = FRAMING | frozenset(["host"])

#: The content types of nearly all bodies, encoded.
_CONTENT_TYPES = dict((value, checked_field("Content-Type", value)) for value in (FORM, JSON))


def _field(name, value):
    try:
        return checked_field(name, value)
    except InvalidHeader:
        if not hasattr(name, "lower"):
            raise
        return name.lower(), name, value, None


def _lines_of(fields):
    # type: (List[Tuple]) -> FieldLines
    """The encoded ``fields``. Raises: InvalidHeader or LocalProtocolError."""
    for field in fields:
        if field[3] is None:
            checked_field(field[1], field[2])
    return FieldLines.of_lines([field[3] for field in fields if field[0] not in FRAMING])


def _restored(pairs):
    headers = RequestHeaders()
    headers._set_fields([_field(name, value) for name, value in pairs])
    return headers
