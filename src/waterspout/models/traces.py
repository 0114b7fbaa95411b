"""Trace: how long each phase of one exchange took."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Optional, Sequence, Tuple  # noqa: F401

#: The moments of an exchange that a transport records, in order, each in `monotonic` seconds.
#: ``started``: the transport got the request. ``turn``: it began to make a connection, or to use a
#: kept one. ``resolved``: the name was resolved. ``connected``: the socket was connected.
#: ``secured``: the TLS handshake was complete. ``sent``: the last byte of the request was sent.
#: ``head``: the response's header fields were received. ``end``: its last byte was received.
MOMENTS = ("started", "turn", "resolved", "connected", "secured", "sent", "head", "end")

#: The index of ``head`` among them.
HEAD = MOMENTS.index("head")

#: The phase that each moment but the first ends, by its name among the attributes of `Trace`.
PHASES = ("queue", "dns", "connect", "tls", "send", "first_byte", "body")


class Trace(object):
    """How long each phase of one exchange took, in float seconds. Redirects have a trace each.

    A phase is None if it did not happen (a kept connection needs no ``dns``) or if the transport
    cannot measure it; its time is then part of the next phase with a number, so that the phases
    always add up to ``total``. docs/compatibility.md lists what each transport measures.

    Attributes:
        queue: waiting for a free connection.
        dns: resolving the name.
        connect: connecting the socket, and a proxy's tunnel.
        tls: the TLS handshake.
        send: sending the request, until its last byte.
        first_byte: from then until the response's header fields were received.
        body: from then until the last byte of the body; None while a streamed body is being read.
        total: the sum; for a streamed body with the time that its reader took.
        attempts (int or None): 2 if a kept connection was stale and was replaced, else 1.
        reused (bool or None): whether it used a kept connection.
    """

    __slots__ = PHASES + ("total", "attempts", "reused")

    if TYPE_CHECKING:
        queue = None  # type: Optional[float]
        dns = None  # type: Optional[float]
        connect = None  # type: Optional[float]
        tls = None  # type: Optional[float]
        send = None  # type: Optional[float]
        first_byte = None  # type: Optional[float]
        body = None  # type: Optional[float]

    def __init__(self, moments=(), attempts=None, reused=None, failed=None):
        # type: (Sequence[Optional[float]], Optional[int], Optional[bool], Optional[float]) -> None
        # ``failed``: when the exchange failed, for one that has no end.
        self.attempts = attempts
        self.reused = reused
        self.total = None  # type: Optional[float]
        moments = tuple(moments) + (None,) * (len(MOMENTS) - len(moments))
        started = last = moments[0]  # type: Any
        for phase, moment in zip(PHASES, moments[1:]):
            setattr(self, phase, None if moment is None else moment - last)
            if moment is not None:
                last = moment
        end = moments[-1] if failed is None else failed
        if end is not None:
            self.total = end - started

    def __getstate__(self):
        """To be pickled with any protocol."""
        return [getattr(self, name) for name in self.__slots__]

    def __setstate__(self, state):
        for name, value in zip(self.__slots__, state):
            setattr(self, name, value)

    def __repr__(self):
        shown = ["%s=%s" % (name, _shown(getattr(self, name))) for name in self.__slots__]
        return "<Trace %s>" % " ".join(shown)


def failed_times(moments, missed, now, attempts=1, reused=None):
    # type: (Sequence[Optional[float]], str, float, int, Optional[bool]) -> Tuple[Any, ...]
    """The arguments of the `Trace` of an exchange that failed at ``now``.

    Args:
        moments: those that it came to; the others None or missing.
        missed (native str): the next one of `MOMENTS`, to which it did not come: its phase took
            until ``now``.
    """
    index = MOMENTS.index(missed)
    reached = (tuple(moments) + (None,) * len(MOMENTS))[:index]
    return reached + (now,) + (None,) * (len(MOMENTS) - index - 1), attempts, reused, now


def _shown(value):
    return "%.6f" % value if isinstance(value, float) else value
