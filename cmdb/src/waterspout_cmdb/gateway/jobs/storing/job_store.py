"""JobStore: the jobs of all tenants, in a SQLite file that every process of the gateway sees."""

from __future__ import absolute_import, division, print_function

import collections
import json
import time

from waterspout_cmdb.gateway.jobs.storing.job import (
    BROKEN_OFF,
    ENDED,
    QUEUED,
    RUNNING,
    STATES,
    STOPPED,
    Job,
    Tenant,
)
from waterspout_cmdb.gateway.jobs.storing.jobs_database import BUSY_TIMEOUT, JobsDatabase
from waterspout_cmdb.gateway.jobs.storing.runner_sign import is_there
from waterspout_cmdb.gateway.jobs.storing.schema import COLUMNS
from waterspout_cmdb.gateway.jobs.storing.waiting import RUNNER, TURN, Waiting, in_turn

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Text, Tuple  # noqa: F401

_SELECT = "SELECT %s FROM jobs " % ", ".join(COLUMNS)
_ENDED_SQL = "(%s)" % ", ".join("'%s'" % state for state in sorted(ENDED))


class TooManyJobs(Exception):
    """A tenant has as many jobs that wait or run as it may have."""


class UploadGone(Exception):
    """A job cannot go on: its uploaded file is not there any more."""


