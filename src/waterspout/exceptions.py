"""The exceptions of calls, with requests' names.

::

    RequestException(IOError)             .request .response .phase .may_have_been_sent
        ConnectionError                   the connection failed
            ConnectError                  it could not be made (DNS, TCP)
            ReadError                     while the response was awaited or read
                IncompleteBody            within the body; also a ChunkedEncodingError
            WriteError                    while the request was sent
            SSLError                      TLS failed, or a certificate was refused
            ProxyError                    the proxy failed or refused
        Timeout                           a limit in seconds was reached
            ConnectTimeout                also a ConnectionError
            ReadTimeout
                BodyTimeout               within the body; also a ConnectionError
            WriteTimeout
            PoolTimeout                   no connection became free
                QueueFull                 too many calls wait for one
            DeadlineExceeded              the whole call took too long
        ProtocolError
            LocalProtocolError            the request is not valid HTTP
            RemoteProtocolError           the response is not valid HTTP
                ResponseTooLarge          or it exceeds a limit of ours
                MalformedBody             within the body; also a ChunkedEncodingError
        ChunkedEncodingError              the body ended early or is malformed
        HTTPError                         a 4xx or 5xx status, by raise_for_status()
        TooManyRedirects
        ContentDecodingError              the body does not match its Content-Encoding;
                                          also a BaseHTTPError
        UnrewindableBodyError             a streamed body has to be sent again and cannot be
        BodyChanged                       the file changed while it was sent
        Unsupported                       by this transport; also a NotImplementedError
        InvalidURL, MissingSchema, InvalidSchema, InvalidHeader   also ValueErrors
            InvalidProxyURL               an InvalidURL
        InvalidJSONError                  also a ValueError
            JSONDecodeError               the body is not JSON; also the json module's
        RetryError                    only if it is asked for: see `waterspout.Retry`
        URLRequired                   requests' name; never raised here

    SessionClosed(RuntimeError)           a bug of the caller, not a RequestException
    StreamError(RuntimeError)             likewise
        StreamConsumedError               the body was streamed already and is not kept; also a
                                          RequestException and a TypeError, as in requests
        StreamClosed                      the response was closed before it was read
        ResponseNotRead                   content was used before read()
    RequestsWarning(Warning)              FileModeWarning, RequestsDependencyWarning:
                                          requests' names; never used here

To port ``except requests.exceptions.X``, change the import. The errors of the libraries below a
transport are translated, and kept as ``__cause__``.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, JSONError, string_types, to_native

if TYPE_CHECKING:
    from typing import Any, Optional, Tuple  # noqa: F401

    # For checkers alone: an error holds what it is about, and reading that raises errors.
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response  # noqa: F401


class RequestException(IOError):
    """Any failure of a call.

    Attributes:
        request (PreparedRequest or None): the request that failed; after redirects, the last one.
        response (Response or None): the response, if there was one.
        phase (native str or None): what the call was doing when it failed: ``"pool"``,
            ``"connect"``, ``"send"`` or ``"read"``.
        may_have_been_sent (bool): False if no byte of this request can have reached the server,
            so that any method can be retried safely.
        times (tuple): the arguments of the `waterspout.models.traces.Trace` of the exchange that
            failed, up to the failure; empty if it did not begin or is not known.
        retries (tuple of Attempt): the attempts before the last one; see `waterspout.Retry`.
    """

    times = ()  # type: Tuple[Any, ...]
    retries = ()  # type: Tuple[Any, ...]

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
    """The connection failed. A retry is safe only if ``may_have_been_sent`` is False."""


class ConnectError(ConnectionError):
    """No connection could be made: the name was not found, the peer refused or is unreachable, or
    this process has no file descriptor, memory or thread left.

    A retry is safe: nothing was sent. Unless ``may_have_been_sent`` is True: then a request with an
    idempotent method was sent on a kept connection, which the server closed.
    """


class ReadError(ConnectionError):
    """The connection was closed or reset before the response was complete.

    The server may have acted on the request: retry only idempotent methods.
    """


class ChunkedEncodingError(RequestException):
    """The response's body is shorter than announced, or its chunks are malformed.

    The server may have acted on the request: retry only idempotent methods.
    """


class IncompleteBody(ReadError, ChunkedEncodingError):
    """The connection was closed or reset in the middle of the body.

    The server may have acted on the request: retry only idempotent methods.
    """


class WriteError(ConnectionError):
    """The connection failed while the request was sent. Retry only idempotent methods."""


class SSLError(ConnectionError):
    """TLS could not be set up, or the peer's certificate was refused. Nothing was sent, unless
    ``may_have_been_sent`` is True. A retry usually fails again.
    """


class ProxyError(ConnectionError):
    """The proxy could not be reached or refused the request. A retry is safe, as after a
    `ConnectError`.
    """


class CircuitOpen(ConnectionError):
    """The upstream's `waterspout.CircuitBreaker` is open: too many of the last calls have failed.

    Nothing was sent: a retry is safe; wait ``retry_after`` seconds before it.

    Attributes:
        retry_after (float seconds): until the upstream is tried again.
    """

    retry_after = 0.0


class Timeout(RequestException):
    """A limit of `waterspout.ClientTimeout` was reached; the class and ``phase`` tell which.

    A retry is safe only if ``may_have_been_sent`` is False.
    """


class ConnectTimeout(ConnectionError, Timeout):
    """No connection could be made within ``timeout.connect``. A retry is safe, as after a
    `ConnectError`.
    """


class ReadTimeout(Timeout):
    """The server sent no byte for ``timeout.read``. Retry only idempotent methods."""


class BodyTimeout(ReadTimeout, ConnectionError):
    """The server stopped sending in the middle of the body; in requests a ConnectionError.

    Retry only idempotent methods.
    """


class WriteTimeout(Timeout):
    """The server took no byte of the request for ``timeout.read``. Retry only idempotent methods.
    """


class PoolTimeout(Timeout):
    """No connection became free within ``timeout.pool``. Nothing was sent: a retry is safe."""


class QueueFull(PoolTimeout):
    """The call failed at once, because ``max_queued`` calls already wait for a connection.

    Nothing was sent: a retry is safe; wait before it.
    """


class BulkheadFull(QueueFull):
    """The call failed at once: the `waterspout.Bulkhead` is full, for all or for its tenant.

    The text has the numbers. Nothing was sent: a retry is safe; wait before it.
    """


class DeadlineExceeded(Timeout):
    """The whole call, redirects, retries and waiting included, took longer than ``timeout.total``,
    or its `waterspout.Deadline` has passed, or too little of it was left to begin.

    A retry is safe only if ``may_have_been_sent`` is False.
    """


class ProtocolError(RequestException):
    """The request or the response violates HTTP."""


class LocalProtocolError(ProtocolError):
    """The request violates HTTP. Nothing was sent; a retry fails again."""


class RemoteProtocolError(ProtocolError):
    """The response violates HTTP. The connection is closed. Retry only idempotent methods."""


class ResponseTooLarge(RemoteProtocolError):
    """The response exceeds a limit of `waterspout.Limits`, as received or once decompressed.

    A retry usually fails again.
    """


class MalformedBody(RemoteProtocolError, ChunkedEncodingError):
    """The body violates the chunked transfer coding. Retry only idempotent methods."""


class HTTPError(RequestException):
    """The server responded with an error status; ``response`` is that response.

    Raised by `Response.raise_for_status` and `BaseSDK.decode`. Whether a retry is of use depends on
    the status.
    """

    if TYPE_CHECKING:
        response = None  # type: Response  # type: ignore[assignment]


class TooManyRedirects(RequestException):
    """More redirects than ``max_redirects``; ``response`` is the last one. A retry fails again."""


class BaseHTTPError(Exception):
    """requests' name for urllib3's HTTPError; here only a base class of `ContentDecodingError`."""


class ContentDecodingError(RequestException, BaseHTTPError):
    """The body does not match its Content-Encoding, or has too many codings.

    The server may have acted on the request: retry only idempotent methods.
    """


class UnrewindableBodyError(RequestException):
    """A redirect or challenge needs the body again, but it is an iterator or cannot seek.

    ``response`` is that redirect or challenge. A retry with bytes or a file works.
    """


class BodyChanged(RequestException):
    """The file given as the body grew or shrank while it was sent.

    The server did not get a complete request, and the connection is closed.
    """


class Unsupported(RequestException, NotImplementedError):
    """The transport does not support an option; the text names one that does. Nothing was sent."""


class InvalidURL(RequestException, ValueError):
    """The URL cannot be requested. Nothing was sent."""


class InvalidProxyURL(InvalidURL):
    """The URL of a proxy is invalid. Nothing was sent."""


class MissingSchema(RequestException, ValueError):
    """The URL has no ``http://`` or ``https://``. Nothing was sent."""


