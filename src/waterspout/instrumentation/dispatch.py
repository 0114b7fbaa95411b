"""Dispatch: which observers want which details, found out once."""

from __future__ import absolute_import, division, print_function

import logging
import sys
from functools import partial

from tornado.util import raise_exc_info

from waterspout._compat import TYPE_CHECKING, raw_method
from waterspout.instrumentation.observer import Observer

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, List, Optional, Set, Tuple  # noqa: F401

    from waterspout.instrumentation.details import ObservedCall, ObservedRequest  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401

_log = logging.getLogger("waterspout.instrumentation")

#: The methods that are called with one detail.
_TOLD = ("call_started", "call_queued", "call_connected", "call_sent", "call_first_byte",
         "call_done", "call_failed", "call_cancelled", "call_retried", "circuit_changed",
         "host_changed", "request_received", "response_sent")

_ALL = _TOLD + ("headers_for", "run_request")


class Dispatch(object):
    """Calls the observers' methods.

    Args:
        observers (iterable): each an `Observer`, or an object with some of its methods.
    Attributes:
        for each method of `Observer` one of this name: a tuple of those to call.
        is_live (bool): one of them wants to know of a call before it ends.
    Raises: TypeError: an observer has none of the methods, or is a class.
    """

    __slots__ = ("observers", "headers_for", "run_request", "is_live", "_failed") + _TOLD

    if TYPE_CHECKING:
        call_started = call_queued = call_connected = call_sent = call_first_byte = ()  # type: Tuple
        call_done = call_failed = call_cancelled = request_received = response_sent = ()  # type: Tuple
        call_retried = circuit_changed = host_changed = run_request = ()  # type: Tuple

    def __init__(self, observers):
        # type: (Iterable[Any]) -> None
        self.observers = tuple(observers)
        self._failed = set()  # type: Set[int]  # The identities of methods.
        for each in self.observers:
            if isinstance(each, type):
                raise TypeError("observers needs objects, not the class %s" % each.__name__)
            if not any(_wants(each, name) for name in _ALL):
                raise TypeError("an observer of class %s has no method of "
                                "waterspout.instrumentation.Observer" % type(each).__name__)
        for name in _ALL:
            setattr(self, name, tuple(
                getattr(each, name) for each in self.observers if _wants(each, name)))
        self.is_live = bool(self.call_queued or self.call_connected or self.call_sent
                            or self.call_first_byte)

    def tell(self, methods, detail):
        # type: (Tuple[Callable[[Any], None], ...], Any) -> None
        """Call each of ``methods`` with ``detail``. An error is logged."""
        for method in methods:
            try:
                method(detail)
            except Exception:
                self._complain(method)

    def add_headers(self, call, request):
        # type: (ObservedCall, PreparedRequest) -> None
        """Add to ``request`` the header fields that observers want to be sent with ``call``.

        Fields that are not valid are an error of the observer, not of the call.
        """
        for method in self.headers_for:
            try:
                extra = method(call)
                if extra:
                    request.headers.merge(extra)
            except Exception:
                self._complain(method)

    def run(self, request, function):
        # type: (ObservedRequest, Callable[[], None]) -> None
        """Call ``function()``, once, within the contexts of all observers.

        Raises: what ``function`` raises; what observers raise is logged.
        """
        run = once = _Once(function)  # type: Any
        for method in self.run_request:
            run = partial(self._run_within, method, request, run, once)
        run()
        if once.exc_info is not None:
            raise_exc_info(once.exc_info)

    def _run_within(self, method, request, run, once):
        try:
            method(request, run)
        except Exception as error:
            if once.exc_info is None or once.exc_info[1] is not error:
                self._complain(method)
        if not once.has_run:  # The observer has not done it.
            run()

    def _complain(self, method):
        # One traceback for each method: the next call would bring the same. Not its repr, which an
        # observer may have filled with secrets.
        if id(method) not in self._failed:
            self._failed.add(id(method))
            _log.error("%s of an observer of class %s raised; it is called on, but this is logged "
                       "once", getattr(method, "__name__", "a method"),
                       type(getattr(method, "__self__", method)).__name__, exc_info=True)


class _Once(object):
    """Calls a function at most once.

    Attributes:
        has_run (bool); exc_info (tuple or None): of what the function has raised.
    """

    __slots__ = ("_function", "has_run", "exc_info")

    def __init__(self, function):
        # type: (Callable[[], None]) -> None
        self._function = function
        self.has_run = False
        self.exc_info = None  # type: Optional[Tuple[Any, Any, Any]]

    def __call__(self):
        # type: () -> None
        if not self.has_run:
            self.has_run = True
            try:
                self._function()
            except Exception:
                self.exc_info = sys.exc_info()
                raise


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
    if not callable(method):
        raise TypeError("%s of an observer of class %s is not a method"
                        % (name, type(observer).__name__))
    return not (isinstance(observer, Observer)
                and raw_method(type(observer), name) is raw_method(Observer, name)
                and name not in getattr(observer, "__dict__", ()))
