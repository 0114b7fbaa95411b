"""The jobs runner with a program that stands for the import: how jobs begin, end and go on."""

from __future__ import absolute_import, division, print_function

import json
import logging
import os
import sys
import time

import fake_import
import pytest
from programs import alive, wait_until

from waterspout_cmdb.bulk.recording import Journal
from waterspout_cmdb.gateway.jobs.running import tidying
from waterspout_cmdb.gateway.jobs.running.import_command import command_of, environment_of
from waterspout_cmdb.gateway.jobs.running.jobs_runner import JobsRunner
from waterspout_cmdb.gateway.jobs.running.runner_settings import (
    RunnerSettings,
    from_line,
    to_line,
)
from waterspout_cmdb.gateway.jobs.storing.job import (
    DONE,
    FAILED,
    QUEUED,
    RUNNING,
    STOPPED,
    Tenant,
    new_id,
)
from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles
from waterspout_cmdb.gateway.jobs.storing.job_store import JobStore, UploadGone

A = Tenant(u"1", u"key-a")
SETTINGS = RunnerSettings(
    [u"10.0.0.1:80", u"10.0.0.2:80"], u"7", u"me", u"", u"", u"", 2, 3600.0, u"info", u"text", 0.0)


class Clock(object):
    now = 1000.0

    def __call__(self):
        return self.now


class Jobs(object):
    """A folder of jobs and its runner."""

    def __init__(self, jobs_dir):
        self.dir = jobs_dir
        self.clock = Clock()
        self.store = JobStore(jobs_dir)
        self.runner = self.make_runner()

    def make_runner(self):
        return JobsRunner(self.dir, self.store, SETTINGS, fake_command, self.clock)

    def add(self, *lines, **options):
        files = JobFiles(self.dir, new_id())
        files.make()
        with open(files.upload(".csv"), "w") as file:
            file.write("\n".join(lines))
        job_id = os.path.basename(files.folder)
        return self.store.add(u"" + job_id, A, u"", u"HOST", options, u"h.csv", u".csv", 9).id

    def find(self, job_id):
        return self.store.find(job_id, A)

    def resume(self, job_id):
        upload = JobFiles(self.dir, job_id).upload(u".csv")
        return self.store.resume(job_id, A, lambda: os.path.exists(upload))

    def until(self, job_id, *states):
        """Step until the job is in one of these states; a step is a second of the clock."""
        def step():
            self.runner.step()
            self.clock.now += 1
            return self.find(job_id).state in states

        wait_until(step, "the end of the job")
        return self.find(job_id)

    def waiting_pid(self, job_id):
        """Step until its process waits; return its pid."""
        path = os.path.join(self.dir, job_id, "waiting.txt")

        def pid():
            self.runner.step()
            try:
                with open(path) as file:
                    return int(file.read() or 0)
            except EnvironmentError:
                return 0

        return wait_until(pid, "the process of the job")


def left(jobs, job_id):
    return sorted(os.listdir(os.path.join(jobs.dir, job_id)))


def fake_command(job, files):
    return [sys.executable, fake_import.__file__.replace(".pyc", ".py"),
            os.path.basename(files.upload(job.suffix))]


@pytest.fixture
def jobs(tmp_path):
    jobs = Jobs(str(tmp_path))
    yield jobs
    jobs.runner.kill()
    jobs.store.close()


def test_a_job_runs_and_is_done(jobs):
    """What was uploaded is removed; the rejected rows and the report stay."""
    job_id = jobs.add("reject name,reason", "report done", "exit 1")
    job = jobs.until(job_id, DONE)
    assert (job.state, job.error, job.attempts, job.pid) == (DONE, None, 1, None)
    assert left(jobs, job_id) == ["upload.rejects.csv", "upload.report.json"]


def test_the_reason_of_a_failure_is_what_was_said(jobs):
    """Without the name of the command and of the folder; otherwise the last line."""
    job_id = jobs.add("say some warning", "say waterspout-cmdb import: no column name",
                      "say waterspout-cmdb import: name it", "exit 2")
    assert jobs.until(job_id, FAILED).error == u"no column name; name it"
    job_id = jobs.add("once kill", "say Traceback", "say MemoryError: x", "exit 3")
    assert jobs.until(job_id, FAILED).error == u"MemoryError: x"
    job = jobs.until(jobs.add("exit 2"), FAILED)
    assert job.error == u"the import has ended without a reason"


