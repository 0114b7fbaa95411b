"""JobsRunner: takes jobs that wait, has a process work on each, and notes how they end."""

from __future__ import absolute_import, division, print_function

import logging
import os
import signal
import time

from waterspout_cmdb.gateway.jobs.running.endings import (
    clean_up_report,
    name_of,
    reason_of,
    was_completed,
)
from waterspout_cmdb.gateway.jobs.running.for_clients import with_its_name, without_addresses
from waterspout_cmdb.gateway.jobs.running.import_command import (
    command_of,
    environment_of,
    target_of,
)
from waterspout_cmdb.gateway.jobs.running.job_process import (
    INTERRUPTED,
    UNKNOWN,
    ForeignProcess,
    JobProcess,
    Locked,
)
from waterspout_cmdb.gateway.jobs.running.progress import progress_of
from waterspout_cmdb.gateway.jobs.running.tidying import remove_removed, tidy
from waterspout_cmdb.gateway.jobs.storing.job import (
    BROKEN_OFF,
    DONE,
    FAILED,
    STOPPED,
    is_refused,
)
from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Text, Tuple  # noqa: F401

    from waterspout_cmdb.gateway.jobs.running.runner_settings import (  # noqa: F401
        RunnerSettings,
    )
    from waterspout_cmdb.gateway.jobs.storing.job import Job  # noqa: F401
    from waterspout_cmdb.gateway.jobs.storing.job_store import JobStore  # noqa: F401

#: Seconds between two looks at the journals, and at what may be removed.
PROGRESS_INTERVAL, TIDY_INTERVAL = 1.0, 60.0

#: Seconds until an interrupted process is started again: whatever has interrupted it may be about
#: to stop the runner as well.
PAUSE = 1.0

#: Times that a signal may end the process of one job.
MOST_CRASHES = 2

_log = logging.getLogger("waterspout.cmdb")


