"""Text from elsewhere, made safe for one line of a log."""

from __future__ import absolute_import, division, print_function

import re

from tornado.escape import native_str, to_unicode
from tornado.util import unicode_type

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


def one_line(value, max_characters=1000):
    # type: (Any, int) -> str
    """Return ``value``, such as an exception, as text without line breaks and control characters.

    Args:
        value: bytes, text, or an object whose ``str()`` is used.
        max_characters (int): the rest is replaced by ``...``.
    Returns: native str. It never raises for the sake of an encoding.
    """
    try:
        text = to_unicode(value if isinstance(value, (bytes, unicode_type)) else str(value))
    except UnicodeError:
        text = to_unicode(repr(value))
    text = re.sub(u"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", u" ", text)
    return native_str(text if len(text) <= max_characters else text[:max_characters] + u"...")
