"""Callbacks of a request: in the context of its caller, awaited where they want it."""

from __future__ import absolute_import, division, print_function

from tornado.gen import convert_yielded
from tornado.log import app_log

from waterspout._compat import in_this_context, is_awaitable


class CallbackFailed(Exception):
    """A callback raised; that was logged already."""


def bound(callback):
    # type: (Callable) -> Callable
    """``callback`` in what is the context now; a Future where it returns an awaitable, else None.

    Other results are dropped: ``streaming_callback=file.write`` returns a number.
    """
    return in_this_context(lambda argument: _awaited(callback(argument)))


def call(callback, argument):
    # type: (Callable, Any) -> Optional[Future]
    """Raises: CallbackFailed."""
    try:
        return callback(argument)
    except Exception:
        raise logged_failure()


def logged_failure():
    # type: () -> CallbackFailed
    """Log the exception being handled, as Tornado does."""
    app_log.error("Uncaught exception", exc_info=True)
    return CallbackFailed("a callback of the request raised")


def _awaited(result):
    return convert_yielded(result) if is_awaitable(result) else None
