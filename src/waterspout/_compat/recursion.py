"""Protects `json` from a fault of Python 3.6 to 3.8, by which a deep value can end the process."""

from __future__ import absolute_import, division, print_function

import functools
import gc
import threading

from waterspout._compat import RECURSION_MAY_ABORT, TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Set, TypeVar  # noqa: F401

    _Function = TypeVar("_Function", bound=Callable[..., Any])

if RECURSION_MAY_ABORT:

    _lock = threading.Lock()
    _running = set()  # type: Set[object]  # Calls, of all threads.

    def protected(function):
        # type: (_Function) -> _Function
        """Return ``function``, during which no garbage is collected where that is dangerous."""

        @functools.wraps(function)
        def call(*args):
            this = object()
            with _lock:
                if not _running and not gc.isenabled():  # The program's decision.
                    this = None
                else:
                    _running.add(this)
                    gc.disable()
            try:
                return function(*args)
            finally:
                with _lock:
                    _running.discard(this)
                    if this is not None and not _running:  # The last one.
                        gc.enable()

        return call  # type: ignore[return-value]

else:

    def protected(function):
        return function
