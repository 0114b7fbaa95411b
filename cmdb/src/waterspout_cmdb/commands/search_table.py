"""A table of instances for a terminal, by the columns that characters take there."""

from __future__ import absolute_import, division, print_function

import json
import unicodedata

from tornado.escape import to_unicode
from tornado.util import basestring_type

from waterspout_cmdb.commands.printing import plain_text

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterator, List, Sequence, Text  # noqa: F401

#: Columns of a cell, at most, and at least where the terminal is too narrow for all.
_WIDEST, _NARROWEST = 40, 6

_GAP = u"  "


def cell_text(value):
    # type: (Any) -> Text
    """Return a value of an attribute as one text; what is absent is empty."""
    if value is None:
        return u""
    if isinstance(value, basestring_type):
        return to_unicode(value)
    if isinstance(value, list) and all(isinstance(each, basestring_type) for each in value):
        return u",".join(map(to_unicode, value))
    return to_unicode(json.dumps(value, ensure_ascii=False, sort_keys=True))


def table_lines(names, rows, width):
    # type: (Sequence[Any], Sequence[Sequence[Text]], int) -> Iterator[Text]
    """Yield the lines of a table.

    Args:
        names: of the columns.
        rows: a text for each column.
        width: columns of the terminal; long cells are cut to fit, where that is possible.
    """
    head = [plain_text(to_unicode(each)) for each in names]
    shown = [[plain_text(cell) for cell in row] for row in rows]
    widths = [
        min(_WIDEST, max([_columns(row[place]) for row in shown] + [_columns(name)]))
        for place, name in enumerate(head)]
    _fit(widths, width)
    for row in [head] + [[u"-" * each for each in widths]] + shown:
        yield _GAP.join(
            _padded(cell, each) for cell, each in zip(row, widths)).rstrip()


def _fit(widths, width):
    # type: (List[int], int) -> None
    """Make the widest columns narrower until a line fits."""
    while widths and sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        widest = max(widths)
        if widest <= _NARROWEST:
            return
        widths[widths.index(widest)] -= 1


def _columns(text):
    # type: (Text) -> int
    return sum(_columns_of(each) for each in text)


def _columns_of(character):
    # type: (Text) -> int
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _padded(text, width):
    # type: (Text, int) -> Text
    columns = _columns(text)
    if columns <= width:
        return text + u" " * (width - columns)
    kept, used = [], 0  # type: List[Text], int
    for each in text:
        used += _columns_of(each)
        if used > width - 3:
            used -= _columns_of(each)
            break
        kept.append(each)
    return u"".join(kept) + u"." * 3 + u" " * max(0, width - used - 3)
