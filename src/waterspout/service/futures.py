"""Futures for handlers to wait on."""

from __future__ import absolute_import, division, print_function

from tornado.concurrent import Future

from waterspout._compat import reject, resolve


class CallCancelled(Exception):
    """Somebody cancelled the call a handler was waiting for."""


def uncancelled(future):
    # type: (Future) -> Future
    """``future``'s outcome, with cancellation turned into an ordinary error: CallCancelled.

    Before Tornado 6.5 a ``@gen.coroutine`` that waits for a Future which somebody cancels is
    never resumed, so its client is never answered (tornado#2990). Wait for this one instead.
    """
    outcome = Future()

    def settle(future):
        if future.cancelled():
            reject(outcome, CallCancelled())
        elif future.exception() is not None:
            reject(outcome, future.exception())
        else:
            resolve(outcome, future.result())

    future.add_done_callback(settle)
    return outcome
