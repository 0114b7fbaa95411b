"""Checks values of a file that people may have edited; errors name the place."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, integer_types, string_types, text_type, to_native
from waterspout.testing.cassette.errors import InvalidCassette

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

_MISSING = object()

_KINDS = {
    "an object": dict,
    "a list": list,
    "text": string_types,
    "a whole number": integer_types,
    "true or false": bool,
}


class Place(object):
    """A value in the file and where it is, such as ``interactions[2].response.status_code``."""

    def __init__(self, value, path, name=""):
        # type: (Any, str, str) -> None
        self.value = value
        self._path = path
        self._name = name

    def refuse(self, complaint):
        # type: (str) -> InvalidCassette
        """The error to raise."""
        return InvalidCassette("%s: %s%s" % (self._path, self._name and self._name + ": ",
                                             complaint))

    def with_value(self, value):
        # type: (Any) -> Place
        """The same place with another value, made of the one in the file."""
        return Place(value, self._path, self._name)

    def a(self, kind):
        # type: (str) -> Any
        """The value. Raises: InvalidCassette: it is not of ``kind``, one of `_KINDS`."""
        value = self.value
        if not isinstance(value, _KINDS[kind]) or isinstance(value, bool) != (
                kind == "true or false"):
            raise self.refuse("must be %s, not %s" % (kind, _shown(value)))
        return value

    def native(self, encoding="latin-1"):
        # type: (str) -> str
        """The value as native str. Raises: InvalidCassette: no text, or not in the encoding."""
        try:
            text = self.a("text")
            return to_native(text.encode(encoding) if isinstance(text, text_type) else text,
                             encoding)
        except UnicodeError:
            raise self.refuse("%s cannot be written in %s" % (_shown(self.value), encoding))

    def member(self, name, default=_MISSING):
        # type: (Any, Any) -> Place
        """The Place of a member. Raises: InvalidCassette: no object; it is missing."""
        value = self.a("an object").get(name, default)
        shown = to_native(name) if isinstance(name, string_types) else repr(name)
        if value is _MISSING:
            raise self.refuse("has no %r" % shown)
        return Place(value, self._path, "%s.%s" % (self._name, shown) if self._name else shown)

    def items(self):
        # type: () -> Any
        """A Place for each item of the list. Raises: InvalidCassette: no list."""
        return [Place(each, self._path, "%s[%d]" % (self._name, number))
                for number, each in enumerate(self.a("a list"))]

    def members(self):
        # type: () -> Any
        """(native name, Place) for each member of the object.

        Raises: InvalidCassette: no object; a name that is no text, or not Latin-1.
        """
        return [(Place(name, self._path, self._name).native(), self.member(name))
                for name in self.a("an object")]


def _shown(value):
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "..."