def test_rejected_rows_of_an_earlier_process_are_removed_if_none_is_left(jobs):
    """As after a change of the model: /rejects would have rows that are in."""
    job_id = jobs.add("once reject x", "once exit 2", "report done", "exit 0")
    jobs.until(job_id, FAILED)
    jobs.resume(job_id)
    jobs.until(job_id, DONE)
    assert left(jobs, job_id) == ["upload.report.json"]


@pytest.mark.parametrize("later, error", [(-9, u"the key is wrong"), (9, u"the disk is full")])
def test_the_reason_is_not_that_of_an_earlier_process(jobs, later, error):
    """The journal keeps it if the one that went on did not come to write there."""
    job_id = jobs.add("say waterspout-cmdb import: the key is wrong", "exit 2")
    path = JobFiles(jobs.dir, job_id).journal(u".csv")
    with Journal.create(path, {}, clock=lambda: time.time() + later) as journal:
        journal.set_state("failed", u"the disk is full")
    assert jobs.until(job_id, FAILED).error == error


def test_clients_do_not_see_where_the_cmdb_is(jobs):
    """Nor the names of our files; the log has all of it."""
    report = {"source": "upload.csv", "target": "CMDB http://10.0.0.1:80", "files": {"a": "/x"},
              "rows": 5, "error": "no 10.0.0.2:80/a, 110.0.0.1:80, 10.0.0.1:8080"}
    job_id = jobs.add("say waterspout-cmdb import: reading HOST at the CMDB http://10.0.0.1:80: "
                      "GET http://10.0.0.2:80/object/HOST: refused", "exit 2")
    path = os.path.join(jobs.dir, job_id, "upload.report.json")
    with open(path, "w") as file:
        json.dump(report, file)
    assert jobs.until(job_id, FAILED).error == (
        u"reading HOST at the CMDB: GET CMDB/object/HOST: refused")
    with open(path) as file:
        assert json.load(file) == {
            "source": "h.csv", "target": "CMDB", "rows": 5,
            "error": "no CMDB/a, 110.0.0.1:80, 10.0.0.1:8080"}


def test_a_mistake_in_the_file_names_it_as_its_client_does(jobs):
    """What it is called here says nothing to the client; names that begin alike stay."""
    job_id = jobs.add("say waterspout-cmdb import: upload.csv, row 4: is wrong; "
                      "see upload.csv.journal and my-upload.csv", "exit 2")
    path = os.path.join(jobs.dir, job_id, "upload.report.json")
    with open(path, "w") as file:
        json.dump({"error": "upload.csv is empty"}, file)
    assert jobs.until(job_id, FAILED).error == (
        u"h.csv, row 4: is wrong; see upload.csv.journal and my-upload.csv")
    with open(path) as file:
        assert json.load(file)["error"] == "h.csv is empty"


def test_an_exit_by_a_bug_is_no_import_with_rejected_rows(jobs):
    """Python's own exit code for it is 1; and so it is after an early SIGINT on 2.7."""
    job = jobs.until(jobs.add("say Traceback", "say KeyError: x", "exit 1"), FAILED, DONE)
    assert (job.state, job.error) == (FAILED, u"KeyError: x")
    job_id = jobs.add("once wait", "exit 0")
    jobs.waiting_pid(job_id)
    jobs.runner._is_stopping = True
    jobs.runner._ended(jobs.find(job_id), 1)
    assert jobs.find(job_id).state == RUNNING


@pytest.mark.parametrize("before", ["failed", "stopped"])
def test_what_an_earlier_process_has_rejected_does_not_count(jobs, before):
    """A job that goes on would be done after a bug: its file would be gone, and rows missing."""
    job_id = jobs.add("reject x", "once report " + before, "once exit 2", "say KeyError: x",
                      "exit 1")
    jobs.until(job_id, FAILED)
    jobs.resume(job_id)
    assert jobs.until(job_id, FAILED, DONE).error == u"KeyError: x"
    assert os.path.exists(JobFiles(jobs.dir, job_id).upload(u".csv"))


