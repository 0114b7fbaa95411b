"""Tells after which errors a retry may be of use, and which limit of `Retry` counts it."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.exceptions import (
    ChunkedEncodingError,
    CircuitOpen,
    ConnectionError,
    DeadlineExceeded,
    PoolTimeout,
    ProtocolError,
    RemoteProtocolError,
    RequestException,
    ResponseTooLarge,
    SSLError,
    Timeout,
)

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

#: The errors of a connection and of what came over it. All others are faults of the arguments, of
#: the caller or of the whole call, which another attempt would meet again.
_RETRYABLE = (ConnectionError, Timeout, RemoteProtocolError, ChunkedEncodingError)

#: Some of them are not retried: a refused certificate stays refused, a response stays too large,
#: the time has passed; and a full queue or an open circuit protects against more load.
_FINAL = (SSLError, ResponseTooLarge, DeadlineExceeded, PoolTimeout, CircuitOpen)

#: What a transport of a user may raise that does not know more. Ours do not.
_UNKNOWN = frozenset([RequestException, ProtocolError])


def error_kind(error):
    # type: (BaseException) -> Optional[str]
    """``"connect"``, ``"read"`` or ``"other"``, the names of arguments of `Retry`.

    None: never retried. After "connect" nothing can have reached the server.
    """
    if isinstance(error, _FINAL):
        return None
    if isinstance(error, _RETRYABLE):
        return "read" if may_have_been_sent(error) else "connect"
    return "other" if type(error) in _UNKNOWN else None


def may_have_been_sent(error):
    # type: (BaseException) -> bool
    """Whether a byte of the request may have reached the server; True if it is not known."""
    return getattr(error, "may_have_been_sent", True) is not False
