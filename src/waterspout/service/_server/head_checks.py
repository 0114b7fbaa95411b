"""Checks of requests whose head has arrived, before anything of their body is read."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service.exceptions import Refusal

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Optional  # noqa: F401

    from tornado.httputil import HTTPHeaders, HTTPServerRequest  # noqa: F401

#: Bytes: the body of a refused request is read and dropped up to this length, so that its
#: connection can be used again. A longer one would cost more than a new connection.
DROPPED_BODY_BYTES = 64 * 1024


def head_refusal(checks, request):
    # type: (Iterable[Callable[[HTTPServerRequest], Optional[Refusal]]], HTTPServerRequest) -> Optional[Refusal]  # noqa: E501
    """Return the refusal of the first check that refuses ``request``; None if none does.

    Raises: what a check raises; TypeError: a check has returned something else.
    """
    for check in checks:
        refusal = check(request)
        if refusal is not None:
            if not isinstance(refusal, Refusal):
                raise TypeError(
                    "a head check must return None or a waterspout.service.Refusal, not %r: %r"
                    % (refusal, check))
            return refusal
    return None


def is_read_to_its_end(headers):
    # type: (HTTPHeaders) -> bool
    """Return whether a refused request with these fields is read before it is answered.

    Otherwise it is answered at once, and its connection ends: the body is long, or has no known
    length, or its client waits for a sign to send it (RFC 9110 section 10.1.1).
    """
    if "Transfer-Encoding" in headers or "Expect" in headers:
        return False
    length = headers.get("Content-Length", "0")
    return length.isdigit() and int(length) <= DROPPED_BODY_BYTES
