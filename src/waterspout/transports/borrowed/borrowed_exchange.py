"""BorrowedExchange: one request and its response on a client of another library."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import Future, current_context, monotonic, reject, resolve, set_cause
from waterspout.exceptions import (
    LocalProtocolError,
    ReadError,
    RequestException,
    ResponseTooLarge,
    WriteError,
)
from waterspout.models.failures import failure, own_failure
from waterspout.models.response import Response
from waterspout.models.traces import failed_times
from waterspout.transports.borrowed.head_reader import HeadReader
from waterspout.transports.borrowed.phase_timeouts import PhaseTimeouts

#: The next moment of an exchange that failed in a phase; see `waterspout.models.traces.MOMENTS`.
_MISSED = {"pool": "turn", "connect": "connected", "send": "sent", "read": "head"}


class BorrowedExchange(object):
    """Collects the response, within `Limits`, and resolves its Future.

    Whatever ends the exchange early calls `stop`, so that the client releases the connection.

    Attributes:
        request (PreparedRequest), options (CallOptions), future (Future of Response).
        timeouts (PhaseTimeouts): also knows the phase.
        holder: the owner of the call, for `QueueingTransport.end_calls`.
        reused (bool or None): whether it used a kept connection.
        decoded (bool): the body is given without its content codings, whatever the head says.
        stop (callable or None): set by the transport; makes its client give up. Called once, when
            the exchange ends in any other way than a whole response.
        fetched (Future or None): the Future of Tornado's client.
        notes (ExchangeNotes or None): told what happens.
        in_context (callable): ``in_context(function, *args)`` calls it in a copy of the context in
            which this was made: that of the call, also if the exchange has waited for its turn.
    """

    def __init__(self, request, options, io_loop, limits):
        # type: (PreparedRequest, CallOptions, IOLoop, Limits) -> None
        self.request = request
        self.options = options
        self.holder = None
        self.future = Future()
        self.stop = self.fetched = None
        self.reused = None
        self.notes = None
        self.decoded = False
        self.in_context = current_context()
        self.timeouts = PhaseTimeouts(options.timeout, options.deadline, io_loop, self.fail)
        self._io_loop = io_loop
        self._limits = limits
        self._head_time = None  # For its `Trace`, as is the next one.
        self._opened = (None, None, None)
        self._reader = HeadReader(request, options, limits)
        self._body = []  # type: List[bytes]
        self._body_bytes = 0
        self.future.add_done_callback(self._settled)

    @property
    def over(self):
        # type: () -> bool
        """Whether the client's work is not needed any more."""
        return self.future.done()

    def call_soon(self, callback):
        # type: (Callable[[], None]) -> None
        """Call it in a later iteration of the IOLoop."""
        self._io_loop.add_callback(callback)

    # The connection

    def opened(self, resolved=None, connected=None, secured=None):
        # type: (Optional[float], Optional[float], Optional[float]) -> None
        """The client made a connection. Seconds until the name was resolved, the socket connected
        and TLS set up, each None if the client does not report it.
        """
        self.reused = False
        turn = self.timeouts.turn
        self._opened = tuple(each and turn + each for each in (resolved, connected, secured))

    def kept(self):
        # type: () -> None
        """The client used a kept connection."""
        self.reused = True

    # The response

    def line_received(self, line):
        # type: (bytes) -> None
        """A line of the response's head was received."""
        self.timeouts.responding()
        try:
            self._reader.feed(line)
        except RequestException as error:
            self.fail(type(error), str(error))
        else:
            if self.head is not None and self._head_time is None:
                self._head_time = self.timeouts.last_byte
                self.timeouts.head_received()
                if self.notes is not None:
                    self.notes.first_byte(self._head_time, self.head.status_code)
                    self.notes.flush_soon(self._io_loop)

    def head_came(self):
        # type: () -> None
        """Have ``notes`` tell of `head`, which was set in another thread."""
        if self.notes is not None and not self.over:
            self.notes.first_byte(self._head_time, self.head.status_code)
            self.notes.flush()

    @property
    def head(self):
        # type: () -> Optional[CheckedHead]
        """The response's status line and header fields, once they are complete."""
        return self._reader.head

    @head.setter
    def head(self, head):
        # type: (CheckedHead) -> None
        self._reader.head = head
        self._head_time = monotonic()
        self.timeouts.head_received()

    def body_received(self, data):
        # type: (bytes) -> None
        """A piece of the body was received, still encoded."""
        self.timeouts.byte_received()
        self._body_bytes += len(data)
        if self._body_bytes > self._limits.max_body_bytes:
            self.fail(
                ResponseTooLarge, "the body is more than %d bytes" % self._limits.max_body_bytes
            )
        elif not self.future.done():
            self._body.append(data)

    def succeed(self):
        # type: () -> None
        """The client reports a complete response: decode the body and resolve."""
        if self.future.done():
            return
        head = self.head
        if head is None:
            self.fail(ReadError, "the connection ended within the header fields")
            return
        response = self._response(b"".join(self._body))
        limits = self._limits
        try:
            if not self.decoded:
                response.decode_content(limits.max_body_bytes, limits.max_content_codings)
        except RequestException as error:
            self.fail(type(error), str(error))
            return
        self.stop = None
        resolve(self.future, response)

    def _response(self, content, stream=None):
        head = self.head
        return Response(self.request, head.status_code, head.reason, head.headers, content,
                        self._times(monotonic()), stream)

    def _times(self, end):
        # type: (Optional[float]) -> Tuple
        timeouts = self.timeouts
        moments = (timeouts.started, timeouts.turn) + self._opened + (None, self._head_time, end)
        return moments, 1, self.reused

    # Failures

    def fail(self, error_class, what, cause=None):
        # type: (type, str, Optional[BaseException]) -> None
        """End it with an error that names the request, the phase, the seconds and the reason."""
        if not self.over:
            self.timeouts.update_phase()
            if self.timeouts.phase == "send" and error_class is ReadError:
                error_class = WriteError
            self._end_with(self.failure(error_class, what, cause))

    def failure(self, error_class, what, cause=None):
        # type: (type, str, Optional[BaseException]) -> RequestException
        """Make the error for a failure of this call."""
        timeouts = self.timeouts
        now = monotonic()
        in_body = self.head is not None
        error = failure(
            error_class, self.request, what, timeouts.phase, now - timeouts.started, in_body)
        missed = "end" if in_body else _MISSED[timeouts.phase]
        error.times = failed_times(self._times(None)[0], missed, now, 1, self.reused)
        return set_cause(error, cause)

    def raised(self, error):
        # type: (Exception) -> None
        """Fail with ``error``, which the caller's body raised."""
        if not self.over:
            self._end_with(own_failure(self.request, error))

    def refused(self, cause):
        # type: (BaseException) -> None
        """Fail: the client refuses to send such a request."""
        self.timeouts.phase = "send"
        self.fail(LocalProtocolError, "%s: %s" % (type(cause).__name__, cause), cause)

    # The end

    def _end_with(self, error):
        reject(self.future, error)
        # At once, not in the Future's callback: while bytes arrive, Tornado 5.1 may not call it.
        self._stop_client()

    def _settled(self, future):
        self._body = []  # The client may keep the exchange for longer.
        self._let_go()

    def _let_go(self):
        self.timeouts.stop()
        self._stop_client()

    def _stop_client(self):
        stop, self.stop = self.stop, None
        if stop is not None:
            stop()
