"""For which organisation and user a request is carried out: the ``org`` and ``user`` of its call.

The CMDB believes these two header fields. So a client's own are passed on only if the gateway's
operator has said which clients may use which.
"""

from __future__ import absolute_import, division, print_function

import logging
import re

from waterspout.service import InvalidInput, Refusal

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Tuple  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

    from waterspout.service import Principal  # noqa: F401

#: One value, as it can be sent on. Two fields would have become a list with a comma.
_VALUE = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,200}\Z")

_log = logging.getLogger("waterspout.cmdb")

_KINDS = {"org": "organisation", "user": "user"}


def tenant_of_key(request):
    # type: (HTTPServerRequest) -> Optional[Refusal]
    """A head check: set what the request's key allows it to be carried out for, or refuse it.

    A request without the field is for the first organisation of its key. If the key has none, or
    may use all, it is for that of the gateway.
    """
    principal = request.principal  # type: Any  # The check of keys has run before.
    if principal is None:
        return None
    fields = {}  # type: Dict[str, str]
    for name, allowed, allows in (("org", principal.orgs, principal.allows_org),
                                  ("user", principal.users, principal.allows_user)):
        value = request.headers.get(name)
        if value is None:
            if allowed and allowed[0] != "*":
                fields[name] = allowed[0]
        elif not _VALUE.match(value):
            return _malformed(name)
        elif not allows(value):
            _log.warning("Refused with 403: %s may not act for the %s %s (client %s, key id %s)",
                         principal.name, _KINDS[name], value, request.remote_ip,
                         principal.key_id or "-")
            return Refusal(403, "this client may not act for the %s that it names" % _KINDS[name],
                           kind="tenant")
        else:
            fields[name] = value
    set_call_fields(request, fields)
    return None


def tenant_of_anyone(request):
    # type: (HTTPServerRequest) -> Optional[Refusal]
    """A head check: pass on the fields of every request."""
    fields = {}  # type: Dict[str, str]
    for name in _KINDS:
        value = request.headers.get(name)
        if value is not None:
            if not _VALUE.match(value):
                return _malformed(name)
            fields[name] = value
    set_call_fields(request, fields)
    return None


def set_call_fields(request, fields):
    # type: (Any, Dict[str, str]) -> None
    if fields:
        request.call_fields = fields


def call_fields(request):
    # type: (Any) -> Optional[Dict[str, str]]
    """Return the header fields that a check has found for the calls of a request."""
    return vars(request).get("call_fields")  # A missing attribute would take time to be missed.


def _malformed(name):
    # type: (str) -> Refusal
    return InvalidInput("the field %s must be one value of printable ASCII without spaces and "
                        "commas" % name)
