"""Headers: ordered, case-insensitive, multi-valued."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, Mapping, MutableMapping, to_native

if TYPE_CHECKING:
    from typing import Any, Iterable, Iterator, List, Optional, Tuple, Union  # noqa: F401

    _Base = MutableMapping[str, str]
else:
    _Base = MutableMapping  # On Python 2.7 it takes no parameters.

#: Headers, in lower case, whose values ``repr`` does not show.
SECRET_HEADERS = frozenset(["authorization", "cookie", "proxy-authorization", "set-cookie"])


class Headers(_Base):
    """Header fields in the order in which they were added; names are case-insensitive.

    ``headers[name]`` joins a repeated field with ``", "`` (RFC 9110 section 5.3), as in requests;
    `get_list` returns the values one by one, which ``Set-Cookie`` needs. Setting a name replaces
    all its values at the place of the first; `add` appends a value.

    Args:
        fields (mapping, iterable of (name, value), Headers or None): native ``str`` pairs.
    """

    __slots__ = ("fields",)

    def __init__(self, fields=None):
        # type: (Union[None, Mapping[str, str], Iterable[Tuple[str, str]]]) -> None
        #: (lower-case name, name, value) of each field; subclasses may add to the tuples. The list
        #: is replaced, never changed in place: copies share it.
        self.fields = [(name.lower(), name, value) for name, value in pairs_of(fields)]

    def add(self, name, value):
        # type: (str, str) -> None
        """Append a field; others of the same name stay."""
        self.fields = self.fields + [(name.lower(), name, value)]

    def get_list(self, name):
        # type: (str) -> List[str]
        """The values of ``name`` in order; empty if there are none."""
        key = name.lower()
        return [field[2] for field in self.fields if field[0] == key]

    def get_all(self):
        # type: () -> List[Tuple[str, str]]
        """All fields as ``(name, value)``, with repeated names."""
        return [field[1:3] for field in self.fields]

    def lower_items(self):
        # type: () -> Iterator[Tuple[str, str]]
        """``items()`` with names in lower case, as in requests."""
        return ((name.lower(), self[name]) for name in self)

    @classmethod
    def of_bytes(cls, pairs):
        # type: (Iterable[Tuple[bytes, bytes]]) -> Headers
        """The Headers for received bytes, decoded as Latin-1."""
        return cls(
            (to_native(name, "latin-1"), to_native(value, "latin-1")) for name, value in pairs
        )

    def copy(self):
        # type: () -> Headers
        """An independent copy."""
        twin = Headers()
        twin.fields = self.fields
        return twin

    def __getitem__(self, name):
        # type: (str) -> str
        values = self.get_list(name)
        if not values:
            raise KeyError(name)
        return values[0] if len(values) == 1 else ", ".join(values)

    def __setitem__(self, name, value):
        # type: (str, str) -> None
        self.fields = replaced(self.fields, (name.lower(), name, value))

    def __delitem__(self, name):
        # type: (str) -> None
        key = name.lower()
        kept = [field for field in self.fields if field[0] != key]
        if len(kept) == len(self.fields):
            raise KeyError(name)
        self.fields = kept

    def __contains__(self, name):
        # type: (Any) -> bool
        key = name.lower()
        for field in self.fields:
            if field[0] == key:
                return True
        return False

    def __iter__(self):
        # type: () -> Iterator[str]
        seen = set()
        for field in self.fields:
            if field[0] not in seen:
                seen.add(field[0])
                yield field[1]

    def __len__(self):
        # type: () -> int
        return len(set(field[0] for field in self.fields))

    def __eq__(self, other):
        # type: (object) -> bool
        if not isinstance(other, (Mapping, Headers)):
            return NotImplemented
        other = other if isinstance(other, Headers) else Headers(other)
        return _comparable(self) == _comparable(other)

    def __ne__(self, other):  # py2: not derived from __eq__
        # type: (object) -> bool
        return not self == other

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self):
        """Support pickling with any protocol, and copying."""
        return type(self), (self.get_all(),)

    def __repr__(self):
        shown = [
            (field[1], "***" if field[0] in SECRET_HEADERS else field[2]) for field in self.fields
        ]
        return "Headers(%r)" % (shown,)


def pairs_of(fields):
    # type: (Any) -> Iterable[Tuple[Any, Any]]
    """``(name, value)`` of each field, from any argument of `Headers`."""
    if isinstance(fields, Headers):
        return fields.get_all()
    return fields.items() if hasattr(fields, "items") else fields or ()


def replaced(fields, field):
    # type: (List[Tuple], Tuple) -> List[Tuple]
    """``fields`` with ``field`` instead of all those of its name, at the place of the first."""
    key, kept, placed = field[0], [], False
    for each in fields:
        if each[0] != key:
            kept.append(each)
        elif not placed:
            kept.append(field)
            placed = True
    if not placed:
        kept.append(field)
    return kept


def _comparable(headers):
    return dict((name.lower(), headers.get_list(name)) for name in headers)
