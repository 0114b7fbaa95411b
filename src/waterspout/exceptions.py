"""Everything a call can raise, in requests' names.

::

    RequestException(IOError)             .request .response .phase .may_have_been_sent
        ConnectionError                   the connection failed
            ConnectError                  while it was made (DNS, TCP)
            ReadError                     while the response was awaited or read
                IncompleteBody            within the body; also a ChunkedEncodingError
            WriteError                    while the request was sent
            SSLError                      TLS failed, a certificate was refused
            ProxyError                    the proxy failed or refused
        Timeout                           a limit of seconds ran out
            ConnectTimeout                also a ConnectionError
            ReadTimeout
                BodyTimeout               within the body; also a ConnectionError
            WriteTimeout
            PoolTimeout                   no connection came free
                QueueFull                 and too many wait for one
            DeadlineExceeded              the whole call took too long
        ProtocolError
            LocalProtocolError            we were asked to send what HTTP forbids
            RemoteProtocolError           the peer sent what HTTP forbids
                ResponseTooLarge          or more than we accept
                MalformedBody             within the body; also a ChunkedEncodingError
        ChunkedEncodingError              the body is not as it was announced
        HTTPError                         a 4xx or 5xx status, by raise_for_status()
        TooManyRedirects
        ContentDecodingError              the body does not match its Content-Encoding;
                                          also a BaseHTTPError
        UnrewindableBodyError             the body was streamed, and is wanted again
        BodyChanged                       the file being sent is not what it was
        Unsupported                       by this transport; also NotImplementedError
        InvalidURL, MissingSchema, InvalidSchema, InvalidHeader   also ValueError
            InvalidProxyURL               an InvalidURL
        InvalidJSONError                  also a ValueError
            JSONDecodeError               the body is not JSON; also the json module's
        URLRequired, RetryError           requests' names; nothing of ours raises them

    SessionClosed(RuntimeError)           a bug of the caller, so outside the tree
    StreamError(RuntimeError)             likewise
        StreamConsumedError               streamed already, and not kept; with requests'
                                          parents, RequestException and TypeError
        StreamClosed                      closed before it was read
        ResponseNotRead                   content, before read()
    RequestsWarning(Warning)              FileModeWarning, RequestsDependencyWarning;
                                          requests' names; nothing of ours warns by them

``except requests.exceptions.X`` ports by changing the import. A transport's own
errors are translated at its border and kept as ``__cause__``.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, JSONError, string_types, to_native

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    # For checkers alone: an error holds what it is about, and reading that raises errors.
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response  # noqa: F401


class RequestException(IOError):
    """Any failure of a call.

    Attributes:
        request (PreparedRequest or None): what was being sent, redirects included.
        response (Response or None): what had come back, if anything had.
        phase (native str or None): ``"pool"``, ``"connect"``, ``"send"``, ``"read"``
            or ``"total"``: what the call was doing when it failed.
        may_have_been_sent (bool): False when no byte of this request can have reached the
            server, so that sending it again cannot do a thing twice.
    """

    def __init__(self, message="", request=None, response=None, phase=None,
                 may_have_been_sent=True):
        # type: (Any, Optional[PreparedRequest], Optional[Response], Optional[str], bool) -> None
        if not isinstance(message, string_types):
            message = str(message)  # As in requests, which takes anything.
        super(RequestException, self).__init__(to_native(message))
        if request is None and response is not None:
            request = response.request
        self.request = request
        self.response = response
        self.phase = phase
        self.may_have_been_sent = may_have_been_sent


class ConnectionError(RequestException):
    """The connection failed. Safe to retry only if ``may_have_been_sent`` is False."""


class ConnectError(ConnectionError):
    """No connection could be made: name not found, refused, unreachable, or this process has no
    file descriptor, memory or thread left for one. Safe to retry.
    """


class ReadError(ConnectionError):
    """The connection ended or was reset before the response was whole.

    The server may have acted on the request: retry idempotent methods only.
    """


class ChunkedEncodingError(RequestException):
    """The body did not come as it was announced, in chunks or by its length.

    The server may have acted on the request: retry idempotent methods only.
    """


class IncompleteBody(ReadError, ChunkedEncodingError):
    """The connection ended or was reset within the body."""


class WriteError(ConnectionError):
    """The connection broke while the request was being sent. Retry idempotent methods only."""


class SSLError(ConnectionError):
    """TLS could not be set up, or the peer's certificate was refused. A retry fails again."""


class ProxyError(ConnectionError):
    """The proxy could not be reached or refused the request."""


class Timeout(RequestException):
    """A limit of seconds ran out; the class and ``phase`` tell which."""


class ConnectTimeout(ConnectionError, Timeout):
    """No connection within ``timeout.connect``. Nothing was sent: safe to retry."""


class ReadTimeout(Timeout):
    """The server sent no byte for ``timeout.read``. Retry idempotent methods only."""