class JobStore(object):
    """The jobs. One object for each process, in one thread at a time.

    Args:
        jobs_dir (native str): a folder that exists; the file is made if it is not there.
        clock (callable): returns seconds since 1970.
    Raises, here and in every method: JobStoreError.
    """

    def __init__(self, jobs_dir, clock=time.time, busy_timeout=BUSY_TIMEOUT):
        # type: (str, Any, float) -> None
        self.database = JobsDatabase(jobs_dir, busy_timeout)
        self._run = self.database.run
        self._jobs_dir = jobs_dir
        self._clock = clock

    def __repr__(self):
        # type: () -> str
        return "<JobStore %s>" % self.database.path

    def close(self):
        # type: () -> None
        """Close the file. A no-op if it is closed."""
        self.database.close()

    # For clients

    def add(self, job_id, tenant, user, object_id, options, filename, suffix, size,
            most_per_tenant=0):
        # type: (Text, Tenant, Text, Text, Dict[Text, Any], Text, Text, int, int) -> Job
        """Add a job that waits for its turn, and return it. It is durable then.

        Args:
            most_per_tenant (int): jobs of this tenant that may wait or run; 0: any number.
        Raises: TooManyJobs.
        """
        with self.database.transaction():
            self._check_room(tenant, most_per_tenant)
            self._run(
                "INSERT INTO jobs (id, org, client, user, object_id, options, filename, suffix, "
                "size, state, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                job_id, tenant.org, tenant.client, user, object_id, _json(options), filename,
                suffix, size, QUEUED, self._clock())
        return self.find(job_id, tenant)

    def unfinished(self, tenant):
        # type: (Tenant) -> int
        """The number of jobs of a tenant that wait or run."""
        with self.database.errors():
            return self._run(
                "SELECT count(*) FROM jobs WHERE org = ? AND client = ? AND state IN (?, ?)",
                tenant.org, tenant.client, QUEUED, RUNNING).fetchone()[0]

    def find(self, job_id, tenant):
        # type: (Text, Tenant) -> Optional[Job]
        """Return a job of this tenant; None if it has no such job."""
        with self.database.errors():
            job = self._of(job_id, tenant)
            return None if job is None else self._told([job])[0]

    def list(self, tenant, most, before=None):
        # type: (Tenant, int, Optional[int]) -> List[Job]
        """Return jobs of a tenant, newest first.

        Args:
            most (int): of them.
            before (int or None): only those with a smaller number.
        """
        with self.database.errors():
            return self._told(self._all(
                "WHERE org = ? AND client = ? AND NOT removed AND number < ? "
                "ORDER BY number DESC LIMIT ?",
                tenant.org, tenant.client, 2 ** 62 if before is None else before, most))

    def stop(self, job_id, tenant):
        # type: (Text, Tenant) -> Optional[Job]
        """Stop a job that waits, ask a running one to stop, and remove one that has ended.

        Returns: the job as it was before; None if the tenant has no such job.
        """
        with self.database.transaction():
            job = self._of(job_id, tenant)
            if job is None:
                return None
            if job.state == QUEUED:
                self._run("UPDATE jobs SET state = ?, ended = ?, stopping = 1 WHERE id = ?",
                          STOPPED, self._clock(), job_id)
            elif job.state == RUNNING:
                self._run("UPDATE jobs SET stopping = 1 WHERE id = ?", job_id)
            else:
                self._run("UPDATE jobs SET removed = 1 WHERE id = ?", job_id)
            return job

    def resume(self, job_id, tenant, has_upload, most_per_tenant=0):
        # type: (Text, Tenant, Callable[[], bool], int) -> Optional[Job]
        """Let a job that has failed or was stopped wait for its turn again; its counts stay.

        Args:
            has_upload (callable): whether its uploaded file is there.
        Returns: the job; None if the tenant has no such job in one of these states.
        Raises: UploadGone. TooManyJobs: as `add`.
        """
        with self.database.transaction():
            job = self._of(job_id, tenant)
            if job is None or job.state not in BROKEN_OFF:
                return None
            if not has_upload():  # `drop_upload` has to wait until the job is queued.
                raise UploadGone()
            self._check_room(tenant, most_per_tenant)
            self._run("UPDATE jobs SET state = ?, stopping = 0, crashes = 0, started = NULL, "
                      "ended = NULL, error = NULL WHERE id = ?", QUEUED, job_id)
        return self.find(job_id, tenant)

    def find_all(self, job_ids):
        # type: (List[Text]) -> Dict[Text, Job]
        """Return the jobs with these ids, of any tenants, by id."""
        found = []
        with self.database.errors():
            for begin in range(0, len(job_ids), 500):  # SQLite takes 999 arguments at most.
                some = job_ids[begin:begin + 500]
                places = ", ".join("?" * len(some))
                found += self._all("WHERE NOT removed AND id IN (%s)" % places, *some)
            return {job.id: job for job in self._told(found)}

    def count_by_state(self):
        # type: () -> Dict[Text, int]
        """Return the number of jobs in each state, of all tenants."""
        counts = dict.fromkeys(STATES, 0)
        with self.database.errors():
            counts.update(self._run(
                "SELECT state, count(*) FROM jobs WHERE NOT removed GROUP BY state").fetchall())
        return counts

    # For the runner

    def take(self):
        # type: () -> Optional[Job]
        """Let a job that waits be running, and return it; None if none waits.

        The tenant with the fewest running jobs is first; of its jobs, the one that waits longest.
        `in_turn` tells clients about this order.
        """
        with self.database.transaction():
            job = self._one(
                "AS waiting WHERE state = ? ORDER BY (SELECT count(*) FROM jobs AS other "
                "WHERE other.state = ? AND other.org = waiting.org AND "
                "other.client = waiting.client), number LIMIT 1", QUEUED, RUNNING)
            if job is None:
                return None
            self._run("UPDATE jobs SET state = ?, started = ? WHERE id = ?",
                      RUNNING, self._clock(), job.id)
            return self._one("WHERE id = ?", job.id)

    def attempt(self, job_id):
        # type: (Text) -> None
        """A process is about to be started for a running job; none works on it now."""
        with self.database.transaction():
            self._run("UPDATE jobs SET attempts = attempts + 1, pid = NULL WHERE id = ?", job_id)

    def started(self, job_id, pid):
        # type: (Text, int) -> None
        """A process was started for a running job."""
        with self.database.transaction():
            self._run("UPDATE jobs SET pid = ? WHERE id = ?", pid, job_id)

    def crashed(self, job_id):
        # type: (Text) -> None
        """The process of a running job was ended by a signal."""
        with self.database.transaction():
            self._run("UPDATE jobs SET crashes = crashes + 1 WHERE id = ?", job_id)

    def running(self):
        # type: () -> List[Job]
        """Return the running jobs, those that were told to stop as well."""
        with self.database.errors():
            return self._all("WHERE state = ? ORDER BY number", RUNNING)

    def set_counts(self, job_id, counts):
        # type: (Text, Dict[Text, Any]) -> None
        """Note how far a job is."""
        with self.database.transaction():
            self._run("UPDATE jobs SET counts = ? WHERE id = ?", _json(counts), job_id)

    def end(self, job_id, state, error=None, counts=None):
        # type: (Text, Text, Optional[Text], Optional[Dict[Text, Any]]) -> None
        """A running job has ended, in one of the states in `ENDED`."""
        with self.database.transaction():
            self._run("UPDATE jobs SET state = ?, ended = ?, error = ?, pid = NULL WHERE id = ?",
                      state, self._clock(), error, job_id)
            if counts is not None:
                self._run("UPDATE jobs SET counts = ? WHERE id = ?", _json(counts), job_id)

    def past_uploads(self, kept, seconds):
        # type: (int, float) -> List[Tuple[Text, float]]
        """Return the id of each ended job whose upload is not to be kept, and when it has ended.

        They are those of all jobs that are done, and of the others all but the newest ones.

        Args:
            kept (int): of each tenant.
            seconds (float): since their end, at most.
        """
        seen = collections.Counter()  # type: Any
        past = []
        with self.database.errors():
            rows = self._run(
                "SELECT id, org, client, state, ended FROM jobs WHERE NOT removed AND state IN "
                + _ENDED_SQL + " ORDER BY ended DESC, number DESC").fetchall()
        for job_id, org, client, state, ended in rows:
            seen[org, client] += state in BROKEN_OFF
            if (state not in BROKEN_OFF or seen[org, client] > kept
                    or ended <= self._clock() - seconds):
                past.append((job_id, ended))
        return past

    def drop_upload(self, job_id, ended, drop):
        # type: (Text, float, Callable[[], None]) -> None
        """Call ``drop``, which removes the upload of a job that cannot be resumed meanwhile.

        Args:
            ended (float): when the job has ended; nothing is done if it was resumed since.
        """
        with self.database.transaction():
            if self._run("SELECT 1 FROM jobs WHERE id = ? AND ended = ?", job_id, ended).fetchone():
                drop()

    def expire(self, seconds):
        # type: (float) -> None
        """Let jobs be removed that have ended so many seconds ago, or before."""
        with self.database.transaction():
            self._run("UPDATE jobs SET removed = 1 WHERE NOT removed AND ended <= ? AND "
                      "state IN " + _ENDED_SQL, self._clock() - seconds)

    def removed(self, most=100):
        # type: (int) -> List[Text]
        """Return the ids of removed jobs, whose files are to be removed."""
        with self.database.errors():
            return [row[0] for row in self._run(
                "SELECT id FROM jobs WHERE removed LIMIT ?", most).fetchall()]

    def forget(self, job_ids):
        # type: (List[Text]) -> None
        """The files of removed jobs are removed: drop the rows."""
        with self.database.transaction():
            for job_id in job_ids:
                self._run("DELETE FROM jobs WHERE id = ? AND removed", job_id)

    def ids(self):
        # type: () -> List[Text]
        """Return the ids of all jobs, removed ones as well."""
        with self.database.errors():
            return [row[0] for row in self._run("SELECT id FROM jobs").fetchall()]

    # Parts

    def _check_room(self, tenant, most):
        # type: (Tenant, int) -> None
        if most and self.unfinished(tenant) >= most:
            raise TooManyJobs()

    def _told(self, jobs):
        # type: (List[Job]) -> List[Job]
        """Return the jobs; those that wait say what for."""
        if not any(job.state == QUEUED for job in jobs):
            return jobs
        queued = [(row[0], row[1:]) for row in self._run(
            "SELECT number, org, client FROM jobs WHERE state = ? ORDER BY number", QUEUED)]
        running = {row[:2]: row[2] for row in self._run(
            "SELECT org, client, count(*) FROM jobs WHERE state = ? GROUP BY org, client", RUNNING)}
        before = {number: place for place, number in enumerate(in_turn(queued, running))}
        what = TURN if is_there(self._jobs_dir, self._clock()) else RUNNER
        # One that is taken at this moment has none before it.
        return [job._replace(waiting=Waiting(what, before.get(job.number, 0)))
                if job.state == QUEUED else job for job in jobs]

    def _of(self, job_id, tenant):
        # type: (Text, Tenant) -> Optional[Job]
        """Return a job if it is this tenant's and not removed."""
        return self._one("WHERE id = ? AND org = ? AND client = ? AND NOT removed",
                         job_id, tenant.org, tenant.client)

    def _one(self, where, *arguments):
        # type: (str, *Any) -> Any
        row = self._run(_SELECT + where, *arguments).fetchone()
        return None if row is None else _job(row)

    def _all(self, where, *arguments):
        # type: (str, *Any) -> List[Job]
        return [_job(row) for row in self._run(_SELECT + where, *arguments).fetchall()]


def _json(value):
    # type: (Any) -> Text
    return u"" + json.dumps(value, sort_keys=True)


def _job(row):
    # type: (Tuple) -> Job
    values = dict(zip(COLUMNS, row))
    values["tenant"] = Tenant(values.pop("org"), values.pop("client"))
    values["stopping"] = bool(values["stopping"])
    for name in ("options", "counts"):
        values[name] = json.loads(values[name])
    return Job(waiting=None, **values)

