"""make_response: a Response without an exchange."""

from __future__ import absolute_import, division, print_function

from tornado import httputil

from waterspout._compat import TYPE_CHECKING
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.response import Response
from waterspout.structures import Headers
from waterspout.testing._response_content import content_and_fields

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401


def make_response(status_code=200, json=None, text=None, content=None, headers=None, reason=None,
                  method="GET", url="http://host.test/", request=None):
    # type: (int, Any, Optional[str], Optional[bytes], Any, Optional[str], str, str, Optional[PreparedRequest]) -> Response
    """A finished `waterspout.Response`, for a unit test of a `decode` or of a hook.

    ::

        response = make_response(500, json={"code": 133}, method="POST", url="http://host/path")

    It is also what a function given to `Expectation.call` returns.

    Args:
        status_code (int), reason (native str or None): None means the usual phrase.
        json, text, content: the body, one of them at most: a value, text (sent as UTF-8) or bytes.
            The first two set a Content-Type.
        headers (mapping or (name, value) pairs): pairs may repeat a name.
        method, url (native str), or request (PreparedRequest): of the request.
    Raises: TypeError, ValueError: an invalid argument.
    """
    body, fields = content_and_fields(json, text, content, headers)
    if request is None:
        request = PreparedRequest(method, url)
    if reason is None:
        reason = httputil.responses.get(status_code, "")
    return Response(request, status_code, reason, Headers(fields), body)
