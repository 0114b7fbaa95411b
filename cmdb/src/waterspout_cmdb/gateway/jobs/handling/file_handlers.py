"""The handlers that send the files of a job: rejected rows, and the report."""

from __future__ import absolute_import, division, print_function

import errno
import os
import re

from tornado import gen
from tornado.escape import native_str, to_unicode, url_escape, utf8

from waterspout.service import Refusal
from waterspout_cmdb.gateway.jobs.handling.job_handler import JobHandler
from waterspout_cmdb.gateway.jobs.storing.job import ENDED
from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles, suffix_of

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Text  # noqa: F401

#: Bytes that are read and sent at once.
_PIECE = 64 * 1024

_TYPES = {
    ".csv": "text/csv", ".txt": "text/plain", ".tsv": "text/tab-separated-values",
    ".json": "application/json", ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FileHandler(JobHandler):
    """The base of the two."""

    #: What a client gets, for its name, and for a sentence.
    kind = missing = ""

    def path_of(self, files):
        """Return the path of the file; None if there is none."""
        raise NotImplementedError()

    @gen.coroutine
    def get(self, job_id):
        """Send the file."""
        job = yield self.find_job(job_id)
        if job.state not in ENDED:
            raise Refusal(409, "the job has not ended; its file is complete then")
        jobs = self.jobs
        # Open from here on, so that a removal meanwhile does not matter.
        file = yield jobs.on_disk(self._opened, JobFiles(jobs.jobs_dir, job.id))
        if file is None:
            raise Refusal(404, self.missing)
        ending = os.path.splitext(file.name)[1]
        try:
            size = os.fstat(file.fileno()).st_size
            self.set_header("Content-Type", _TYPES.get(ending, "application/octet-stream"))
            self.set_header("Content-Length", str(size))
            self.set_header("Content-Disposition", content_disposition(
                file_name(job.filename, self.kind, ending)))
            self.set_header("Cache-Control", "no-store")
            while size > 0:
                piece = yield jobs.on_disk(file.read, min(size, _PIECE))
                size -= len(piece) or size
                self.write(piece)
                if size:  # The last piece is sent with the end: a client may leave when it has it.
                    yield self.flush()
        finally:
            file.close()

    def _opened(self, files):
        # In a thread of the disk.
        path = self.path_of(files)
        try:
            return None if path is None else open(path, "rb")
        except EnvironmentError as error:
            if error.errno == errno.ENOENT:
                return None
            raise


class RejectsHandler(FileHandler):
    """``GET /cmdb/jobs/<id>/rejects``: the rejected rows, to correct and import again."""

    kind, missing = "rejects", "no row of this job was rejected, or it did not come to that"

    def path_of(self, files):
        return files.rejects()


class ReportHandler(FileHandler):
    """``GET /cmdb/jobs/<id>/report``: the result as JSON."""

    kind, missing = "report", "this job has no report"

    def path_of(self, files):
        return files.report()


def file_name(filename, kind, ending):
    # type: (Text, str, str) -> Text
    """Return ``hosts.rejects.csv`` or ``hosts.csv.report.json`` for ``hosts.csv``.

    They are those that ``waterspout-cmdb import`` gives them.
    """
    suffix = suffix_of(filename)
    is_whole = kind == "report" or suffix.endswith(u".gz")
    stem = filename if is_whole or not suffix else filename[:-len(suffix)]
    return u"%s.%s%s" % (stem.strip(u". ") or u"upload", kind, to_unicode(ending))


def content_disposition(name):
    # type: (Text) -> str
    """Return the field of a file to be saved (RFC 6266): a plain name, and the full one."""
    plain = native_str(re.sub(u"[^0-9A-Za-z._ -]", u"_", name))
    return 'attachment; filename="%s"; filename*=UTF-8\'\'%s' % (
        plain, url_escape(utf8(name), plus=False))
