"""Futures for handlers and processes to wait for."""

from __future__ import absolute_import, division, print_function

import datetime

from tornado import gen
from tornado.concurrent import Future
from tornado.ioloop import IOLoop
from tornado.locks import Event

from waterspout._compat import TYPE_CHECKING, monotonic, reject, resolve
from waterspout.service.exceptions import CallCancelled

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


def uncancelled(future):
    # type: (Future[Any]) -> Future[Any]
    """Return a Future with the outcome of ``future``, where cancellation is an ordinary error.

    Before Tornado 6.5 a ``@gen.coroutine`` that waits for a cancelled Future is never resumed, so
    its client is never answered (tornado#2990). Wait for this Future instead.

    Raises, when waited for: CallCancelled: ``future`` was cancelled; or what ``future`` raised.
    """
    outcome = Future()  # type: Future[Any]

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
    """Wait for ``future``, and return whether it is done, with a result or an error, in time.

    The IOLoop's timers use a clock on Python 2 that can be set; this uses a monotonic one.

    Args:
        seconds (float): how long to wait.
        future (Future): any.
    Returns: Future of bool.
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
