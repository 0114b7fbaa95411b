"""Checks of single arguments of `serve_sockets`."""

from __future__ import absolute_import, division, print_function

import functools

import tornado.web
from tornado.escape import native_str

from waterspout._compat import TYPE_CHECKING, integer_types, text_type
from waterspout.service._processes.safe_logging import SafeLogger

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional  # noqa: F401

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


def checked_path(name, path):
    # type: (str, Any) -> Optional[str]
    """Return a path as a native str, which on 2.7 may be given as text; None stays None."""
    if path is None:
        return None
    if not isinstance(path, (str, text_type)):
        raise TypeError("%s must be a path, not %r" % (name, path))
    if not path or "\0" in path:
        raise ValueError("%s must be a path, not %r" % (name, path))
    return native_str(path)


def checked_command(name, command):
    # type: (str, Any) -> Optional[List[str]]
    """Return a command as a list of native str; None stays None."""
    if command is None:
        return None
    if not isinstance(command, (list, tuple)) or (
            not all(isinstance(word, (str, text_type)) for word in command)):
        raise TypeError("%s must be a list of str, not %r" % (name, command))
    if not command or not command[0] or any("\0" in word for word in command):
        raise ValueError("%s must be a program and its arguments, not %r" % (name, command))
    return [native_str(word) for word in command]


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
