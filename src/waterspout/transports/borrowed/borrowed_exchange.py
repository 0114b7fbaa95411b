"""One exchange on a client that is not ours: its Future, its clock and its limits."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import Future, monotonic, reject, resolve, set_cause
from waterspout.exceptions import (
    ConnectTimeout,
    DeadlineExceeded,
    LocalProtocolError,
    PoolTimeout,
    ReadError,
    ReadTimeout,
    RequestException,
    ResponseTooLarge,
    WriteError,
    WriteTimeout,
)
from waterspout.models.failures import failure, own_failure
from waterspout.models.response import Response
from waterspout.transports.borrowed.head_reader import HeadReader


class BorrowedExchange(object):
    """Keeps every promise of `ClientTimeout` and `Limits` that the client below does not.

    The phases are ``"pool"``, ``"connect"``, ``"send"`` (of a body that is read while it is
    sent) and ``"read"``; each has one timer, and ``timeout.total`` runs beside them. Whatever
    ends the exchange early calls `stop`, so that the client lets go of the connection as well.

    Attributes:
        request, options, future, phase.
        holder: whose call it is, for `QueueingTransport.end_calls`.
        reused (bool or None): whether it went over a kept connection.
        stop (callable or None): set by the transport; tells its client to give up. Called
            once, when the exchange ends in any other way than a whole response.
        fetched (Future or None): what Tornado's client resolves.
    """

    def __init__(self, request, options, io_loop, limits):
        # type: (PreparedRequest, CallOptions, IOLoop, Limits) -> None
        self.request = request
        self.options = options
        self.holder = None
        self.future = Future()
        self.phase = "pool"
        self.stop = self.fetched = None
        self._ask_connected = None
        self._io_loop = io_loop
        self._limits = limits
        self._started = monotonic()
        self._last_byte = self._started
        self._turn = self._head_time = None  # Of its `Trace`.
        self._opened = (None, None, None)
        self.reused = None
        self._reader = HeadReader(request, options, limits)
        self._body = []  # type: List[bytes]
        self._body_bytes = 0
        self._timer = None
        self._deadline = None
        if options.deadline is not None:
            left = max(0.0, options.deadline - self._started)
            self._deadline = io_loop.call_later(left, self._deadline_passed)
        self.future.add_done_callback(self._settled)

    @property
    def over(self):
        # type: () -> bool
        """Nothing more is wanted of the client."""
        return self.future.done()

    def call_soon(self, callback):
        # type: (Callable[[], None]) -> None
        """Call it from the IOLoop, outside of whatever goes on now."""
        self._io_loop.add_callback(callback)

    # Phases

    def wait_for_turn(self, max_exchanges):
        # type: (int) -> None
        """Others are before it: ``timeout.pool`` runs."""
        seconds = self.options.timeout.pool
        if seconds is not None:
            self._start_timer(seconds, self._no_turn, max_exchanges, monotonic() + seconds)

    def connecting(self, ask_connected=None):
        # type: (Optional[Callable[[], Optional[float]]]) -> None
        """The client has begun: ``timeout.connect`` runs.

        A client that does not say when its connection stands gives ``ask_connected``: the
        seconds that it took, or None while it does not stand.
        """
        self.phase = "connect"
        self._last_byte = self._turn = monotonic()
        self._ask_connected = ask_connected
        self._watch_connect()

    def seconds_to_connect(self):
        # type: () -> Optional[float]
        """How long it may take to connect, for a client that keeps this time itself as well."""
        limits = [self.options.timeout.connect]
        if self.options.deadline is not None:
            limits.append(max(0.001, self.options.deadline - monotonic()))
        return min([limit for limit in limits if limit is not None] or [None])

    def connected(self, seconds_ago=0.0):
        # type: (float) -> None
        """The request is on its way: ``timeout.read`` runs, from then and from every byte."""
        if self.phase in ("pool", "connect"):
            self._awaits_bytes("read", monotonic() - seconds_ago)

    def sending(self):
        # type: () -> None
        """A piece of the body is on its way: the server has ``timeout.read`` to take it."""
        if self.head is None and not self.over:
            self._awaits_bytes("send", monotonic())

    def awaiting_body(self):
        # type: () -> None
        """The caller is to give more of the body: only ``timeout.total`` counts."""
        if self.head is None:
            self._stop_timer()

    def sent(self):
        # type: () -> None
        """The server has the whole body."""
        if self.phase == "send":
            self._awaits_bytes("read", monotonic())

    def _awaits_bytes(self, phase, since):
        self.phase = phase
        self._last_byte = since
        self._watch_bytes()

    def update_phase(self):
        # type: () -> None
        """Ask a client that does not say so by itself whether its connection stands."""
        if self.phase == "connect" and self._ask_connected is not None:
            took = self._ask_connected()
            if took is not None:
                self.connected(monotonic() - self._last_byte - took)

    def opened(self, resolved=None, connected=None, secured=None):
        # type: (Optional[float], Optional[float], Optional[float]) -> None
        """The client made a connection: seconds to its name, socket and TLS, as far as it tells."""
        self.reused = False
        seconds = resolved, connected, secured
        self._opened = tuple(each and self._turn + each for each in seconds)

    def connecting_for(self):
        # type: () -> float
        """Seconds since `connecting`."""
        return monotonic() - self._turn

    def kept(self):
        # type: () -> None
        """The client used a connection that stood already."""
        self.reused = True

    def handed_over(self):
        # type: () -> None
        """The client keeps the time of connecting and reading itself."""
        self.phase = "read"
        self._stop_timer()

    def begun(self):
        # type: () -> None
        """Such a client tells so when it really begins; in any thread."""
        self._turn = monotonic()

    # What comes back

    def byte_received(self):
        # type: () -> None
        self._last_byte = monotonic()

    def line_received(self, line):
        # type: (bytes) -> None
        """A line of the response's head."""
        self.connected()
        self.byte_received()
        if self.phase == "send":  # It answers before it has the whole body.
            self.sent()
        try:
            self._reader.feed(line)
        except RequestException as error:
            self.fail(type(error), str(error))
        else:
            if self.head is not None and self._head_time is None:
                self._head_time = self._last_byte

    @property
    def head(self):
        # type: () -> Optional[CheckedHead]
        """The response's start line and header fields, once they are whole."""
        return self._reader.head

    @head.setter
    def head(self, head):
        # type: (CheckedHead) -> None
        self._reader.head = head
        self._head_time = monotonic()

    def body_received(self, data):
        # type: (bytes) -> None
        """A piece of the body, still encoded."""
        self.byte_received()
        self._body_bytes += len(data)
        if self._body_bytes > self._limits.max_body_bytes:
            self.fail(
                ResponseTooLarge, "the body is more than %d bytes" % self._limits.max_body_bytes
            )
        elif not self.future.done():
            self._body.append(data)

    def succeed(self):
        # type: () -> None
        """The client says that the response is whole: undo its codings and resolve."""
        if self.future.done():
            return
        head = self.head
        if head is None:
            self.fail(ReadError, "the connection ended within the header fields")
            return
        response = self._response(b"".join(self._body))
        limits = self._limits
        try:
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
        moments = (self._started, self._turn) + self._opened + (None, self._head_time, end)
        return moments, 1, self.reused

    def fail(self, error_class, what, cause=None):
        # type: (type, str, Optional[BaseException]) -> None
        """End it with an error that says what was attempted, on what, when it failed and why."""
        if not self.over:
            self.update_phase()
            if self.phase == "send" and error_class is ReadError:
                error_class = WriteError
            self._end_with(self.failure(error_class, what, cause))

    def failure(self, error_class, what, cause=None):
        # type: (type, str, Optional[BaseException]) -> RequestException
        """The error that tells of this call."""
        seconds = monotonic() - self._started
        in_body = self.head is not None
        error = failure(error_class, self.request, what, self.phase, seconds, in_body)
        return set_cause(error, cause)

    def raised(self, error):
        # type: (Exception) -> None
        """What gives the body raised ``error``, which is the caller's own."""
        if not self.over:
            self._end_with(own_failure(self.request, error))

    def _end_with(self, error):
        reject(self.future, error)
        # Not when the loop gets to it: while bytes come, Tornado 5.1 may not let it.
        self._stop_client()

    def refused(self, cause):
        # type: (BaseException) -> None
        """The client will not send such a request."""
        self.phase = "send"
        self.fail(LocalProtocolError, "%s: %s" % (type(cause).__name__, cause), cause)

    def connect_timed_out(self, cause=None):
        # type: (Optional[BaseException]) -> None
        seconds = self.options.timeout.connect
        self.fail(ConnectTimeout, "no connection within %g s" % seconds, cause)

    def read_timed_out(self, cause=None):
        # type: (Optional[BaseException]) -> None
        if self.phase == "send":
            what, error_class = "no byte taken for %g s", WriteTimeout
        else:
            what, error_class = "no byte for %g s", ReadTimeout
        self.fail(error_class, what % self.options.timeout.read, cause)

    # Timers. Each looks at the clock again: on Python 2 the IOLoop's may have been set forward.

    def _no_turn(self, max_exchanges, due):
        left = due - monotonic()
        if left > 0:
            self._start_timer(left, self._no_turn, max_exchanges, due)
            return
        self.fail(
            PoolTimeout,
            "all %d connections were in use for %g s" % (max_exchanges, self.options.timeout.pool),
        )

    def _watch_connect(self):
        self.update_phase()
        if self.phase != "connect":
            return
        timeout = self.options.timeout
        waited = monotonic() - self._last_byte
        if timeout.connect is not None and waited >= timeout.connect:
            self.connect_timed_out()
            return
        left = [] if timeout.connect is None else [timeout.connect - waited]
        if self._ask_connected is not None and timeout.read is not None:
            left.append(timeout.read)  # Early enough to find that it is read which runs out.
        self._start_timer(min(left) if left else None, self._watch_connect)

    def _watch_bytes(self):
        # One timer that looks when the last byte came, not a new timer for every byte.
        limit = self.options.timeout.read
        left = None if limit is None else self._last_byte + limit - monotonic()
        if left is None or left > 0:
            self._start_timer(left, self._watch_bytes)
        else:
            self.read_timed_out()

    def _start_timer(self, seconds, callback, *args):
        self._stop_timer()
        if seconds is not None and not self.over:
            self._timer = self._io_loop.call_later(seconds, callback, *args)

    def _stop_timer(self):
        timer, self._timer = self._timer, None
        if timer is not None:
            self._io_loop.remove_timeout(timer)

    def _deadline_passed(self):
        left = self.options.deadline - monotonic()
        if left > 0:
            self._deadline = self._io_loop.call_later(left, self._deadline_passed)
            return
        self.fail(
            DeadlineExceeded, "not finished within %g s in total" % self.options.timeout.total
        )

    def _settled(self, future):
        self._body = []  # Its client may remember the exchange for longer than that.
        self._let_go()

    def _let_go(self):
        self._stop_timer()
        if self._deadline is not None:
            self._io_loop.remove_timeout(self._deadline)
        self._stop_client()

    def _stop_client(self):
        stop, self.stop = self.stop, None
        if stop is not None:
            stop()
