"""TargetError: why a call to a target failed, and what may be done about it."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Optional, Text  # noqa: F401

#: The target asks for a pause: 429 or 503. Nothing was done.
BUSY = "busy"

#: It cannot be reached, broke off, or a proxy before it answers 502 or 504.
UNREACHABLE = "unreachable"

#: It did not answer in time; it may still be working.
LATE = "late"

#: It has refused this request, for something in it: 400, 409, 413, 422.
REFUSED = "refused"

#: It has failed with 500 or a code of its own: by a bug, or by something in this request.
FAILED = "failed"

#: It has answered with a success that cannot be understood; rows may have been stored.
UNCLEAR = "unclear"

#: It refuses every such request: 401, 403, 404, and mistakes in the URL or the options.
HOPELESS = "hopeless"


class TargetError(BulkError):
    """A call to a target failed.

    Attributes:
        kind (native str): one of the constants of this module.
        text (native str): the target's own words, or what is wrong, without what was attempted.
        status (int or None): the HTTP status that the kind was told from.
        retry_after (float or None): seconds for which the target asks to wait.
    """

    def __init__(self, kind, attempt, text, status=None, retry_after=None):
        # type: (str, Text, Text, Optional[int], Optional[float]) -> None
        self.kind = kind
        self.attempt = native_str(attempt)
        self.text = native_str(text)
        self.status = status
        self.retry_after = retry_after
        super(TargetError, self).__init__("%s: %s" % (self.attempt, self.text))

    def __reduce__(self):
        # type: () -> Any
        return type(self), (self.kind, self.attempt, self.text, self.status, self.retry_after)
