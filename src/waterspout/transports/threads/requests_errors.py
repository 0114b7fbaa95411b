"""Translates the errors of requests, urllib3 and sockets into ours."""

from __future__ import absolute_import, division, print_function

import errno
import re
import socket
import ssl

from requests import exceptions as theirs
from urllib3 import exceptions as urllib3

from waterspout import exceptions as ours
from waterspout._net.shortage import true_cause
from waterspout.transports.threads.route_adapter import TunnelFailed

#: urllib3 begins its texts with the repr of an object.
_OBJECT = re.compile(
    r"^(?:<[^>]*>|HTTPS?Connection(?:Pool)?\([^)]*\)): (?:Failed to establish a new connection: )?"
)


class NoThread(Exception):
    """The executor could not start a thread; nothing was sent."""


class CutShort(Exception):
    """The body is shorter than its Content-Length."""


#: (their class, phase, our class); the first that matches the error or one of its causes is used.
_MEANINGS = (
    (theirs.ConnectTimeout, "connect", ours.ConnectTimeout),
    (theirs.ReadTimeout, "read", ours.ReadTimeout),
    (urllib3.ReadTimeoutError, "read", ours.ReadTimeout),
    (theirs.SSLError, "connect", ours.SSLError),
    (urllib3.NewConnectionError, "connect", ours.ConnectError),
    (NoThread, "connect", ours.ConnectError),
    (urllib3.LocationParseError, "connect", ours.InvalidURL),
    (urllib3.DecodeError, "read", ours.ContentDecodingError),
    (CutShort, "read", ours.ReadError),
    (ssl.SSLError, "read", ours.SSLError),
    (socket.timeout, "read", ours.ReadTimeout),
)


def translate(error):
    # type: (BaseException) -> Tuple[str, type, str]
    """(phase, our class, the reason) for an error that a worker thread raised."""
    causes = list(_causes(error))
    root = causes[-1] = true_cause(causes[-1])
    what = _OBJECT.sub("", str(root)) or type(root).__name__
    if isinstance(error, ours.RequestException):
        return "read", type(error), what
    if _not_through_proxy(causes):
        return "connect", ours.ProxyError, "the proxy: " + what
    if getattr(root, "errno", None) in (errno.EMFILE, errno.ENFILE):
        return "connect", ours.ConnectError, what  # For a socket, or the certificate file.
    if _hung_up(root):
        return "read", ours.ReadError, "the server closed the connection"
    for theirs_class, phase, ours_class in _MEANINGS:
        if any(isinstance(cause, theirs_class) for cause in causes):
            return phase, ours_class, what
    if isinstance(root, socket.error) and not isinstance(root, theirs.RequestException):
        return "read", ours.ReadError, what  # Usually a reset.
    return _of_http_client(root, what)


def _of_http_client(root, what):
    # Its classes are in different modules on 2.7 and 3.
    name = type(root).__name__
    if name == "IncompleteRead":
        return "read", ours.ReadError, what
    if name == "LineTooLong" or what.startswith("got more than"):  # ... 100 headers
        return "read", ours.ResponseTooLarge, what
    return "read", ours.RemoteProtocolError, "the answer is not HTTP: %.80r" % what


def _not_through_proxy(causes):
    # requests before 2.29 raises ProxyError for later failures too.
    return any(isinstance(cause, TunnelFailed) for cause in causes) or (
        isinstance(causes[0], theirs.ProxyError)
        and any(isinstance(cause, urllib3.NewConnectionError) for cause in causes)
    )


def _hung_up(root):
    name = type(root).__name__
    return (
        name == "RemoteDisconnected"
        # py2: the class before RemoteDisconnected.
        or name == "BadStatusLine" and root.line.startswith("No status line")
        # The body ended where a chunk should begin; urllib3 1.26 reports a wrong length.
        or name == "InvalidChunkLength" and not root.length
        or type(root) is urllib3.ProtocolError and "prematurely" in str(root)
    )


def _causes(error):
    # requests wraps urllib3's errors, which wrap those of http.client and sockets, as ``reason`` or
    # in ``args``.
    while error is not None:
        yield error
        inner = getattr(error, "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((arg for arg in reversed(error.args) if _is_error(arg)), None)
        error = inner


def _is_error(value):
    return isinstance(value, BaseException)
