"""Keeps several worker processes running behind one listening socket, and stops them.

The parent runs no IOLoop, opens no client and starts no thread, so a fork copies nothing that
cannot be shared. It holds the write end of a pipe, the lifeline; workers hold the read end and
stop when it ends. The parent closes it to stop them. If the parent is killed, the kernel closes
it, so no worker outlives its parent.

The parent keeps its listening sockets open until it stops, and workers that are replaced only
leave when others serve. So connections wait in a queue that always has a reader: neither a crash
nor a reload refuses or resets one.
"""

from __future__ import absolute_import, division, print_function

import errno
import select

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout.service._host.reuse_port import stop_handshakes
from waterspout.service._processes.announcements import Announcements
from waterspout.service._processes.children import Children
from waterspout.service._processes.handover import HANGUP_IGNORED, Handover
from waterspout.service._processes.orphans import Orphans
from waterspout.service._processes.pipe import Pipe
from waterspout.service._processes.places import Places
from waterspout.service._processes.predecessor import find_predecessor
from waterspout.service._processes.ready_reports import ReadyReports
from waterspout.service._processes.restart_policy import CrashCount, gives_up
from waterspout.service._processes.roll import Roll
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service._processes.signals import RELEASE, RELOAD, Signals
from waterspout.service._processes.slot import Slot, describe
from waterspout.service._processes.stop_watchdog import StopWatchdog
from waterspout.service._processes.worker import run_worker
from waterspout.service._processes.worker_factory import WorkerFactory

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional  # noqa: F401

    from waterspout.service._processes.service_plan import ServicePlan  # noqa: F401
    from waterspout.service._processes.slot import WorkerProcess  # noqa: F401

#: Seconds for which killed workers are waited for: the kernel may be unable to end a process, for
#: example while it waits for a disk.
KILL_TIMEOUT = 5.0

#: Records of the scoreboard for each worker: itself, and those before it that end their requests.
RECORDS_OF_A_SLOT = 3

#: Seconds of one wait, at most. `select` accepts neither infinity nor 100 years, and the program
#: may have replaced the handler of SIGCHLD.
_LONGEST_WAIT = 60.0

_log = SafeLogger("waterspout.service")


