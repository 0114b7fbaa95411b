"""Masks a body in UTF-16 or UTF-32 as if it were in UTF-8."""

from __future__ import absolute_import, division, print_function

import codecs

from waterspout._compat import TYPE_CHECKING
from waterspout._decoding.charsets import json_charset

if TYPE_CHECKING:
    from typing import Callable  # noqa: F401

_MARKS = (  # Those of UTF-32 first: one begins with one of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)  # fmt: skip


def changed_as_utf8(body, change):
    # type: (bytes, Callable[[bytes], bytes]) -> bytes
    """``body`` as ``change(bytes in UTF-8)`` returns it, in the charset that it had.

    A byte order mark is kept, and not given to ``change``.
    """
    mark, charset = next(
        (each for each in _MARKS if body.startswith(each[0])), (b"", json_charset(body)))
    rest = body[len(mark):]
    if charset == "utf-8":
        return mark + change(rest)
    if b"\0" not in rest:  # Each ASCII character has one; it is binary data.
        return change(body)
    try:
        before = rest.decode(charset).encode("utf-8")
        after = change(before)
        return body if after == before else mark + after.decode("utf-8").encode(charset)
    except UnicodeError:  # It only looked like that.
        return change(body)
