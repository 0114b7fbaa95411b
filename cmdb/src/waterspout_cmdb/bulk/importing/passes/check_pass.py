"""CheckPass: the first pass over the rows, in which nothing is sent."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.importing.preparing.chunks import chunks
from waterspout_cmdb.bulk.importing.preparing.preparation import reason_of

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterator  # noqa: F401


class CheckPass(object):
    """Checks each row, and records those that are refused.

    Args:
        rows (iterable of Row): all of the file.
        preparation (Preparation)
        duplicates: ``problem(row number, document)`` returns a Problem if an earlier row has the
            same key, else None.
        journal (Journal)
    Attributes:
        rows, rejected (int): how many were checked, and refused, so far.
    """

    def __init__(self, rows, preparation, duplicates, journal):
        # type: (Any, Any, Any, Any) -> None
        self._rows = rows
        self._preparation = preparation
        self._duplicates = duplicates
        self._journal = journal
        self.rows = self.rejected = 0

    def steps(self):
        # type: () -> Iterator[Any]
        """Yield what must be waited for: a Future, or None for a turn of the loop."""
        for chunk in chunks(self._rows):
            for waiting in self._preparation.steps(chunk):
                yield waiting
            for row, mapped in self._preparation.ready:
                problems = mapped.problems
                if not problems:
                    again = self._duplicates.problem(row.number, mapped.document)
                    problems = [] if again is None else [again]
                if problems:
                    self.rejected += 1
                    self._journal.reject(row.number, reason_of(problems), row.cells)
            self.rows += len(chunk)
            self._journal.note_checked(self.rows)
            yield None
