"""What the process of a job has left when it has ended: rejected rows, a reason, the report."""

from __future__ import absolute_import, division, print_function

import logging
import signal

from tornado.escape import to_unicode

from waterspout_cmdb.gateway.jobs.running.for_clients import clean_report
from waterspout_cmdb.gateway.jobs.running.progress import progress_of, read_report

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Text  # noqa: F401

    from waterspout_cmdb.gateway.jobs.storing.job import Job  # noqa: F401
    from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles  # noqa: F401

#: With which the command begins each line that it writes to stderr.
_SAYS = u"waterspout-cmdb import: "

#: States in the report of an import that has come to its end.
_COMPLETED = (u"done", u"refused")

#: Characters of a reason.
_MOST_REASON = 1000

_log = logging.getLogger("waterspout.cmdb")


def was_completed(files):
    # type: (JobFiles) -> bool
    """Whether the import has come to its end, so that the exit code 1 means rejected rows.

    Python ends so after a bug, too, and 2.7 after a SIGINT before the command has begun. The file
    of rejects does not tell them apart: an earlier process may have written it.
    """
    return read_report(files).get("state") in _COMPLETED


def reason_of(job, files):
    # type: (Job, JobFiles) -> Text
    """Why it has failed: as its journal has it, or else what the process has said."""
    return progress_of(job, files)[1] or _last_words(files)


def clean_up_report(job, files, upstreams):
    # type: (Job, JobFiles, Iterable[Text]) -> None
    """Rewrite the report, if there is one, for clients; what cannot be read stays as it is."""
    try:
        path = files.report()
        if path is not None:
            clean_report(path, job, files, upstreams)
    except (EnvironmentError, ValueError) as error:
        _log.warning("Job %s: its report stays as it is: %s", job.id, error)


def name_of(signum):
    # type: (int) -> str
    """Return the name of a signal, such as SIGKILL."""
    for name in sorted(vars(signal)):
        if name.startswith("SIG") and "_" not in name and getattr(signal, name) == signum:
            return name
    return "signal %d" % signum


def _last_words(files):
    # type: (JobFiles) -> Text
    """What the process has said: the lines of the command, or the last one of another kind."""
    lines = [line.strip() for line in files.output_tail().splitlines() if line.strip()]
    if not lines:
        return u"the import has ended without a reason"
    # The folder is nothing to a client, nor is the name of the command.
    folder = to_unicode(files.folder) + u"/"
    reasons = [line[len(_SAYS):] for line in lines if line.startswith(_SAYS)] or lines[-1:]
    return u"; ".join(reasons[-10:]).replace(folder, u"")[:_MOST_REASON]
