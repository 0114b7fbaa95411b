"""Ending: what is done at each end of an import, also after a stop or a failure."""

from __future__ import absolute_import, division, print_function

import itertools
import time

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing.files import stamp_of
from waterspout_cmdb.bulk.importing.identity import SourceChanged
from waterspout_cmdb.bulk.importing.opening import WRITTEN_REJECTS
from waterspout_cmdb.bulk.importing.summary import (
    DONE,
    FAILED,
    LEFT_OUT_OFFSETS,
    REFUSED,
    STOPPED,
    Summary,
    exit_code_of,
)
from waterspout_cmdb.bulk.mapping import told_offsets
from waterspout_cmdb.bulk.recording import Counts, write_rejects, write_report

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Text  # noqa: F401

#: How many refused rows a summary names.
SHOWN_PROBLEMS = 20

#: How many reasons a summary has, and how many rows as examples of each.
_REASONS, _EXAMPLES = 5, 3


class Ending(object):
    """Writes the rejects and the report, and then the state of the journal.

    It can be done again: after a kill it writes the same files. The state comes last, so that an
    import whose files could not be written is not done.

    Args:
        journal (Journal)
        files (Files): those to be written, None for those that are not.
        source (Source): the rejects are written in its format.
        mapper (Mapper): names their column for the reason.
        findings (list of text): about the file.
        options (ImportOptions)
        clock (callable): returns seconds.
    """

    def __init__(self, journal, files, source, mapper, findings, options, clock=time.time):
        # type: (Any, Any, Any, Any, Any, Any, Any) -> None
        self._journal = journal
        self._files = files
        self._source = source
        self._mapper = mapper
        self._findings = findings
        self._options = options
        self._clock = clock
        self._began = clock()

    def write(self, state, comparison=None):
        # type: (Text, Any) -> Summary
        """Write the files, then the journal's state. Raises: BulkError: one cannot be written."""
        summary = self._write_files(self.summary(state, comparison))
        self._journal.set_state(STOPPED if state == STOPPED else DONE)
        return summary

    def again(self, tell):
        # type: (Callable[[Text], None]) -> Summary
        """Return the summary of an import that was done before: nothing is written."""
        counts = self._journal.counts()
        refused = self._options.all_or_nothing and counts.rejected and not counts.sent
        name = self._source.name
        tell("%s was refused as a whole: correct it, and import it without --resume" % name
             if refused else "%s is imported: nothing is left to do" % name)
        return self.summary(REFUSED if refused else DONE)

    def fail(self, error):
        # type: (BulkError) -> BulkError
        """Record a failure as far as that is possible, and return an error that says how to go on.

        Returns: BulkError, with ``summary``.
        """
        reasons = list(error.reasons)
        summary = None
        try:
            self._journal.set_state(FAILED, _storable("; ".join(reasons)))
            if not isinstance(error, SourceChanged):
                reasons.append(self._advice())
            summary = self.summary(FAILED, error="\n".join(reasons))
            summary = self._write_files(summary)
        except BulkError as another:  # Often of the same cause, such as a full disk.
            reasons += [each for each in another.reasons if each not in reasons]
        failure = BulkError(reasons)
        failure.summary = summary  # type: ignore[attr-defined]
        return failure

    def summary(self, state, comparison=None, error=None):
        # type: (Text, Any, Optional[Text]) -> Summary
        counts = self._journal.counts()
        problems = [
            (each.row, each.reason)
            for each in itertools.islice(self._journal.rejects(), SHOWN_PROBLEMS)]
        files = self._files if counts.rejected else self._files._replace(rejects=None)
        return Summary(
            state, exit_code_of(state, counts.rejected), counts,
            max(0.0, self._clock() - self._began), files, self._findings, problems, comparison,
            error, self._journal.reasons(_REASONS, _EXAMPLES) if counts.rejected else [],
            self._notes())

    def _notes(self):
        left_out = self._journal.recall(LEFT_OUT_OFFSETS)
        return [] if left_out is None else [told_offsets(left_out)]

    def _write_files(self, summary):
        """Write the files; return the summary, with what was found out in doing so."""
        if summary.files.rejects:
            found = write_rejects(summary.files.rejects, self._source.table, self._journal,
                                  self._mapper.reason_column())
            self._journal.remember(WRITTEN_REJECTS, stamp_of(summary.files.rejects))
            summary = summary._replace(findings=list(summary.findings) + list(found or ()))
        if summary.files.report:
            write_report(summary.files.report, summary, self._journal)
        return summary

    def _advice(self):
        if self._options.dry_run:
            return "a dry run has changed nothing: run it again"
        counts = self._journal.counts()
        if not self._journal.is_checked:
            return "nothing was sent: the import can be run again"
        return "%d of %d rows are in or refused: with --resume it goes on with the others" % (
            counts.inserted + counts.updated + counts.rejected, counts.rows)


def _storable(text):
    """Return a text as SQLite takes it: names of files may have bytes that are no characters."""
    if isinstance(text, bytes):
        return text.decode("utf-8", "replace")
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def without_journal(state, files, findings):
    # type: (Text, Any, Any) -> Summary
    """Return the summary of an import that was ended before it had a journal."""
    files = files._replace(journal=None, rejects=None, report=None)
    counts = Counts(None, 0, 0, 0, 0, 0, 0)
    return Summary(state, exit_code_of(state, 0), counts, 0.0, files, findings, [], None, None)
