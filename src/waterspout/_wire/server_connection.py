"""The server's side of one HTTP/1.1 connection, without its socket."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire.message_limits import DEFAULT_LIMITS
from waterspout._wire.request_reader import RequestReader
from waterspout._wire.response_writer import ResponseWriter

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from waterspout._wire.events import RequestHead  # noqa: F401
    from waterspout._wire.message_limits import MessageLimits  # noqa: F401

#: RFC 9110 section 15.2.1.
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class ServerConnection(RequestReader):
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

    __slots__ = ("_writer",)

    def __init__(self, limits=DEFAULT_LIMITS, requires_host=True):
        # type: (MessageLimits, bool) -> None
        super(ServerConnection, self).__init__(limits, requires_host)
        self._writer = ResponseWriter()

    def receive_eof(self):
        # type: () -> None
        """Take note that the client has ended its sending side. It may still read a response."""
        self.ended = True

    def start_response(self, status_code, reason, raw, count, close=False, content_length=None):
        # type: (int, bytes, bytes, int, bool, Optional[int]) -> bytes
        """Return the bytes of a response's head.

        After an informational (1xx) response another one is started; nothing is sent of one to a
        client of HTTP/1.0, which cannot read it. Any other response is final: :meth:`send_data`
        and :meth:`end_response` follow. Its framing is decided by the fields and the request
        (RFC 9112 sections 6.1 to 6.3, 9.3 and 9.6):

        - No body: 101, 204, 304, any response to HEAD, and a 2xx response to CONNECT. Framing
          fields are removed where they are forbidden (not from 304 or a response to HEAD).
        - Content-Length in ``raw``: a body of that length.
        - Transfer-Encoding in ``raw``: the caller has coded the body; the connection is closed. If
          it names chunked alone, it is ignored: that coding is applied here where it is needed.
        - Neither: chunked, or to a client of HTTP/1.0 until the connection is closed.

        "Connection: close" or "Connection: Keep-Alive" is added where it is needed and missing.

        Args:
            status_code (int): 100 to 999.
            reason (bytes): the reason phrase, which may be empty.
            raw (bytes): the field lines, each as ``b"Name: value\\r\\n"``.
            count (int): how many fields that is meant to be: a value with a line end makes more.
            close (bool): close the connection after this response.
            content_length (int or None): for a Content-Length field after those in ``raw``. If the
                rest equals the last response's, it is not checked again.
        Raises: InvalidHeader: ``raw`` is not ``count`` valid field lines, or the reason is invalid.
            LocalProtocolError for anything else that cannot be sent, or if the response has been
            started. Nothing is sent, and another response can be started.
        """
        return self._writer.start_response(
            self.head, self._method, status_code, reason, raw, count, content_length,
            self._why_close(close))

    def whole_response(self, status_code, reason, raw, count, body, close=False):
        # type: (int, bytes, bytes, int, bytes, bool) -> bytes
        """Return the bytes of a final response, whose Content-Length is not among the fields.

        The same as :meth:`start_response`, :meth:`send_data` and :meth:`end_response`, in less
        time. Args and errors: as there.
        """
        return self._writer.whole_response(
            self.head, self._method, status_code, reason, raw, count, body,
            self._why_close(close))

    @property
    def _method(self):
        # type: () -> Optional[bytes]
        """The method of the request, which may have been refused; None if it is unknown."""
        if self.head is not None:
            return self.head.method
        return None if self.refusal is None else self.refusal.method

    def _why_close(self, close):
        # type: (bool) -> Optional[str]
        """Why the connection is closed after the response; None if it may be kept."""
        if close:
            return "the server closes the connection"
        if self.refusal is not None:
            return "the request was refused"
        if self.head is None:
            return "the response came before the request"
        if not self.head.keep_alive:
            return "the client closes the connection"
        return None

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
        if self.refusal is not None:
            return "the request was refused: %s" % self.refusal
        if not self.complete:
            return "the request is not complete"
        if not self._writer.ended:
            return "the response is not complete"
        return self._writer.why_last

    def next_request(self):
        # type: () -> Optional[str]
        """Begin again with the next request, if :meth:`why_not_next` returns None.

        Returns: what it returns.
        """
        why = self.why_not_next()
        if why is None:
            self.head = self._body = None
            self.complete = False
            if self._position == len(self._data):  # Frees what was read, before a long wait.
                self._data = b""
                self._position = 0
            self._writer.started = self._writer.ended = False
        return why

    def __repr__(self):
        # type: () -> str
        return "<ServerConnection: %s>" % (self.why_not_next() or "may read the next request")
