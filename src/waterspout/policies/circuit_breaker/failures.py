"""Which outcome of a call is the upstream's failure."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.exceptions import (
    ChunkedEncodingError,
    CircuitOpen,
    ConnectionError,
    DeadlineExceeded,
    PoolTimeout,
    RemoteProtocolError,
    ResponseTooLarge,
    Timeout,
)

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from waterspout.models.response import Response  # noqa: F401

#: A request was on its way to the upstream.
_UPSTREAM_PHASES = frozenset(["connect", "send", "read"])

#: A server says with these that it does not know a method or version: it works as it should.
_REFUSALS_OF_KIND = frozenset([501, 505])

_FAILURES = (ConnectionError, Timeout, RemoteProtocolError, ChunkedEncodingError)

#: Subclasses of those that are about ourselves: our queue, our refusal, our limit.
_OUR_OWN = (PoolTimeout, CircuitOpen, ResponseTooLarge)


def is_failure(response, error):
    # type: (Optional[Response], Optional[BaseException]) -> Optional[bool]
    """Whether an outcome shows that the upstream fails.

    Args: one of them is None.
    Returns:
        True: a status from 500 on except 501 and 505; no connection, TLS errors included; a limit
            in seconds that was reached while the request was on its way; an invalid response.
        False: any other response. A 4xx is the caller's fault.
        None: any other error, such as a full queue of ours, an invalid URL, or a cancelled call:
            it says nothing about the upstream.
    """
    if error is None:
        if response is None:
            return None
        status = response.status_code
        return status >= 500 and status not in _REFUSALS_OF_KIND
    if not isinstance(error, _FAILURES) or isinstance(error, _OUR_OWN):
        return None
    if isinstance(error, DeadlineExceeded) and error.phase not in _UPSTREAM_PHASES:
        return None
    return True
