"""Keeps several worker processes running behind one listening socket, and stops them.

The parent runs no IOLoop, opens no client and starts no thread, so a fork copies nothing that
cannot be shared. It holds the write end of a pipe, the lifeline; workers hold the read end and
stop when it ends. The parent closes it to stop them. If the parent is killed, the kernel closes
it, so no worker outlives its parent.
"""

from __future__ import absolute_import, division, print_function

import errno
import os
import select
import signal

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout.service._processes.pipe import Pipe
from waterspout.service._processes.restart_policy import RestartPolicy
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.signals import Signals
from waterspout.service._processes.stop_watchdog import StopWatchdog
from waterspout.service._processes.worker_factory import WorkerFactory

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

#: Seconds for which killed workers are waited for: the kernel may be unable to end a process, for
#: example while it waits for a disk.
KILL_TIMEOUT = 5.0

#: Seconds of one wait, at most. `select` accepts neither infinity nor 100 years, and the program
#: may have replaced the handler of SIGCHLD.
_LONGEST_WAIT = 60.0

_log = SafeLogger("waterspout.service")


class Slot(object):
    """The place of one worker, and of the workers that replace it."""

    def __init__(self, number):
        # type: (int) -> None
        self.number = number
        self.pid = None  # type: Optional[int]
        self.started_at = None  # type: Optional[float]
        self.start_at = 0.0  # type: Optional[float]  # When to start; None while it runs.
        self.policy = RestartPolicy()

    def __repr__(self):
        return "<Slot %d pid=%r crashes=%d>" % (self.number, self.pid, self.policy.crashes)


