"""The patterns of ``$like``, in which ``%`` is the only wildcard.

SQLite's GLOB matches them. Its worst time grows with the product of the lengths of pattern and
text, in one call that cannot be interrupted: minutes for a pattern of 10,000 characters and a text
of 4 MB. Where that could be long, this module searches the text instead, in a time that grows with
the sum of the lengths.
"""

from __future__ import absolute_import, division, print_function

import re
import sqlite3

from tornado.util import unicode_type

#: The SQL function for texts that are too long for GLOB; see :func:`define_function`.
LONG_TEXT_FUNCTION = "matches_in_long_text"

#: Up to this many characters a pattern is matched by GLOB, whatever the text. The longest text is
#: a request's body, 32 MiB, for which GLOB then takes a second.
SHORT_PATTERN = 32

# The pairs of characters that one call of GLOB may compare, each in a nanosecond.
_GLOB_STEPS = 2**25

#: The first SQLite whose GLOB does not backtrack over several wildcards, in exponential time.
_LINEAR_GLOB = (3, 16, 0)

# The characters that one search may cover: no other Python thread runs meanwhile.
_WINDOW = 2**16

# The compiled patterns that a connection caches; a query has a few hundred at most.
_KEPT = 512

_TOKEN = re.compile(u"\\[(.)\\]|(\\*)|([^*\\[]+)", re.DOTALL)


def to_glob(pattern):
    # type: (Text) -> Text
    """Convert a pattern to GLOB, which has other wildcards and is case-sensitive."""
    escapes = {u"%": u"*", u"*": u"[*]", u"?": u"[?]", u"[": u"[[]"}
    return u"".join(escapes.get(character, character) for character in pattern)


def glob_limit(pattern):
    # type: (Text) -> Optional[int]
    """Return the longest text, in characters, that GLOB matches quickly; None means any text."""
    if len(pattern) > SHORT_PATTERN:
        return _GLOB_STEPS // len(pattern)
    if sqlite3.sqlite_version_info < _LINEAR_GLOB and pattern.strip(u"%").count(u"%"):
        return 0
    return None


def define_function(connection):
    # type: (sqlite3.Connection) -> None
    """Define ``LONG_TEXT_FUNCTION`` in SQL on this connection."""
    connection.create_function(LONG_TEXT_FUNCTION, 2, _LongTextMatcher())


class _LongTextMatcher(object):
    """``function(text, glob)``: says whether a text matches. It caches compiled patterns."""

    def __init__(self):
        # type: () -> None
        self._compiled = {}

    def __call__(self, text, glob):
        # type: (Any, Text) -> Optional[bool]
        """Called by SQLite. Return None, which is NULL there, for a value that is not text."""
        if not isinstance(text, unicode_type):
            return None
        if glob not in self._compiled:
            if len(self._compiled) >= _KEPT:
                self._compiled.clear()
            self._compiled[glob] = [_Piece(piece) for piece in _pieces(glob)]
        return _matches(text, self._compiled[glob])


class _Piece(object):
    """The text between two wildcards."""

    __slots__ = ("text", "_search")

    def __init__(self, text):
        self.text = text
        # A regular expression, because `str.find` takes quadratic time before Python 3.10; `re`
        # uses the algorithm of Knuth, Morris and Pratt.
        self._search = re.compile(re.escape(text)).search

    def find(self, text, start, end):
        """Return the end of the first occurrence in ``text[start:end]``, or None."""
        length = len(self.text)
        step = max(_WINDOW, length)
        while end - start >= length:
            found = self._search(text, start, min(start + step + length, end))
            if found is not None:
                return found.end()
            start += step
        return None


def _pieces(glob):
    """Return the unescaped pieces between the wildcards."""
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
