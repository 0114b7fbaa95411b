"""HostState: what a balancer knows about one host. HostChange: that it has another state."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Dict, Optional  # noqa: F401

#: The states of a host: it gets calls, it gets none, it gets one at a time until one has succeeded.
HEALTHY, EJECTED, PROBATION = "healthy", "ejected", "probation"


class HostChange(namedtuple("HostChange", "host before after seconds time")):
    """A balancer has ejected a host, or has it back.

    Attributes:
        host (tuple): (scheme, host, port) of one of several hosts; (family, address) of one of the
            addresses of a name.
        before, after (native str): ``"healthy"``, ``"ejected"`` or ``"probation"``.
        seconds (float): how long it is ejected; 0 if it is healthy again.
        time (float): monotonic seconds.
    """

    __slots__ = ()


class HostState(object):
    """One host of a `BalancerState`, which alone changes it. Times are those of ``now``.

    Attributes:
        key: what the balancer was given.
        pending (int): calls that were picked for it and have not ended.
        failures (int): failed calls in a row.
        ejected_until (float or None): the end of its pause; None while it is healthy.
        ejected_at (float): when it was ejected last.
        pause (float): seconds of its last pause.
        pauses (int): ejections in a row, without a success after a pause.
        probe (float or None): when the call that decides its probation was picked.
        listed (bool): whether it is still one of the hosts.
        calls, failed, ejections (int): since it became known; ``calls`` includes pending ones.
    """

    __slots__ = ("key", "pending", "failures", "ejected_until", "ejected_at", "pause", "pauses",
                 "probe", "listed", "calls", "failed", "ejections")

    def __init__(self, key):
        # type: (Any) -> None
        self.key = key
        self.pending = self.failures = self.pauses = 0
        self.calls = self.failed = self.ejections = 0
        self.ejected_until = None  # type: Optional[float]
        self.ejected_at = -float("inf")
        self.pause = 0.0
        self.probe = None  # type: Optional[float]
        self.listed = False

    def state_at(self, now):
        # type: (float) -> str
        """`HEALTHY`, `EJECTED` or `PROBATION`."""
        if self.ejected_until is None:
            return HEALTHY
        return EJECTED if now < self.ejected_until else PROBATION

    def stats(self, now):
        # type: (float) -> Dict[str, Any]
        return {"pending": self.pending, "state": self.state_at(now), "failures": self.failures,
                "calls": self.calls, "failed": self.failed, "ejections": self.ejections}

    def __repr__(self):
        # type: () -> str
        return "<HostState %r pending=%d failures=%d ejected_until=%r>" % (
            self.key, self.pending, self.failures, self.ejected_until)
