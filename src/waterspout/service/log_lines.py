"""Text from elsewhere, made safe for one line of a log."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._log_text import one_line

__all__ = ["one_line", "printable"]

_is_printable = re.compile(r"[\x21-\x7e]{0,200}\Z").match
_UNPRINTABLE = re.compile(r"[^\x21-\x7e]")


def printable(text):
    # type: (str) -> str
    """Return part of a request as printable ASCII, 200 characters at most; others become ``?``."""
    if _is_printable(text) is not None:  # Nearly always.
        return text
    return _UNPRINTABLE.sub("?", text)[:200]
