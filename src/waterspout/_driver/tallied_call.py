"""TalliedCall and TalliedObservedFuture: calls that a `CallTally` counts."""

from __future__ import absolute_import, division, print_function

from functools import partial

from waterspout._compat import TYPE_CHECKING
from waterspout._driver.call import Call, guarded
from waterspout._driver.loop_calls import caller_on_this_loop
from waterspout._driver.observed_future import ObservedFuture
from waterspout.models.response import Response

if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple  # noqa: F401

    from waterspout._flows.plan import Plan  # noqa: F401
    from waterspout.instrumentation.call_tally import CallTally  # noqa: F401
    from waterspout.instrumentation.dispatch import Dispatch  # noqa: F401
    from waterspout.transports.base import Transport  # noqa: F401

    _Base = Call
else:
    _Base = object


class _Counted(_Base):
    """Has its ``_tally`` count the beginning and the end of a call, each once."""

    __slots__ = ()

    if TYPE_CHECKING:
        _tally = None  # type: Optional[CallTally]  # Until the end was counted.

    def begin(self, request, options):
        refusal = self._tally.begin(self)
        if refusal is not None:
            self._tally = None
            return self.refuse(refusal)
        try:
            return super(_Counted, self).begin(request, options)
        except Exception:
            self._count_end()
            raise

    def cancel(self, *args, **kwargs):
        cancelled = super(_Counted, self).cancel(*args, **kwargs)
        if cancelled:
            self._count_end()
        return cancelled

    def _end(self, response=None, error=None):
        # Before the caller goes on, which may be the last that its request does.
        if not self.done():
            self._count_end(response)
        super(_Counted, self)._end(response, error)

    def _count_end(self, response=None):
        tally, self._tally = self._tally, None
        if tally is None:
            return
        tally.done(self)
        if type(response) is Response and response.is_streamed:
            response.when_ended(partial(_stream_ended, tally), caller_on_this_loop())
        else:
            tally.end()


class TalliedCall(_Counted, Call):
    """A `Call` that ``tally`` counts."""

    __slots__ = ("_tally",)

    def __init__(self, transport, follow, tally):
        # type: (Transport, Optional[Callable], CallTally) -> None
        Call.__init__(self, transport, follow)
        self._tally = tally

    def guard(self, plan):
        # type: (Plan) -> None
        tell_retried = None if self._tally is None else self._tally.retried
        self._perform = partial(guarded, self._perform, plan, tell_retried)


class TalliedObservedFuture(_Counted, ObservedFuture):
    """An `ObservedFuture` that ``tally`` counts."""

    __slots__ = ("_tally",)

    def __init__(self, transport, follow, dispatch, labels, tally):
        # type: (Transport, Optional[Callable], Dispatch, Tuple[Any, ...], CallTally) -> None
        ObservedFuture.__init__(self, transport, follow, dispatch, labels)
        self._tally = tally

    def _tell_retried(self, pause):
        if self._tally is not None:
            self._tally.retried(pause)
        ObservedFuture._tell_retried(self, pause)


def _stream_ended(tally, ended, error):
    # type: (CallTally, Any, Any) -> None
    tally.end()
