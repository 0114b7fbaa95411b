"""What openpyxl does not tell of a sheet that it streams: merged cells, formulas without result."""

from __future__ import absolute_import, division, print_function

import collections
import re

#: ``heads``: row number -> list of (first, last) column from 0, of cells that are merged in one of
#: the first rows. ``below``: references of others, the first few, and ``below_count`` their number.
#: ``formulas``: the number of those that have no stored result.
Marks = collections.namedtuple("Marks", "heads below below_count formulas")

_CHUNK = 1 << 20
_SHOWN = 3
# Each stops at the next tag, and reads spaces in one way only: the time grows with the file.
_MERGED = re.compile(
    br"<(?:\w+:)?mergeCell\s[^<>]*?ref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']")
_NO_RESULT = re.compile(
    br"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^<>]*)?/>)\s*"
    br"(?:(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>")
_END_OF_CELL = re.compile(br"</(?:\w+:)?c>")


def read_marks(part, first_rows):
    # type: (io.BufferedIOBase, int) -> Marks
    """Return the marks of a sheet, in one pass over its XML.

    Args:
        part: the sheet's part of the file; it is not closed.
        first_rows: number of rows of which merged cells are wanted each.
    """
    heads, below, counts, text = {}, [], [0, 0], b""
    while True:
        chunk = part.read(_CHUNK)
        text += chunk
        end = _cut(text) if chunk else len(text)
        for match in _MERGED.finditer(text, 0, end):
            _note(match, first_rows, heads, below, counts)
        counts[1] += len(_NO_RESULT.findall(text, 0, end))
        text = text[end:]
        if not chunk:
            return Marks(heads, below, counts[0], counts[1])


def _cut(text):
    """Return where a cell ends, or at least a tag, so that nothing that is looked for is cut."""
    tail = max(0, len(text) - 65536)
    ends = [match.end() for match in _END_OF_CELL.finditer(text, tail)]
    return ends[-1] if ends else text.rfind(b">") + 1


def _note(match, first_rows, heads, below, counts):
    left, top, right, bottom = match.groups()
    top, bottom = int(top), int(bottom)
    if top <= first_rows and left != right:
        heads.setdefault(top, []).append((_column(left), _column(right)))
    if bottom > top:
        counts[0] += 1
        if len(below) < _SHOWN:
            below.append((top, bottom, u"%s%d:%s%d" % (
                left.decode("ascii"), top, right.decode("ascii"), bottom)))


def _column(letters):
    number = 0
    for letter in bytearray(letters):
        number = number * 26 + letter - 64
    return number - 1
