"""Translates a testing transport's errors into those that Tornado's users expect."""

from __future__ import absolute_import, division, print_function

from tornado.simple_httpclient import HTTPTimeoutError

from waterspout._async_http_client.tornado_errors import (
    connection_closed,
    raised_error,
    slow_step,
    tornado_error,
)
from waterspout._compat import TYPE_CHECKING, CancelledError, set_cause
from waterspout._net.connector import CONNECTING
from waterspout.exceptions import (
    ConnectError,
    ConnectionError,
    ConnectTimeout,
    LocalProtocolError,
    PoolTimeout,
    ProxyError,
    RemoteProtocolError,
    SSLError,
    Timeout,
)

if TYPE_CHECKING:
    from waterspout._async_http_client.fetch_exchange import FetchExchange  # noqa: F401

#: Those whose counterpart depends on more than the class.
_TRANSLATED = (ConnectError, ProxyError, RemoteProtocolError, SSLError)


def fetch_error(exchange, error):
    # type: (FetchExchange, BaseException) -> BaseException
    """The error with which the fetch fails that ``exchange`` is a hop of.

    What is no failure of a connection is raised unchanged, such as a test's AssertionError. The
    others have ``error``, or its cause, as their cause, as after an exchange over a network.
    """
    if isinstance(error, CancelledError):
        return connection_closed(error)
    if isinstance(error, AssertionError):
        return error
    if isinstance(error, Timeout):
        return set_cause(HTTPTimeoutError(_late(exchange, error)), error)
    if isinstance(error, LocalProtocolError):
        return raised_error(error)
    if isinstance(error, _TRANSLATED):
        cause = getattr(error, "__cause__", None)
        if isinstance(error, RemoteProtocolError):
            cause = error
        return tornado_error(exchange, type(error), str(error), cause)
    return connection_closed(error) if isinstance(error, ConnectionError) else error


def _late(exchange, error):
    if isinstance(error, PoolTimeout):
        return "Timeout in request queue"
    if isinstance(error, ConnectTimeout):
        return slow_step(CONNECTING, exchange.origin)
    return "Timeout during request"
