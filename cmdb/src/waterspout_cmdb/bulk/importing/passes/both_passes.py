"""Passes: the two passes of an import over its rows, one after the other."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.checking import PeerResolver
from waterspout_cmdb.bulk.importing.identity import SourceChanged
from waterspout_cmdb.bulk.importing.listener import CHECKING, COMPARING, SENDING, Progress
from waterspout_cmdb.bulk.importing.passes.check_pass import CheckPass
from waterspout_cmdb.bulk.importing.passes.dispatch import Dispatch
from waterspout_cmdb.bulk.importing.passes.dry_run import Comparer
from waterspout_cmdb.bulk.importing.passes.duplicates import Duplicates
from waterspout_cmdb.bulk.importing.passes.send_pass import SendPass
from waterspout_cmdb.bulk.importing.passes.skipping import Skipper
from waterspout_cmdb.bulk.importing.preparing.preparation import Preparation
from waterspout_cmdb.bulk.importing.summary import DONE, LEFT_OUT_OFFSETS, REFUSED, STOPPED
from waterspout_cmdb.bulk.sending import Batcher, Sender
from waterspout_cmdb.bulk.sending.sender import PATIENCE

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterator, Optional, Text  # noqa: F401

_REFUSED_BY_CHECK = "refused_by_check"


class Passes(object):
    """Checks all rows, unless the journal says that they are, and sends those that are left.

    Args:
        source (Source): open, and its file hashed.
        mapper (Mapper): ready for the table's columns.
        journal (Journal)
        target, object_id: where rows go.
        options (ImportOptions)
        tell (callable or None): called with lines for the user.
    Attributes:
        state (text or None): one of the states of a `Summary`, once the steps are done.
        comparison (Comparison or None): of a dry run.
    """

    def __init__(self, source, mapper, journal, target, object_id, options, tell=None):
        # type: (Any, Any, Any, Any, Text, Any, Any) -> None
        self._source = source
        self._mapper = mapper
        self._journal = journal
        self._target = target
        self._object_id = object_id
        self._options = options
        self._tell = tell
        self._preparation = Preparation(mapper, PeerResolver(target, rules=mapper.rules))
        self._check = self._send = self._dispatch = None  # type: Any
        self._before = None  # type: Any
        self._refused = 0
        self._is_stopping = False
        self.state = None  # type: Optional[Text]
        self.comparison = None  # type: Any

    def stop(self):
        # type: () -> None
        """Let the steps end after what is under way; the state is "stopped" then."""
        self._is_stopping = True
        if self._send is not None:
            self._send.stop()

    @property
    def is_sending(self):
        # type: () -> bool
        """Whether batches may be under way."""
        return self._dispatch is not None

    def steps(self):
        # type: () -> Iterator[Any]
        """Yield what must be waited for: a Future that does not fail, or None for a turn.

        Until it is sending, a Future need not be done when the next step is taken after `stop`.
        """
        if not self._journal.is_checked:
            for waiting in self._checking():
                yield waiting
                if self._is_stopping:
                    break
        if not self._journal.is_checked:
            self.state = STOPPED
            return
        if self._options.all_or_nothing and self._journal.recall(_REFUSED_BY_CHECK):
            self.state = REFUSED
            return
        self._source.file.check_unchanged()
        self._before = self._journal.counts()
        self._refused = self._journal.recall(_REFUSED_BY_CHECK, 0)
        self._journal.set_state("sending")
        for waiting in self._sending():
            yield waiting
        self.state = DONE if self._send.is_complete else STOPPED

    def progress(self):
        # type: () -> Progress
        """Return how far the steps are."""
        before, check, now = self._before, self._check, self._dispatch
        if now is None:
            rows, rejected = (check.rows, check.rejected) if check is not None else (0, 0)
            return Progress(CHECKING, rows, None, 0, 0, 0, rejected)
        return Progress(
            COMPARING if self._options.dry_run else SENDING,
            self._refused + before.sent + now.done, before.rows,
            before.inserted + now.inserted, before.updated + now.updated,
            before.unchanged + now.unchanged, before.rejected + now.rejected)

    def _checking(self):
        journal = self._journal
        journal.set_state("checking")
        journal.start_check()
        with Duplicates(self._mapper.keys) as duplicates:
            rows = self._source.rows(again=True)
            self._check = CheckPass(rows, self._preparation, duplicates, journal)
            for waiting in self._check.steps():
                yield waiting
        self._source.file.check_unchanged()
        self._note_checked()

    def _note_checked(self):
        """Record that the check is complete; the import does not go back behind this."""
        self._journal.remember(_REFUSED_BY_CHECK, self._check.rejected)
        self._journal.remember(LEFT_OUT_OFFSETS, self._mapper.offsets.found)
        self._journal.check_done(self._check.rows, self._source.table.columns)

    def _sending(self):
        journal, file, options = self._journal, self._source.file, self._options
        if options.dry_run:
            sender = Comparer(
                self._target, self._object_id, self._mapper, options.limits,
                options.shown_changes)  # type: Any
            self.comparison = sender.comparison
        else:
            sender = Sender(
                self._target, self._object_id, self._mapper.keys, options.limits,
                patience=PATIENCE if options.patience is None else options.patience,
                on_message=self._tell)
        self._dispatch = Dispatch(sender, journal, file, options.limits.concurrency)
        self._send = SendPass(
            self._source.rows(), Skipper(journal.rejected_rows(), journal.finished_ranges()),
            self._preparation, self._mapper.key, Batcher(sender), self._dispatch,
            journal)
        if self._is_stopping:
            self._send.stop()
        for waiting in self._send.steps():
            yield waiting
        yield None  # The last batches are told, too.
        if self._send.is_complete and self._send.rows != self._before.rows:
            raise SourceChanged(
                "%s had %d rows when they were checked, and %d when they were sent: it was changed "
                "while it was imported; import it again from the beginning (--restart)"
                % (self._source.name, self._before.rows, self._send.rows))