class BodyTimeout(ReadTimeout, ConnectionError):
    """It did so within the body, which is a ConnectionError to requests."""


class WriteTimeout(Timeout):
    """The server accepted no byte for ``timeout.read``. Retry idempotent methods only."""


class PoolTimeout(Timeout):
    """No connection came free within ``timeout.pool``. Nothing was sent: safe to retry."""


class QueueFull(PoolTimeout):
    """So many calls wait for a connection that this one was refused at once.

    Nothing was sent: safe to retry, later.
    """


class DeadlineExceeded(Timeout):
    """The whole call, redirects and waiting included, took longer than ``timeout.total``."""


class ProtocolError(RequestException):
    """One side broke the rules of HTTP."""


class LocalProtocolError(ProtocolError):
    """We were asked to send what HTTP forbids. Nothing was sent; a retry fails again."""


class RemoteProtocolError(ProtocolError):
    """The peer sent what HTTP forbids; the connection is not used again."""


class ResponseTooLarge(RemoteProtocolError):
    """The response, as sent or once decompressed, passed a limit of ours."""


class MalformedBody(RemoteProtocolError, ChunkedEncodingError):
    """The body breaks the rules of its own transfer coding."""


class HTTPError(RequestException):
    """The server answered with an error status; ``response`` is that answer."""

    if TYPE_CHECKING:
        response = None  # type: Response  # type: ignore[assignment]


class TooManyRedirects(RequestException):
    """More redirects than ``max_redirects``; ``response`` is the last one."""


class BaseHTTPError(Exception):
    """urllib3's HTTPError to requests, which lets some of them through; we translate them all."""


class ContentDecodingError(RequestException, BaseHTTPError):
    """The body does not match its Content-Encoding, or carries too many of them."""


class UnrewindableBodyError(RequestException):
    """A redirect asks for the body again, which was read while it was sent."""


class BodyChanged(RequestException):
    """The file that was being sent grew or shrank meanwhile.

    The server did not get a whole request, and the connection is closed.
    """


class Unsupported(RequestException, NotImplementedError):
    """The transport cannot do what was asked; another one can. Nothing was sent."""


class InvalidURL(RequestException, ValueError):
    """The URL cannot be requested. Nothing was sent."""


class InvalidProxyURL(InvalidURL):
    """The URL of a proxy names none. Nothing was sent."""


class MissingSchema(RequestException, ValueError):
    """The URL lacks its ``http://`` or ``https://``. Nothing was sent."""


class InvalidSchema(RequestException, ValueError):
    """The URL's scheme is neither http nor https. Nothing was sent."""


class URLRequired(RequestException):
    """requests' name, which it never raises either: a URL that is missing is a MissingSchema."""


class RetryError(RequestException):
    """requests' name for retries that came to nothing. Nothing of ours retries unasked."""


class InvalidHeader(RequestException, ValueError):
    """A header name or value, or a method, that HTTP does not allow. Nothing was sent."""


class InvalidJSONError(RequestException, ValueError):
    """``json=`` was given what JSON cannot say (NaN, a cycle, an odd type). Nothing was sent."""


class JSONDecodeError(InvalidJSONError, JSONError):
    """The response's body is not JSON.

    Attributes: msg, doc, pos, lineno, colno, as of the json module's error, which it is as well
        (a ValueError on 2.7); where the body is no text at all, ``doc`` is empty.
    """

    def __init__(self, message="", cause=None, request=None, response=None, phase=None,
                 may_have_been_sent=True):
        # type: (Any, Optional[BaseException], Optional[PreparedRequest], Optional[Response], Optional[str], bool) -> None
        super(JSONDecodeError, self).__init__(
            message, request, response, phase, may_have_been_sent)
        self.msg = getattr(cause, "msg", message)
        self.doc = getattr(cause, "doc", "")
        self.pos = getattr(cause, "pos", 0)
        self.lineno = getattr(cause, "lineno", 1)
        self.colno = getattr(cause, "colno", 1)


class StreamError(RuntimeError):
    """A bug of the caller, so no RequestException: a body was used in an order that cannot be."""


class StreamConsumedError(RequestException, StreamError, TypeError):
    """The body was streamed already; it is not kept."""


class StreamClosed(StreamError):
    """The response was closed before this was read."""


class ResponseNotRead(StreamError):
    """``content`` of a streamed response: ``read()`` it first."""


class SessionClosed(RuntimeError):
    """A call on a session that is closed; a bug of the caller, so not a RequestException."""


class RequestsWarning(Warning):
    """requests' name for its warnings."""


class FileModeWarning(RequestsWarning, DeprecationWarning):
    """requests' name for a file in text mode as a body, which is a TypeError here."""


class RequestsDependencyWarning(RequestsWarning):
    """requests' name for packages that do not fit it; we need none."""
