"""The gateway as a Tornado application."""

from __future__ import absolute_import, division, print_function

from tornado.web import url

from waterspout.service import Application
from waterspout_cmdb.gateway.handlers import (
    CMDB,
    ImportHandler,
    ModelHandler,
    NotServed,
    SearchHandler,
)
from waterspout_cmdb.gateway.jobs.handling.routes import job_routes
from waterspout_cmdb.gateway.tenants import tenant_of_anyone, tenant_of_key

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from waterspout.service import APIKeys  # noqa: F401
    from waterspout_cmdb.gateway.jobs.handling.jobs_access import JobsAccess  # noqa: F401
    from waterspout_cmdb.sdk import CMDBSDK  # noqa: F401


def make_app(sdk, api_keys=None, accept_org_header=False, jobs=None, **options):
    # type: (CMDBSDK, Optional[APIKeys], bool, Optional[JobsAccess], **Any) -> Application
    """Return the gateway's application, which calls the CMDB through ``sdk``.

    Args:
        sdk (CMDBSDK): one for the process; the application closes it when it shuts down. Give it
            the ``observers`` of calls, too.
        api_keys (waterspout.service.APIKeys or None): who may send what, and for which ``org`` and
            ``user``; made with `PERMISSIONS`. None: every client is served.
        accept_org_header (bool): without keys, pass on the ``org`` and the ``user`` that a request
            names, from every client. Otherwise these are those of ``sdk``.
        jobs (JobsAccess or None): import jobs; the application closes it when it shuts down. A
            jobs runner carries them out. None: there are none.
        options: keywords of `waterspout.service.Application`, such as ``max_body_bytes``,
            ``allowed_origins``, ``operations`` and ``overload``.
    Raises: ValueError, TypeError: as `waterspout.service.Application`.
    """
    head_checks = []
    if api_keys is not None:
        head_checks.append(tenant_of_key)
    elif accept_org_header:
        head_checks.append(tenant_of_anyone)
    routes = [
        url(r"/cmdb/import/([^/]*)", ImportHandler, name="/cmdb/import/{object_id}"),
        url(r"/cmdb/search/([^/]*)", SearchHandler, name="/cmdb/search/{object_id}"),
        url(r"/cmdb/model/([^/]*)", ModelHandler, name="/cmdb/model/{object_id}"),
    ]
    application = Application(
        routes + job_routes(jobs),
        error_handler=NotServed,
        allow_names=False,
        upstreams={CMDB: sdk},
        head_checks=head_checks,
        api_keys=api_keys,
        **options
    )
    if jobs is not None:
        application.on_shutdown(jobs.close)
    return application
