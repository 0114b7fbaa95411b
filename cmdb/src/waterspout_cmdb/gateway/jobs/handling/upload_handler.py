"""UploadHandler: a file becomes a job."""

from __future__ import absolute_import, division, print_function

import errno
import logging
import re

from tornado import gen
from tornado.escape import to_unicode

from waterspout.service import InvalidInput, Refusal, StreamingHandler
from waterspout_cmdb.gateway.jobs.handling.job_handler import JobHandler, too_many_jobs
from waterspout_cmdb.gateway.jobs.handling.job_json import PATH, job_json
from waterspout_cmdb.gateway.jobs.storing.job import new_id
from waterspout_cmdb.gateway.jobs.storing.job_files import suffix_of
from waterspout_cmdb.gateway.jobs.storing.job_store import TooManyJobs
from waterspout_cmdb.gateway.jobs.uploading.content_type import form_boundary
from waterspout_cmdb.gateway.jobs.uploading.import_options import (
    FILENAME,
    BadImportOption,
    import_options,
)
from waterspout_cmdb.gateway.jobs.uploading.part_head import BadMultipart
from waterspout_cmdb.gateway.jobs.uploading.upload import Upload
from waterspout_cmdb.gateway.jobs.uploading.upload_form import UploadForm

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Text, Tuple  # noqa: F401

#: Bytes that are written at once.
_PIECE = 256 * 1024

#: Characters of a file's name that are kept.
_MOST_NAME = 200

#: As of the gateway's other paths with a model.
_OBJECT_ID = re.compile(r"[a-zA-Z_][0-9a-zA-Z_@]{0,127}\Z")

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

#: For a file without a name.
_SUFFIXES = {"text/csv": u".csv", "text/tab-separated-values": u".tsv",
             "application/json": u".json", "application/x-ndjson": u".jsonl",
             "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": u".xlsx"}

_log = logging.getLogger("waterspout.cmdb")


class UploadHandler(JobHandler, StreamingHandler):
    """``POST /cmdb/jobs/import/<object_id>``: the body is a file, or a form with one.

    Nothing is left of an upload that is refused or broken off.
    """

    @gen.coroutine
    def post(self, object_id):
        """Answer 202 with the job."""
        jobs = self.jobs
        if not _OBJECT_ID.match(object_id):
            raise InvalidInput("the object id must be letters, digits, _ and @, begin with a "
                               "letter or _, and have at most 128 characters")
        try:
            boundary = form_boundary(self.request.headers.get("Content-Type", ""))
            form = None if boundary is None else UploadForm(boundary)
            pairs = self._query()
            if form is None:
                import_options(each for each in pairs if each[0] != FILENAME)
            if jobs.most_per_tenant:  # Before the file is sent for nothing.
                unfinished = yield jobs.in_store("unfinished", self.tenant)
                # Those that arrive take the disk as well.
                if unfinished + jobs.arriving[self.tenant] >= jobs.most_per_tenant:
                    raise TooManyJobs()
            job = yield self._receive(object_id, form, pairs)
        except (BadMultipart, BadImportOption) as error:
            raise InvalidInput(str(error))
        except EnvironmentError as error:
            if not isinstance(error, IOError) and not isinstance(error, OSError):
                raise
            raise self._disk_failure(error)
        except TooManyJobs:
            raise too_many_jobs(jobs.most_per_tenant)
        self.set_header("Location", "%s/%s" % (PATH, job.id))
        self.write_json({"message": "The job waits for its turn", "data": job_json(job)}, 202)

    @gen.coroutine
    def _receive(self, object_id, form, pairs):
        # type: (Text, Any, List[Tuple[Text, Text]]) -> Any
        jobs, tenant = self.jobs, self.tenant
        jobs.arriving[tenant] += 1
        try:
            job = yield self._receive_file(object_id, form, pairs)
        finally:
            jobs.arriving[tenant] -= 1
            if not jobs.arriving[tenant]:
                del jobs.arriving[tenant]
        raise gen.Return(job)

    @gen.coroutine
    def _receive_file(self, object_id, form, pairs):
        # type: (Text, Any, List[Tuple[Text, Text]]) -> Any
        jobs, job_id, is_kept = self.jobs, new_id(), False
        upload = yield jobs.on_disk(Upload, jobs.jobs_dir, job_id)
        try:
            yield self._write(upload, form)
            if form is not None:
                form.close()
                pairs = pairs + form.fields
            options = import_options(each for each in pairs if each[0] != FILENAME)
            if not upload.size:
                raise InvalidInput("the file is empty")
            filename = self._filename(form, pairs)
            suffix = suffix_of(filename) or _SUFFIXES.get(
                self.request.headers.get("Content-Type", "").partition(";")[0].strip().lower(), u"")
            yield jobs.on_disk(upload.finish, suffix)
            job = yield jobs.in_store(
                "add", job_id, self.tenant, self.call_user, object_id, options, filename, suffix,
                upload.size, jobs.most_per_tenant)
            is_kept = True
        finally:
            if is_kept:
                upload.release()
            else:
                yield jobs.on_disk(upload.discard)
        raise gen.Return(job)

    @gen.coroutine
    def _write(self, upload, form):
        # type: (Upload, Any) -> Any
        pieces, size = [], 0  # type: List[bytes], int
        while True:
            chunk = yield self.read_chunk()
            if chunk:
                data = chunk if form is None else form.feed(chunk)
                pieces.append(data)
                size += len(data)
            if size >= _PIECE or not chunk and size:
                yield self.jobs.on_disk(upload.write, b"".join(pieces))
                pieces, size = [], 0
            if not chunk:
                return

    def _query(self):
        # type: () -> List[Tuple[Text, Text]]
        return [(to_unicode(name), self.decode_argument(value))
                for name, values in sorted(self.request.query_arguments.items())
                for value in values]

    def _filename(self, form, pairs):
        # type: (Any, List[Tuple[Text, Text]]) -> Text
        names = [value for name, value in pairs if name == FILENAME]
        name = (names[-1] if names else form.filename if form is not None else None) or u"upload"
        # Some browsers have sent whole paths.
        name = re.split(u"[/\\\\]", name)[-1]
        return re.sub(u"[\x00-\x1f\x7f]", u"", name)[-_MOST_NAME:] or u"upload"

    def _disk_failure(self, error):
        # type: (EnvironmentError) -> Refusal
        _log.error("An upload cannot be stored in %s: %s", self.jobs.jobs_dir, error)
        if error.errno in _NO_SPACE:
            return Refusal(507, "the gateway has no room for the file", {"Retry-After": "60"})
        return Refusal(503, "the gateway cannot store the file; its log has the reason",
                       {"Retry-After": "60"})
