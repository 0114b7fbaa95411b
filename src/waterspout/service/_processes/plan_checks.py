"""Checks of single arguments of `serve_sockets`."""

from __future__ import absolute_import, division, print_function

import functools

import tornado.web

from waterspout._compat import TYPE_CHECKING, integer_types
from waterspout.service._processes.safe_logging import SafeLogger

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401

_log = SafeLogger("waterspout.service")


def is_function(value):
    # type: (Any) -> bool
    return callable(value) and not isinstance(value, tornado.web.Application)


def checked_processes(processes):
    # type: (Any) -> int
    if not isinstance(processes, integer_types) or isinstance(processes, bool):
        raise TypeError("processes must be an int, not %r" % (processes,))
    if processes < 0:
        raise ValueError("processes must be 0 or more, not %d" % processes)
    return processes


def checked_seconds(name, seconds):
    # type: (str, Any) -> float
    if not isinstance(seconds, (float,) + integer_types) or isinstance(seconds, bool):
        raise TypeError("%s must be a number of seconds, not %r" % (name, seconds))
    if not seconds >= 0:  # Also refuses NaN.
        raise ValueError("%s must be 0 or more, not %r" % (name, seconds))
    return seconds


def checked_callback(name, callback):
    # type: (str, Any) -> Callable[..., None]
    """Return a function that calls the program's, and logs what that raises."""
    if callback is not None and not callable(callback):
        raise TypeError("%s must be a function, not %r" % (name, callback))
    return functools.partial(_call, name, callback)


def _call(name, callback, *args):
    if callback is not None:
        try:
            callback(*args)
        except Exception:
            _log.exception("%s failed; the service goes on", name)
