"""Callbacks of a request: in the context of its caller, awaited where they want it."""

from __future__ import absolute_import, division, print_function

from tornado import httpclient
from tornado.concurrent import is_future
from tornado.gen import convert_yielded
from tornado.log import app_log

from waterspout._compat import in_this_context, is_awaitable

_TORNADOS = vars(httpclient)

#: Functions around the callback of a fetch that are looked into, vcrpy's for one.
_WRAPPERS = 4


class CallbackFailed(Exception):
    """A callback raised; that was logged already."""


def bound(callback):
    # type: (Callable) -> Callable
    """``callback`` in what is the context now; a Future where it returns an awaitable, else None.

    Other results are dropped: ``streaming_callback=file.write`` returns a number.
    """
    return in_this_context(lambda argument: _awaited(callback(argument)))


def future_behind(callback):
    # type: (Callable) -> Optional[Future]
    """The Future that ``AsyncHTTPClient.fetch`` settles by the callback that it gives to
    ``fetch_impl``; None for a callback of another make.

    Tornado does not hand it over, and what ``fetch`` returns may be another one by the time it
    reaches the caller: tracers and tests wrap ``fetch``, by coroutine functions as well, and
    ``fetch_impl`` with its callback. So it is looked for where it is: in the closure.
    """
    for _ in range(_WRAPPERS):
        code = getattr(callback, "__code__", None)
        if code is None:
            return None
        # A wrapper's own "future" is another one.
        name = "future" if callback.__globals__ is _TORNADOS else "callback"
        if name not in code.co_freevars:
            return None
        try:
            found = callback.__closure__[code.co_freevars.index(name)].cell_contents
        except ValueError:  # Nothing is there yet.
            return None
        if name == "future":
            return found if is_future(found) else None
        callback = found
    return None


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
