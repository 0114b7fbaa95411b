"""What has been done: the journal, the rejected rows, the report."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.recording.identity import differences, fingerprint
from waterspout_cmdb.bulk.recording.journal import Journal
from waterspout_cmdb.bulk.recording.journal_rows import Counts, Reject
from waterspout_cmdb.bulk.recording.progress import read_progress
from waterspout_cmdb.bulk.recording.rejects_file import write_rejects
from waterspout_cmdb.bulk.recording.report import report_of, write_report

__all__ = [
    "Counts", "Journal", "Reject", "differences", "fingerprint", "read_progress", "report_of",
    "write_rejects", "write_report",
]
