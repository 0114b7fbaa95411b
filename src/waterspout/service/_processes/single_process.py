"""A service in one process: the program itself."""

from __future__ import absolute_import, division, print_function

import functools

from tornado.ioloop import IOLoop

from waterspout.service._processes.signals import Signals
from waterspout.service._processes.stop_watchdog import StopWatchdog, exit_at_once
from waterspout.service._processes.worker import run_worker


class SingleProcess(object):
    """Serves in the calling process until a signal stops it.

    Args:
        make_app, sockets, drain_timeout, on_ready, server_class: as for :func:`run_worker`.
        stop_timeout (float seconds): if it still serves so long after the first signal, the
            process is ended with exit code 1. A second signal ends it at once.
        on_stopping (callable): called once when the stop begins.
        on_sigchld (callable): called after a child process has ended.
    """

    def __init__(
        self, make_app, sockets, drain_timeout, stop_timeout, on_stopping, on_ready, on_sigchld,
        server_class
    ):  # fmt: skip
        self._serve = functools.partial(
            run_worker, make_app, sockets, self._watch, on_ready, drain_timeout,
            server_class=server_class
        )  # fmt: skip
        self._stop_timeout = stop_timeout
        self._on_stopping = on_stopping
        self._on_sigchld = on_sigchld
        self._stopping = False

    def __repr__(self):
        return "<SingleProcess stopping=%s>" % self._stopping

    def run(self):
        # type: () -> int
        """Block until stopped, and return the exit code for the process."""
        self._watchdog = StopWatchdog()
        self._signals = Signals(self._on_stop_signal)
        try:
            clean = self._serve(on_drained=self._signals.default_stop)
        finally:
            self._signals.restore()
            self._watchdog.stopped()
        return 0 if clean else 1

    def _on_stop_signal(self, count):
        # In the signal handler, because what must be stopped may block the IOLoop.
        if count > 1:
            exit_at_once("Second signal: exiting at once")
        self._watchdog.end_within(self._stop_timeout)

    def _watch(self, io_loop, stop):
        def on_signals(fd, events):
            self._signals.take()
            self._on_sigchld()
            if self._signals.stop_requests and not self._stopping:
                self._stopping = True
                self._on_stopping()
                stop()

        io_loop.add_handler(self._signals.read_fd, on_signals, IOLoop.READ)
