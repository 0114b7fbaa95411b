"""Protects `json` from a fault of Python 3.6 to 3.8, by which a deep value can end the process.

Near the recursion limit a collection of garbage may run a finalizer. If that exceeds the limit, its
error is ignored, and Python allows 50 levels more. The decoder, which goes on to nest, then exceeds
those as well, and Python aborts: "Cannot recover from stack overflow". Python 3.9 has no such
state.
"""

from __future__ import absolute_import, division, print_function

import functools
import gc
import sys

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, TypeVar  # noqa: F401

    _Function = TypeVar("_Function", bound=Callable[..., Any])

if (3,) < sys.version_info < (3, 9):

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
