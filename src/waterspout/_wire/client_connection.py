"""The client's side of one HTTP/1.1 connection, without its socket."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire.faults import unsendable
from waterspout._wire.message_limits import DEFAULT_LIMITS
from waterspout._wire.request_writer import RequestWriter
from waterspout._wire.response_reader import ResponseReader
from waterspout.exceptions import LocalProtocolError

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from waterspout._wire.field_lines import FieldLines  # noqa: F401
    from waterspout._wire.message_limits import MessageLimits  # noqa: F401


class ClientConnection(ResponseReader):
    """Turns requests into bytes to send, and received bytes into events.

    It serves one exchange at a time, and another as long as :attr:`reusable` is True. Nothing here
    touches a socket, a clock or a log: the caller moves the bytes, and closes its socket when the
    connection is not reusable after an exchange.

    For any bytes, in slices of any size, :meth:`receive_data` and :meth:`receive_eof` return
    events or raise :exc:`RemoteProtocolError`, in time linear in the bytes. Any other exception is
    a bug, provided that the caller follows these docstrings. After that error nothing more is read:
    each further call raises it again.

    Args:
        limits (MessageLimits): how much of a response is accepted.
    """

    __slots__ = ("_writer",)

    def __init__(self, limits=DEFAULT_LIMITS):
        # type: (MessageLimits) -> None
        super(ClientConnection, self).__init__(limits)
        self._writer = RequestWriter()

    def send_request(self, method, target, fields, body=None, host=None):
        # type: (bytes, bytes, FieldLines, Optional[bytes], Optional[FieldLines]) -> bytes
        """Return the bytes of a whole request.

        They contain a copy of ``body``: send a large body with :meth:`start_request`.

        Args:
            method (bytes): token of RFC 9110 section 9, e.g. ``b"GET"``; case matters.
            target (bytes): a request target of RFC 9112 section 3.2: ``b"/path?query"``, a whole
                URL to a proxy, ``b"host:port"`` for CONNECT, or ``b"*"`` for OPTIONS.
            fields (FieldLines): without Content-Length, which is added.
            body (bytes or None): None sends neither body nor Content-Length, ``b""`` a
                Content-Length of 0, which RFC 9110 section 8.6 wants for POST and PUT.
            host (FieldLines or None): the Host field, sent first where ``fields`` has none. It is
                the same for each request to one origin, so that it is encoded once.
        Raises: InvalidHeader for a bad method, LocalProtocolError for anything else that cannot be
            sent. Nothing was sent, and the connection can be used as before.
        """
        self._check_reusable()
        data = self._writer.send_request(method, target, fields, body, host)
        self.expect_response(method, fields.upgrade)
        return data

    def start_request(self, method, target, fields, content_length=None, host=None):
        # type: (bytes, bytes, FieldLines, Optional[int], Optional[FieldLines]) -> bytes
        """Return the bytes of a request's head; :meth:`send_data` and :meth:`end_request` follow.

        Args: those of :meth:`send_request`, with this in place of ``body``:
            content_length (int or None): bytes of the body that will follow. None if unknown: the
                body is sent chunked, which every HTTP/1.1 server understands.
        """
        self._check_reusable()
        data = self._writer.start_request(method, target, fields, content_length, host)
        self.expect_response(method, fields.upgrade)
        return data

    def send_data(self, data):
        # type: (bytes) -> bytes
        """Return the bytes to send for a piece of the body: ``data`` itself unless it is chunked.

        Raises: LocalProtocolError if the body is longer than its Content-Length, or if no body is
            being sent.
        """
        return self._writer.send_data(data)

    def end_request(self, trailers=None):
        # type: (Optional[FieldLines]) -> bytes
        """Return the bytes that end the request; none unless the body is chunked.

        Raises: LocalProtocolError if body bytes are missing; close the connection then.
        """
        return self._writer.end_request(trailers)

    @property
    def response_started(self):
        # type: () -> bool
        """Whether a byte of the last request's response, informational or final, has arrived."""
        return self.started

    @property
    def reusable(self):
        # type: () -> bool
        """Whether another request may be sent now; True for a new connection too."""
        return self.why_not_reusable() is None

    def why_not_reusable(self):
        # type: () -> Optional[str]
        """Why no other request may be sent now, for logs; None if one may.

        Stricter than RFC 9112 section 9.3: both messages are complete, neither asked to close, and
        no byte arrived after the response.
        """
        return self.why_not_again() or self._writer.why_not_again()

    def _check_reusable(self):
        # type: () -> None
        why = self.why_not_reusable()
        if why is not None:
            raise unsendable(LocalProtocolError, "no request can be sent: %s", why)

    def __repr__(self):
        # type: () -> str
        return "<ClientConnection: %s>" % (self.why_not_reusable() or "may send a request")
