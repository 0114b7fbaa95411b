"""PolicyValue: an immutable value with named fields, and the checks of its arguments."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, integer_types, string_types
from waterspout._encoding.header_checks import valid_name
from waterspout.exceptions import InvalidHeader

if TYPE_CHECKING:
    from typing import Any, Optional, Tuple  # noqa: F401

_NUMBERS = (float,) + integer_types


class PolicyValue(object):
    """A value whose fields are its ``__slots__``, in the order of its constructor's arguments.

    The constructor sets them by `_set`, once. Values with equal fields are equal.
    """

    __slots__ = ()

    def _set(self, **fields):
        # type: (**Any) -> None
        for name in fields:
            object.__setattr__(self, name, fields[name])

    def _fields(self):
        # type: () -> Tuple[Any, ...]
        return tuple([getattr(self, name) for name in self.__slots__])

    def __setattr__(self, name, value):
        # type: (str, Any) -> None
        raise AttributeError("a %s is immutable; make another" % type(self).__name__)

    def __delattr__(self, name):
        # type: (str) -> None
        raise AttributeError("a %s is immutable; make another" % type(self).__name__)

    def __reduce__(self):
        """To be pickled with any protocol, and copied."""
        return type(self), self._fields()

    def __eq__(self, other):
        # type: (object) -> bool
        if type(other) is not type(self):
            return NotImplemented
        return self is other or self._fields() == other._fields()  # type: ignore[attr-defined]

    def __ne__(self, other):  # py2: not derived from __eq__
        # type: (object) -> bool
        return not self == other

    def __hash__(self):
        # type: () -> int
        fields = self._fields()
        try:
            return hash(fields)
        except TypeError:  # A function of the program's; on Python 2 a list's method, say.
            return hash(tuple([each for each in fields if _is_hashable(each)]))

    def __repr__(self):
        # type: () -> str
        return "%s(%s)" % (type(self).__name__, ", ".join(
            "%s=%r" % (name, getattr(self, name)) for name in self.__slots__))


def seconds(name, value, allow_zero=False):
    # type: (str, Any, bool) -> float
    """``value`` as float seconds. Raises: TypeError: no number; ValueError: too small, or NaN."""
    _check_number(name, value, _NUMBERS, "a number of seconds")
    if not (value > 0 or allow_zero and value == 0):  # And not "<": it refuses NaN as well.
        raise ValueError("%s=%r: give seconds %s" % (
            name, value, "from 0 on" if allow_zero else "above 0"))
    return float(value)


def count(name, value, least=1):
    # type: (str, Any, int) -> int
    """``value`` as a whole number. Raises: TypeError; ValueError: less than ``least``."""
    _check_number(name, value, integer_types, "a whole number")
    if value < least:
        raise ValueError("%s=%r: give a whole number from %d on" % (name, value, least))
    return int(value)


def share(name, value):
    # type: (str, Any) -> float
    """``value`` as a float. Raises: TypeError: no number; ValueError: not above 0 up to 1."""
    _check_number(name, value, _NUMBERS, "a number")
    if not 0 < value <= 1:
        raise ValueError("%s=%r: give a number above 0, 1 at most" % (name, value))
    return float(value)


def flag(name, value):
    # type: (str, Any) -> bool
    """``value``, which is True or False. Raises: TypeError for anything else."""
    if not isinstance(value, bool):
        raise TypeError("%s=%r: give True or False" % (name, value))
    return value


def function(name, value):
    # type: (str, Any) -> Any
    """``value``, if it can be called. Raises: TypeError."""
    if not callable(value):
        raise TypeError("%s=%r cannot be called: give a function" % (name, value))
    return value


def field_name(name, value):
    # type: (str, Any) -> str
    """``value``, a token, as native text. Raises: TypeError: no text; ValueError: no token."""
    if not isinstance(value, string_types):
        raise TypeError("%s=%r is not the name of a header field" % (name, value))
    try:
        return valid_name(value)
    except InvalidHeader:
        raise ValueError("%s=%r: give the name of a header field" % (name, value))


def optional(check, name, value, *args):
    # type: (Any, str, Any, *Any) -> Any
    """None if ``value`` is None, else ``check(name, value, *args)``."""
    return None if value is None else check(name, value, *args)


def _is_hashable(value):
    # type: (Any) -> bool
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _check_number(name, value, kinds, what):
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise TypeError("%s=%r is not %s" % (name, value, what))