class InvalidSchema(RequestException, ValueError):
    """The URL's scheme is neither http nor https. Nothing was sent."""


class URLRequired(RequestException):
    """requests' name; never raised here nor there: a missing URL is a MissingSchema."""


class RetryError(RequestException):
    """All retries got a status that is retried, and `waterspout.Retry` has ``raise_on_status``.

    ``response`` is the last one. Otherwise that response is the result, and an error is raised as
    it is.
    """


class InvalidHeader(RequestException, ValueError):
    """A header name, header value or method contains a CR, LF or another character that HTTP does
    not allow there. Nothing was sent; a retry fails again.
    """


class InvalidJSONError(RequestException, ValueError):
    """``json=`` has a value that JSON cannot represent (NaN, a cycle, another type).

    Nothing was sent; a retry fails again.
    """


class JSONDecodeError(InvalidJSONError, JSONError):
    """The response's body is not JSON.

    Attributes: msg, doc, pos, lineno, colno, as of the json module's error, which it is as well
        (a ValueError on 2.7). ``doc`` is empty if the body is not text.
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
    """A streamed body was used in the wrong order: a bug of the caller, not a RequestException."""


class StreamConsumedError(RequestException, StreamError, TypeError):
    """The body was streamed already, and it is not kept."""


class StreamClosed(StreamError):
    """The response was closed before its body was read."""


class ResponseNotRead(StreamError):
    """``content`` of a streamed response was used before ``read()``."""


class SessionClosed(RuntimeError):
    """A call on a closed session: a bug of the caller, not a RequestException. Nothing was sent."""


class RequestsWarning(Warning):
    """requests' base class of its warnings; never used here."""


class FileModeWarning(RequestsWarning, DeprecationWarning):
    """requests' warning about a file in text mode as the body; never used here."""


class RequestsDependencyWarning(RequestsWarning):
    """requests' warning about incompatible packages; never used here."""
