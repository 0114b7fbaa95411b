"""JobHandler: the base of the handlers of jobs: whose request it is, and errors."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout.service import Refusal
from waterspout_cmdb.gateway.handlers import GatewayHandler
from waterspout_cmdb.gateway.jobs.storing.job import Tenant, is_id
from waterspout_cmdb.gateway.tenants import call_fields

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Optional, Text  # noqa: F401

    from waterspout_cmdb.gateway.jobs.handling.jobs_access import JobsAccess  # noqa: F401

_OFF = "import jobs are off at this gateway; it needs --jobs-dir"


class JobHandler(GatewayHandler):
    """A handler of jobs. Its ``jobs`` are None if there are none at this gateway."""

    json_object_type = None  # It reads no JSON.

    def initialize(self, jobs):
        # type: (Optional[JobsAccess]) -> None
        """Called by Tornado with what the route has."""
        self._jobs = jobs

    @property
    def jobs(self):
        # type: () -> Any
        """The `JobsAccess`. Raises: Refusal: jobs are off."""
        if self._jobs is None:
            raise Refusal(404, _OFF)
        return self._jobs

    @property
    def tenant(self):
        # type: () -> Tenant
        """Whose jobs this request may see."""
        fields = call_fields(self.request) or {}
        principal = vars(self.request).get("principal")
        client = u""
        if principal is not None:
            client = u"key:%s" % principal.key_id if principal.key_id is not None else (
                u"certificate:%s" % principal.name)
        return Tenant(u"" + fields.get("org", self.jobs.org), client)

    @property
    def call_user(self):
        # type: () -> Text
        """The user for whom the CMDB is to be called; empty: that of the gateway."""
        return u"" + (call_fields(self.request) or {}).get("user", "")

    @gen.coroutine
    def find_job(self, job_id):
        """Return a Future of the job. Raises, when waited for: Refusal: the tenant has none."""
        job = None
        jobs = self.jobs
        if is_id(job_id):
            job = yield jobs.in_store("find", job_id, self.tenant)
        if job is None:
            raise no_such_job()
        raise gen.Return(job)


def no_such_job():
    # type: () -> Refusal
    """What is answered for a job that is not there, or is another tenant's."""
    return Refusal(404, "there is no such job")


def too_many_jobs(most):
    # type: (int) -> Refusal
    """What is answered if a tenant has as many unfinished jobs as it may have."""
    return Refusal(429, "%d jobs of this client wait or run, and more are not allowed; wait for "
                        "one to end" % most, {"Retry-After": "10"})
