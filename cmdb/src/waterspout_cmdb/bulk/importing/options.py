"""ImportOptions: how an import is to be done; its values are checked when it is made."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import Rules
from waterspout_cmdb.bulk.reading import ReadOptions
from waterspout_cmdb.bulk.sending import Limits

_SWITCHES = ("all_or_nothing", "dry_run", "resume", "restart")
_PATHS = ("journal", "rejects", "report")


class ImportOptions(object):
    """How an import is to be done.

    Args:
        read (ReadOptions or None): how the file is to be read; None finds all of it out.
        rules (Rules or None): how columns and cells become attributes.
        limits (Limits or None): how large batches are, and how many are under way.
        all_or_nothing (bool): send nothing if the check refuses any row.
        dry_run (bool): send nothing, and tell what would be inserted, updated, left alone.
        resume (bool): go on with the import that the journal records; without a journal, begin.
        restart (bool): begin at the first row even if the journal records an unfinished import.
        journal, rejects, report (text or None): the paths of the files that an import writes;
            None for names beside the source.
        shown_changes (int): for how many rows a dry run keeps the old and the new values.
        patience (float or None): seconds for which the target may be away, also while the model and
            related instances are read; None: at the beginning it must be there, and later it may
            be away for as long as a `Sender` waits by default.
    Raises: BulkError: values that cannot be used, all of them named.
    """

    def __init__(
        self, read=None, rules=None, limits=None, all_or_nothing=False, dry_run=False,
        resume=False, restart=False, journal=None, rejects=None, report=None, shown_changes=20,
        patience=None,
    ):  # fmt: skip
        # type: (...) -> None
        self.read = ReadOptions() if read is None else read
        self.rules = Rules() if rules is None else rules
        self.limits = Limits() if limits is None else limits
        self.all_or_nothing = all_or_nothing
        self.dry_run = dry_run
        self.resume = resume
        self.restart = restart
        self.journal = journal
        self.rejects = rejects
        self.report = report
        self.shown_changes = shown_changes
        self.patience = patience
        reasons = list(self._reasons())
        if reasons:
            raise BulkError(reasons)

    def _reasons(self):
        for name, kind in (("read", ReadOptions), ("rules", Rules), ("limits", Limits)):
            if not isinstance(getattr(self, name), kind):
                yield "%s must be %s, or None" % (name, kind.__name__)
        for name in _SWITCHES:
            if not isinstance(getattr(self, name), bool):
                yield "%s must be True or False, not %r" % (name, getattr(self, name))
        for name in _PATHS:
            value = getattr(self, name)
            if value is not None and not (isinstance(value, basestring_type) and value):
                yield "%s must be the path of a file, not %r" % (name, value)
        shown = self.shown_changes
        if isinstance(shown, bool) or not isinstance(shown, int) or shown < 0:
            yield "shown_changes must be a whole number from 0, not %r" % (shown,)
        patience = self.patience
        if patience is not None and (isinstance(patience, bool) or not patience > 0):
            yield "patience must be seconds above 0, or None, not %r" % (patience,)
        if self.resume is True and self.restart is True:
            yield "resume goes on, restart begins again: give one of them"
        if self.dry_run is True and (self.resume is True or self.restart is True):
            yield "a dry run looks at all rows, and leaves the journal: give no resume or restart"
