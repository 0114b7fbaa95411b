"""Unix signals as events of the IOLoop."""

from __future__ import absolute_import, division, print_function

import signal

#: What asks a service to end: a process manager, Ctrl-C, a closed terminal.
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def add_signal_handler(io_loop, signum, callback):
    # type: (IOLoop, int, Callable[[], None]) -> None
    """Have ``callback()`` called on ``io_loop`` whenever the signal arrives.

    Call it from the main thread. A later call for the same signal replaces the callback.
    """
    if hasattr(io_loop, "asyncio_loop"):
        io_loop.asyncio_loop.add_signal_handler(signum, callback)
    else:  # py2: Tornado 5's own loop, which has a wakeup fd that makes this safe
        signal.signal(signum, lambda signum, frame: io_loop.add_callback_from_signal(callback))


def add_stop_handler(io_loop, callback):
    # type: (IOLoop, Callable[[], None]) -> None
    """Have ``callback()`` called for each of ``STOP_SIGNALS``; SIGHUP not if nohup disabled it."""
    for signum in STOP_SIGNALS:
        if signum != signal.SIGHUP or signal.getsignal(signum) != signal.SIG_IGN:
            add_signal_handler(io_loop, signum, callback)
