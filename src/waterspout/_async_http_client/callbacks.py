"""Callbacks of a request: called in its caller's context, awaited if they return an awaitable."""

from __future__ import absolute_import, division, print_function

from tornado import httpclient
from tornado.concurrent import is_future
from tornado.gen import convert_yielded
from tornado.log import app_log

from waterspout._compat import in_this_context, is_awaitable

_TORNADOS = vars(httpclient)

#: Wrappers around the callback of a fetch that are searched, such as vcrpy's.
_WRAPPERS = 4


class CallbackFailed(Exception):
    """A callback has raised; that was logged already."""


def bound(callback):
    # type: (Callable) -> Callable
    """Wrap ``callback`` to run in the current context, and to return a Future or None.

    A Future if it returns an awaitable. Other results are ignored, such as the number that
    ``streaming_callback=file.write`` returns.
    """
    return in_this_context(lambda argument: _awaited(callback(argument)))


def future_behind(callback):
    # type: (Callable) -> Optional[Future]
    """Find the Future that ``AsyncHTTPClient.fetch`` resolves in its callback for ``fetch_impl``.

    None for another kind of callback. Tornado does not pass the Future, and the caller of ``fetch``
    may get another one: tracers and tests wrap ``fetch``, and ``fetch_impl`` with its callback. So
    it is searched in the callback's closure.
    """
    for _ in range(_WRAPPERS):
        code = getattr(callback, "__code__", None)
        if code is None:
            return None
        # A variable "future" of a wrapper is another Future.
        name = "future" if callback.__globals__ is _TORNADOS else "callback"
        if name not in code.co_freevars:
            return None
        try:
            found = callback.__closure__[code.co_freevars.index(name)].cell_contents
        except ValueError:  # The cell is still empty.
            return None
        if name == "future":
            return found if is_future(found) else None
        callback = found
    return None


def call(callback, argument):
    # type: (Callable, Any) -> Optional[Future]
    """Call ``callback``. Raises: CallbackFailed."""
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
