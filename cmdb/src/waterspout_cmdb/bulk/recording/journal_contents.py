"""JournalContents: what a journal has recorded."""

from __future__ import absolute_import, division, print_function

import json

from tornado.escape import native_str

from waterspout_cmdb.bulk.recording import journal_rows, progress

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterator, List, Text, Tuple  # noqa: F401


class JournalContents(object):
    """The reading of a journal; it has ``_database`` and ``flush`` of another base."""

    @property
    def is_checked(self):
        # type: () -> bool
        return progress.read(self._database)["is_checked"]

    @property
    def columns(self):
        # type: () -> List[Text] | None
        """The table's columns, None before `check_done`."""
        return self.recall("columns")

    def finished_ranges(self):
        # type: () -> List[Tuple[int, int]]
        """Return (first row, last row) of what is stored, in order, without overlaps."""
        return journal_rows.ranges(self._database)

    def rejected_rows(self, stage=None):
        # type: (Text | None) -> Iterator[int]
        """Iterate over the numbers of the rejected rows, in order; of one stage, or of both."""
        self.flush()
        return journal_rows.rejected_rows(self._database, stage)

    def rejects(self, stage=None):
        # type: (Text | None) -> Iterator[Reject]
        """Iterate over the rejected rows: (row, reason, cells), in the order of the file."""
        self.flush()
        return journal_rows.rejects(self._database, stage)

    def reasons(self, most=20, first_rows=3):
        # type: (int, int) -> list
        """Return the most frequent reasons: dicts of ``reason``, ``rows``, ``first``.

        ``first`` is a list of ``{"row", "reason"}`` of the first rows that have it; ``reason`` is
        without values (see ``kind`` at `reject`).
        """
        self.flush()
        found = journal_rows.kinds(self._database, most)
        examples = {kind: [] for kind, _ in found}
        wanted = sum(min(first_rows, times) for _, times in found)
        for row, kind, reason in journal_rows.rows_by_kind(self._database):
            if not wanted:
                break
            if len(examples.get(kind, "x" * first_rows)) < first_rows:
                examples[kind].append({"row": row, "reason": reason})
                wanted -= 1
        return [{"reason": kind, "rows": times, "first": examples[kind]} for kind, times in found]

    def number_of_reasons(self):
        # type: () -> int
        self.flush()
        return journal_rows.number_of_kinds(self._database)

    def warnings(self):
        # type: () -> List[Tuple[Text, int]]
        """Return the CMDB's remarks and how often each came; the first 200 different ones."""
        return self._database.execute(
            "SELECT text, times FROM warnings ORDER BY times DESC, text").fetchall()

    def counts(self):
        # type: () -> Counts
        self.flush()
        found = progress.read(self._database)
        return journal_rows.Counts(*[found[name] for name in journal_rows.Counts._fields])

    @property
    def state(self):
        # type: () -> str
        return native_str(progress.read(self._database)["state"])

    @property
    def error(self):
        # type: () -> Text | None
        """Why it failed, None if it did not."""
        return progress.read(self._database)["error"]

    @property
    def started(self):
        # type: () -> float
        """When the journal was made, in seconds since 1970."""
        return progress.read(self._database)["started"]

    def recall(self, name, default=None):
        # type: (str, object) -> object
        """Return what `remember` kept."""
        found = self._database.execute(
            "SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return default if found is None else json.loads(found[0])
