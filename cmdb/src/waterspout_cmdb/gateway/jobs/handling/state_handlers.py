"""The handlers that list jobs, tell the state of one, and stop it."""

from __future__ import absolute_import, division, print_function

import collections

from tornado import gen

from waterspout.service import InvalidInput
from waterspout_cmdb.gateway.jobs.handling.job_handler import JobHandler, no_such_job
from waterspout_cmdb.gateway.jobs.handling.job_json import PATH, job_json
from waterspout_cmdb.gateway.jobs.storing.job import ENDED, QUEUED, is_id

_SUCCESS = "GET request successful"

#: Jobs in one answer.
_MOST = 100


class JobsHandler(JobHandler):
    """``GET /cmdb/jobs``: the jobs of the tenant, newest first; ``?before=N`` the next ones."""

    @gen.coroutine
    def get(self):
        """Answer 200 with a page of them."""
        before = self.get_query_argument("before", u"")
        if before and not (before.isdigit() and len(before) < 16):
            raise InvalidInput("before must be a number that a list has given as next")
        found = yield self.jobs.in_store(
            "list", self.tenant, _MOST + 1, int(before) if before else None)
        data = collections.OrderedDict([("list", [job_json(job) for job in found[:_MOST]])])
        data["next"] = (
            "%s?before=%d" % (PATH, found[_MOST - 1].number) if len(found) > _MOST else None)
        self.set_header("Cache-Control", "no-store")
        self.write_json({"message": _SUCCESS, "data": data})


class StateHandler(JobHandler):
    """``GET /cmdb/jobs/<id>`` and ``DELETE``."""

    @gen.coroutine
    def get(self, job_id):
        """Answer 200 with the job."""
        job = yield self.find_job(job_id)
        self.set_header("Cache-Control", "no-store")
        self.write_json({"message": _SUCCESS, "data": job_json(job)})

    @gen.coroutine
    def delete(self, job_id):
        """Stop it: 202 if a process works on it; one that has ended is removed."""
        jobs, job = self.jobs, None
        if is_id(job_id):
            job = yield jobs.in_store("stop", job_id, self.tenant)
        if job is None:
            raise no_such_job()
        if job.state in ENDED:
            self.write_json({"message": "The job and its files are removed", "data": None})
            return
        now = yield self.find_job(job_id)
        if job.state == QUEUED:
            self.write_json({"message": "The job is stopped", "data": job_json(now)})
        else:
            self.write_json({"message": "The job stops after the batches under way",
                             "data": job_json(now)}, 202)
