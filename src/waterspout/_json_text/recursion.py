"""Protects `json` from a fault of Python 3.6 to 3.8, by which a deep value can end the process."""

from __future__ import absolute_import, division, print_function

import functools
import gc

from waterspout._compat import RECURSION_MAY_ABORT, TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, TypeVar  # noqa: F401

    _Function = TypeVar("_Function", bound=Callable[..., Any])

if RECURSION_MAY_ABORT:

    def protected(function):
        # type: (_Function) -> _Function
        """Return ``function``, during which no garbage is collected where that is dangerous."""

        @functools.wraps(function)
        def call(*args):
            if not gc.isenabled():
                return function(*args)
            gc.disable()
            try:
                return function(*args)
            finally:
                gc.enable()

        return call  # type: ignore[return-value]

else:

    def protected(function):
        return function