def test_all_or_nothing_that_sent_nothing_has_failed(jobs):
    """No row is in the CMDB: "done" would be read otherwise."""
    job_id = jobs.add("reject x", "report refused", "exit 1", all_or_nothing=True)
    job = jobs.until(job_id, FAILED, DONE)
    assert job.state == FAILED and u"nothing was sent" in job.error


def test_a_job_that_has_failed_can_go_on(jobs):
    """Its file and what is recorded stay; they are removed when it is done."""
    job_id = jobs.add("once exit 2", "exit 0")
    jobs.until(job_id, FAILED)
    files = JobFiles(jobs.dir, job_id)
    open(files.journal(u".csv"), "w").close()
    assert jobs.resume(job_id).state == QUEUED
    assert os.path.exists(files.journal(u".csv"))
    assert jobs.until(job_id, DONE).attempts == 2
    assert os.listdir(files.folder) == []


def test_a_job_that_was_stopped_can_go_on(jobs):
    """Whether it was running or not."""
    runs, waits = jobs.add("once wait", "exit 0"), jobs.add("exit 0")
    jobs.runner.settings = SETTINGS._replace(at_once=1)
    jobs.waiting_pid(runs)
    for job_id in (waits, runs):
        jobs.store.stop(job_id, A)
        jobs.until(job_id, STOPPED)
    for job_id in (runs, waits):
        jobs.resume(job_id)
    assert [jobs.until(job_id, DONE).attempts for job_id in (runs, waits)] == [2, 1]


def test_a_client_cannot_fill_the_disk_with_jobs_that_fail(jobs):
    """Only the newest ones can go on; the rejected rows of others stay."""
    jobs.runner.settings = SETTINGS._replace(at_once=1)  # They end in their order.
    job_ids = [jobs.add("exit 2") for _ in range(tidying.KEPT_UPLOADS + 2)]
    for job_id in job_ids:
        jobs.until(job_id, FAILED)
    rejects = os.path.join(jobs.dir, job_ids[0], "upload.rejects.csv")
    open(rejects, "w").close()
    jobs.clock.now += 100
    jobs.runner.step()
    for job_id in job_ids[:2]:
        with pytest.raises(UploadGone):
            jobs.resume(job_id)
    assert os.listdir(os.path.dirname(rejects)) == ["upload.rejects.csv"]
    assert [jobs.resume(job_id).state for job_id in job_ids[2:]] == [QUEUED] * 5


def test_what_a_killed_runner_has_left_of_a_done_job_is_removed(jobs):
    """The list has it as done, but there was no time for its file."""
    job_id = jobs.add("exit 0")
    jobs.store.take()
    jobs.store.end(job_id, DONE)
    jobs.clock.now += 100
    jobs.runner.step()
    assert left(jobs, job_id) == []


def test_the_file_of_a_job_that_would_only_fail_again_is_removed(jobs):
    """It has to be corrected and sent again."""
    job_id = jobs.add("reject x", "report refused", "exit 1", all_or_nothing=True)
    jobs.store.set_counts(job_id, {u"rejected": 1, u"sent": 0})
    jobs.until(job_id, FAILED)
    assert left(jobs, job_id) == ["upload.rejects.csv", "upload.report.json"]


def test_so_many_run_at_once(jobs):
    """Others wait, and begin when one has ended."""
    first, second, third = jobs.add("wait"), jobs.add("wait"), jobs.add("exit 0")
    jobs.waiting_pid(first), jobs.waiting_pid(second)
    assert jobs.find(third).state == QUEUED
    jobs.store.stop(first, A)
    jobs.until(third, DONE)
    assert jobs.find(second).state == RUNNING


def test_a_running_job_is_stopped_by_sigint(jobs):
    """It ends in its own time."""
    job_id = jobs.add("wait")
    pid = jobs.waiting_pid(job_id)
    jobs.store.stop(job_id, A)
    assert jobs.until(job_id, STOPPED).error is None
    assert not alive(pid)