class JobsRunner(object):
    """Runs jobs. Call `step` again and again; it does not wait.

    Args:
        jobs_dir (native str): the folder of all jobs, of which this is the only runner.
        store (JobStore)
        settings (RunnerSettings): may be replaced; jobs that start later have the new ones.
        command (callable): as `command_of`.
        clock (callable): returns seconds that go on whatever the system's time is set to.
    """

    def __init__(self, jobs_dir, store, settings, command=command_of, clock=None):
        # type: (str, JobStore, RunnerSettings, Callable[..., Any], Any) -> None
        self.settings = settings
        self._jobs_dir = jobs_dir
        self._store = store
        self._command = command
        self._clock = clock or getattr(time, "monotonic", time.time)
        self._processes = {}  # type: Dict[Text, Any]  # By the id of the job.
        self._paused = {}  # type: Dict[Text, float]  # Until when, by id.
        self._counts = {}  # type: Dict[Text, Any]  # As the store has them.
        self._is_stopping = False
        self._progress_at = self._tidy_at = self._clock()

    def __repr__(self):
        # type: () -> str
        return "<JobsRunner %d processes>" % len(self._processes)

    def step(self):
        # type: () -> None
        """Do all that can be done now. Raises: JobStoreError: it can be called again later."""
        jobs = {job.id: job for job in self._store.running()}
        for job_id, process in sorted(self._processes.items()):
            code = process.poll()
            if code is not None:
                # First the store: if that cannot be written, the code is still there next time.
                if job_id in jobs:
                    self._ended(jobs[job_id], code)
                del self._processes[job_id]
        now = self._clock()
        for job in self._store.running():
            process = self._processes.get(job.id)
            if process is None:
                self._go_on(job, now)
            elif job.stopping or isinstance(process, ForeignProcess):
                process.stop(now)
        if not self._is_stopping:
            while len(self._processes) + len(self._paused) < self.settings.at_once:
                taken = self._store.take()
                if taken is None:
                    break
                self._start(taken)
        if now >= self._progress_at:
            self._progress_at = now + PROGRESS_INTERVAL
            self._note_progress()
            remove_removed(self._jobs_dir, self._store)
        if now >= self._tidy_at:
            self._tidy_at = now + TIDY_INTERVAL
            tidy(self._jobs_dir, self._store, self.settings.keep_seconds)

    def stop(self):
        # type: () -> bool
        """Ask all processes to stop, and return whether all have. Call it again until then.

        Their jobs stay running: the next runner goes on with them.
        """
        self._is_stopping = True
        now = self._clock()
        for process in self._processes.values():
            process.stop(now)
        self.step()
        return not self._processes

    def kill(self):
        # type: () -> None
        """End all processes at once; the next runner goes on with their jobs."""
        for process in self._processes.values():
            process.kill()

    # Parts

    def _go_on(self, job, now):
        # type: (Job, float) -> None
        """A running job has no process: its process was interrupted, or a runner has ended."""
        if now < self._paused.get(job.id, 0):
            return
        self._paused.pop(job.id, None)
        if job.stopping:
            process = ForeignProcess(self._files(job), job.pid)
            if process.poll() is None:
                self._processes[job.id] = process
            else:
                self._end(job, STOPPED)
        elif not self._is_stopping:
            self._start(job)

    def _start(self, job):
        # type: (Job) -> None
        files = self._files(job)
        environment = environment_of(job, self.settings, os.environ)
        try:
            process = JobProcess(
                files, self._command(job, files), environment,
                target_of(job, self.settings),
                # Another process may get the pid of the one before: it must not be signalled.
                lambda: self._store.attempt(job.id))
        except Locked:
            _log.warning("Job %s: a process (%s) of an earlier jobs runner works on it; it is "
                         "asked to stop, then the job goes on", job.id, job.pid)
            self._processes[job.id] = ForeignProcess(files, job.pid)
            return
        except EnvironmentError as error:
            self._fail(job, u"its process cannot be started: %s" % os.strerror(error.errno or 0))
            return
        self._processes[job.id] = process
        self._store.started(job.id, process.pid)
        _log.info("Job %s: %s into %s, process %d", job.id,
                  "goes on" if job.attempts else "begins", job.object_id, process.pid)

    def _ended(self, job, code):
        # type: (Job, Any) -> None
        """The process of a running job has ended."""
        if code is UNKNOWN:
            return  # The next step goes on with it, or ends it.
        if code == 0 or code == 1 and was_completed(self._files(job)):
            self._imported(job, code)
        elif job.stopping:
            self._end(job, STOPPED)
        elif self._is_stopping:
            return
        elif code == INTERRUPTED:
            self._paused[job.id] = self._clock() + PAUSE
        elif code < 0 or code > 128:
            self._crashed(job, -code if code < 0 else code - 128)
        else:
            self._fail(job, None)

    def _imported(self, job, code):
        # type: (Job, int) -> None
        files = self._files(job)
        counts, _ = progress_of(job, files)
        if code == 0:
            self._clear(job, files.remove_rejects)  # Those of an earlier process.
        if code == 1 and job.options.get("all_or_nothing") and not counts.get("sent"):
            self._fail(job, u"rows were rejected, so nothing was sent (all_or_nothing); the "
                            u"rejects say why")
        else:
            self._end(job, DONE)

    def _crashed(self, job, signum):
        # type: (Job, int) -> None
        self._store.crashed(job.id)
        name = name_of(signum)
        if job.crashes + 1 < MOST_CRASHES:
            _log.warning("Job %s: its process was ended by %s; it is started again", job.id, name)
            self._paused[job.id] = self._clock() + PAUSE
            return
        self._fail(job, u"its process was ended by %s %d times%s" % (
            name, job.crashes + 1,
            u", perhaps because memory was short" if signum == signal.SIGKILL else u""))

    def _fail(self, job, reason):
        # type: (Job, Optional[Text]) -> None
        files = self._files(job)
        if reason is None:
            reason = reason_of(job, files)
        _log.warning("Job %s has failed: %s", job.id, reason)
        reason = with_its_name(without_addresses(reason, self.settings.upstreams), job, files)
        self._end(job, FAILED, reason)

    def _end(self, job, state, reason=None):
        # type: (Job, Text, Optional[Text]) -> None
        files = self._files(job)
        counts, _ = progress_of(job, files)
        clean_up_report(job, files, self.settings.upstreams)
        self._store.end(job.id, state, reason, counts or None)
        self._counts.pop(job.id, None)
        if state != FAILED:
            _log.info("Job %s: %s", job.id, state)
        if state in BROKEN_OFF and not is_refused(job, counts or job.counts):
            return  # With what it has recorded it may go on, until it is removed.
        self._clear(job, files.remove_input)

    def _clear(self, job, remove):
        # type: (Job, Callable[[], None]) -> None
        try:
            remove()
        except EnvironmentError as error:
            _log.warning("Job %s: its files cannot be removed: %s", job.id, error)

    def _note_progress(self):
        # type: () -> None
        for job in self._store.running():
            counts, _ = progress_of(job, self._files(job))
            if counts and counts != self._counts.get(job.id):
                self._store.set_counts(job.id, counts)
                self._counts[job.id] = counts

    def _files(self, job):
        # type: (Job) -> JobFiles
        return JobFiles(self._jobs_dir, job.id)
