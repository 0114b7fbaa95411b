"""Several worker processes behind one listening socket, and the parent that minds them.

The parent runs no IOLoop, opens no client and starts no thread, so a fork copies nothing that
cannot be shared. It holds the write end of a pipe, the lifeline; workers hold the read end and
stop when it ends. Closing it is how the parent stops them, and if the parent is killed the
kernel closes it, so no worker outlives its parent.
"""

from __future__ import absolute_import, division, print_function

import errno
import os
import random
import select
import signal

from tornado.ioloop import IOLoop

from waterspout._compat import monotonic
from waterspout.service._processes.pipe import Pipe
from waterspout.service._processes.restart_policy import RestartPolicy
from waterspout.service._processes.signals import Signals, add_signal_handler
from waterspout.service._processes.standard_streams import SteadyLogger, flush_standard_streams
from waterspout.service._processes.stop_watchdog import LastResort

#: Seconds after which workers that were killed are waited for no longer: the kernel may be
#: unable to end a process, for example while it waits for a disk.
KILL_TIMEOUT = 5.0

#: Seconds of one wait, at most. The system's calls take no infinity and no 100 years, and the
#: program may have taken SIGCHLD from us.
_LONGEST_WAIT = 60.0

_log = SteadyLogger("waterspout.service")


class Slot(object):
    """The place of one worker, and of its successors."""

    def __init__(self, number):
        self.number = number
        self.pid = None
        self.started_at = None
        self.start_at = 0.0  # when it is due; None while it runs and once it is given up
        self.policy = RestartPolicy()

    def __repr__(self):
        return "<Slot %d pid=%r crashes=%d>" % (self.number, self.pid, self.policy.crashes)


class Supervisor(object):
    """Starts workers, restarts those that crash, stops all of them.

    Args:
        work (callable): ``work(watch, on_ready)`` serves in the calling process until stopped
            and returns whether that ended cleanly, as :func:`run_worker` does.
        processes (int): how many.
        stop_timeout (float seconds): a worker that has not stopped after this long is killed.
        on_stopping (callable): called once, in the parent, before the workers are told.
        on_ready (callable): called once, in the parent, when every worker serves.
        on_sigchld (callable): called in the parent after any of its child processes ended.
    """

    def __init__(self, work, processes, stop_timeout, on_stopping, on_ready, on_sigchld):
        self._work = work
        self._slots = [Slot(number) for number in range(processes)]
        self._stop_timeout = stop_timeout
        self._on_stopping = on_stopping
        self._on_ready = on_ready
        self._on_sigchld = on_sigchld
        self._not_ready = processes
        self._stop_by = None  # set when stopping, and again when workers are killed
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
        """Blocks until every worker has ended; returns the exit code for the process."""
        self._lifeline, self._ready = Pipe(), Pipe()
        self._last_resort = LastResort(self._kill_workers)
        self._signals = Signals(self._on_stop_signal)
        try:
            while self._step():
                self._wait()
        finally:
            self._signals.restore()
            self._last_resort.stopped()
            for pipe in (self._lifeline, self._ready):
                pipe.close()
        return self._exit_code

    # One turn of the loop

    def _step(self):
        # type: () -> bool
        """Do what is due; False when there is nothing left to mind."""
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
        """Sleep until a signal, a worker's word, or the next thing that is due."""
        due = [slot.start_at for slot in self._slots if slot.start_at is not None]
        if self._stopping:
            due.append(self._stop_by)
        timeout = max(0.0, min(due) - monotonic()) if due else _LONGEST_WAIT
        timeout = min(timeout, _LONGEST_WAIT)
        try:
            select.select([self._signals.read_fd, self._ready.read_fd], [], [], timeout)
        except select.error as error:  # py2: signals interrupt it
            if error.args[0] != errno.EINTR:
                raise
        self._signals.take()

    def _reap(self):
        for slot in self._slots:
            if slot.pid:
                try:
                    pid, status = os.waitpid(slot.pid, os.WNOHANG)
                except OSError:  # The program waited for it itself; how it ended is not known.
                    pid, status = slot.pid, 1 << 8
                if pid:
                    self._ended(slot, status)

    def _ended(self, slot, status):
        pid, slot.pid = slot.pid, None
        if self._stopping:
            if status:
                self._exit_code = 1
        else:
            self._replace(slot, "Worker %d %s" % (pid, describe(status)), crashed=status != 0)

    def _replace(self, slot, event, crashed):
        """Have a slot's next worker started when it is due, or stop everything."""
        delay = slot.policy.delay(monotonic() - slot.started_at, crashed)
        if delay is not None:
            _log.warning("%s; restarting it", event)
            slot.start_at = monotonic() + delay
            return
        _log.error("%s; that makes %d times in a row, giving up", event, slot.policy.crashes)
        self._exit_code = 1
        self._stop()

    def _start_due(self):
        for slot in self._slots:
            if slot.start_at is not None and slot.start_at <= monotonic():
                slot.start_at = None
                slot.started_at = monotonic()
                try:
                    slot.pid = self._fork()
                except OSError as error:  # no memory, or too many processes
                    self._start_later(slot, error)
                else:
                    slot.policy.started()

    def _start_later(self, slot, error):
        """The system refused, which no worker is to blame for: the others go on serving."""
        slot.start_at = monotonic() + slot.policy.delay_of_refused_start()
        if slot.policy.refusals == 1:
            _log.error("A worker cannot be started (%s); trying until it can", error)

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
                    pass  # It has ended, and the program waited for it itself.

    def _give_up_killed(self):
        for slot in self._slots:
            if slot.pid:
                _log.error("Worker %d was killed and has not ended; leaving it", slot.pid)
        return False

    def _on_stop_signal(self, count):
        # By the signal handler: the parent itself may be stuck, in a log line that is not taken.
        patience = 1.0 + KILL_TIMEOUT
        self._last_resort.within(patience + (self._stop_timeout if count == 1 else 0.0))

    # Processes

    def _fork(self):
        # type: () -> int
        """Start a worker; returns its pid. In the worker, does not return at all."""
        flush_standard_streams()  # or the worker would write it as well
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            try:
                self._become_worker()
                code = 0 if self._work(self._watch, self._say_ready) else 1
            except BaseException:
                _log.exception("Worker failed")
            flush_standard_streams()
        finally:
            os._exit(code)  # not sys.exit: what the parent registered is not ours to run

    def _become_worker(self):
        self._signals.forget()
        self._lifeline.close_write()
        random.seed()  # py2: Python 3.7 does it itself

    def _watch(self, io_loop, stop):
        """In a worker: stop on SIGTERM, and when the lifeline ends."""
        last_resort = LastResort()

        def stop_in_time():
            # The parent kills a worker that takes longer. It does not where the worker alone was
            # told to stop, and not when it is gone itself.
            last_resort.within(self._stop_timeout + 1.0)
            stop()

        def on_lifeline(fd, events):
            io_loop.remove_handler(fd)
            stop_in_time()

        add_signal_handler(io_loop, signal.SIGTERM, stop_in_time)
        io_loop.add_handler(self._lifeline.read_fd, on_lifeline, IOLoop.READ)

    def _say_ready(self):
        try:
            os.write(self._ready.write_fd, b"r")
        except OSError:
            pass  # The parent is gone; the lifeline tells.


def describe(status):
    # type: (int) -> str
    """How a process ended, from what ``os.waitpid`` says."""
    if os.WIFSIGNALED(status):
        return "was killed by signal %d" % os.WTERMSIG(status)
    return "ended with exit code %d" % os.WEXITSTATUS(status)