class Supervisor(object):
    """Starts workers, restarts those that crash, replaces them at a reload, stops all of them.

    Args:
        plan (ServicePlan)
        work (callable): as `run_worker`.
    """

    def __init__(self, plan, work=run_worker):
        # type: (ServicePlan, Callable[..., bool]) -> None
        self._plan = plan
        self._work = work
        self._slots = [Slot(plan.make_app) for _ in range(plan.processes)]
        self._children = Children()
        self._orphans = Orphans()
        self._roll = None  # type: Optional[Roll]
        self._wants_reload = self._wants_release = False
        self._is_handed_over = False
        self._crashes = CrashCount()
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
        self._announcements = Announcements(self._plan, find_predecessor())
        self._announcements.begin()
        self._handover = Handover(self._plan, self._announcements)
        self._lifeline, self._ready = Pipe(), ReadyReports()
        self._places = Places(RECORDS_OF_A_SLOT * self._plan.processes)
        self._watchdog = StopWatchdog(self._children.kill_all)
        self._signals = Signals(self._on_stop_signal, self._plan.release_command is not None)
        # The release before passes on a stop, which a process manager may have sent to both.
        self._signals.stops_once = self._announcements.has_predecessor
        self._factory = WorkerFactory(
            self._plan, self._work, self._forget, self._lifeline, self._ready, self._places)
        try:
            while self._step():
                self._wait()
        finally:
            self._signals.restore()
            self._watchdog.stopped()
            self._lifeline.close()
            self._ready.close()
            self._places.close()
            self._announcements.end()
        return self._exit_code

    def _forget(self):
        # type: () -> None
        """In a worker: drop what is the parent's."""
        self._signals.forget()
        self._lifeline.close_write()
        self._announcements.forget()
        self._handover.forget()

    # One iteration of the loop

    def _step(self):
        # type: () -> bool
        """Do what is due. Return False when no worker is left to wait for."""
        self._take_ready()
        self._reap()
        self._plan.on_sigchld()
        self._orphans.step(set(self._children.by_pid) | self._handover.pids)
        if self._signals.stop_requests and not self._stopping:
            self._stop()
        if not self._stopping:
            self._release()
        if not self._stopping:
            self._reload()
            self._start_due()
            self._children.kill_overdue()
        elif self._killed:
            if monotonic() >= self._stop_by:
                return self._give_up_killed()
        elif self._signals.stop_requests > 1 or monotonic() >= self._stop_by:
            self._kill()
        self._announcements.alive(self._one_serves or self._stopping)
        return bool(self._children.by_pid) or not self._stopping

    def _wait(self):
        """Sleep until a signal arrives, a worker is ready, or something is due."""
        due = [each.start_at for each in self._slots if each.start_at is not None]
        due.extend(self._children.due)
        if self._roll is not None and self._roll.due is not None:
            due.append(self._roll.due)
        if self._stopping:
            due = [self._stop_by]
        due.extend(each.due for each in (self._announcements, self._handover, self._orphans)
                   if each.due is not None)
        timeout = max(0.0, min(due) - monotonic()) if due else _LONGEST_WAIT
        timeout = min(timeout, _LONGEST_WAIT)
        try:
            select.select(self._read_fds, [], [], timeout)
        except select.error as error:  # py2: signals interrupt it.
            if error.args[0] != errno.EINTR:
                raise
        taken = self._signals.take()
        self._wants_reload = self._wants_reload or RELOAD in taken
        self._wants_release = self._wants_release or RELEASE in taken

    @property
    def _read_fds(self):
        # type: () -> List[int]
        fds = [self._signals.read_fd, self._ready.read_fd]
        return fds if self._handover.read_fd is None else fds + [self._handover.read_fd]

    def _take_ready(self):
        for pid in self._ready.take():
            worker = self._children.by_pid.get(pid)
            if worker is not None and not self._stopping:
                self._is_ready(worker)

    def _is_ready(self, worker):
        # type: (WorkerProcess) -> None
        worker.ready_at = monotonic()
        for slot in self._slots:
            if slot.worker is worker:
                slot.policy.ready()
        if self._roll is not None:
            self._roll.ready(worker)
        if not self._announcements.is_ready and all(slot.serves for slot in self._slots):
            self._announcements.ready()
            self._signals.stops_once = False

    def _reap(self):
        for worker, status, was_leaving in self._children.ended():
            self._take_ready()  # It may have said so just before its end.
            self._children.remove(worker)
            self._places.give_back(worker.place)
            self._plan.on_worker_exit(worker.pid)
            self._ended(worker, status, was_leaving)

    def _ended(self, worker, status, was_leaving):
        # type: (WorkerProcess, int, bool) -> None
        if self._stopping:
            # One that has just begun may not know the signal to leave, which ends it then.
            if status and (worker.is_ready or not self._is_handed_over):
                self._exit_code = 1
        elif was_leaving:
            if status:
                _log.warning("Worker %d, which was replaced, %s", worker.pid, describe(status))
        elif self._roll is None or not self._roll.ended(worker, describe(status)):
            for slot in self._slots:
                if slot.worker is worker:
                    slot.worker = None
                    self._replace(slot, worker, status)

    def _replace(self, slot, worker, status):
        # type: (Slot, WorkerProcess, int) -> None
        """Schedule the start of a slot's next worker, or stop everything."""
        now, event = monotonic(), "Worker %d %s" % (worker.pid, describe(status))
        if worker.ready_at is not None:
            words = self._crashes.crashed(now) if status else ""
            delay = slot.policy.delay(now - worker.ready_at, status != 0, self._one_serves)
            _log.warning("%s; restarting it%s", event, words)
        else:
            delay = slot.policy.delay_of_failed_start()
            policies = [each.policy for each in self._slots]
            if gives_up(policies, self._one_serves):
                _log.error("%s before it was ready; giving up: no worker serves, and the last %d "
                           "starts have failed", event, sum(p.failed_starts for p in policies))
                self._exit_code = 1
                self._stop()
                return
            _log.warning("%s before it was ready; restarting it", event)
        slot.start_at = now + delay

    @property
    def _one_serves(self):
        # type: () -> bool
        return any(slot.serves for slot in self._slots)

    def _start_due(self):
        for slot in self._slots:
            if slot.start_at is not None and slot.start_at <= monotonic():
                try:
                    slot.give(self._start(slot.make_app))
                except OSError as error:  # No memory, or too many processes.
                    self._start_later(slot, error)
                else:
                    slot.policy.started()

    def _start(self, make_app):
        # type: (Callable[[], Any]) -> WorkerProcess
        worker = self._factory.start(make_app)
        self._children.add(worker)
        return worker

    def _start_later(self, slot, error):
        """The system refused to fork. No worker has crashed: the others keep serving."""
        slot.start_at = monotonic() + slot.policy.delay_of_refused_start()
        if slot.policy.refusals == 1:
            _log.error("A worker cannot be started (%s); trying again until it can", error)

    # Reloading

    def _reload(self):
        """Begin a roll that was asked for, or go on with the one that runs."""
        while self._roll is not None or self._wants_reload:
            if self._roll is None:
                self._begin_roll()
            else:
                self._roll.step(monotonic())
                if not self._roll.has_ended:
                    return
                self._end_roll(self._roll)

    def _begin_roll(self):
        self._wants_reload = False
        if self._handover.is_under_way:
            _log.warning(HANGUP_IGNORED)
            return
        _log.info("SIGHUP: reloading")
        self._announcements.reloading()
        make_app = self._plan.reloaded()
        if make_app is None:
            self._announcements.reloaded("the configuration cannot be used")
        else:
            self._roll = Roll(self._slots, make_app, self._start, self._leave, self._children.kill)

    def _end_roll(self, roll):
        # type: (Roll) -> None
        self._roll = None
        self._announcements.reloaded(roll.failure)
        if roll.failure is None:
            _log.info("Reloaded: all %d workers are replaced", roll.replaced)
            return
        _log.error("Reload stopped: %s; %d of %d workers are replaced, and the others serve as "
                   "before", roll.failure, roll.replaced, len(self._slots))

    def _leave(self, worker):
        # type: (WorkerProcess) -> None
        """Tell a worker that was replaced to finish its requests and end."""
        self._children.leave(worker, self._plan.stop_timeout + KILL_TIMEOUT)

    # A new release

    def _release(self):
        """Begin to hand over, if that was asked for; leave when the new release serves."""
        if self._wants_release:
            self._wants_release = False
            self._handover.begin()
        if self._handover.step():
            self._is_handed_over = True
            self._begin_stop()
            self._watchdog.end_within(self._plan.stop_timeout + 1.0 + KILL_TIMEOUT)
            for worker in self._children.by_pid.values():
                self._leave(worker)

    # Stopping

    def _stop(self):
        self._handover.stop()
        if not self._plan.drain_grace:  # Otherwise the workers do it, after that time.
            stop_handshakes(self._plan.sockets)
        self._begin_stop()
        self._plan.log_stop()
        self._announcements.stopping()
        self._lifeline.close_write()

    def _begin_stop(self):
        self._stop_by = monotonic() + self._plan.stop_timeout
        self._roll = None
        for slot in self._slots:
            slot.start_at = None
        # While the parent holds them, the kernel accepts connections that no process will answer.
        for sock in self._plan.sockets + self._plan.operations_sockets:
            sock.close()

    def _kill(self):
        self._exit_code = 1
        self._killed = True
        self._stop_by = monotonic() + KILL_TIMEOUT
        for pid in self._children.by_pid:
            _log.warning("Killing worker %d, which is still running", pid)
        self._children.kill_all()

    def _give_up_killed(self):
        for pid in self._children.by_pid:
            _log.error("Worker %d was killed and has not ended; leaving it", pid)
        return False

    def _on_stop_signal(self, count):
        # In the signal handler: the parent itself may be blocked, by a log line for example.
        patience = 1.0 + KILL_TIMEOUT
        self._watchdog.end_within(
            patience + (self._plan.stop_timeout if count == 1 else 0.0))
