"""The beginning of an upstream's error response, for a log line: often the only explanation."""

from __future__ import absolute_import, division, print_function

import re

from waterspout import exceptions
from waterspout._compat import TYPE_CHECKING
from waterspout.service.log_lines import one_line

if TYPE_CHECKING:
    from typing import Text  # noqa: F401

#: Bytes of the body that are logged. A sentence of an API, or the title of an HTML page.
MAX_BYTES = 300

#: In place of a secret.
MASK = u"***"

_NAMED = (u"(?i)((?:token|password|passwd|pwd|passphrase|secret|credential|signature|"
          u"(?:api|auth|access|private)[-_]?key|session[-_]?id)"
          u"[\\\\\"']*\\s*[:=]\\s*)")

# An upstream may quote the request. Each pattern is applied to MAX_BYTES at most, and matches a
# value that is cut off there, too.
_SECRETS = (
    # Credentials in a URL.
    (re.compile(u"(://)[^/\\s@]*@"), u"\\1" + MASK + u"@"),
    # Header fields, to the end of the line or of the quoted text.
    (re.compile(u"(?i)((?:authorization|cookie)[\\\\\"']*\\s*[:=]\\s*[\\\\\"']*)[^\\\\\"'\r\n]+"),
     u"\\1" + MASK),
    # Values of JSON, forms and queries whose name says that they are secret: quoted, up to the same
    # quotation mark, which has backslashes if all this is within another text; or a word.
    (re.compile(_NAMED + u"((?:\\[\\s*)?[bu]?(\\\\*[\"']))(?:(?!\\3)(?:[^\\\\]|\\\\.|\\\\\\Z))+"),
     u"\\1\\2" + MASK),
    (re.compile(_NAMED + u"(?!(?:\\[\\s*)?[bu]?\\\\*[\"'])[^\\s&,;}\\\\\"']+"), u"\\1" + MASK),
    # The API keys of this kit have a form of their own.
    (re.compile(u"(wsk_[0-9a-f]{12}_)[0-9a-f]+"), u"\\1" + MASK),
)  # fmt: skip


def response_excerpt(error):
    # type: (BaseException) -> str
    """Return the beginning of the body that an HTTPError's response has, on one line.

    Values whose names say that they are secret are replaced by ``***``.

    Args:
        error (Exception): any.
    Returns: native str; empty if it is no HTTPError, or the body is empty or was not read.
    """
    response = getattr(error, "response", None)
    if response is None or not isinstance(error, exceptions.HTTPError):
        return ""
    try:
        content = response.content
    except exceptions.StreamError:
        return ""
    text = content[:MAX_BYTES].decode("utf-8", "replace")
    return one_line(masked(text) + (u"..." if len(content) > MAX_BYTES else u""))


def masked(text):
    # type: (Text) -> Text
    """Return ``text`` with the values of secret names replaced by ``***``."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text
