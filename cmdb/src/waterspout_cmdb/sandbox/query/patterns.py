"""The patterns of ``$like``, in which only ``%`` stands for more than itself.

SQLite's GLOB matches them. In the worst case it takes time in proportion to the length of the
pattern times the length of the text, within one call that nothing can interrupt: minutes for a
pattern of 10,000 characters and a text of 4 MB. Where it might be long, the text is searched here
instead, in time that grows with the sum of the lengths.
"""

from __future__ import absolute_import, division, print_function

import re
import sqlite3

from tornado.util import unicode_type

#: The SQL function for texts that are too long for GLOB; see :func:`define_function`.
LONG_TEXT_FUNCTION = "matches_in_long_text"

#: Up to this many characters a pattern is GLOB's whatever the text. A value is no longer than a
#: request's body, 32 MiB, for which GLOB then takes a second.
SHORT_PATTERN = 32

# Pairs of characters that one call of GLOB may compare, a nanosecond each.
_GLOB_STEPS = 2**25

#: The first SQLite whose GLOB does not go back to earlier wildcards, which takes exponential time.
_LINEAR_GLOB = (3, 16, 0)

# Characters that are searched in one go: meanwhile no other thread of Python's runs.
_WINDOW = 2**16

# Compiled patterns that a connection keeps; a query has some hundreds at most.
_KEPT = 512

_TOKEN = re.compile(u"\\[(.)\\]|(\\*)|([^*\\[]+)", re.DOTALL)


def to_glob(pattern):
    # type: (Text) -> Text
    """The same pattern for GLOB, which has other wildcards, and minds case."""
    escapes = {u"%": u"*", u"*": u"[*]", u"?": u"[?]", u"[": u"[[]"}
    return u"".join(escapes.get(character, character) for character in pattern)


def glob_limit(pattern):
    # type: (Text) -> Optional[int]
    """How many characters a text may have for GLOB to match it soon; None for any number."""
    if len(pattern) > SHORT_PATTERN:
        return _GLOB_STEPS // len(pattern)
    if sqlite3.sqlite_version_info < _LINEAR_GLOB and pattern.strip(u"%").count(u"%"):
        return 0
    return None


def define_function(connection):
    # type: (sqlite3.Connection) -> None
    """Have SQL on this connection know ``LONG_TEXT_FUNCTION``."""
    connection.create_function(LONG_TEXT_FUNCTION, 2, _LongTextMatcher())


class _LongTextMatcher(object):
    """``function(text, glob)``: whether a text matches. Keeps what it has made of patterns."""

    def __init__(self):
        # type: () -> None
        self._compiled = {}

    def __call__(self, text, glob):
        # type: (Any, Text) -> Optional[bool]
        """Called by SQLite. None, which is NULL there, for what is no text."""
        if not isinstance(text, unicode_type):
            return None
        if glob not in self._compiled:
            if len(self._compiled) >= _KEPT:
                self._compiled.clear()
            self._compiled[glob] = [_Piece(piece) for piece in _pieces(glob)]
        return _matches(text, self._compiled[glob])


class _Piece(object):
    """What stands between two wildcards."""

    __slots__ = ("text", "_search")

    def __init__(self, text):
        self.text = text
        # Python before 3.10 looks for a text in another in quadratic time. Its regular
        # expressions never did: they skip forward, as Knuth, Morris and Pratt have shown.
        self._search = re.compile(re.escape(text)).search

    def find(self, text, start, end):
        """Where the first occurrence in ``text[start:end]`` ends; None if there is none."""
        length = len(self.text)
        step = max(_WINDOW, length)
        while end - start >= length:
            found = self._search(text, start, min(start + step + length, end))
            if found is not None:
                return found.end()
            start += step
        return None


def _pieces(glob):
    """What is between the wildcards, each piece as it is found in texts."""
    pieces = [[]]
    for escaped, wildcard, plain in _TOKEN.findall(glob):
        if wildcard:
            pieces.append([])
        else:
            pieces[-1].append(escaped or plain)
    return [u"".join(piece) for piece in pieces]


def _matches(text, pieces):
    first, last = pieces[0].text, pieces[-1].text
    if len(pieces) == 1:
        return text == first
    end = len(text) - len(last)
    if len(first) > end or not (text.startswith(first) and text.endswith(last)):
        return False
    at = len(first)
    for piece in pieces[1:-1]:
        at = piece.find(text, at, end)
        if at is None:
            return False
    return True
