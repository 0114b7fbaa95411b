"""Keys of rows, compared as the CMDB compares them."""

from __future__ import absolute_import, division, print_function

from numbers import Number

from tornado.util import unicode_type

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterable, Tuple  # noqa: F401


def exact(key):
    # type: (Iterable[Any]) -> Tuple[Any, ...]
    """Return a hashable form that tells a text from a number, and not 4 from 4.0."""
    return tuple([_exact(value) for value in key])


def loose(key):
    # type: (Iterable[Any]) -> Tuple[Any, ...]
    """Return a form in which ``4``, ``4.0`` and ``"4"`` are the same."""
    return tuple([_loose(value) for value in key])


def _exact(value):
    if isinstance(value, unicode_type):
        return value
    if isinstance(value, bytes):  # py2
        return value.decode("utf-8", "replace")
    if isinstance(value, bool):
        return (bool, value)
    if value is None or isinstance(value, Number):
        return (Number, value)
    return (type(value).__name__, id(value))  # A list or an object is no key, so equal to none.


def _loose(value):
    if isinstance(value, (unicode_type, bytes)):
        text = _exact(value).strip()
    elif isinstance(value, bool):
        return u"true" if value else u"false"
    elif isinstance(value, float):
        return u"%d" % value if value == value and abs(value) < 1e15 and value.is_integer() \
            else unicode_type(repr(value))
    elif isinstance(value, Number):
        return u"%d" % value
    else:
        return unicode_type(_exact(value))
    if len(text) < 20 and text[-2:] == u".0" and text[:-2].lstrip(u"-").isdigit():
        return text[:-2]
    return text.lower() if text.lower() in (u"true", u"false") else text
