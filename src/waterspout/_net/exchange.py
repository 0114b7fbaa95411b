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

#: RFC 9110 section 9.2.2: twice does what once does.
IDEMPOTENT = frozenset([b"GET", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"TRACE"])


class Exchange(object):
    """What the pool and a connection know of one request; a subclass knows what to do with it.

    Attributes:
        origin (Origin), method, target (bytes), fields (FieldLines).
        body (bytes, StreamedBody or None).
        timeout (Timeout); deadline (float or None): `monotonic` seconds, for the whole call.
        phase: ``"pool"``, ``"connect"``, ``"send"`` or ``"read"``.
        due (float): when the phase or the call runs out of time; `Sweep` reads it.
        connection (Connection or None): the one it is on.
        attempt (Connecting or None): the connection being made for it.
        opening_times (tuple or None): when the name of its new connection was resolved, the socket
            connected and all of it ready, each in `monotonic` seconds; None on a kept connection.
        done (bool): it has ended, one way or the other.
        replaced (bool): it was moved off a stale connection once; never twice.
        expects_continue (bool): the body waits for ``100 Continue`` (RFC 9110 section 10.1.1).
    """

    __slots__ = ("origin", "method", "target", "fields", "body", "timeout", "deadline", "phase",
                 "due", "connection", "attempt", "done", "replaced", "pool", "started",
                 "opening_times", "expects_continue", "__weakref__")

    def __init__(self, origin, method, target, fields, body, timeout, deadline=None):
        # type: (Origin, bytes, bytes, FieldLines, Optional[bytes], Timeout, Optional[float]) -> None
        self.origin = origin
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
        self.timeout = timeout
        self.deadline = deadline
        self.phase = "pool"
        self.due = NEVER
        self.connection = None
        self.attempt = None
        self.done = False
        self.replaced = False
        self.pool = None
        self.started = 0.0
        self.opening_times = None
        self.expects_continue = False

    # For a subclass

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
        """Bytes moved: the time between bytes begins anew."""
        seconds = self.timeout.read
        if seconds is not None:
            due = monotonic() + seconds
            if self.deadline is not None and self.deadline < due:
                due = self.deadline
            self.due = due

    def wait_for_body(self):
        # type: () -> None
        """All that there is was sent; what comes next is the caller's to give, in its time."""
        self.due = NEVER if self.deadline is None else self.deadline

    def raised(self, error):
        # type: (BaseException) -> None
        """Code of the caller's, which gives the body, raised ``error``."""
        if not self.done:
            self.done = True
            self.pool.abandon(self)
            self.failed_with(error)

    def may_be_sent_again(self, nothing_sent):
        # type: (bool) -> bool
        """No byte of it left, or the server may have acted on it and that does no harm."""
        whole = self.body is None or type(self.body) is bytes
        return whole and (nothing_sent or self.method in IDEMPOTENT)

    def expire(self, now):
        # type: (float) -> None
        """`due` has come."""
        if self.deadline is not None and self.deadline <= now:
            seconds = self.timeout.total
            self.fail(DeadlineExceeded, "not finished within the %g s in all" % seconds)
        elif self.phase == "pool":
            self.fail(PoolTimeout, "no connection came free for %g s" % self.timeout.pool)
        elif self.phase == "connect":
            where = self.attempt.doing if self.attempt is not None else "connecting"
            what = "no connection within %g s (%s)" % (self.timeout.connect, where)
            self.fail(ConnectTimeout, what)
        elif self.phase == "send":
            self.fail(WriteTimeout, "no byte taken for %g s" % self.timeout.read)
        else:
            self.fail(ReadTimeout, "no byte for %g s" % self.timeout.read)

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
