"""Futures for handlers to wait on."""

from __future__ import absolute_import, division, print_function

import datetime

from tornado import gen
from tornado.concurrent import Future
from tornado.ioloop import IOLoop
from tornado.locks import Event

from waterspout._compat import monotonic, reject, resolve


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


@gen.coroutine
def done_within(seconds, future):
    # type: (float, Future) -> Future[bool]
    """Whether ``future`` is done, well or badly, within so many seconds.

    On Python 2 the IOLoop's timers go by a clock that may be set; this looks at one that is not.
    """
    done = Event()
    IOLoop.current().add_future(future, lambda future: done.set())
    end_at = monotonic() + seconds
    while not future.done():
        left = end_at - monotonic()
        if left <= 0:
            raise gen.Return(False)
        try:
            yield done.wait(datetime.timedelta(seconds=left))
        except gen.TimeoutError:
            pass
    raise gen.Return(True)
