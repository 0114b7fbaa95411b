"""The server's side of one HTTP/1.1 connection, without its socket."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire.message_limits import DEFAULT_LIMITS
from waterspout._wire.request_reader import RequestReader
from waterspout._wire.response_writer import ResponseWriter
from waterspout.exceptions import LocalProtocolError

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from waterspout._wire.events import RequestHead  # noqa: F401
    from waterspout._wire.message_limits import MessageLimits  # noqa: F401

#: RFC 9110 section 15.2.1.
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class ServerConnection(object):
    """Turns received bytes into requests, and responses into bytes to send.

    It serves one exchange at a time, and another after :meth:`next_request`. Received bytes are
    kept until a ``read_`` method is called, so that the caller decides how far it reads ahead
    (:attr:`unread_bytes`). Nothing here touches a socket, a clock or a log: the caller moves the
    bytes, and closes its socket when :meth:`why_not_next` says that no request can follow.

    For any bytes, in slices of any size, :meth:`read_head` and :meth:`read_body` return a value or
    raise :exc:`RequestRefused`, in time linear in the bytes. Any other exception is a bug, provided
    that the caller follows these docstrings. After a refusal each further read raises it again; a
    response can still be sent.

    Args:
        limits (MessageLimits): how much of a request is accepted.
        requires_host (bool): refuse a request of HTTP/1.1 without a Host field, as RFC 9112
            section 3.2 demands.
    """

    __slots__ = ("_reader", "_writer")

    def __init__(self, limits=DEFAULT_LIMITS, requires_host=True):
        # type: (MessageLimits, bool) -> None
        self._reader = RequestReader(limits, requires_host)
        self._writer = ResponseWriter()

    def receive_data(self, data):
        # type: (bytes) -> None
        """Keep received bytes, at least one. Nothing is parsed, and nothing raised."""
        self._reader.receive_data(data)

    def receive_eof(self):
        # type: () -> None
        """Take note that the client has ended its sending side. It may still read a response."""
        self._reader.ended = True

    def read_head(self):
        # type: () -> Optional[RequestHead]
        """Return the next request's head; None if it is incomplete or has not begun.

        Raises: RequestRefused, also if the client has ended its side within a head;
            LocalProtocolError if the head of this request has been read.
        """
        return self._reader.read_head()

    def read_body(self, max_bytes):
        # type: (int) -> Optional[bytes]
        """Return the next piece of the body, at most ``max_bytes``, transfer coding removed.

        ``b""`` at the end of the request, None if more bytes must arrive. Chunks that have
        arrived are joined. If the call raises, the body bytes before the fault may be lost.

        Raises: RequestRefused, of the kind ``"incomplete"`` if the client has ended its side within
            the body; LocalProtocolError if no head has been read.
        """
        return self._reader.read_body(max_bytes)

    @property
    def body_limit(self):
        # type: () -> Optional[int]
        """The longest body of this request in bytes; None: no limit.

        :meth:`read_head` sets it to ``limits.body_bytes``. It can be changed until the first
        :meth:`read_body`, which refuses a Content-Length above it.
        """
        return self._reader.body_limit

    @body_limit.setter
    def body_limit(self, limit_bytes):
        # type: (Optional[int]) -> None
        self._reader.body_limit = limit_bytes

    @property
    def unread(self):
        # type: () -> bytes
        """The bytes that were received and not read: those of later requests, say. A copy."""
        return self._reader.unread

    @property
    def unread_bytes(self):
        # type: () -> int
        """How many bytes :attr:`unread` has."""
        return self._reader.unread_bytes

    @property
    def ended(self):
        # type: () -> bool
        """Whether :meth:`receive_eof` was called."""
        return self._reader.ended

    @property
    def head_begun(self):
        # type: () -> bool
        """Whether the last :meth:`read_head` returned None after at least one byte of a head.

        An empty line before a request line is not yet a part of its head.
        """
        return self._reader.head_begun

    @property
    def request_complete(self):
        # type: () -> bool
        """Whether the current request has been read to its end."""
        return self._reader.complete

    @property
    def trailers(self):
        # type: () -> bytes
        """The field lines of the current request's trailer section, once it is complete.

        Each with its CRLF; ``b""`` if there is none. They must not be merged into the header
        section (RFC 9110 section 6.5.1).
        """
        return self._reader.trailers

    def start_response(self, status_code, reason, raw, count, close=False):
        # type: (int, bytes, bytes, int, bool) -> bytes
        """Return the bytes of a response's head.

        After an informational (1xx) response another one is started; nothing is sent of one to a
        client of HTTP/1.0, which cannot read it. Any other response is final: :meth:`send_data`
        and :meth:`end_response` follow. Its framing is decided by the fields and the request
        (RFC 9112 sections 6.1 to 6.3, 9.3 and 9.6):

        - No body: 101, 204, 304, any response to HEAD, and a 2xx response to CONNECT. Framing
          fields are removed where they are forbidden (not from 304 or a response to HEAD).
        - Content-Length in ``raw``: a body of that length.
        - Transfer-Encoding in ``raw``: the caller has coded the body; the connection is closed.
        - Neither: chunked, or to a client of HTTP/1.0 until the connection is closed.

        "Connection: close" or "Connection: Keep-Alive" is added where it is needed and missing.

        Args:
            status_code (int): 100 to 999.
            reason (bytes): the reason phrase, which may be empty.
            raw (bytes): the field lines, each as ``b"Name: value\\r\\n"``.
            count (int): how many fields that is meant to be: a value with a line end makes more.
            close (bool): close the connection after this response.
        Raises: InvalidHeader: ``raw`` is not ``count`` valid field lines, or the reason is invalid.
            LocalProtocolError for anything else that cannot be sent, or if the response has been
            started. Nothing is sent, and another response can be started.
        """
        reader = self._reader
        request = reader.head
        why_close = None
        if close:
            why_close = "the server closes the connection"
        elif reader.refusal is not None:
            why_close = "the request was refused"
        elif request is None:
            why_close = "the response came before the request"
        elif not request.keep_alive:
            why_close = "the client closes the connection"
        method = request.method if request is not None else (
            reader.refusal.method if reader.refusal is not None else None)
        return self._writer.start_response(
            request, method, status_code, reason, raw, count, why_close)

    def pass_through(self):
        # type: () -> None
        """Send what :meth:`send_data` gets as it is: the caller has made the response's head too.

        The connection is closed after that response, whose framing is not known.
        """
        self._writer.pass_through()

    @property
    def switched(self):
        # type: () -> bool
        """Whether the response has changed the connection's protocol (101, or 2xx to CONNECT)."""
        return self._writer.switched

    def send_data(self, data):
        # type: (bytes) -> bytes
        """Return the bytes to send for a piece of the body; none if the response has no body.

        Raises: LocalProtocolError: the body is longer than its Content-Length, or no response has
            been started.
        """
        return self._writer.send_data(data)

    def end_response(self):
        # type: () -> bytes
        """Return the bytes that end the response; none unless its body is chunked.

        Raises: LocalProtocolError: body bytes are missing, or no response has been started.
            Close the connection then.
        """
        return self._writer.end_response()

    def continue_(self):
        # type: () -> bytes
        """Return the bytes of a "100 Continue" response, which asks the client for the body."""
        return _CONTINUE

    @property
    def missing_body_bytes(self):
        # type: () -> Optional[int]
        """How many bytes of the response's body have not been sent; None if that is unknown."""
        return self._writer.missing_body_bytes

    @property
    def response_started(self):
        # type: () -> bool
        """Whether the head of the final response has been made."""
        return self._writer.started

    @property
    def response_ended(self):
        # type: () -> bool
        """Whether the response is complete."""
        return self._writer.ended

    def why_not_next(self):
        # type: () -> Optional[str]
        """Why no other request can follow now, for logs; None if one can."""
        reader = self._reader
        if reader.refusal is not None:
            return "the request was refused: %s" % reader.refusal
        if not reader.complete:
            return "the request is not complete"
        if not self._writer.ended:
            return "the response is not complete"
        return self._writer.why_last

    def next_request(self):
        # type: () -> None
        """Begin again with the next request.

        Raises: LocalProtocolError unless :meth:`why_not_next` returns None.
        """
        why = self.why_not_next()
        if why is not None:
            raise LocalProtocolError("no request can follow: %s" % why, phase="read")
        self._reader.next_request()
        self._writer.next_response()

    def __repr__(self):
        # type: () -> str
        return "<ServerConnection: %s>" % (self.why_not_next() or "may read the next request")
