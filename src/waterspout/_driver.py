"""Runs a flow to one Future: the only code that waits."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import Future, reject, resolve
from waterspout._flows.commands import Done


def run(flow, send):
    # type: (Generator, Callable[[Request], Future]) -> Future
    """Start ``flow`` now; the Future has what it is ``Done`` with, or the error it raised.

    Args:
        flow: a generator of `waterspout._flows.commands`.
        send: performs one exchange (`waterspout.transports.base.Transport.send`).

    Cancelling the Future (Python 3) cancels the exchange under way and closes the flow, so
    that its ``finally`` clauses run.
    """
    return _Run(flow, send).start()


class _Run(object):
    __slots__ = ("_flow", "_send", "_future", "_exchange")

    def __init__(self, flow, send):
        self._flow = flow
        self._send = send
        self._future = Future()
        self._exchange = None

    def start(self):
        self._future.add_done_callback(self._settled)
        self._advance(self._flow.send, None)
        return self._future

    def _advance(self, resume, value):
        try:
            command = resume(value)
            if isinstance(command, Done):
                resolve(self._future, command.response)
                return
            self._exchange = self._send(command.request)
        except Exception as error:
            reject(self._future, error)
        else:
            self._exchange.add_done_callback(self._exchanged)

    def _exchanged(self, exchange):
        if self._future.done():  # Cancelled meanwhile.
            return
        if exchange.cancelled():  # By the transport's own doing, so not by our caller.
            self._future.cancel()
            return
        error = exchange.exception()
        if error is not None:
            self._advance(self._flow.throw, error)
        else:
            self._advance(self._flow.send, exchange.result())

    def _settled(self, future):
        if future.cancelled() and self._exchange is not None:
            self._exchange.cancel()
        self._flow.close()
