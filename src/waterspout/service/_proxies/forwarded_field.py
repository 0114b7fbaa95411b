"""Reads the Forwarded field (RFC 7239)."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Dict, List  # noqa: F401

#: Characters of a field that is read. Longer ones are refused: each proxy adds less than 200.
MAX_CHARACTERS = 8192

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"

# RFC 7239 section 4: pairs, separated by ";" within an element and by "," between elements. No
# whitespace is allowed around "=", and obs-text and controls not within quotes.
# The whitespace after a pair is within its group: two runs side by side without a pair between them
# would be tried in all combinations.
_PAIR = re.compile(
    r"[ \t]*(?:(%s)=(?:(%s)|\"((?:[\t !#-\[\]-~]|\\[\t -~])*)\")[ \t]*)?([;,]|\Z)"
    % (_TOKEN, _TOKEN))

_ESCAPED = re.compile(r"\\(.)")


def parse_forwarded(value):
    # type: (str) -> List[Dict[str, str]]
    """Return the elements of a Forwarded field, each with its parameters by lower-case name.

    Raises: ValueError: the field is malformed. Then nothing of it can be trusted: a client may
        have begun a quotation in which what the proxy has added is lost.
    """
    if len(value) > MAX_CHARACTERS:
        raise ValueError("it is longer than %d characters" % MAX_CHARACTERS)
    elements, element, position = [], {}, 0  # type: List[Dict[str, str]], Dict[str, str], int
    while True:
        match = _PAIR.match(value, position)
        if match is None:
            raise ValueError("it is malformed at character %d" % (position + 1))
        name, token, quoted, end = match.groups()
        if name is not None:
            name = name.lower()
            if name in element:
                raise ValueError("an element has the parameter %s twice" % name)
            element[name] = token if quoted is None else _ESCAPED.sub(r"\1", quoted)
        if end != ";":
            if element:
                elements.append(element)
            element = {}
        if not end:
            return elements
        position = match.end()
