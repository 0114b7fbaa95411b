"""Which journal an import has: a new one, or one that records the beginning of this import."""

from __future__ import absolute_import, division, print_function

import os

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing.files import keep_old, stamp_of
from waterspout_cmdb.bulk.recording import Journal

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Text  # noqa: F401

#: What a journal remembers of the file of rejects that its import has written.
WRITTEN_REJECTS = "written_rejects"


def open_journal(files, identity, options, tell):
    # type: (Files, Dict[str, Any], ImportOptions, Callable[[Text], None]) -> Journal
    """Return the journal of an import, by its options resume and restart.

    A journal of an import that is done, or that has sent nothing, is replaced by a new one, unless
    it is to be resumed.

    Args:
        tell: called with lines for the user.
    Raises: BulkError: the journal records an import that could go on, and the options do not say
        what to do; it cannot go on as it is asked for; it is in use by a running import.
    """
    journal = _opened(files.journal, identity, options, tell)
    try:
        # What this import has written itself is replaced, unless a person has corrected it.
        if files.rejects and stamp_of(files.rejects) != journal.recall(WRITTEN_REJECTS):
            old = keep_old(files.rejects)
            if old:
                tell("%s was there from an earlier import: it is %s now" % (files.rejects, old))
    except BaseException:
        journal.close()
        raise
    return journal


def _opened(path, identity, options, tell):
    if not options.resume:
        return Journal.create(path, identity, replace=options.restart)
    if not (os.path.exists(path) and os.path.getsize(path)):
        tell("there is no journal %s to go on from: the import begins at the first row" % path)
        return Journal.create(path, identity)
    journal = Journal.open(path)
    try:
        journal.check_identity(identity)
    except BulkError:
        journal.close()
        raise
    return journal


def temporary_journal(folder, identity):
    # type: (Text, Dict[str, Any]) -> Journal
    """Return a journal for a dry run, in a folder that is removed after it."""
    return Journal.create(os.path.join(folder, "dry-run.journal"), identity)
