"""Names and values of span attributes, by the semantic conventions of OpenTelemetry."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.known_methods import OTHER_METHOD
from waterspout.models.traces import MOMENTS, Trace

if TYPE_CHECKING:
    from typing import Any, Dict, FrozenSet, Optional, Tuple  # noqa: F401

#: The version of the conventions. Those for HTTP have been stable since 1.23.
SCHEMA_URL = "https://opentelemetry.io/schemas/1.44.0"

METHOD = "http.request.method"
ORIGINAL_METHOD = "http.request.method_original"
REQUEST_BYTES = "http.request.body.size"
RESEND_COUNT = "http.request.resend_count"
STATUS_CODE = "http.response.status_code"
RESPONSE_BYTES = "http.response.body.size"
ROUTE = "http.route"
URL = "url.full"
URL_PATH = "url.path"
URL_SCHEME = "url.scheme"
URL_TEMPLATE = "url.template"
SERVER_ADDRESS = "server.address"
SERVER_PORT = "server.port"
CLIENT_ADDRESS = "client.address"
USER_AGENT = "user_agent.original"
PROTOCOL_VERSION = "network.protocol.version"
ERROR = "error.type"

# Ours; the conventions have none.
UPSTREAM = "waterspout.upstream"
REQUEST_ID = "waterspout.request_id"
REUSED = "waterspout.connection.reused"
ERROR_PHASE = "waterspout.error.phase"
RETRY_DELAY = "waterspout.retry.delay"

#: An event for each exchange but the last one.
EXCHANGE = "waterspout.exchange"

#: An event for each retry.
RETRY = "waterspout.retry"

#: For each moment of an exchange but the first the attribute of the phase of a `Trace` that it
#: ends; seconds.
PHASES = tuple("waterspout.phase.%s" % name for name in Trace.__slots__[:len(MOMENTS) - 1])

_DEFAULT_PORTS = {"http": 80, "https": 443}

_ORIGIN = re.compile(r"([a-z]+)://(.*):(\d+)\Z")

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")

#: What the conventions write in place of what is left out of a URL.
_REDACTED = "REDACTED"


def method_attributes(method, known):
    # type: (str, FrozenSet[str]) -> Tuple[str, Dict[str, Any]]
    """The method for a span's name, and its attributes."""
    if method in known:
        return method, {METHOD: method}
    return "HTTP", {METHOD: OTHER_METHOD, ORIGINAL_METHOD: method}


def origin_attributes(origin):
    # type: (str) -> Dict[str, Any]
    """Of ``scheme://host:port``; empty if a call was refused before that was known."""
    match = _ORIGIN.match(origin)
    if match is None:
        return {}
    return {SERVER_ADDRESS: match.group(2).strip("[]"), SERVER_PORT: int(match.group(3))}


def redacted_url(origin, template):
    # type: (str, Optional[str]) -> str
    """What stands for the URL of a call.

    The conventions require one. But paths may hold secrets as queries do, and observers know
    neither. Each part of the path that is not constant is written as ``REDACTED``.
    """
    match = _ORIGIN.match(origin)
    if match is not None and _DEFAULT_PORTS.get(match.group(1)) == int(match.group(3)):
        origin = "%s://%s" % match.groups()[:2]
    path = "/" + _REDACTED if template is None else _PLACEHOLDER.sub(_REDACTED, template)
    return origin + path


def host_attributes(host, scheme):
    # type: (Optional[str], str) -> Dict[str, Any]
    """Of a request's Host field, without a check whether it is the name of this server."""
    if not host:
        return {}
    address, colon, port = host.rpartition(":")
    if not colon or not port.isdigit():  # No port, or an IPv6 address without one.
        address, port = host, str(_DEFAULT_PORTS.get(scheme, ""))
    attributes = {SERVER_ADDRESS: address.strip("[]")}  # type: Dict[str, Any]
    if port:
        attributes[SERVER_PORT] = int(port)
    return attributes


def class_name(error):
    # type: (BaseException) -> str
    """The ``error.type`` of an exception: its class, with the module."""
    cls = type(error)
    return "%s.%s" % (cls.__module__, cls.__name__)
