"""Dispatch: which observers want which details, found out once."""

from __future__ import absolute_import, division, print_function

import logging
from functools import partial

from waterspout._compat import TYPE_CHECKING, raw_method
from waterspout.instrumentation.observer import Observer

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Optional, Tuple  # noqa: F401

_log = logging.getLogger("waterspout.instrumentation")

#: The methods that are called with one detail.
_TOLD = ("call_started", "call_queued", "call_connected", "call_sent", "call_first_byte",
         "call_done", "call_failed", "call_cancelled", "request_received", "response_sent")


class Dispatch(object):
    """Calls the observers' methods.

    Args:
        observers (iterable): each an `Observer`, or an object with some of its methods.
    Attributes:
        for each method of `Observer` one of this name: a tuple of those to call.
        is_live (bool): one of them wants to know of a call before it ends.
    Raises: TypeError: an observer has none of the methods.
    """

    __slots__ = ("observers", "headers_for", "run_request", "is_live", "_failed") + _TOLD

    if TYPE_CHECKING:
        call_started = call_queued = call_connected = call_sent = call_first_byte = ()  # type: Tuple
        call_done = call_failed = call_cancelled = request_received = response_sent = ()  # type: Tuple

    def __init__(self, observers):
        # type: (Iterable[Any]) -> None
        self.observers = tuple(observers)
        self._failed = set()  # type: set
        for name in _TOLD + ("headers_for", "run_request"):
            setattr(self, name, tuple(
                getattr(each, name) for each in self.observers if _wants(each, name)))
        self.is_live = bool(self.call_queued or self.call_connected or self.call_sent
                            or self.call_first_byte)
        for each in self.observers:
            if not any(_wants(each, name) for name in _TOLD + ("headers_for", "run_request")):
                raise TypeError(
                    "%r has no method of waterspout.instrumentation.Observer" % (each,))

    def tell(self, methods, detail):
        # type: (Tuple[Callable[[Any], None], ...], Any) -> None
        """Call each of ``methods`` with ``detail``. An error is logged."""
        for method in methods:
            try:
                method(detail)
            except Exception:
                self._complain(method)

    def extra_headers(self, call):
        # type: (Any) -> Optional[Dict[str, str]]
        """The header fields that observers want to be sent with ``call``; None for none."""
        extra = {}  # type: Dict[str, str]
        for method in self.headers_for:
            try:
                extra.update(method(call) or {})
            except Exception:
                self._complain(method)
        return extra or None

    def run(self, request, function):
        # type: (Any, Callable[[], None]) -> None
        """Call ``function()``, once, within the contexts of all observers."""
        ran = []

        def run():
            if not ran:
                ran.append(True)
                function()

        outermost = run
        for method in self.run_request:
            outermost = partial(self._run_within, method, request, outermost, ran)
        outermost()

    def _run_within(self, method, request, run, ran):
        try:
            method(request, run)
        except Exception:
            if ran:
                raise  # By the handler.
            self._complain(method)
        run()  # If the observer has not done so.

    def _complain(self, method):
        # One traceback for each method: the next call would bring the same.
        if method not in self._failed:
            self._failed.add(method)
            _log.error("%r raised; it is called on, but this is logged once", method, exc_info=True)


def dispatch_to(observers):
    # type: (Iterable[Any]) -> Optional[Dispatch]
    """A `Dispatch` to ``observers``; None if there are none, so that they cost nothing.

    Raises: TypeError.
    """
    try:
        observers = tuple(observers)
    except TypeError:
        raise TypeError("observers=%r: give a list of observers" % (observers,))
    return Dispatch(observers) if observers else None


def _wants(observer, name):
    method = getattr(observer, name, None)
    if method is None:
        return False
    return not (isinstance(observer, Observer)
                and raw_method(type(observer), name) is raw_method(Observer, name)
                and name not in vars(observer))
