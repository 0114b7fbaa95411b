"""CancellableCalls: the calls to upstreams that are under way for one request."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.call_tally import CallTally
from waterspout.service.exceptions import CallCancelled

if TYPE_CHECKING:
    from typing import Any, Dict, Optional  # noqa: F401

    from waterspout.instrumentation.call_context import CallContext  # noqa: F401


class CancellableCalls(CallTally):
    """A `CallTally` that also knows the calls, and can end them.

    Args:
        tally (CallTally or None): that it takes the place of, with what that has counted.
    """

    __slots__ = ("_calls", "_are_ended")

    def __init__(self, tally=None):
        # type: (Optional[CallTally]) -> None
        super(CancellableCalls, self).__init__()
        self._calls = collections.OrderedDict()  # type: Dict[Any, None]  # As they have begun.
        self._are_ended = False
        if tally is not None:
            for name in CallTally.__slots__:
                setattr(self, name, getattr(tally, name))

    def begin(self, call=None):
        # type: (Any) -> Optional[Exception]
        if self._are_ended:
            return CallCancelled()
        self._calls[call] = None
        return super(CancellableCalls, self).begin(call)

    def done(self, call):
        # type: (Any) -> None
        self._calls.pop(call, None)

    def cancel(self):
        # type: () -> None
        """Cancel the calls, the newest first: it may wait for the place of an older one. Further
        ones fail.
        """
        self._are_ended = True
        for call in reversed(list(self._calls)):
            call.cancel()

    def give_up(self):
        # type: () -> bool
        """Let the calls fail, as `waterspout._driver.call.Call.give_up` does it. Further ones, too.

        Returns: whether there was one.
        """
        self._are_ended = True
        calls = list(self._calls)
        for call in reversed(calls):
            call.give_up(CallCancelled())
        return bool(calls)


def cancellable_calls(context):
    # type: (CallContext) -> CancellableCalls
    """Return those of a context, whose tally they are from now on."""
    tally = context.tally
    if not isinstance(tally, CancellableCalls):
        tally = context.tally = CancellableCalls(tally)
    return tally
