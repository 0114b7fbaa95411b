"""The vendor's table of error codes: each with its name and HTTP status."""

from __future__ import absolute_import, division, print_function

import collections

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

#: ``code`` (int): as in an envelope; ``name`` (native str): the vendor's; ``status`` (int): the
#: HTTP status that the vendor gives it. A server may send the code with status 200, too.
ErrorCode = collections.namedtuple("ErrorCode", "code name status")

#: It was begun and broken off, by the CMDB or what is before it. (A caller that breaks off a call
#: itself gets no answer.) The request is not at fault, and part of a write may be stored: so it may
#: be sent again where a second run is harmless, see `is_repeatable_import`.
CANCELLED = ErrorCode(1, "CANCELLED", 499)
UNKNOWN = ErrorCode(2, "UNKNOWN", 500)
INVALID_ARGUMENT = ErrorCode(100000, "INVALID_ARGUMENT", 400)
FAILED_PRECONDITION = ErrorCode(100001, "FAILED_PRECONDITION", 400)
OUT_OF_RANGE = ErrorCode(100002, "OUT_OF_RANGE", 400)
UNAUTHENTICATED = ErrorCode(100003, "UNAUTHENTICATED", 401)
PERMISSION_DENIED = ErrorCode(100004, "PERMISSION_DENIED", 403)
NOT_FOUND = ErrorCode(100005, "NOT_FOUND", 404)
ABORTED = ErrorCode(100006, "ABORTED", 409)
ALREADY_EXISTS = ErrorCode(100007, "ALREADY_EXISTS", 409)
RESOURCE_EXHAUSTED = ErrorCode(100008, "RESOURCE_EXHAUSTED", 429)
DATA_LOSS = ErrorCode(100009, "DATA_LOSS", 500)
INTERNAL = ErrorCode(100011, "INTERNAL", 500)
UNIMPLEMENTED = ErrorCode(100012, "UNIMPLEMENTED", 501)
UNAVAILABLE = ErrorCode(100013, "UNAVAILABLE", 503)
DEADLINE_EXCEEDED = ErrorCode(100014, "DEADLINE_EXCEEDED", 504)

#: The table, by code. The CMDB has further codes, about models, which are not published.
ERROR_CODES = {each.code: each for each in (
    CANCELLED, UNKNOWN, INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, UNAUTHENTICATED,
    PERMISSION_DENIED, NOT_FOUND, ABORTED, ALREADY_EXISTS, RESOURCE_EXHAUSTED, DATA_LOSS, INTERNAL,
    UNIMPLEMENTED, UNAVAILABLE, DEADLINE_EXCEEDED)}


def status_of(code, otherwise):
    # type: (Optional[int], int) -> int
    """Return the HTTP status of a code; ``otherwise`` for one that is not in the table."""
    return ERROR_CODES[code].status if code in ERROR_CODES else otherwise
