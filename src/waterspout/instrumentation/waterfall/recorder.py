"""CallRecorder: keeps the last calls, for a waterfall of them."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.observer import Observer

if TYPE_CHECKING:
    from typing import Any, Deque, List  # noqa: F401


class CallRecorder(Observer):
    """An observer that keeps how the last calls ended.

    ::

        recorder = CallRecorder(max_calls=20)
        session = waterspout.Session(observers=[recorder])
        ...
        print(waterfall(recorder.calls))

    It keeps the errors of failed calls, and with them what they refer to: their requests, and the
    response of an `HTTPError`. Keep few.

    Args:
        max_calls (int): the oldest is forgotten when there are more.
    Raises: ValueError: ``max_calls`` is not above 0.
    """

    def __init__(self, max_calls=50):
        # type: (int) -> None
        if not max_calls > 0:
            raise ValueError("max_calls=%r must be above 0" % (max_calls,))
        self._calls = collections.deque(maxlen=max_calls)  # type: Deque[Any]

    @property
    def calls(self):
        # type: () -> List[Any]
        """Each a CallDone, CallFailed or CallCancelled; the one that ended last is the last."""
        return list(self._calls)

    def of_request(self, request_id):
        # type: (str) -> List[Any]
        """Those of `calls` that a service has made on behalf of the request with this id."""
        return [each for each in self._calls if each.call.context is not None
                and each.call.context.request_id == request_id]

    def clear(self):
        # type: () -> None
        """Forget all."""
        self._calls.clear()

    def call_done(self, detail):
        self._calls.append(detail)

    def call_failed(self, detail):
        self._calls.append(detail)

    def call_cancelled(self, detail):
        self._calls.append(detail)