def test_a_job_that_does_not_stop_is_killed_after_a_grace(jobs):
    """Thirty seconds for the batches under way; then SIGTERM and SIGKILL."""
    job_id = jobs.add("stubborn")
    pid = jobs.waiting_pid(job_id)
    jobs.store.stop(job_id, A)
    jobs.runner.step()
    jobs.clock.now += 29
    jobs.runner.step()
    assert alive(pid)
    assert jobs.until(job_id, STOPPED)
    assert not alive(pid)


def test_a_killed_process_is_started_once_more(jobs, caplog):
    """And if it is killed again, the job has failed with that reason."""
    job = jobs.until(jobs.add("once kill", "exit 0"), DONE)
    assert (job.attempts, job.crashes) == (2, 1)
    assert "was ended by SIGKILL; it is started again" in caplog.text
    job = jobs.until(jobs.add("kill"), FAILED)
    assert job.error == (
        u"its process was ended by SIGKILL 2 times, perhaps because memory was short")


def test_a_job_that_was_interrupted_goes_on(jobs):
    """By a signal that reached all processes of the service, for example; it is no crash."""
    job = jobs.until(jobs.add("once exit 130", "exit 0"), DONE)
    assert (job.attempts, job.crashes) == (2, 0)


def test_jobs_go_on_after_a_stop_of_the_runner(jobs):
    """They are asked to stop, and stay running for the next runner."""
    job_id, waits = jobs.add("once wait", "exit 0"), jobs.add("exit 0")
    pid = jobs.waiting_pid(job_id)
    jobs.until(waits, DONE)
    late = jobs.add("exit 0")
    wait_until(jobs.runner.stop, "the end of the runner")
    assert not alive(pid)
    assert (jobs.find(job_id).state, jobs.find(late).state) == (RUNNING, QUEUED)
    jobs.runner = jobs.make_runner()
    assert jobs.until(job_id, DONE).attempts == 2


@pytest.mark.parametrize("change, is_kept", [
    ({}, True), ({"upstreams": [u"10.0.0.3:80"]}, False), ({"user": u"another"}, False)])
def test_a_job_begins_again_if_the_cmdb_or_the_account_is_another_one(jobs, change, is_kept):
    """What is recorded as sent went to the one before, and the import would refuse to go on."""
    job_id = jobs.add("once exit 130", "exit 0")
    jobs.until(job_id, RUNNING)
    files = JobFiles(jobs.dir, job_id)
    wait_until(lambda: jobs.runner.step() or jobs.runner._paused, "the end of the first process")
    records = [files.journal(u".csv"), files.journal(u".csv") + "-wal",
               os.path.join(files.folder, "upload.rejects.csv")]
    for path in records:
        open(path, "w").close()
    jobs.runner.settings = SETTINGS._replace(**change)
    jobs.clock.now += 10
    jobs.runner.step()
    assert jobs.find(job_id).attempts == 2
    assert [os.path.exists(path) for path in records] == [is_kept] * 3
    jobs.until(job_id, DONE)


def test_jobs_go_on_after_the_runner_was_killed(jobs, caplog):
    """Its processes are left: they are stopped first, so that never two work on one job."""
    job_id = jobs.add("once wait", "exit 0")
    pid = jobs.waiting_pid(job_id)
    killed, jobs.runner = jobs.runner, jobs.make_runner()
    jobs.runner.step()
    jobs.runner.step()
    assert "an earlier jobs runner works on it" in caplog.text
    killed._processes[job_id]._process.wait()
    assert jobs.until(job_id, DONE).attempts == 2
    assert not alive(pid)


def test_a_pid_of_before_is_not_signalled(jobs, monkeypatch):
    """The runner was killed after it had started a process, and before it had noted that."""
    job_id = jobs.add("once exit 130", "wait")
    jobs.until(job_id, RUNNING)
    wait_until(lambda: jobs.runner.step() or jobs.runner._paused, "the end of the first process")
    assert jobs.find(job_id).pid is not None
    monkeypatch.setattr(jobs.store, "started", lambda *ignored: None)
    jobs.clock.now += 10
    jobs.waiting_pid(job_id)
    assert jobs.find(job_id).pid is None


