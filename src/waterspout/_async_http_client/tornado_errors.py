"""Translates our errors into those of Tornado's own client."""

from __future__ import absolute_import, division, print_function

from tornado.httpclient import HTTPError
from tornado.httputil import HTTPOutputError
from tornado.iostream import UnsatisfiableReadError
from tornado.log import gen_log
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError

from waterspout._compat import NAMES_SLOW_STEPS, set_cause
from waterspout._net.connector import CONNECTING, RESOLVING, SECURING
from waterspout.exceptions import (
    ConnectError,
    LocalProtocolError,
    ProxyError,
    RemoteProtocolError,
    ResponseTooLarge,
    SSLError,
)


def tornado_error(exchange, error_class, what, cause):
    # type: (FetchExchange, type, str, Optional[BaseException]) -> BaseException
    """The error to raise for the arguments of `Exchange.failed`.

    A system error is raised unchanged. If there is none, or Tornado hides it, our error is the
    ``__cause__``.
    """
    if issubclass(error_class, RemoteProtocolError):
        cause = cause or error_class(what)
        if issubclass(error_class, ResponseTooLarge) and what.startswith("response head"):
            gen_log.info("Unsatisfiable read, closing connection: %s", what)
            return set_cause(UnsatisfiableReadError(what), cause)
        gen_log.info("Malformed HTTP message from %s: %s", exchange.origin, what)
        return connection_closed(cause)
    if issubclass(error_class, SSLError):
        gen_log.warning("SSL Error on %s: %s", exchange.origin, what)
    if cause is not None:
        return cause
    if issubclass(error_class, ProxyError):
        return HTTPError(599, what)
    if issubclass(error_class, ConnectError):
        return IOError(what)
    return connection_closed(error_class(what))


def raised_error(error):
    # type: (BaseException) -> BaseException
    """The error to raise for an error in the request itself."""
    if isinstance(error, LocalProtocolError):
        return set_cause(HTTPOutputError(str(error)), error)
    return error


def connection_closed(cause):
    # type: (BaseException) -> HTTPStreamClosedError
    """Tornado's error for a closed connection, with ``cause`` in its text and as its cause."""
    return set_cause(HTTPStreamClosedError("Connection closed: %s" % cause), cause)


def timeout_error(exchange):
    # type: (FetchExchange) -> HTTPTimeoutError
    """Tornado's error for a timeout in the exchange's current phase."""
    if exchange.phase == "pool":
        return HTTPTimeoutError("Timeout in request queue")
    if exchange.phase == "connect":
        return HTTPTimeoutError(slow_step(exchange.attempt.doing, exchange.origin))
    return HTTPTimeoutError("Timeout during request")


def slow_step(step, origin):
    # type: (str, Origin) -> str
    """Tornado's words for a timeout in a step of connecting; only since 6.6 they name the step."""
    if NAMES_SLOW_STEPS:
        if step == RESOLVING:
            return "Timeout while resolving %s" % (origin.proxy or origin).host
        if step == CONNECTING:
            peer = origin.proxy or origin
            return "Timeout while connecting to %s:%d" % (peer.host, peer.port)
        if step == SECURING:
            return "Timeout during TLS handshake with %s:%d" % (origin.host, origin.port)
    return "Timeout while connecting"
