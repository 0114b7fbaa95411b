"""Waterspout: how Tornado services call other services.

::

    session = waterspout.Session(timeout=10)
    response = await session.get("http://host/path", params={"q": "a b"})   # yield on 2.7
    response.json()

`Session` has requests' keywords, `BaseSDK` declares one upstream as a class,
``waterspout.service`` is the kit for the service around them.
"""

from __future__ import absolute_import, division, print_function

# Under their own names, so that checkers know them as ``waterspout.exceptions`` and so on.
from waterspout import auth as auth
from waterspout import cookies as cookies
from waterspout import exceptions as exceptions
from waterspout import structures as structures
from waterspout._json_text.encoded_json import EncodedJSON
from waterspout._version import __version__
from waterspout.api import default_session, delete, get, head, options, patch, post, put, request
from waterspout.auth.basic import (
    AuthBase,
    HTTPBasicAuth,
    HTTPBearerAuth,
    HTTPDigestAuth,
    HTTPProxyAuth,
)
from waterspout.exceptions import (
    BaseHTTPError,
    BodyChanged,
    BodyTimeout,
    BulkheadFull,
    ChunkedEncodingError,
    CircuitOpen,
    ConnectError,
    ConnectionError,
    ConnectTimeout,
    ContentDecodingError,
    DeadlineExceeded,
    FileModeWarning,
    HTTPError,
    IncompleteBody,
    InvalidHeader,
    InvalidJSONError,
    InvalidProxyURL,
    InvalidSchema,
    InvalidURL,
    JSONDecodeError,
    LocalProtocolError,
    MalformedBody,
    MissingSchema,
    PoolTimeout,
    ProtocolError,
    ProxyError,
    QueueFull,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    RequestException,
    RequestsDependencyWarning,
    RequestsWarning,
    ResponseNotRead,
    ResponseTooLarge,
    RetryError,
    SessionClosed,
    SSLError,
    StreamClosed,
    StreamConsumedError,
    StreamError,
    Timeout,
    TooManyRedirects,
    UnrewindableBodyError,
    Unsupported,
    URLRequired,
    WriteError,
    WriteTimeout,
)
from waterspout.httpclient import PooledHTTPClient, install
from waterspout.httpserver import HTTPServer
from waterspout.instrumentation.call_context import CallContext
from waterspout.limits import Limits
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.request import Request
from waterspout.models.response import Response
from waterspout.models.traces import Trace
from waterspout.policies.balancer import Balancer, HostChange
from waterspout.policies.bulkhead import Bulkhead
from waterspout.policies.circuit_breaker import CircuitBreaker, CircuitChange
from waterspout.policies.deadline import Deadline, DeadlineHeader
from waterspout.policies.retry import Attempt, Retry, RetryBudget
from waterspout.sdk import BaseSDK
from waterspout.session import Session
from waterspout.status_codes import codes
from waterspout.structures import Headers
from waterspout.timeouts import ClientTimeout
from waterspout.transports import TRANSPORTS, TransportUnavailable
from waterspout.transports.dns_resolver import DNSResolver

__all__ = [
    "Attempt",
    "AuthBase",
    "Balancer",
    "BaseHTTPError",
    "BaseSDK",
    "BodyChanged",
    "BodyTimeout",
    "Bulkhead",
    "BulkheadFull",
    "CallContext",
    "CallOptions",
    "ChunkedEncodingError",
    "CircuitBreaker",
    "CircuitChange",
    "CircuitOpen",
    "ClientTimeout",
    "ConnectError",
    "ConnectTimeout",
    "ConnectionError",
    "ContentDecodingError",
    "DNSResolver",
    "Deadline",
    "DeadlineExceeded",
    "DeadlineHeader",
    "EncodedJSON",
    "FileModeWarning",
    "HTTPBasicAuth",
    "HTTPBearerAuth",
    "HTTPDigestAuth",
    "HTTPError",
    "HTTPProxyAuth",
    "HTTPServer",
    "Headers",
    "HostChange",
    "IncompleteBody",
    "InvalidHeader",
    "InvalidJSONError",
    "InvalidProxyURL",
    "InvalidSchema",
    "InvalidURL",
    "JSONDecodeError",
    "Limits",
    "LocalProtocolError",
    "MalformedBody",
    "MissingSchema",
    "PoolTimeout",
    "PooledHTTPClient",
    "PreparedRequest",
    "ProtocolError",
    "ProxyError",
    "QueueFull",
    "ReadError",
    "ReadTimeout",
    "RemoteProtocolError",
    "Request",
    "RequestException",
    "RequestsDependencyWarning",
    "RequestsWarning",
    "Response",
    "ResponseNotRead",
    "ResponseTooLarge",
    "Retry",
    "RetryBudget",
    "RetryError",
    "SSLError",
    "Session",
    "SessionClosed",
    "StreamClosed",
    "StreamConsumedError",
    "StreamError",
    "TRANSPORTS",
    "Timeout",
    "TooManyRedirects",
    "Trace",
    "TransportUnavailable",
    "URLRequired",
    "UnrewindableBodyError",
    "Unsupported",
    "WriteError",
    "WriteTimeout",
    "__version__",
    "codes",
    "default_session",
    "delete",
    "get",
    "head",
    "install",
    "options",
    "patch",
    "post",
    "put",
    "request",
]
