"""BodyError: what is wrong with a request's body, and where."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, string_types, text_type

if TYPE_CHECKING:
    from typing import Any, Text  # noqa: F401

#: Characters of a pointer, and of a sentence, that are kept: the names in them may be the client's.
MAX_CHARACTERS = 200


class BodyError(object):
    """One error in a request's body.

    Attributes:
        pointer (text): the place, as a JSON Pointer (RFC 6901): ``"/datas/3/name"``; ``""`` is the
            whole body.
        detail (text): what is wrong there, for the client. Do not quote the value: it may be long,
            or a secret.
    """

    __slots__ = ("pointer", "detail")

    def __init__(self, pointer, detail):
        # type: (Text, Text) -> None
        for name, value in (("pointer", pointer), ("detail", detail)):
            if not isinstance(value, string_types):
                raise TypeError("%s must be text, not %r" % (name, value))
        self.pointer = _cut(pointer)
        self.detail = _cut(detail)

    def __eq__(self, other):
        # type: (object) -> bool
        if not isinstance(other, BodyError):
            return NotImplemented
        return (self.pointer, self.detail) == (other.pointer, other.detail)

    def __ne__(self, other):  # py2: not derived from __eq__
        # type: (object) -> bool
        return not self == other

    def __hash__(self):
        # type: () -> int
        return hash((self.pointer, self.detail))

    def __repr__(self):
        # type: () -> str
        return "BodyError(%r, %r)" % (self.pointer, self.detail)


def body_error(value):
    # type: (Any) -> BodyError
    """Return what a validator has returned or yielded as a `BodyError`.

    Text is a sentence about the whole body; a pair has a pointer and a sentence.

    Raises: TypeError: it is none of these.
    """
    if isinstance(value, BodyError):
        return value
    if isinstance(value, string_types):
        return BodyError(u"", value)
    if isinstance(value, tuple) and len(value) == 2:
        return BodyError(*value)
    raise TypeError(
        "a validator must return None or an iterable of waterspout.service.BodyError, of "
        "(pointer, text) or of text; this is a %s" % type(value).__name__)


def _cut(text):
    # type: (Text) -> Text
    if isinstance(text, bytes):  # py2: a native str.
        text = text.decode("utf-8", "replace")
    return text_type(text) if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS - 1] + u"\u2026"
