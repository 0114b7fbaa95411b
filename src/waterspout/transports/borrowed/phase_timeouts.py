"""PhaseTimeouts: the timeouts of one exchange on a client of another library.

The ``threads`` transport gives the connect and read timeouts to requests. The pooled transport's
are in `waterspout._net.exchange`, and the wait for a hook is bounded in
`waterspout._driver.hook_wait`.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import monotonic
from waterspout.exceptions import (
    ConnectTimeout,
    DeadlineExceeded,
    PoolTimeout,
    ReadTimeout,
    WriteTimeout,
)


class PhaseTimeouts(object):
    """Keeps every limit of a `ClientTimeout`, whatever the client below does.

    The phases are ``"pool"``, ``"connect"``, ``"send"`` (of a body that is read while it is sent)
    and ``"read"``. One timer runs for the current phase, and one for ``timeout.total``.

    Args:
        timeout (ClientTimeout), deadline (float or None): of the call's `CallOptions`.
        expired (callable): ``expired(error_class, what, cause=None)`` is called when a limit has
            passed, until `stop`.

    Attributes:
        phase (native str).
        started (float): `monotonic` seconds at which the exchange was made.
        turn (float or None): when the client began it.
        last_byte (float): when the last byte was received, or the phase began.
        notes (ExchangeNotes or None): told of the connection and of the end of the request.
    """

    def __init__(self, timeout, deadline, io_loop, expired):
        # type: (ClientTimeout, Optional[float], IOLoop, Callable) -> None
        self.phase = "pool"
        self.started = self.last_byte = monotonic()
        self.turn = None  # type: Optional[float]
        self.notes = None  # type: Optional[ExchangeNotes]
        self._timeout = timeout
        self._deadline = deadline
        self._io_loop = io_loop
        self._expired = expired
        self._ask_connected = None  # type: Optional[Callable[[], Optional[float]]]
        self._responded = False  # The response's head is complete.
        self._stopped = False
        self._timer = self._total_timer = None
        if deadline is not None:
            left = max(0.0, deadline - self.started)
            self._total_timer = io_loop.call_later(left, self._deadline_passed)

    # The phases

    def wait_for_turn(self, max_exchanges):
        # type: (int) -> None
        """Other exchanges are before it: start ``timeout.pool``."""
        seconds = self._timeout.pool
        if seconds is not None:
            self._start_timer(seconds, self._no_turn, max_exchanges, monotonic() + seconds)

    def connecting(self, ask_connected=None):
        # type: (Optional[Callable[[], Optional[float]]]) -> None
        """The client has begun: start ``timeout.connect``.

        Args:
            ask_connected (callable or None): for a client that does not report when it is
                connected: returns the seconds that it took, or None while it is not connected.
        """
        self.phase = "connect"
        self.last_byte = self.turn = monotonic()
        self._ask_connected = ask_connected
        self._watch_connect()

    def connecting_for(self):
        # type: () -> float
        """Seconds since `connecting`."""
        return monotonic() - self.turn

    def seconds_to_connect(self):
        # type: () -> Optional[float]
        """The seconds left to connect, for a client that has a connect timeout of its own."""
        limits = [self._timeout.connect]
        if self._deadline is not None:
            limits.append(max(0.001, self._deadline - monotonic()))
        return min([limit for limit in limits if limit is not None] or [None])

    def connected(self, seconds_ago=0.0):
        # type: (float) -> None
        """The request is being sent: start ``timeout.read``, which each byte starts again."""
        if self.phase in ("pool", "connect"):
            self._awaits_bytes("read", monotonic() - seconds_ago)
            if self.notes is not None:
                self.notes.connected(self.last_byte, None)
                self.notes.flush_soon(self._io_loop)

    def update_phase(self):
        # type: () -> None
        """Ask a client that does not report it whether it is connected by now."""
        if self.phase == "connect" and self._ask_connected is not None:
            took = self._ask_connected()
            if took is not None:
                # A client's own clock may have begun earlier than this one.
                self.connected(max(0.0, monotonic() - self.last_byte - took))

    def awaiting_body(self):
        # type: () -> None
        """The caller has to give more of the body: only ``timeout.total`` runs meanwhile."""
        if not self._responded:
            self._stop_timer()

    def sending(self):
        # type: () -> None
        """A piece of the body is being sent: the server has ``timeout.read`` to take it."""
        if not self._responded and not self._stopped:
            self._awaits_bytes("send", monotonic())

    def sent(self):
        # type: () -> None
        """The server has the whole body."""
        if self.phase == "send":
            self._awaits_bytes("read", monotonic())
            if self.notes is not None:
                self.notes.sent(self.last_byte)
                self.notes.flush_soon(self._io_loop)

    def responding(self):
        # type: () -> None
        """A line of the response's head was received."""
        self.connected()
        self.byte_received()
        self.sent()  # A server may respond before it has the whole body.

    def head_received(self):
        # type: () -> None
        """The response's head is complete: the phase is not ``"send"`` any more."""
        self._responded = True

    def byte_received(self):
        # type: () -> None
        self.last_byte = monotonic()

    def pause(self):
        # type: () -> None
        """The response's reader is slower than the server: only ``timeout.total`` runs."""
        self._stop_timer()

    def resume(self):
        # type: () -> None
        self.byte_received()
        self._watch_bytes()

    def handed_over(self):
        # type: () -> None
        """The client has timeouts of its own for connecting and reading."""
        self.phase = "read"
        self._stop_timer()

    def begun(self):
        # type: () -> None
        """Such a client has begun; may be called in any thread."""
        self.turn = monotonic()

    def stop(self):
        # type: () -> None
        """The exchange has ended: no timer runs any more. Idempotent."""
        self._stopped = True
        self._expired = _ignore
        self._stop_timer()
        if self._total_timer is not None:
            self._io_loop.remove_timeout(self._total_timer)
            self._total_timer = None

    # The timeouts, which the client may find itself

    def connect_timed_out(self, cause=None):
        # type: (Optional[BaseException]) -> None
        what = "no connection within %g s" % self._timeout.connect
        self._expired(ConnectTimeout, what, cause)

    def read_timed_out(self, cause=None):
        # type: (Optional[BaseException]) -> None
        if self.phase == "send":
            what, error_class = "no byte taken for %g s", WriteTimeout
        else:
            what, error_class = "no byte for %g s", ReadTimeout
        self._expired(error_class, what % self._timeout.read, cause)

    # Timers. Each reads the clock again: on Python 2 the IOLoop's may have been set forward.

    def _awaits_bytes(self, phase, since):
        self.phase = phase
        self.last_byte = since
        self._watch_bytes()

    def _no_turn(self, max_exchanges, due):
        left = due - monotonic()
        if left > 0:
            self._start_timer(left, self._no_turn, max_exchanges, due)
            return
        self._expired(
            PoolTimeout,
            "all %d connections were in use for %g s" % (max_exchanges, self._timeout.pool))

    def _watch_connect(self):
        self.update_phase()
        if self.phase != "connect":
            return
        timeout = self._timeout
        waited = monotonic() - self.last_byte
        if timeout.connect is not None and waited >= timeout.connect:
            self.connect_timed_out()
            return
        left = [] if timeout.connect is None else [timeout.connect - waited]
        if self._ask_connected is not None and timeout.read is not None:
            left.append(timeout.read)  # By then it may be connected, and the read timeout due.
        self._start_timer(min(left) if left else None, self._watch_connect)

    def _watch_bytes(self):
        # One timer that looks when the last byte came, not a new timer for every byte.
        limit = self._timeout.read
        left = None if limit is None else self.last_byte + limit - monotonic()
        if left is None or left > 0:
            self._start_timer(left, self._watch_bytes)
        else:
            self.read_timed_out()

    def _deadline_passed(self):
        left = self._deadline - monotonic()
        if left > 0:
            self._total_timer = self._io_loop.call_later(left, self._deadline_passed)
        else:
            self._expired(DeadlineExceeded, self._timeout.missed_deadline)

    def _start_timer(self, seconds, callback, *args):
        self._stop_timer()
        if seconds is not None and not self._stopped:
            self._timer = self._io_loop.call_later(seconds, callback, *args)

    def _stop_timer(self):
        timer, self._timer = self._timer, None
        if timer is not None:
            self._io_loop.remove_timeout(timer)


def _ignore(error_class, what, cause=None):
    """Replaces the callback, which refers to the exchange, so that no cycle is left."""
