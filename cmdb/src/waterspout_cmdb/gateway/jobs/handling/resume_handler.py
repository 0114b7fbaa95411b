"""ResumeHandler: a job that has failed or was stopped goes on."""

from __future__ import absolute_import, division, print_function

import os

from tornado import gen

from waterspout.service import Refusal
from waterspout_cmdb.gateway.jobs.handling.job_handler import JobHandler, too_many_jobs
from waterspout_cmdb.gateway.jobs.handling.job_json import job_json
from waterspout_cmdb.gateway.jobs.storing.job import BROKEN_OFF, DONE, is_refused
from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles
from waterspout_cmdb.gateway.jobs.storing.job_store import TooManyJobs, UploadGone

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from waterspout_cmdb.gateway.jobs.storing.job import Job  # noqa: F401


class ResumeHandler(JobHandler):
    """``POST /cmdb/jobs/<id>/resume``."""

    @gen.coroutine
    def post(self, job_id):
        """Answer 202 with the job, which waits for its turn again."""
        job = yield self.find_job(job_id)
        reason = why_not(job)
        if reason is not None:
            raise Refusal(409, reason)
        jobs = self.jobs
        # The journal need not be there: it may have been stopped before it had one.
        upload = JobFiles(jobs.jobs_dir, job.id).upload(job.suffix)
        try:
            resumed = yield jobs.in_store(
                "resume", job.id, self.tenant, lambda: os.path.exists(upload), jobs.most_per_tenant)
        except UploadGone:
            raise Refusal(409, "the uploaded file is not there any more; send it again")
        except TooManyJobs:
            raise too_many_jobs(jobs.most_per_tenant)
        if resumed is None:
            raise Refusal(409, "the job was resumed or removed meanwhile")
        self.write_json({"message": "The job waits for its turn", "data": job_json(resumed)}, 202)


def why_not(job):
    # type: (Job) -> Optional[str]
    """Return why a job cannot go on, as far as its state tells; None if it may."""
    if job.state == DONE:
        return "the job is done: nothing is left to do"
    if job.state not in BROKEN_OFF:
        return "the job waits or runs: it goes on by itself"
    if is_refused(job, job.counts):
        return ("rows were rejected, and with all_or_nothing it would fail again; correct them "
                "in the file, and send it again")
    return None
