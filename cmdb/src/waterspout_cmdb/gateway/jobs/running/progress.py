"""How far a job is: its journal, or the report of a dry run, which has no journal."""

from __future__ import absolute_import, division, print_function

import io
import json

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.recording import read_progress

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Text, Tuple  # noqa: F401

    from waterspout_cmdb.gateway.jobs.storing.job import Job  # noqa: F401
    from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles  # noqa: F401

#: Of the journal, in the order in which clients get them.
NAMES = ("rows", "checked", "sent", "inserted", "updated", "unchanged", "rejected")


def progress_of(job, files):
    # type: (Job, JobFiles) -> Tuple[Dict[str, Any], Optional[Text]]
    """Return the counts, with ``stage``, and the error that the journal has.

    The counts are empty if there are none yet. An error of before the job was resumed is none. A
    damaged journal is the import's to complain of.
    """
    if job.options.get("dry_run"):
        report = read_report(files)
        return {name: report[name] for name in NAMES if isinstance(report.get(name), int)}, None
    try:
        progress = read_progress(files.journal(job.suffix))
    except BulkError:
        return {}, None
    if progress["state"] == u"unknown":
        return {}, None
    counts = {name: progress[name] for name in NAMES if progress.get(name) is not None}
    counts["stage"] = progress["state"]
    return counts, progress["error"] if progress["changed"] >= (job.started or 0) else None


def read_report(files):
    # type: (JobFiles) -> Dict[str, Any]
    """Return the report; empty if there is none that can be read."""
    path = files.report()
    if path is None:
        return {}
    try:
        with io.open(path, encoding="utf-8") as file:
            report = json.load(file)
    except (EnvironmentError, ValueError):
        return {}
    return report if isinstance(report, dict) else {}
