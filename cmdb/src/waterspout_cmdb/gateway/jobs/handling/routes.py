"""The routes of jobs."""

from __future__ import absolute_import, division, print_function

from tornado.web import url

from waterspout_cmdb.gateway.jobs.handling.events_handler import EventsHandler
from waterspout_cmdb.gateway.jobs.handling.file_handlers import RejectsHandler, ReportHandler
from waterspout_cmdb.gateway.jobs.handling.resume_handler import ResumeHandler
from waterspout_cmdb.gateway.jobs.handling.state_handlers import JobsHandler, StateHandler
from waterspout_cmdb.gateway.jobs.handling.upload_handler import UploadHandler

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Optional  # noqa: F401

    from waterspout_cmdb.gateway.jobs.handling.jobs_access import JobsAccess  # noqa: F401


def job_routes(jobs):
    # type: (Optional[JobsAccess]) -> List[Any]
    """Return the routes of jobs; without jobs they answer 404 with the reason."""
    # The server asks the class for the limit, before there is a handler.
    upload_class = type(UploadHandler.__name__, (UploadHandler,), {
        "max_body_bytes": 0 if jobs is None else jobs.max_upload_bytes})
    routes = [
        (r"/cmdb/jobs/import/([^/]*)", upload_class, "/cmdb/jobs/import/{object_id}"),
        (r"/cmdb/jobs", JobsHandler, "/cmdb/jobs"),
        (r"/cmdb/jobs/([^/]*)", StateHandler, "/cmdb/jobs/{id}"),
        (r"/cmdb/jobs/([^/]*)/events", EventsHandler, "/cmdb/jobs/{id}/events"),
        (r"/cmdb/jobs/([^/]*)/rejects", RejectsHandler, "/cmdb/jobs/{id}/rejects"),
        (r"/cmdb/jobs/([^/]*)/resume", ResumeHandler, "/cmdb/jobs/{id}/resume"),
        (r"/cmdb/jobs/([^/]*)/report", ReportHandler, "/cmdb/jobs/{id}/report"),
    ]
    return [url(path, handler, {"jobs": jobs}, name=name) for path, handler, name in routes]
