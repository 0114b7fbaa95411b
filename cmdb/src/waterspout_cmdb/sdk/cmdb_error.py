"""CMDBError: the CMDB answered a call with an error."""

from __future__ import absolute_import, division, print_function

import re

import waterspout
from waterspout_cmdb.sdk.error_codes import ERROR_CODES

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401


class CMDBError(waterspout.HTTPError):
    """The CMDB answered with a status other than 2xx, with a ``code`` other than 0, or without
    an envelope.

    The CMDB has received the request. Whether a retry is safe depends on the method: see
    `CMDBSDK`.

    Attributes:
        status (int): the HTTP status.
        code (int or None): the code in the envelope; None if there was no envelope.
        code_name (native str or None): the vendor's name of the code, such as ``NOT_FOUND``; see
            `ERROR_CODES`. None for other codes, and without an envelope.
        text (native str): the CMDB's own message, or what is wrong with its answer.
    """

    def __init__(self, response, code, text):
        # type: (waterspout.Response, Optional[int], str) -> None
        self.status = response.status_code
        self.code = code
        self.code_name = ERROR_CODES[code].name if code in ERROR_CODES else None
        self.text = text
        super(CMDBError, self).__init__(
            "%s %s: the CMDB answered %d%s: %s%s"
            % (
                response.request.method,
                response.request.parsed_url.for_messages,
                self.status,
                "" if code is None else " with code %d" % code,
                text,
                _shown_location(response),
            ),
            request=response.request,
            response=response,
            phase="read",
        )


def _shown_location(response):
    """Return a redirect's target for the log, without user, password, query and fragment."""
    location = response.headers.get("Location")
    if location is None:
        return ""
    return " (Location: %s)" % re.sub(r"//[^/@]*@", "//", re.split("[?#]", location)[0])