def test_a_job_told_to_stop_while_no_runner_ran_is_stopped(jobs):
    """It is not started again for that."""
    job_id = jobs.add("wait")
    jobs.store.take()
    jobs.store.stop(job_id, A)
    assert jobs.until(job_id, STOPPED).attempts == 0


def test_a_job_whose_folder_is_gone_has_failed(jobs):
    """The others run."""
    job_id = jobs.add("exit 0")
    JobFiles(jobs.dir, job_id).remove()
    assert u"cannot be started: No such file" in jobs.until(job_id, FAILED).error
    jobs.until(jobs.add("exit 0"), DONE)


def test_removed_and_old_jobs_lose_their_files(jobs):
    """And what an upload has left that was broken off by a crash."""
    job_id, stays = jobs.add("exit 0"), jobs.add("exit 0")
    jobs.until(job_id, DONE), jobs.until(stays, DONE)
    jobs.store.stop(job_id, A)
    stray, new = JobFiles(jobs.dir, new_id()), JobFiles(jobs.dir, new_id())
    stray.make(), new.make()
    os.utime(stray.folder, (1, 1))
    jobs.clock.now += 100
    jobs.runner.step()
    folders = sorted(name for name in os.listdir(jobs.dir) if len(name) == 32)
    assert folders == sorted([stays, os.path.basename(new.folder)])
    assert jobs.store.ids() == [stays]


def test_the_command_has_the_options_and_no_secrets(jobs):
    """Those of connections, which may have a password, are in the environment."""
    job_id = jobs.add(key=[u"name", u"ip"], map=[u"\u4e3b\u673a=name", u"--x=y"], dry_run=True,
                      sheet=u"-v", format=u"csv")
    job = jobs.find(job_id)
    command = command_of(job, JobFiles(jobs.dir, job_id))
    assert command[1:] == [each.encode("utf-8") for each in (
        u"-m", u"waterspout_cmdb", u"import", u"upload.csv", u"--object=HOST", u"--quiet",
        u"--patience=3600",
        u"--dry-run", u"--format=csv", u"--key=name", u"--key=ip", u"--map=\u4e3b\u673a=name",
        u"--map=--x=y", u"--sheet=-v", u"--rejects=upload.rejects.csv",
        u"--report=upload.report.json")]
    files = JobFiles(jobs.dir, job_id)
    assert command_of(job._replace(options={}), files)[-3:] == [
        b"--rejects=upload.rejects.csv", b"--report=upload.report.json", b"--resume"]
    assert command_of(job._replace(options={}, suffix=u".csv.gz"), files)[4:] == [
        b"upload.csv.gz", b"--object=HOST", b"--quiet", b"--patience=3600",
        b"--rejects=upload.rejects.csv", b"--report=upload.report.json", b"--resume"]
    environment = environment_of(
        job, SETTINGS, {"PATH": "/bin", "WATERSPOUT_DEBUG_SECRET": "s", "WATERSPOUT_PORT": "1"})
    assert environment == {
        "PATH": "/bin", "PYTHONUTF8": "1", "WATERSPOUT_BULK_ORG": "1",
        "WATERSPOUT_BULK_UPSTREAM": "10.0.0.1:80,10.0.0.2:80", "WATERSPOUT_BULK_USER": "me"}
    again = environment_of(job._replace(attempts=1, user=u"you", tenant=Tenant(u"", u"")),
                           SETTINGS, {})
    assert [again["WATERSPOUT_BULK_" + name] for name in ("UPSTREAM", "USER", "ORG")] == [
        "10.0.0.1:80,10.0.0.2:80", "you", "7"]


def test_settings_are_one_line():
    """From the gateway to the runner."""
    assert to_line(SETTINGS).count(b"\n") == 1
    assert from_line(to_line(SETTINGS)) == SETTINGS
    for line in (b"", b"[]", b"{}", b'{"more": 1}', b"\xff"):
        with pytest.raises((ValueError, TypeError)):
            from_line(line)


@pytest.fixture(autouse=True)
def at_info(caplog):
    caplog.set_level(logging.INFO)


