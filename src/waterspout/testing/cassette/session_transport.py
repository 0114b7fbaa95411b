"""CassetteTransport: one session's calls on one IOLoop, replayed or recorded."""

from __future__ import absolute_import, division, print_function

from tornado import gen
from tornado.concurrent import is_future

from waterspout import transports
from waterspout._compat import TYPE_CHECKING, resolved
from waterspout.testing._exchanges.in_process_transport import InProcessTransport
from waterspout.testing._exchanges.request_body import collect_body
from waterspout.testing.cassette.messages import RecordedRequest
from waterspout.testing.cassette.playback import replay
from waterspout.testing.cassette.recording import record
from waterspout.transports.base import Transport

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from tornado.ioloop import IOLoop  # noqa: F401

    from waterspout.limits import Limits  # noqa: F401


class CassetteTransport(Transport):
    """Hands calls to its exchanges in this process; `_Exchanges` decides what becomes of each.

    Args:
        cassette (Cassette): has ``transport`` and ``path``, and ``interaction_for``.
    """

    def __init__(self, cassette, io_loop, limits):
        # type: (Any, IOLoop, Limits) -> None
        self._below = _Below(cassette.transport, io_loop, limits)
        self._front = _Exchanges(cassette, io_loop, limits, self._below).transport_for(
            io_loop, limits)
        self.send = self._front.send
        self.perform = self._front.perform

    def stats(self):
        # type: () -> Any
        """Those of the transport below; empty as long as nothing is recorded."""
        return self._below.stats()

    def end_calls(self, holder):
        self._front.end_calls(holder)
        self._below.end_calls(holder)

    def close(self):
        closing = [self._front.close(), self._below.close()]
        pending = [each for each in closing if not (is_future(each) and each.done())]
        return _all_of(pending) if pending else closing[0]

    def __repr__(self):
        return "<CassetteTransport %r>" % (self._front,)


class _Below(object):
    """The transport that records; made for the first call that needs it."""

    def __init__(self, transport, io_loop, limits):
        self._transport = transport
        self._io_loop = io_loop
        self._limits = limits
        self._made = None  # type: Optional[Transport]

    def get(self):
        # type: () -> Transport
        """Raises: TransportUnavailable."""
        if self._made is None:
            self._made = transports.load(self._transport)(self._io_loop, self._limits)
        return self._made

    def stats(self):
        made = self._made  # type: Any
        return made.stats() if hasattr(made, "stats") else {}

    def end_calls(self, holder):
        if self._made is not None:
            self._made.end_calls(holder)

    def close(self):
        return resolved(None) if self._made is None else self._made.close()


class _Exchanges(InProcessTransport):
    """The exchanges of one `CassetteTransport`."""

    name = "cassette"

    def __init__(self, cassette, io_loop, limits, below):
        # type: (Any, IOLoop, Limits, _Below) -> None
        self._cassette = cassette
        self._io_loop = io_loop
        self._limits = limits
        self._below = below

    def answer(self, exchange, finished):
        # Called also if reading the body fails: its place has to become free.
        exchange.stop = finished
        collect_body(exchange, lambda body: self._decide(exchange, body, finished))

    def _decide(self, exchange, body, finished):
        __tracebackhide__ = True
        exchange.stop = None
        cassette = self._cassette
        try:
            interaction, is_recorded = cassette.interaction_for(
                RecordedRequest.of(exchange.request, body), exchange.request)
            if is_recorded:
                replay(exchange, interaction, self._io_loop, cassette.path, finished)
            else:
                record(exchange, body, self._below.get(), self._limits, interaction, finished)
        except Exception as error:  # NotRecorded; an error of a hook or matcher.
            exchange.raised(error)
            finished()


@gen.coroutine
def _all_of(closing):
    # Resolves to None: a true result of ``__aexit__`` would suppress an exception.
    yield closing
