"""Calls on an IOLoop from anywhere."""

from __future__ import absolute_import, division, print_function

from functools import partial

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, detached, is_closed

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401


def call_on(io_loop, function, *args):
    # type: (IOLoop, Callable, *Any) -> None
    """Have ``function(*args)`` called on ``io_loop``, unless that is closed. From any thread."""
    if not is_closed(io_loop):
        detached(io_loop.add_callback, function, *args)


def caller_on_this_loop():
    # type: () -> Callable[..., None]
    """`call_on` for the current IOLoop."""
    return partial(call_on, IOLoop.current())
