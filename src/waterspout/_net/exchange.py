"""Exchange: one request and its response in the pool, and their timeouts."""

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

#: Seconds to wait for ``100 Continue`` before the body is sent without it, as RFC 9110 section
#: 10.1.1 asks: the server may not implement it. curl's default.
CONTINUE_SECONDS = 1.0


class Exchange(object):
    """One request and its response, as the pool and a connection see them.

    A subclass handles the response: ``received``, ``failed`` and ``failed_with``.

    Attributes:
        origin (Origin), method, target (bytes), fields (FieldLines).
        host (FieldLines or None): the Host field, where ``fields`` may have none.
        body (bytes, BodySource or None).
        timeout (ClientTimeout); deadline (float or None): `monotonic` seconds, for the whole call.
        phase: ``"pool"``, ``"connect"``, ``"send"`` or ``"read"``.
        due (float): when the phase or the call times out; read by `TimeoutSweep`.
        waiting (bool): it is in the pool's queue.
        connection (Connection or None): the one it uses.
        attempt (Connecting or None): the connection being made for it.
        opening_times (tuple or None): when its new connection was begun, the name resolved and the
            socket connected, each in `monotonic` seconds; None on a reused connection.
        failed_opening (tuple): the same of a connection that could not be made, None for what it
            did not come to. Set only then.
        ready, sent (float or None): when it got its connection, and when the socket had taken all
            of the request.
        done (bool): it has ended, with or without a response.
        replaced (bool): it was moved from a stale connection to a new one; that happens once.
        sent_before (bool): bytes of it had left on the stale connection.
        started (float): `monotonic` seconds at which the pool got it.
        expects_continue (bool): the body waits for ``100 Continue`` (RFC 9110 section 10.1.1).
    """

    __slots__ = ("origin", "method", "target", "fields", "host", "body", "timeout", "deadline",
                 "phase", "due", "waiting", "connection", "attempt", "done", "replaced",
                 "sent_before", "pool", "started", "opening_times", "failed_opening", "ready",
                 "sent", "expects_continue", "__weakref__")

    def __init__(self, origin, method, target, fields, body, timeout, deadline=None, host=None):
        # type: (Origin, bytes, bytes, FieldLines, Optional[bytes], ClientTimeout, Optional[float], Optional[FieldLines]) -> None
        self.origin = origin
        self.method = method
        self.target = target
        self.fields = fields
        self.host = host
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
        self.sent_before = False
        self.pool = None
        self.started = 0.0
        self.opening_times = None
        self.ready = None
        self.sent = None
        self.expects_continue = False

    # For a subclass. None of these may raise: the caller has more to do in the same call.

    def received(self, events):
        # type: (List[Event]) -> None
        """Handle the next events of the response, in order; at least one."""
        raise NotImplementedError

    def body_buffer(self):
        # type: () -> Optional[BodyBuffer]
        """The buffer into which the connection may receive the rest of the body, except its end.

        Asked for after `received`, while the response is incomplete. By default None: all of the
        body is passed to `received`.
        """
        return None

    def failed(self, error_class, what, cause):
        # type: (type, str, Optional[BaseException]) -> None
        """Handle the failure of the exchange. Called once, unless the response ended first."""
        raise NotImplementedError

    def failed_with(self, error):
        # type: (BaseException) -> None
        """Like `failed`, with an error that the caller of the exchange gets unchanged."""
        raise NotImplementedError

    # For the pool and the connection

    def enter(self, phase, now):
        # type: (str, float) -> None
        """Begin ``phase``: set `due` from its timeout."""
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
        """Bytes were sent or received: the read timeout begins again."""
        seconds = self.timeout.read
        if seconds is not None:
            due = monotonic() + seconds
            if self.deadline is not None and self.deadline < due:
                due = self.deadline
            self.due = due

    def await_continue(self, now):
        # type: (float) -> None
        """Wait `CONTINUE_SECONDS` for ``100 Continue``: the head was sent, the body was not."""
        self.hold()
        self.due = min(self.due, now + CONTINUE_SECONDS)

    def hold(self):
        # type: () -> None
        """Suspend the phase's timeout: the program is waited for, not the server."""
        self.due = NEVER if self.deadline is None else self.deadline

    def raised(self, error):
        # type: (BaseException) -> None
        """Fail with ``error``, which the caller's own code raised while the request was made."""
        if not self.done:
            self.done = True
            self.pool.abandon(self)
            self.failed_with(error)

    def expire(self, now):
        # type: (float) -> None
        """Fail with the timeout that has passed; called when `due` is reached."""
        timeout = self.timeout
        if self.deadline is not None and self.deadline <= now:
            self.fail(DeadlineExceeded, timeout.missed_deadline)
        elif self.phase == "pool":
            self.fail(PoolTimeout, "no connection came free for %g s" % timeout.pool)
        elif self.phase == "connect":
            what = "no connection within %g s (%s)" % (timeout.connect, self.attempt.doing)
            self.fail(ConnectTimeout, what)
        elif self.phase == "read":
            self.fail(ReadTimeout, "no byte for %g s" % timeout.read)
        elif not (self.expects_continue and self.connection.stop_awaiting_continue()):
            self.fail(WriteTimeout, "no byte taken for %g s" % timeout.read)

    def cancel(self):
        # type: () -> None
        """End the exchange without a result; close its connection, if it has one."""
        if not self.done:
            self.done = True
            self.pool.abandon(self)

    def fail(self, error_class, what, cause=None):
        # type: (type, str, Optional[BaseException]) -> None
        """End the exchange with an error; close its connection, if it has one."""
        if not self.done:
            self.done = True
            self.pool.abandon(self)
            self.failed(error_class, what, cause)
