"""The service kit: JSON handlers, application, server and processes on Tornado."""

from __future__ import absolute_import, division, print_function

from waterspout.service._access.api_key import NewAPIKey, make_api_key
from waterspout.service._access.api_keys import APIKeys
from waterspout.service._access.principal import Principal
from waterspout.service._access_log.access_log import AccessLog
from waterspout.service._admission.overload import Overload
from waterspout.service._admission.rate_limit import RateLimit
from waterspout.service._cross_origin.origin_check import normal_origin
from waterspout.service._host.cpus import available_cpus
from waterspout.service._host.socket_activation import (
    inherited_sockets,
    inherited_sockets_by_name,
)
from waterspout.service._logging.json_formatter import JSONFormatter
from waterspout.service._operations.operations import Operations
from waterspout.service._operations.readiness_check import ReadinessCheck
from waterspout.service._processes.listening_sockets import (
    listen,
    port_of,
    shown_address,
    shown_sockets,
)
from waterspout.service._processes.standard_streams import announce
from waterspout.service._proxies.networks import Networks
from waterspout.service._server.drain import DRAIN_TIMEOUT
from waterspout.service._server.servers import HTTP_SERVERS
from waterspout.service._tls.client_files import check_client_tls
from waterspout.service._tls.server_tls import server_tls
from waterspout.service._validation.body_error import BodyError
from waterspout.service._validation.json_schema import JSONSchema
from waterspout.service.app import MAX_BODY_BYTES, Application
from waterspout.service.exceptions import (
    CallCancelled,
    ConfigurationError,
    InvalidBody,
    InvalidInput,
    ListenError,
    PidFileError,
    Refusal,
)
from waterspout.service.futures import uncancelled
from waterspout.service.handlers import ErrorHandler, JSONHandler
from waterspout.service.log_lines import one_line
from waterspout.service.log_setup import FORMATS as LOG_FORMATS
from waterspout.service.log_setup import LEVELS as LOG_LEVELS
from waterspout.service.log_setup import setup_logging
from waterspout.service.metrics_handler import MetricsHandler
from waterspout.service.serving import serve, serve_sockets
from waterspout.service.streaming import StreamingHandler
from waterspout.service.upstream_failures import retry_after, upstream_failure

__all__ = [
    "APIKeys",
    "AccessLog",
    "Application",
    "BodyError",
    "CallCancelled",
    "ConfigurationError",
    "DRAIN_TIMEOUT",
    "ErrorHandler",
    "HTTP_SERVERS",
    "InvalidBody",
    "InvalidInput",
    "JSONFormatter",
    "JSONHandler",
    "JSONSchema",
    "LOG_FORMATS",
    "LOG_LEVELS",
    "ListenError",
    "MAX_BODY_BYTES",
    "MetricsHandler",
    "Networks",
    "NewAPIKey",
    "Operations",
    "Overload",
    "PidFileError",
    "Principal",
    "RateLimit",
    "ReadinessCheck",
    "Refusal",
    "StreamingHandler",
    "announce",
    "available_cpus",
    "check_client_tls",
    "inherited_sockets",
    "inherited_sockets_by_name",
    "listen",
    "make_api_key",
    "normal_origin",
    "one_line",
    "port_of",
    "retry_after",
    "serve",
    "serve_sockets",
    "server_tls",
    "setup_logging",
    "shown_address",
    "shown_sockets",
    "uncancelled",
    "upstream_failure",
]
