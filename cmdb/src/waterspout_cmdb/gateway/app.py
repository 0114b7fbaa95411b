"""The gateway as a Tornado application."""

from __future__ import absolute_import, division, print_function

from tornado.web import url

from waterspout.service import MAX_BODY_BYTES, Application
from waterspout_cmdb.gateway.handlers import CMDB, ImportHandler, NotServed, SearchHandler
from waterspout_cmdb.gateway.tenants import tenant_of_anyone, tenant_of_key

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterable, Optional  # noqa: F401

    from waterspout import DeadlineHeader  # noqa: F401
    from waterspout.service import APIKeys, Operations  # noqa: F401
    from waterspout_cmdb.sdk import CMDBSDK  # noqa: F401


def make_app(
    sdk,
    max_body_bytes=MAX_BODY_BYTES,
    allowed_origins=(),
    allow_missing_host=False,
    observers=(),
    deadline=None,
    operations=None,
    api_keys=None,
    accept_org_header=False,
    **options
):
    # type: (CMDBSDK, int, Iterable[str], bool, Iterable[Any], Optional[DeadlineHeader], Optional[Operations], Optional[APIKeys], bool, **Any) -> Application  # noqa: E501
    """Return the gateway's application, which calls the CMDB through ``sdk``.

    Args:
        sdk (CMDBSDK): one for the process; the application closes it when it shuts down.
        max_body_bytes (int): a longer request body is answered with 413.
        allowed_origins (iterable of native str): the origins whose web pages may send requests. A
            browser's request for a page of another origin is answered with 403.
        allow_missing_host (bool): serve requests of HTTP/1.1 without a Host field.
        observers (iterable of waterspout.instrumentation.Observer): are told of each request. Those
            of the calls to the CMDB are given to ``sdk``.
        deadline (waterspout.DeadlineHeader or None): the field with the time that a request has.
        operations (waterspout.service.Operations or None): pages for operators.
        api_keys (waterspout.service.APIKeys or None): who may send what, and for which ``org`` and
            ``user``; made with `PERMISSIONS`. None: every client is served.
        accept_org_header (bool): without keys, pass on the ``org`` and the ``user`` that a request
            names, from every client. Otherwise these are those of ``sdk``.
        options: of `waterspout.service.Application`: ``ssl_options``, ``client_certificates``,
            ``trusted_proxies``, ``forwarded_field``.
    Raises: ValueError: one of ``allowed_origins`` is not an origin.
    """
    head_checks = []
    if api_keys is not None:
        head_checks.append(tenant_of_key)
    elif accept_org_header:
        head_checks.append(tenant_of_anyone)
    routes = [
        url(r"/cmdb/import/([^/]*)", ImportHandler, name="/cmdb/import/{object_id}"),
        url(r"/cmdb/search/([^/]*)", SearchHandler, name="/cmdb/search/{object_id}"),
    ]
    return Application(
        routes,
        max_body_bytes=max_body_bytes,
        error_handler=NotServed,
        allowed_origins=allowed_origins,
        allow_names=False,
        allow_missing_host=allow_missing_host,
        upstreams={CMDB: sdk},
        observers=observers,
        deadline=deadline,
        operations=operations,
        head_checks=head_checks,
        api_keys=api_keys,
        **options
    )
