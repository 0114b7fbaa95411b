"""Waterspout: how Tornado services call other services.

::

    session = waterspout.Session(timeout=10)
    response = await session.get("http://host/path", params={"q": "a b"})   # yield on 2.7
    response.json()

`Session` has requests' keywords, `BaseSDK` declares one upstream as a class,
``waterspout.service`` is the kit for the service around them.
"""

from __future__ import absolute_import, division, print_function

from waterspout import api
from waterspout._version import __version__
from waterspout.api import default_session, delete, get, head, options, patch, post, put
from waterspout.auth.basic import (
    AuthBase,
    HTTPBasicAuth,
    HTTPBearerAuth,
    HTTPDigestAuth,
    HTTPProxyAuth,
)
from waterspout.exceptions import (
    ChunkedEncodingError,
    ConnectError,
    ConnectionError,
    ConnectTimeout,
    ContentDecodingError,
    DeadlineExceeded,
    HTTPError,
    InvalidHeader,
    InvalidJSONError,
    InvalidProxyURL,
    InvalidSchema,
    InvalidURL,
    JSONDecodeError,
    LocalProtocolError,
    MissingSchema,
    PoolTimeout,
    ProtocolError,
    ProxyError,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    RequestException,
    ResponseTooLarge,
    SessionClosed,
    SSLError,
    StreamConsumedError,
    TooManyRedirects,
    WriteError,
    WriteTimeout,
)
from waterspout.httpclient import PooledHTTPClient, install
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.request import Request
from waterspout.models.response import Response
from waterspout.models.traces import Trace
from waterspout.sdk import BaseSDK
from waterspout.session import Session
from waterspout.status_codes import codes
from waterspout.structures import Headers
from waterspout.timeouts import Timeout
from waterspout.transports import TRANSPORTS, TransportUnavailable

request = api.request  # And not the module of that name.

__all__ = [
    "AuthBase",
    "BaseSDK",
    "ChunkedEncodingError",
    "ConnectError",
    "ConnectTimeout",
    "ConnectionError",
    "ContentDecodingError",
    "DeadlineExceeded",
    "HTTPBasicAuth",
    "HTTPBearerAuth",
    "HTTPDigestAuth",
    "HTTPError",
    "HTTPProxyAuth",
    "Headers",
    "InvalidHeader",
    "InvalidJSONError",
    "InvalidProxyURL",
    "InvalidSchema",
    "InvalidURL",
    "JSONDecodeError",
    "LocalProtocolError",
    "MissingSchema",
    "PoolTimeout",
    "PooledHTTPClient",
    "PreparedRequest",
    "ProtocolError",
    "ProxyError",
    "ReadError",
    "ReadTimeout",
    "RemoteProtocolError",
    "Request",
    "RequestException",
    "Response",
    "ResponseTooLarge",
    "SSLError",
    "Session",
    "SessionClosed",
    "StreamConsumedError",
    "TRANSPORTS",
    "Timeout",
    "TooManyRedirects",
    "Trace",
    "TransportUnavailable",
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
