"""Answer: what a server does with one request, as a script; `play` does it."""

from __future__ import absolute_import, division, print_function

from tornado import httputil

from waterspout._compat import TYPE_CHECKING, to_bytes
from waterspout.exceptions import ReadError

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, List, Optional, Sequence, Tuple, Type  # noqa: F401

    from waterspout.exceptions import RequestException  # noqa: F401
    from waterspout.transports.borrowed.borrowed_exchange import BorrowedExchange  # noqa: F401

#: Where an exchange can fail, in order: while it waits for a free connection, before it is
#: connected, while the request is sent, before the response's head, and after the pieces of the
#: body.
FAILING_PHASES = ("pool", "connect", "send", "read", "body")


class Answer(object):
    """A response, or a failure, and the time that each part of it takes. Not changed once made.

    Args:
        status_code (int), reason (native str or None): None means the usual phrase.
        headers (sequence of (native str, native str)): in order; repeated ones too.
        pieces (sequence of (float seconds, bytes)): the body; each piece with the time to wait
            before it.
        connect_delay, head_delay (float seconds): to wait before the connection is there, and
            before the head.
        failure (tuple or None): ``(phase, class, text)``: fail with this class of
            `waterspout.exceptions`. The phase is one of `FAILING_PHASES`.
        never (bool): after all of that, nothing more happens until a timeout or cancelling.
    """

    __slots__ = ("status_code", "reason", "headers", "pieces", "connect_delay", "head_delay",
                 "failure", "never")

    def __init__(self, status_code=200, reason=None, headers=(), pieces=(), connect_delay=0.0,
                 head_delay=0.0, failure=None, never=False):
        # type: (int, Optional[str], Sequence[Tuple[str, str]], Sequence[Tuple[float, bytes]], float, float, Optional[Tuple[str, Type[RequestException], str]], bool) -> None
        self.status_code = status_code
        self.reason = httputil.responses.get(status_code, "") if reason is None else reason
        self.headers = tuple(headers)
        self.pieces = tuple(pieces)
        self.connect_delay = connect_delay
        self.head_delay = head_delay
        self.failure = failure
        self.never = never

    def head_lines(self):
        # type: () -> List[bytes]
        """The lines of the head, each with its end."""
        lines = ["HTTP/1.1 %d %s" % (self.status_code, self.reason)]
        lines += ["%s: %s" % field for field in self.headers] + [""]
        return [to_bytes(line, "latin-1") + b"\r\n" for line in lines]

    def __repr__(self):
        failure = "" if self.failure is None else " fails in %s phase" % self.failure[0]
        return "<Answer %d, %d bytes%s>" % (
            self.status_code, sum(len(data) for _, data in self.pieces), failure)


def play(exchange, answer, io_loop, finished):
    # type: (BorrowedExchange, Answer, Any, Callable[[], None]) -> None
    """Do what ``answer`` says with ``exchange``; then, or when it is stopped, call ``finished()``.

    The request's body must have been read before: see
    `waterspout.testing._exchanges.request_body.collect_body`.
    """
    _Play(exchange, answer, io_loop, finished).begin()


class _Play(object):

    def __init__(self, exchange, answer, io_loop, finished):
        self._exchange = exchange
        self._answer = answer
        self._io_loop = io_loop
        self._finished = finished
        self._timer = None
        self._steps = self._script()
        self._running = False
        self._ended = False

    def begin(self):
        self._exchange.stop = self._stop
        if hasattr(self._exchange, "paused"):
            self._exchange.resumed = self._resumed
        self._go_on()

    def _script(self):
        """Yield the seconds to wait before what follows; None: until the reader wants more."""
        exchange, answer = self._exchange, self._answer
        if self._fails("pool"):
            return
        if answer.connect_delay:
            yield answer.connect_delay
        if self._fails("connect"):
            return
        if exchange.timeouts.phase == "connect":
            # Without a delay it took no time: there is none to report.
            exchange.opened(connected=exchange.timeouts.connecting_for() or None)
            exchange.timeouts.connected()
        if self._fails("send"):
            return
        if answer.head_delay:
            yield answer.head_delay
        if self._fails("read"):
            return
        if answer.failure is None and answer.never and not answer.pieces:
            yield None
        for line in answer.head_lines():
            exchange.line_received(line)
        for seconds, data in answer.pieces:
            if seconds:
                yield seconds
            while getattr(exchange, "paused", False):
                yield None
            if exchange.over:  # The last piece was too much, for example.
                return
            exchange.body_received(data)
        if self._fails("body"):
            return
        while answer.never:
            yield None
        missing = self._missing_bytes()
        if missing > 0:
            exchange.fail(ReadError, "the connection ended, %d bytes early" % missing)
        else:
            exchange.succeed()

    def _missing_bytes(self):
        # type: () -> int
        """How much shorter the body is than its Content-Length says."""
        exchange, head = self._exchange, self._exchange.head
        if (head is None or not head.has_body or exchange.request.method == "HEAD"
                or exchange.decoded):  # The length is that of the body before.
            return 0
        return (head.body_length() or 0) - sum(len(data) for _, data in self._answer.pieces)

    def _fails(self, phase):
        failure = self._answer.failure
        if failure is None or failure[0] != phase:
            return False
        if phase in ("pool", "send"):  # No client reports these by itself.
            self._exchange.timeouts.phase = phase
        self._exchange.fail(failure[1], failure[2])
        return True

    def _resumed(self):
        # A pause may end while a delay runs, or within a step.
        if self._timer is None and not self._running:
            self._go_on()

    def _after_delay(self):
        self._timer = None
        self._go_on()

    def _go_on(self):
        if self._ended:
            return
        self._running = True
        try:
            seconds = next(self._steps, _END)
        except Exception as error:  # Otherwise the call would never end.
            seconds = _END
            self._exchange.raised(error)
        finally:
            self._running = False
        if seconds is _END or self._exchange.over:
            self._stop()
        elif seconds is not None:
            self._timer = self._io_loop.call_later(seconds, self._after_delay)

    def _stop(self):
        if not self._ended:
            self._ended = True
            if self._timer is not None:
                self._io_loop.remove_timeout(self._timer)
            self._exchange.stop = None
            if hasattr(self._exchange, "paused"):
                self._exchange.resumed = None  # It refers to the exchange.
            self._finished()


_END = object()
