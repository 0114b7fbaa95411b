"""Shows what differs between an expected and a sent request: ``-`` expected, ``+`` sent."""

from __future__ import absolute_import, division, print_function

import difflib

from waterspout._compat import TYPE_CHECKING, text_type, to_text
from waterspout.structures import SECRET_HEADERS

if TYPE_CHECKING:
    from typing import Any, List, Optional, Sequence, Text  # noqa: F401

#: Lines of one difference that are shown; of a large body the rest says nothing new.
MAX_LINES = 100

#: Characters of a line that are shown.
MAX_CHARACTERS = 300


def difference(title, expected, sent):
    # type: (Text, Sequence[Text], Sequence[Text]) -> List[Text]
    """The lines that show it: ``title``, and a unified diff without its header."""
    diff = list(difflib.unified_diff(list(expected), list(sent), n=3, lineterm=u""))[2:]
    diff = [each for each in diff if not (each.startswith(u"@@") and len(diff) < 30)]
    if len(diff) > MAX_LINES:
        left_out = len(diff) - MAX_LINES
        diff = diff[:MAX_LINES] + [u"... %d more lines" % left_out]
    return [u"  %s" % title] + [u"    " + _cut(line) for line in diff]


def header_value(name, value):
    # type: (str, Any) -> Text
    """The value for a message; that of a secret is not shown."""
    if name.lower() in SECRET_HEADERS:
        return u"***"
    return as_text(getattr(value, "pattern", value))


def header_lines(name, expected, sent):
    # type: (str, Any, Optional[str]) -> List[Text]
    """The two lines for a header field with another value, or that is or is not there."""
    shown = u"(none)" if expected is None else header_value(name, expected)
    instead = u"(none)" if sent is None else header_value(name, sent)
    if shown == instead:
        instead += u" (another value)"
    return [u"  headers", u"    -%s: %s" % (as_text(name), _cut(shown)),
            u"    +%s: %s" % (as_text(name), _cut(instead))]


def body_lines(content):
    # type: (bytes) -> List[Text]
    """A body that is not JSON: its lines as text, or its ``repr`` if it is not text."""
    try:
        return content.decode("utf-8").splitlines() or [u"(no body)"]
    except UnicodeDecodeError:
        return [to_text(repr(content[:MAX_CHARACTERS]))]


def as_text(value):
    # type: (Any) -> Text
    """``value`` for a message, whatever it is."""
    if isinstance(value, text_type):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return to_text(str(value))


def _cut(line):
    return line if len(line) <= MAX_CHARACTERS else line[:MAX_CHARACTERS] + u"..."
