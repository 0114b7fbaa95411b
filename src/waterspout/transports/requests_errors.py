"""What the errors of requests, urllib3 and the sockets below mean in our words."""

from __future__ import absolute_import, division, print_function

import re
import socket
import ssl

from requests import exceptions as theirs
from urllib3 import exceptions as urllib3

from waterspout import exceptions as ours


#: urllib3 begins its texts with the repr of an object.
_OBJECT = re.compile(
    r"^(?:<[^>]*>|HTTPS?Connection(?:Pool)?\([^)]*\)): (?:Failed to establish a new connection: )?"
)


class CutShort(Exception):
    """A body that ended before its Content-Length."""


#: (theirs, phase, ours): the first that fits the error, or a cause below it, counts.
_MEANINGS = (
    (theirs.ConnectTimeout, "connect", ours.ConnectTimeout),
    (theirs.ReadTimeout, "read", ours.ReadTimeout),
    (urllib3.ReadTimeoutError, "read", ours.ReadTimeout),
    (theirs.ProxyError, "connect", ours.ProxyError),
    (theirs.SSLError, "connect", ours.SSLError),
    (urllib3.NewConnectionError, "connect", ours.ConnectError),
    (urllib3.LocationParseError, "connect", ours.InvalidURL),
    (urllib3.IncompleteRead, "read", ours.ReadError),
    (CutShort, "read", ours.ReadError),
    (ssl.SSLError, "read", ours.SSLError),
    (socket.timeout, "read", ours.ReadTimeout),
    (socket.error, "read", ours.ReadError),  # Reset, and a peer that hangs up.
    (urllib3.InvalidHeader, "read", ours.RemoteProtocolError),
    (urllib3.HTTPError, "read", ours.RemoteProtocolError),
    (theirs.RequestException, "read", ours.RequestException),
)


def translate(error):
    # type: (BaseException) -> Tuple[str, type, str]
    """(phase, our exception, what happened) for what a worker thread raised."""
    causes = list(_causes(error))
    what = str(causes[-1]) or type(causes[-1]).__name__
    what = _OBJECT.sub("", what)
    for cause in reversed(causes):
        if _hung_up(cause):
            return "read", ours.ReadError, "the server closed the connection without an answer"
    for theirs_class, phase, ours_class in _MEANINGS:
        if any(isinstance(cause, theirs_class) for cause in causes):
            return phase, ours_class, what
    return "read", ours.RequestException, "%s: %s" % (type(error).__name__, what)


def _causes(error):
    # requests wraps urllib3's errors, which wrap those of http.client and the socket: as
    # ``reason`` or among ``args``.
    while error is not None:
        yield error
        inner = getattr(error, "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((arg for arg in reversed(error.args) if _is_error(arg)), None)
        error = inner


def _is_error(value):
    return isinstance(value, BaseException)


def _hung_up(error):
    # http.client: RemoteDisconnected, which is a BadStatusLine with nothing in it on 2.7.
    name = type(error).__name__
    return name == "RemoteDisconnected" or name == "BadStatusLine" and error.line in ("", "''")
