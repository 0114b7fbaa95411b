"""The problem document of an error response (RFC 9457)."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, quote
from waterspout.service._validation.json_pointer import as_fragment
from waterspout.service.exceptions import InvalidBody

if TYPE_CHECKING:
    from typing import Any, Dict, Optional  # noqa: F401

#: RFC 9457 section 6.1. Without a charset: JSON is UTF-8.
CONTENT_TYPE = "application/problem+json"


def problem_document(status, title, detail, exception, request_id, incident):
    # type: (int, str, str, Optional[BaseException], Optional[str], Optional[str]) -> Dict[str, Any]
    """Return the members of the document.

    Args:
        title (native str): the reason phrase: it is that of all problems of the type
            ``about:blank`` (RFC 9457 section 4.2.1).
        exception: an `InvalidBody` has errors.
        request_id, incident (native str or None): what the log has the occurrence under.
    """
    problem = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
    }  # type: Dict[str, Any]
    if incident is not None:
        problem["instance"] = "urn:incident:" + incident
        problem["incident"] = incident
    elif request_id is not None:
        problem["instance"] = "urn:request:" + quote(request_id, safe="")
    if isinstance(exception, InvalidBody):
        problem["errors"] = [
            {"detail": each.detail, "pointer": as_fragment(each.pointer)}
            for each in exception.errors]
    return problem