class Supervisor(object):
    """Starts workers, restarts those that crash, stops all of them.

    Args:
        work (callable): ``work(watch, on_ready)`` serves in the calling process until stopped and
            returns whether that ended cleanly, as :func:`run_worker` does.
        processes (int): the number of workers.
        stop_timeout (float seconds): a worker that has not stopped after this long is killed.
        on_stopping (callable): called once, in the parent, before the workers are stopped.
        on_ready (callable): called once, in the parent, when every worker serves.
        on_sigchld (callable): called in the parent after a child process has ended.
        on_worker_exit (callable): called in the parent with the pid of each worker that has ended,
            before another one takes its place.
    """

    def __init__(
        self, work, processes, stop_timeout, on_stopping, on_ready, on_sigchld,
        on_worker_exit=lambda pid: None
    ):  # fmt: skip
        self._work = work
        self._slots = [Slot(number) for number in range(processes)]
        self._stop_timeout = stop_timeout
        self._on_stopping = on_stopping
        self._on_ready = on_ready
        self._on_sigchld = on_sigchld
        self._on_worker_exit = on_worker_exit
        self._not_ready = processes
        self._stop_by = None  # type: Any  # When to kill or give up. Set by a stop and by a kill.
        self._killed = False
        self._exit_code = 0

    def __repr__(self):
        return "<Supervisor %r stopping=%s>" % (self._slots, self._stopping)

    @property
    def _stopping(self):
        # type: () -> bool
        return self._stop_by is not None

    def run(self):
        # type: () -> int
        """Block until every worker has ended, and return the exit code for the process."""
        self._lifeline, self._ready = Pipe(), Pipe()
        self._watchdog = StopWatchdog(self._kill_workers)
        self._signals = Signals(self._on_stop_signal)
        self._factory = WorkerFactory(
            self._work, self._stop_timeout, self._signals, self._lifeline, self._ready
        )
        try:
            while self._step():
                self._wait()
        finally:
            self._signals.restore()
            self._watchdog.stopped()
            for pipe in (self._lifeline, self._ready):
                pipe.close()
        return self._exit_code

    # One iteration of the loop

    def _step(self):
        # type: () -> bool
        """Do what is due. Return False when no worker is left to wait for."""
        self._reap()
        self._on_sigchld()
        if self._signals.stop_requests and not self._stopping:
            self._stop()
        if not self._stopping:
            self._start_due()
            self._count_ready()
        elif self._killed:
            if monotonic() >= self._stop_by:
                return self._give_up_killed()
        elif self._signals.stop_requests > 1 or monotonic() >= self._stop_by:
            self._kill()
        return any(slot.pid or slot.start_at is not None for slot in self._slots)

    def _wait(self):
        """Sleep until a signal arrives, a worker is ready, or something is due."""
        due = [slot.start_at for slot in self._slots if slot.start_at is not None]
        if self._stopping:
            due.append(self._stop_by)
        timeout = max(0.0, min(due) - monotonic()) if due else _LONGEST_WAIT
        timeout = min(timeout, _LONGEST_WAIT)
        try:
            select.select([self._signals.read_fd, self._ready.read_fd], [], [], timeout)
        except select.error as error:  # py2: signals interrupt it.
            if error.args[0] != errno.EINTR:
                raise
        self._signals.take()

    def _reap(self):
        for slot in self._slots:
            if slot.pid:
                try:
                    pid, status = os.waitpid(slot.pid, os.WNOHANG)
                except OSError:  # The program has waited for it itself; count it as crashed.
                    pid, status = slot.pid, 1 << 8
                if pid:
                    self._ended(slot, status)

    def _ended(self, slot, status):
        pid, slot.pid = slot.pid, None
        self._on_worker_exit(pid)
        if self._stopping:
            if status:
                self._exit_code = 1
        else:
            self._replace(slot, "Worker %d %s" % (pid, describe(status)), crashed=status != 0)

    def _replace(self, slot, event, crashed):
        """Schedule the start of a slot's next worker, or stop everything."""
        delay = slot.policy.delay(monotonic() - slot.started_at, crashed)
        if delay is not None:
            _log.warning("%s; restarting it", event)
            slot.start_at = monotonic() + delay
            return
        _log.error("%s; giving up after %d crashes in a row", event, slot.policy.crashes)
        self._exit_code = 1
        self._stop()

    def _start_due(self):
        for slot in self._slots:
            if slot.start_at is not None and slot.start_at <= monotonic():
                slot.start_at = None
                slot.started_at = monotonic()
                try:
                    slot.pid = self._factory.start()
                except OSError as error:  # No memory, or too many processes.
                    self._start_later(slot, error)
                else:
                    slot.policy.started()

    def _start_later(self, slot, error):
        """The system refused to fork. No worker has crashed: the others keep serving."""
        slot.start_at = monotonic() + slot.policy.delay_of_refused_start()
        if slot.policy.refusals == 1:
            _log.error("A worker cannot be started (%s); trying again until it can", error)

    def _count_ready(self):
        if self._not_ready > 0:
            self._not_ready -= self._ready.drain()
            if self._not_ready <= 0:
                self._on_ready()

    # Stopping

    def _stop(self):
        self._stop_by = monotonic() + self._stop_timeout
        for slot in self._slots:
            slot.start_at = None
        self._on_stopping()
        self._lifeline.close_write()

    def _kill(self):
        self._exit_code = 1
        self._killed = True
        self._stop_by = monotonic() + KILL_TIMEOUT
        for slot in self._slots:
            if slot.pid:
                _log.warning("Killing worker %d, which is still running", slot.pid)
        self._kill_workers()

    def _kill_workers(self):
        for slot in self._slots:
            if slot.pid:
                try:
                    os.kill(slot.pid, signal.SIGKILL)
                except OSError:
                    pass  # It has ended, and the program has waited for it itself.

    def _give_up_killed(self):
        for slot in self._slots:
            if slot.pid:
                _log.error("Worker %d was killed and has not ended; leaving it", slot.pid)
        return False

    def _on_stop_signal(self, count):
        # In the signal handler: the parent itself may be blocked, by a log line for example.
        patience = 1.0 + KILL_TIMEOUT
        self._watchdog.end_within(patience + (self._stop_timeout if count == 1 else 0.0))


def describe(status):
    # type: (int) -> str
    """Return in words how a process ended, from a status of ``os.waitpid``."""
    if os.WIFSIGNALED(status):
        return "was killed by signal %d" % os.WTERMSIG(status)
    return "ended with exit code %d" % os.WEXITSTATUS(status)
