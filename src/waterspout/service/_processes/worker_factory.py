"""Forks worker processes; in the worker, serves until the parent says stop or is gone."""

from __future__ import absolute_import, division, print_function

import os
import random
import signal

from tornado.ioloop import IOLoop

from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.signals import add_signal_handler
from waterspout.service._processes.standard_streams import flush_standard_streams
from waterspout.service._processes.stop_watchdog import StopWatchdog

_log = SafeLogger("waterspout.service")


class WorkerFactory(object):
    """Starts worker processes that share listening sockets.

    Args:
        work (callable): ``work(watch, on_ready)`` serves in the calling process until stopped and
            returns whether that ended cleanly, as :func:`run_worker` does.
        stop_timeout (float seconds): a worker that has not stopped after this long, and a second
            for the parent to kill it, ends itself.
        signals (Signals): of the parent; a worker forgets them.
        lifeline (Pipe): the parent holds its write end. A worker stops when it is closed.
        ready (Pipe): a worker writes a byte to it once it serves.
    """

    def __init__(self, work, stop_timeout, signals, lifeline, ready):
        self._work = work
        self._stop_timeout = stop_timeout
        self._signals = signals
        self._lifeline = lifeline
        self._ready = ready

    def __repr__(self):
        return "<WorkerFactory of process %d>" % os.getpid()

    def start(self):
        # type: () -> int
        """Fork a worker and return its pid. In the worker, this does not return.

        Raises: OSError: the system has no memory or no process left.
        """
        flush_standard_streams()  # Otherwise the worker would write the buffers again.
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            try:
                self._become_worker()
                code = 0 if self._work(self._watch, self._on_ready) else 1
            except BaseException:
                _log.exception("Worker failed")
            flush_standard_streams()
        finally:
            os._exit(code)  # Not sys.exit, which would run the atexit functions of the parent.

    def _become_worker(self):
        self._signals.forget()
        self._lifeline.close_write()
        random.seed()  # py2: Python 3.7 does this itself.

    def _watch(self, io_loop, stop):
        """Stop on SIGTERM, and when the lifeline ends."""
        watchdog = StopWatchdog()

        def stop_in_time():
            # The parent kills a worker that takes longer, but not if only the worker was told to
            # stop, nor if the parent is gone.
            watchdog.end_within(self._stop_timeout + 1.0)
            stop()

        def on_lifeline(fd, events):
            io_loop.remove_handler(fd)
            stop_in_time()

        add_signal_handler(io_loop, signal.SIGTERM, stop_in_time)
        io_loop.add_handler(self._lifeline.read_fd, on_lifeline, IOLoop.READ)

    def _on_ready(self):
        try:
            os.write(self._ready.write_fd, b"r")
        except OSError:
            pass  # The parent is gone; the lifeline has ended, too.
