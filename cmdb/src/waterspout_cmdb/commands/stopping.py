"""Ctrl-C and SIGTERM: the first one asks an import to stop, the second one ends the process."""

from __future__ import absolute_import, division, print_function

import os
import signal

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict  # noqa: F401

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping(object):
    """A context in which signals stop what runs on a loop, in place of killing it.

    Args:
        loop (IOLoop): on which ``stop`` is called.
        stop (callable): asks for the end; it may be called again.
        end (callable): is called at the second signal, before the process ends at once. It may
            only print: the loop is anywhere.
        code (int): the exit code of that end.
    Attributes:
        is_asked (bool): there was a signal.
    """

    def __init__(self, loop, stop, end, code):
        # type: (Any, Callable[[], None], Callable[[], None], int) -> None
        self.is_asked = False
        self._loop = loop
        self._stop = stop
        self._end = end
        self._code = code
        self._before = {}  # type: Dict[int, Any]

    def __enter__(self):
        for each in _SIGNALS:
            # What is ignored stays so: `nohup`, or `&` in a script, has asked for that.
            if signal.getsignal(each) != signal.SIG_IGN:
                self._before[each] = signal.signal(each, self._on_signal)
        return self

    def __exit__(self, *error):
        for each, handler in self._before.items():
            # None: something that is not Python had set it, and it cannot be set again.
            signal.signal(each, signal.SIG_DFL if handler is None else handler)

    def _on_signal(self, signum, frame):
        # type: (int, Any) -> None
        if self.is_asked:
            try:
                self._end()
            finally:
                # No cleaning up, which may wait for what does not answer: the journal is written
                # so that a process may be killed at any moment.
                os._exit(self._code)
        self.is_asked = True
        asyncio_loop = getattr(self._loop, "asyncio_loop", None)
        if asyncio_loop is None:  # py2: Tornado 5's own loop, where no other method is safe here.
            self._loop.add_callback_from_signal(self._stop)
        else:  # Called in the loop's own thread, `add_callback` alone does not wake it.
            asyncio_loop.call_soon_threadsafe(self._loop.add_callback, self._stop)
