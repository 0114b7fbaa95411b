"""Exchange: one request on its way through the pool, and its clock."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import monotonic
from waterspout.exceptions import (
    ConnectTimeout,
    DeadlineExceeded,
    PoolTimeout,
    ReadTimeout,
    WriteTimeout,
)

NEVER = float("inf")

#: Seconds to wait for ``100 Continue`` before the body is sent unasked, as RFC 9110 section
#: 10.1.1 wants: a server may know nothing of it. curl's default.
CONTINUE_SECONDS = 1.0


class Exchange(object):
    """What the pool and a connection know of one request; a subclass knows what to do with it.

    Attributes:
        origin (Origin), method, target (bytes), fields (FieldLines).
        body (bytes, BodySource or None).
        timeout (ClientTimeout); deadline (float or None): `monotonic` seconds, for the whole call.
        phase: ``"pool"``, ``"connect"``, ``"send"`` or ``"read"``.
        due (float): when the phase or the call runs out of time; `TimeoutSweep` reads it.
        waiting (bool): it is in the pool's queue.
        connection (Connection or None): the one it is on.
        attempt (Connecting or None): the connection being made for it.
        opening_times (tuple or None): when its new connection was begun, its name resolved and its
            socket connected, each in `monotonic` seconds; None on a kept connection.
        ready, sent (float or None): when it got its connection, and when all of it had left.
        done (bool): it has ended, one way or the other.
        replaced (bool): it was moved off a stale connection once; never twice.
        started (float): `monotonic` seconds at which the pool got it.
        expects_continue (bool): the body waits for ``100 Continue`` (RFC 9110 section 10.1.1).
    """

    __slots__ = ("origin", "method", "target", "fields", "body", "timeout", "deadline", "phase",
                 "due", "waiting", "connection", "attempt", "done", "replaced", "pool", "started",
                 "opening_times", "ready", "sent", "expects_continue", "__weakref__")

    def __init__(self, origin, method, target, fields, body, timeout, deadline=None):
        # type: (Origin, bytes, bytes, FieldLines, Optional[bytes], ClientTimeout, Optional[float]) -> None
        self.origin = origin
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
        self.timeout = timeout
        self.deadline = deadline
        self.phase = "pool"
        self.due = NEVER
        self.waiting = False
        self.connection = None
        self.attempt = None
        self.done = False
        self.replaced = False
        self.pool = None
        self.started = 0.0
        self.opening_times = None
        self.ready = None
        self.sent = None
        self.expects_continue = False

    # For a subclass. None of these may raise: what else the loop does now would not be done.

    def received(self, events):
        # type: (List[Event]) -> None
        """What came, of the response: the wire's events, in order; not empty."""
        raise NotImplementedError

    def failed(self, error_class, what, cause):
        # type: (type, str, Optional[BaseException]) -> None
        """It is over, and this is why; called once, unless the response ended first."""
        raise NotImplementedError

    def failed_with(self, error):
        # type: (BaseException) -> None
        """As `failed`, but with an error that is handed on as it is."""
        raise NotImplementedError

    # For the pool and the connection

    def enter(self, phase, now):
        # type: (str, float) -> None
        """The phase begins; sets `due`."""
        self.phase = phase
        timeout = self.timeout
        if phase == "read" or phase == "send":
            seconds = timeout.read
        elif phase == "pool":
            seconds = timeout.pool
        else:
            seconds = timeout.connect
        due = NEVER if seconds is None else now + seconds
        if self.deadline is not None and self.deadline < due:
            due = self.deadline
        self.due = due

    def progressed(self):
        # type: () -> None
        """Bytes moved: the time between bytes is measured from now."""
        seconds = self.timeout.read
        if seconds is not None:
            due = monotonic() + seconds
            if self.deadline is not None and self.deadline < due:
                due = self.deadline
            self.due = due

    def await_continue(self, now):
        # type: (float) -> None
        """The head is sent, the body is held back: `CONTINUE_SECONDS`, whatever `timeout` says."""
        self.hold()
        self.due = min(self.due, now + CONTINUE_SECONDS)

    def hold(self):
        # type: () -> None
        """It is not the server that is waited for: only the deadline counts."""
        self.due = NEVER if self.deadline is None else self.deadline

    def raised(self, error):
        # type: (BaseException) -> None
        """Code of the caller's, which gives the request, raised ``error``."""
        if not self.done:
            self.done = True
            self.pool.abandon(self)
            self.failed_with(error)

    def expire(self, now):
        # type: (float) -> None
        """`due` has come."""
        timeout = self.timeout
        if self.deadline is not None and self.deadline <= now:
            what = "not finished in time"
            if timeout.total is not None:
                what = "not finished within %g s in total" % timeout.total
            self.fail(DeadlineExceeded, what)
        elif self.phase == "pool":
            self.fail(PoolTimeout, "no connection came free for %g s" % timeout.pool)
        elif self.phase == "connect":
            what = "no connection within %g s (%s)" % (timeout.connect, self.attempt.doing)
            self.fail(ConnectTimeout, what)
        elif self.phase == "read":
            self.fail(ReadTimeout, "no byte for %g s" % timeout.read)
        elif not (self.expects_continue and self.connection.continue_unasked()):
            self.fail(WriteTimeout, "no byte taken for %g s" % timeout.read)

    def cancel(self):
        # type: () -> None
        """Nobody wants it any more: its connection, if it has one, is closed."""
        if not self.done:
            self.done = True
            self.pool.abandon(self)

    def fail(self, error_class, what, cause=None):
        # type: (type, str, Optional[BaseException]) -> None
        """End it early, for a reason; its connection, if it has one, is closed."""
        if not self.done:
            self.done = True
            self.pool.abandon(self)
            self.failed(error_class, what, cause)
