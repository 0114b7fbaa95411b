"""What the journal's tables hold, as statements of SQL; transactions are the caller's."""

from __future__ import absolute_import, division, print_function

import collections
import re

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.recording import cells_text

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterator, List, Text, Tuple  # noqa: F401

#: Numbers of rows. ``rows`` is None until all have been checked; ``sent`` are those in finished
#: ranges; ``rejected`` by the check or by the CMDB.
Counts = collections.namedtuple(
    "Counts", "rows checked sent inserted updated unchanged rejected")

#: A row that was not taken: its number, why, and its cells as they were read.
Reject = collections.namedtuple("Reject", "row reason cells")

#: Rows in one query: no query stays open, which would keep SQLite from tidying its log.
_PAGE = 1000

_MOST_WARNINGS = 200
_LONGEST_KIND = 200

_QUOTED = re.compile(u"\"[^\"]*\"|'[^']*'|\u201c[^\u201d]*\u201d")


def kind_of(reason):
    # type: (Text) -> Text
    """Return a reason without the values in quotes, by which reasons are counted."""
    return _QUOTED.sub(u'"..."', reason)[:_LONGEST_KIND]


def storable(text):
    # type: (Text) -> Text
    """Return text that SQLite takes: half of a surrogate pair, which JSON can have, becomes "?"."""
    text = to_unicode(text)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def put_reject(database, row, stage, kind, reason, text):
    # type: (Connection, int, Text, Text, Text, Text) -> int
    """Note a rejected row, or add a reason to one. Returns: 1 if it is a new row, else 0."""
    new = database.execute(
        "INSERT OR IGNORE INTO rejects VALUES (?, ?, ?, ?, ?)", (row, stage, kind, reason, text)
    ).rowcount
    if not new:
        database.execute(
            "UPDATE rejects SET reason = reason || '; ' || ? WHERE row = ? "
            "AND instr('; ' || reason || '; ', '; ' || ? || '; ') = 0", (reason, row, reason))
    return new


def put_range(database, first, last):
    # type: (Connection, int, int) -> bool
    """Add a finished range, and merge it with those beside it.

    Returns: False: it was finished before, nothing has changed.
    Raises: ValueError: a part of it was finished before, which is a mistake of the caller's.
    """
    before = database.execute(
        "SELECT first, last FROM ranges WHERE first <= ? ORDER BY first DESC LIMIT 1", (last,)
    ).fetchone()
    if before is not None and before[1] >= first:
        if before[0] <= first and before[1] >= last:
            return False
        raise ValueError(
            "rows %d to %d: rows %d to %d are finished already" % ((first, last) + before))
    after = database.execute("SELECT last FROM ranges WHERE first = ?", (last + 1,)).fetchone()
    if after is not None:
        database.execute("DELETE FROM ranges WHERE first = ?", (last + 1,))
        last = after[0]
    if before is not None and before[1] == first - 1:
        database.execute("UPDATE ranges SET last = ? WHERE first = ?", (last, before[0]))
    else:
        database.execute("INSERT INTO ranges VALUES (?, ?)", (first, last))
    return True


def ranges(database):
    # type: (Connection) -> List[Tuple[int, int]]
    return database.execute("SELECT first, last FROM ranges ORDER BY first").fetchall()


def put_warnings(database, warnings):
    # type: (Connection, Iterable[Text]) -> None
    """Count texts; of different ones the first 200 are kept."""
    for text in warnings:
        text = storable(text)
        if not database.execute(
            "UPDATE warnings SET times = times + 1 WHERE text = ?", (text,)
        ).rowcount:
            database.execute(
                "INSERT INTO warnings SELECT ?, 1 "
                "WHERE (SELECT COUNT(*) FROM warnings) < ?", (text, _MOST_WARNINGS))


def rejected_rows(database, stage=None):
    # type: (Connection, Text | None) -> Iterator[int]
    for row, in _pages(database, "row", stage):
        yield row


def rejects(database, stage=None):
    # type: (Connection, Text | None) -> Iterator[Reject]
    for row, reason, text in _pages(database, "row, reason, cells", stage):
        yield Reject(row, reason, cells_text.decode(text))


def kinds(database, most):
    # type: (Connection, int) -> List[Tuple[Text, int]]
    """Return the most frequent kinds of reasons, and how many rows have each as their first."""
    return database.execute(
        "SELECT kind, COUNT(*) AS times FROM rejects GROUP BY kind "
        "ORDER BY times DESC, MIN(row) LIMIT ?", (most,)).fetchall()


def number_of_kinds(database):
    # type: (Connection) -> int
    return database.execute("SELECT COUNT(DISTINCT kind) FROM rejects").fetchone()[0]


def rows_by_kind(database):
    # type: (Connection) -> Iterator[Tuple[int, Text, Text]]
    """Iterate over (row, kind, reason) in the order of rows."""
    return _pages(database, "row, kind, reason", None)


def _pages(database, columns, stage):
    sql = "SELECT %s FROM rejects WHERE row > ? %s ORDER BY row LIMIT %d" % (
        columns, "" if stage is None else "AND stage = ?", _PAGE)
    after = -1
    while True:
        values = (after,) if stage is None else (after, stage)
        found = database.execute(sql, values).fetchall()
        for each in found:
            yield each
        if len(found) < _PAGE:
            return
        after = found[-1][0]
