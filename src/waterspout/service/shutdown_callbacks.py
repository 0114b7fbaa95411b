"""Functions that close an application's SDKs, sessions and executors when it shuts down."""

from __future__ import absolute_import, division, print_function

import logging

from tornado import gen

from waterspout._compat import TYPE_CHECKING, is_awaitable

if TYPE_CHECKING:
    from typing import Any, Callable, List  # noqa: F401

_log = logging.getLogger("waterspout.service")


class ShutdownCallbacks(object):
    """Callbacks that run once, the last added first."""

    def __init__(self):
        self._callbacks = []  # type: List[Callable[[], Any]]

    def __repr__(self):
        return "<ShutdownCallbacks %d>" % len(self._callbacks)

    def add(self, callback):
        # type: (Callable[[], Any]) -> None
        """Add a callback without arguments; if it returns a Future, `run` waits for it."""
        self._callbacks.append(callback)

    @gen.coroutine
    def run(self):
        """Run each callback. An error is logged, and the next callback runs.

        Returns: Future of None.
        """
        while self._callbacks:
            callback = self._callbacks.pop()
            try:
                future = callback()
                if is_awaitable(future):
                    yield future
            except Exception:
                _log.exception("A shutdown callback failed: %r", callback)
