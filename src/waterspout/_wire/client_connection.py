"""The client's side of one HTTP/1.1 connection, without its socket."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire.faults import unsendable
from waterspout._wire.message_limits import DEFAULT_LIMITS
from waterspout._wire.request_writer import RequestWriter
from waterspout._wire.response_reader import ResponseReader
from waterspout.exceptions import LocalProtocolError

if TYPE_CHECKING:
    from typing import List, Optional  # noqa: F401

    from waterspout._wire.events import AnyEvent  # noqa: F401
    from waterspout._wire.field_lines import FieldLines  # noqa: F401
    from waterspout._wire.message_limits import MessageLimits  # noqa: F401


class ClientConnection(object):
    """Turns requests into bytes to send, and received bytes into events.

    One exchange at a time, as often as :attr:`reusable` says yes. Nothing here touches a
    socket, a clock or a log: the caller moves the bytes, and closes its socket when the
    connection is not reusable after an exchange.

    A promise: whatever bytes come, in whatever slices, :meth:`receive_data` and
    :meth:`receive_eof` return events or raise :exc:`RemoteProtocolError`, and do it in time
    linear in the bytes. Any other exception, while the caller keeps to what is written here,
    is a bug. After that error nothing more is read: it is raised again at every attempt.

    Args:
        limits (MessageLimits): how much of a response is accepted.
    """

    __slots__ = ("_writer", "_reader")

    def __init__(self, limits=DEFAULT_LIMITS):
        # type: (MessageLimits) -> None
        self._writer = RequestWriter()
        self._reader = ResponseReader(limits)

    def send_request(self, method, target, fields, body=None):
        # type: (bytes, bytes, FieldLines, Optional[bytes]) -> bytes
        """The bytes of a whole request.

        They hold a copy of ``body``: send a large one with :meth:`start_request`.

        Args:
            method (bytes): token of RFC 9110 section 9, e.g. ``b"GET"``; case matters.
            target (bytes): as RFC 9112 section 3.2 has it: ``b"/path?query"``, a whole URL to
                a proxy, ``b"host:port"`` for CONNECT, or ``b"*"`` for OPTIONS.
            fields (FieldLines): with Host, and without Content-Length, which is added.
            body (bytes or None): None sends neither body nor Content-Length, ``b""`` a
                Content-Length of 0, which RFC 9110 section 8.6 wants for POST and PUT.
        Raises: InvalidHeader for a bad method, otherwise LocalProtocolError; the connection
            is then as before.
        """
        self._check_reusable()
        data = self._writer.send_request(method, target, fields, body)
        self._reader.expect_response(method, fields.upgrade)
        return data

    def start_request(self, method, target, fields, content_length=None):
        # type: (bytes, bytes, FieldLines, Optional[int]) -> bytes
        """The bytes of a request's head; :meth:`send_data` and :meth:`end_request` follow.

        Args: as of :meth:`send_request`, but
            content_length (int or None): bytes of the body that will follow. None if nobody
                knows: it is sent chunked, which every HTTP/1.1 server understands.
        """
        self._check_reusable()
        data = self._writer.start_request(method, target, fields, content_length)
        self._reader.expect_response(method, fields.upgrade)
        return data

    def send_data(self, data):
        # type: (bytes) -> bytes
        """The bytes to send for a piece of the body: ``data`` itself, if it has a length.

        Raises: LocalProtocolError if that is more than the length, or no body is being sent.
        """
        return self._writer.send_data(data)

    def end_request(self, trailers=None):
        # type: (Optional[FieldLines]) -> bytes
        """The bytes that end the request; none unless it is chunked.

        Raises: LocalProtocolError if body bytes are missing; the connection is then only good
            to be closed.
        """
        return self._writer.end_request(trailers)

    def receive_data(self, data):
        # type: (bytes) -> List[AnyEvent]
        """The events that ``data``, just received, completes; possibly none.

        Where ``data`` is nothing but body, the event is ``data`` itself, not a copy. If the
        call raises, what the same bytes held in front of the fault is not handed out. Bytes
        that no request asked for are dropped, and make the connection not reusable.

        Raises: RemoteProtocolError (ResponseTooLarge over a limit); LocalProtocolError after
            :class:`ProtocolSwitched`.
        """
        return self._reader.receive_data(data)

    def receive_eof(self):
        # type: () -> List[AnyEvent]
        """The events of the peer having closed the connection in good order.

        Do not call it for a reset, nor for TLS that ended without ``close_notify``: a body that
        lasts until the close is whole only if the close is the peer's (RFC 9112 section 9.8).

        Raises: RemoteProtocolError if a response is cut short, saying how many bytes of how
            many came; or if none had begun: then :attr:`response_started` is False.
        """
        return self._reader.receive_eof()

    @property
    def response_started(self):
        # type: () -> bool
        """A byte of the response to the last request has come, informational ones included."""
        return self._reader.started

    @property
    def reusable(self):
        # type: () -> bool
        """Another request may be sent now; true of a new connection too."""
        return self.why_not_reusable() is None

    def why_not_reusable(self):
        # type: () -> Optional[str]
        """What keeps another request from being sent now, for logs; None if nothing does.

        RFC 9112 section 9.3 decides, and we more strictly: both messages are complete,
        neither asked for the end, and not one byte came behind the response.
        """
        return self._reader.why_not_again() or self._writer.why_not_again()

    def _check_reusable(self):
        # type: () -> None
        why = self.why_not_reusable()
        if why is not None:
            raise unsendable(LocalProtocolError, "no request can be sent: %s", why)

    def __repr__(self):
        # type: () -> str
        return "<ClientConnection: %s>" % (self.why_not_reusable() or "may send a request")
