"""Upload: sends a request that needs more than one ``send``."""

from __future__ import absolute_import, division, print_function

import collections
import socket

from waterspout._compat import monotonic
from waterspout._net.body_sources import IteratorBodySource
from waterspout._net.socket_stream import TLS_RECORD_BYTES
from waterspout._wire.events import InformationalHead, ResponseHead


class Upload(object):
    """The unsent part of a request, and the source of the rest of its body.

    It sets the exchange's timeout: the server has ``timeout.read`` to take some bytes, but while
    the caller has not given the next bytes, only the deadline counts. The connection has it until
    the last byte was taken; a connection whose upload was dropped keeps it, and is not reused.

    Attributes:
        wants_write (bool): bytes wait for the socket to take them.
        error (socket.error or None): why nothing more can be sent. Bytes that the server sent
            before may still be unread.
    """

    __slots__ = ("wants_write", "error", "_connection", "_exchange", "_output", "_body",
                 "_begun", "_awaits_continue")

    def __init__(self, connection, exchange):
        # type: (Connection, Exchange) -> None
        self.wants_write = False
        self.error = None
        self._connection = connection
        self._exchange = exchange
        self._output = collections.deque()  # Bytes that are framed but not sent.
        self._body = None  # type: Optional[BodySource]  # Until it has given all of the body.
        self._begun = False  # The body was asked for its first piece.
        self._awaits_continue = False

    def frame(self):
        # type: () -> None
        """Frame the head, and a body in memory; `flush` sends them.

        Raises: InvalidHeader, LocalProtocolError: the request cannot be sent as it is.
        """
        wire, exchange, body = self._connection.wire, self._exchange, self._exchange.body
        if type(body) is bytes and exchange.expects_continue:
            body = IteratorBodySource([body], len(body))
        whole = type(body) is bytes
        head = wire.start_request(
            exchange.method, exchange.target, exchange.fields,
            len(body) if whole else body.length, exchange.host)
        if whole:
            body = wire.send_data(body)
            wire.end_request()
            # The head leaves together with the beginning of the body, in one packet or TLS record;
            # the rest of the body is not copied.
            beginning = max(0, TLS_RECORD_BYTES - len(head))
            self._output.append(head + body[:beginning])
            self._output.append(memoryview(body)[beginning:])
        else:
            self._output.append(head)
            self._body = body

    def send_later(self, rest):
        # type: (bytes) -> None
        """Send ``rest``, the unsent part of the request, when the socket can take it."""
        self._output.append(rest)
        self._wait_for_socket()
        self._time("send")

    # For the body

    def write(self, data):
        # type: (bytes) -> None
        """Send a piece of the body; `BodySource.drained` is called when it was taken."""
        if self._body is None:
            return
        try:
            if not isinstance(data, bytes):
                raise TypeError("a request body must give bytes, not %s" % type(data).__name__)
            framed = self._connection.wire.send_data(data)
        except Exception as error:
            self.body_failed(error)
            return
        if framed:
            self._output.append(framed)
        # Sent later: a body that writes in drained() would recurse.
        self._wait_for_socket()
        self._time("send")

    def end_body(self):
        # type: () -> None
        """The body is complete."""
        if self._body is None:
            return
        self._body = None
        try:
            last = self._connection.wire.end_request()
        except Exception as error:
            self._exchange.raised(error)
            return
        if last:
            self._output.append(last)
        self.flush()

    def body_failed(self, error):
        # type: (BaseException) -> None
        """Fail the call with ``error``, which the body's source raised."""
        body, self._body = self._body, None
        if body is not None:
            body.stop()
            self._exchange.raised(error)

    # For the connection

    def flush(self):
        # type: () -> None
        """Send what the socket takes now."""
        output, connection = self._output, self._connection
        while output:
            data = output[0]
            try:
                taken = connection.stream.send(data)
            except socket.error as error:
                self.broke(error)
                return
            if taken:
                connection.sent = True
            if taken < len(data):
                if taken:
                    output[0] = memoryview(data)[taken:]
                    self._time("send")
                self._wait_for_socket()
                return
            output.popleft()
        self.wants_write = False
        connection.watch()
        self._emptied()

    def broke(self, error):
        # type: (socket.error) -> None
        """Nothing more can be sent. The server may have sent the reason before (413, 401)."""
        self.error = error
        self.drop()
        self._connection.read_rest()

    def answered(self, events):
        # type: (List[Event]) -> None
        """The server responds before it has the whole request: decide whether to send the rest."""
        for event in events:
            kind = type(event)
            if kind is InformationalHead and event.status_code == 100:
                self.continue_()
            elif kind is ResponseHead:
                # RFC 9110 section 10.1.1: after a final response to the head, send no body.
                if self._awaits_continue or event.status_code >= 300:
                    self.drop()
                    self._time("read")
                return

    def continue_(self):
        # type: () -> bool
        """Send the body, if it was held back for ``100 Continue``. Return whether it was."""
        if not self._awaits_continue:
            return False
        self._awaits_continue = False
        self._begin_body()
        return True

    def drop(self):
        # type: () -> None
        """Send no more of the request."""
        body, self._body = self._body, None
        self._output.clear()
        self.wants_write = self._awaits_continue = False
        self._connection.watch()
        if body is not None:
            body.stop()

    def _emptied(self):
        """The socket has taken all there was: finish, or ask for more of the body."""
        if self._body is None:
            self._connection.uploaded()
        elif self._begun:
            self._exchange.hold()
            self._ask(self._body.drained)
        elif self._exchange.expects_continue:
            self._awaits_continue = True
            self._exchange.await_continue(monotonic())
            self._connection.reschedule()
        else:
            self._begin_body()

    def _begin_body(self):
        self._begun = True
        self._exchange.hold()
        self._ask(self._body.start, self)

    def _ask(self, call, *args):
        try:
            call(*args)
        except Exception as error:
            self.body_failed(error)

    def _wait_for_socket(self):
        self.wants_write = True
        self._connection.watch()

    def _time(self, phase):
        self._exchange.enter(phase, monotonic())
        self._connection.reschedule()
