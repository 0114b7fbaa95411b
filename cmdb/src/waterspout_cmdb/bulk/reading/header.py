"""Which rows have the names of the columns, and what those are."""

from __future__ import absolute_import, division, print_function

import collections
import re

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.column_letters import column_letters
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import places

#: Rows at the beginning of a file among which the header is looked for.
LOOKED_AT = 30

#: ``first`` and ``last``: numbers of the header's rows. ``told``: how it is known, for the user, or
#: None if it is simply the first row.
Header = collections.namedtuple("Header", "first last columns told")

_NUMBER = re.compile(u"[-+]?[0-9]+([.,:/-][0-9]+)*%?\\Z")
_ROWS = re.compile(r"([1-9][0-9]{0,6})(?:-([1-9][0-9]{0,6}))?\Z")
_FORMULAS = (u"=", u"+", u"-", u"@")
_OTHER = u"--header-row names another"


def find_header(rows, path, wanted=None, merged=None):
    # type: (list[tuple[int, list]], str, Any, dict | None) -> tuple[Header, list[Text]]
    """Return the header of a table, and remarks for the user.

    Args:
        rows: the first rows that are not blank: number, and cells.
        wanted: what the user says: "3", 3 or "3-4".
        merged: row number -> list of (first, last) column from 0, of merged cells in the row; None:
            the format does not tell, and a name reaches over the blank cells at its right.
    Raises: BulkError: there is none, or two columns have one name.
    """
    if not rows:
        raise places.trouble(path, u"has no rows")
    rows = [(number, [_name(cell) for cell in cells]) for number, cells in rows]
    if wanted not in (None, ""):
        chosen = _chosen(rows, path, wanted)
        told = u"header in row %s" % wanted
    else:
        chosen = _found(rows, merged)
        told = None
        if len(chosen) > 1 or chosen[0] != rows[0]:
            told = u"header in row %s (found out; %s)" % (
                u"-".join(u"%d" % number for number, _ in chosen), _OTHER)
    upper = [_filled(names, (merged or {}).get(number, ())) for number, names in chosen[:-1]]
    names = _without_blank_end(_joined(upper + [chosen[-1][1]], merged is None))
    if not names:
        raise places.trouble(path, u"has no column names; --header-row names the row that has them",
                             row=chosen[-1][0])
    columns, remarks = _all_named(names)
    _refuse_twice(columns, path, chosen[-1][0])
    header = Header(chosen[0][0], chosen[-1][0], columns, told)
    return header, ([told] if told else []) + remarks


def _name(cell):
    """Return what a header cell says: on one line, without what is around it."""
    text = u"" if cell is None else u" ".join(to_unicode(u"%s" % (cell,)).split())
    # The quote is that of a file of rejected rows, by which no spreadsheet takes it for a formula.
    return text[1:] if text[:1] == u"'" and text[1:2] in _FORMULAS else text


def _chosen(rows, path, wanted):
    match = _ROWS.match(str(wanted))
    if match is None:
        raise BulkError(u"--header-row %s: is no row; write for example 3, or 3-4 for two rows "
                        u"that belong together" % wanted)
    first = int(match.group(1))
    last = int(match.group(2) or first)
    if not first <= last <= first + 4:
        raise BulkError(u"--header-row %s: is no range of up to five rows" % wanted)
    chosen = [row for row in rows if first <= row[0] <= last]
    if not chosen or chosen[-1][0] != last:
        raise places.trouble(
            path, u"--header-row %s is blank, or not among the first rows" % wanted, row=last)
    return chosen


def _filled(names, places):
    """Return names of groups, with that of each merged cell in all its columns."""
    names = list(names)
    reached = 0  # Those of a damaged sheet may overlap; each column is filled once.
    for first, last in sorted(places):
        last = min(last, 16383)
        names.extend([u""] * (last + 1 - len(names)))
        for index in range(max(first + 1, reached), last + 1):
            names[index] = names[index] or names[first]
        reached = max(reached, last + 1)
    return names


def _found(rows, merged):
    """Return the header's rows: the first that looks like one, or else the first of all."""
    for index, row in enumerate(rows[:-1]):
        names, after = row[1], [cells for _, cells in rows[index + 1 : index + 6]]
        if merged is None:
            has_groups = _is_upper_part(names, after[0])
        else:
            has_groups = row[0] in merged and _has_groups(
                _filled(names, merged[row[0]]), after[0])
        if has_groups:
            return [row, rows[index + 1]]
        # A row without blanks is no title, whatever its names are: to pass it over would lose it.
        if _is_header(names, after) or _is_full(names, after):
            return [row]
    return rows[:1]


def _is_header(names, after):
    names = _without_blank_end(names)
    filled = [name for name in names if name]
    if len(filled) < 2 or len(filled) * 2 <= len(names) or len(set(filled)) != len(filled):
        return False
    if any(_NUMBER.match(name) for name in filled):
        return False
    width = _usual_width(after)
    return len(names) >= width or len(filled) * 4 > width * 3


def _is_full(names, after):
    filled = sum(1 for name in names if name)
    return filled > 1 and filled >= _usual_width(after)


def _usual_width(rows):
    """Return the median: a row with one comma too many makes no header too narrow."""
    return sorted(len(_without_blank_end(cells)) for cells in rows)[len(rows) // 2]


def _is_upper_part(upper, lower):
    """Say whether a row has names of groups, and of columns where the row below has blanks."""
    width = max(len(_without_blank_end(upper)), len(_without_blank_end(lower)))
    pairs = [(_at(upper, index), _at(lower, index)) for index in range(width)]
    below = [name for _, name in pairs if name]
    if not pairs or not pairs[0][0] or any(_NUMBER.match(name) for name in below):
        return False
    names = _joined([upper, lower], True)[:width]
    kinds = {(bool(over), bool(under)) for over, under in pairs}
    # Under each blank there is a name, groups have names below them, others have a blank there.
    return (kinds == {(True, True), (False, True), (True, False)}
            and len(set(names)) == len(names))


def _has_groups(upper, lower):
    """Say whether a row with merged cells, which are filled, has names of groups of columns."""
    names = _without_blank_end(_joined([upper, lower], False))
    return (len(set(upper)) > 1 and all(names) and len(set(names)) == len(names)
            and not any(_NUMBER.match(name) for name in lower))


def _joined(rows, spreads):
    """Return the names of columns whose header has several rows, as "Network / IP"."""
    names = rows[-1]
    for upper in reversed(rows[:-1]):
        width, group, joined = max(len(upper), len(names)), u"", []
        for index in range(width):
            over, under = _at(upper, index), _at(names, index)
            if over:
                # A cell that is merged downwards has no others.
                group = over if under and spreads else u""
            parts = [part for part in (over or group, under) if part]
            joined.append(u" / ".join(parts))
        names = joined
    return names


def _at(cells, index):
    return cells[index] if index < len(cells) else u""


def _without_blank_end(cells):
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _all_named(names):
    columns, remarks = [], []
    for index, name in enumerate(names):
        if not name:
            name = unnamed(index)
            remarks.append(u"%s has no name" % name)
        columns.append(name)
    return columns, remarks


def unnamed(index):
    # type: (int) -> Text
    """Return what a column without a name is called, by its index from 0: ``column C``."""
    return u"column %s" % column_letters(index)


def _refuse_twice(columns, path, row):
    twice = [name for name, count in collections.Counter(columns).items() if count > 1]
    if twice:
        raise places.trouble(
            path, u"more than one column is named %s; give each a name of its own"
            % u", ".join(u'"%s"' % name for name in sorted(twice)), row=row)
