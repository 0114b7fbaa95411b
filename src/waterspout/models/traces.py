"""Trace: where the time of one exchange went."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Optional, Sequence  # noqa: F401

#: Moments of an exchange, in order, each in `monotonic` seconds; what a transport notes.
#: ``started``: the transport got the request. ``turn``: it began to make a connection, or to use a
#: kept one. ``resolved``, ``connected``, ``secured``: its name was, its socket, its TLS. ``sent``:
#: the last byte of the request had left. ``head``: the response's header fields were there.
#: ``end``: its last byte.
MOMENTS = ("started", "turn", "resolved", "connected", "secured", "sent", "head", "end")

#: Where among them the response's head is.
HEAD = MOMENTS.index("head")

#: The phase that each moment but the first ends.
_PHASES = ("queue", "dns", "connect", "tls", "send", "first_byte", "body")


class Trace(object):
    """Float seconds of each phase of one exchange; redirects have a trace each.

    None is a phase that did not happen (a kept connection needs no ``dns``) or that the transport
    cannot see; what it took is then part of the next one that is a number, so that together they
    are ``total``. docs/compatibility.md tells which transport sees what.

    Attributes:
        queue: until it was its turn: waiting for a free connection.
        dns, connect, tls: the name, the socket (a proxy's tunnel included), the TLS handshake.
        send: until the last byte of the request had left.
        first_byte: from then until the response's header fields were there.
        body: from then until its last byte; None while a streamed one is under way.
        total: all of it, which for a streamed body includes the time its reader took.
        attempts (int or None): 2 where a kept connection turned out to be dead, else 1.
        reused (bool or None): whether it went over a kept connection.
    """

    __slots__ = _PHASES + ("total", "attempts", "reused")

    if TYPE_CHECKING:
        queue = None  # type: Optional[float]
        dns = None  # type: Optional[float]
        connect = None  # type: Optional[float]
        tls = None  # type: Optional[float]
        send = None  # type: Optional[float]
        first_byte = None  # type: Optional[float]
        body = None  # type: Optional[float]

    def __init__(self, moments=(), attempts=None, reused=None):
        # type: (Sequence[Optional[float]], Optional[int], Optional[bool]) -> None
        self.attempts = attempts
        self.reused = reused
        self.total = None  # type: Optional[float]
        moments = tuple(moments) + (None,) * (len(MOMENTS) - len(moments))
        started = last = moments[0]  # type: Any
        for phase, moment in zip(_PHASES, moments[1:]):
            setattr(self, phase, None if moment is None else moment - last)
            if moment is not None:
                last = moment
        if moments[-1] is not None:
            self.total = moments[-1] - started

    def __getstate__(self):
        """To be pickled with any protocol."""
        return [getattr(self, name) for name in self.__slots__]

    def __setstate__(self, state):
        for name, value in zip(self.__slots__, state):
            setattr(self, name, value)

    def __repr__(self):
        shown = ["%s=%s" % (name, _shown(getattr(self, name))) for name in self.__slots__]
        return "<Trace %s>" % " ".join(shown)


def _shown(value):
    return "%.6f" % value if isinstance(value, float) else value
