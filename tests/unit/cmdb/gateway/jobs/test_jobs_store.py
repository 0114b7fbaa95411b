"""The store of jobs alone: what each tenant sees, turns, stops, and files that cannot be used."""

from __future__ import absolute_import, division, print_function

import os
import sqlite3
import stat

import pytest

from waterspout_cmdb.gateway.jobs.storing.job import (
    DONE,
    FAILED,
    QUEUED,
    RUNNING,
    STOPPED,
    Tenant,
    is_id,
    new_id,
)
from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles, suffix_of
from waterspout_cmdb.gateway.jobs.storing.job_store import JobStore, TooManyJobs, UploadGone
from waterspout_cmdb.gateway.jobs.storing.jobs_database import JobStoreError

A, B = Tenant(u"1", u"key-a"), Tenant(u"1", u"key-b")


class Clock(object):
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    store = JobStore(str(tmp_path), clock, busy_timeout=0.05)
    yield store
    store.close()


def add(store, tenant=A, **more):
    return store.add(new_id(), tenant, u"me", u"HOST", {u"key": [u"name"]}, u"\u4e3b\u673a.csv",
                     u".csv", 10, **more)


def resume(store, job, tenant=A, **more):
    return store.resume(job.id, tenant, lambda: True, **more)


def ids(jobs):
    return [job.id for job in jobs]


def test_a_job_is_found_as_it_was_added(store, clock):
    """With all that the client has said."""
    job = add(store)
    assert store.find(job.id, A) == job
    assert (job.state, job.object_id, job.options, job.user, job.size, job.created) == (
        QUEUED, u"HOST", {u"key": [u"name"]}, u"me", 10, 1000.0)
    assert (job.filename, job.suffix, job.counts, job.stopping, job.attempts, job.error) == (
        u"\u4e3b\u673a.csv", u".csv", {}, False, 0, None)


def test_another_tenant_sees_no_jobs_of_this_one(store):
    """Neither another key of the organisation, nor the same key for another organisation."""
    job = add(store)
    for other in (B, Tenant(u"2", A.client), Tenant(u"", u"")):
        assert store.find(job.id, other) is None
        assert store.list(other, 10) == []
        assert store.stop(job.id, other) is None
    assert store.find(job.id, A).state == QUEUED


def test_another_process_sees_the_same(store, tmp_path):
    """At once."""
    job = add(store)
    other = JobStore(str(tmp_path))
    assert other.find(job.id, A) == job
    assert other.stop(job.id, A).id == job.id
    other.close()
    assert store.find(job.id, A).state == STOPPED


def test_a_list_begins_with_the_newest_and_has_pages(store):
    """Thousands of jobs are no reason for a long answer."""
    jobs = [add(store) for _ in range(5)]
    add(store, B)
    assert ids(store.list(A, 2)) == ids([jobs[4], jobs[3]])
    assert ids(store.list(A, 9, before=jobs[3].number)) == ids([jobs[2], jobs[1], jobs[0]])


def test_jobs_run_in_turn_and_tenants_have_the_same_share(store):
    """The second tenant need not wait for all jobs of the first."""
    first = [add(store) for _ in range(3)]
    (other,) = [add(store, B)]
    assert ids(store.take() for _ in range(4)) == ids([first[0], other, first[1], first[2]])
    assert store.take() is None
    assert [job.state for job in store.running()] == [RUNNING] * 4


def test_a_tenant_may_have_so_many_unfinished_jobs(store):
    """Others are not affected; one that has ended makes room."""
    job = add(store, most_per_tenant=2)
    add(store, most_per_tenant=2)
    with pytest.raises(TooManyJobs):
        add(store, most_per_tenant=2)
    add(store, B, most_per_tenant=2)
    assert store.unfinished(A) == 2
    store.stop(job.id, A)
    add(store, most_per_tenant=2)


def test_stop_depends_on_the_state(store, clock):
    """One that waits never runs; a running one is asked to stop; one that has ended is removed."""
    waits = add(store)
    assert store.stop(waits.id, A).state == QUEUED
    assert store.find(waits.id, A).state == STOPPED
    assert store.take() is None
    runs = add(store)
    store.take()
    assert not store.find(runs.id, A).stopping
    assert store.stop(runs.id, A).state == RUNNING
    assert store.find(runs.id, A).stopping
    assert [job.stopping for job in store.running()] == [True]
    store.end(runs.id, DONE)
    assert store.stop(runs.id, A).state == DONE
    assert store.find(runs.id, A) is None
    assert store.list(A, 10) == [store.find(waits.id, A)]
    assert store.removed() == [runs.id]
    store.forget([runs.id, waits.id])
    assert store.removed() == []
    assert store.ids() == [waits.id]


def test_a_job_that_has_failed_or_was_stopped_is_resumed(store, clock):
    """It waits again, before later ones, and its counts stay; crashes of before do not count."""
    jobs = [add(store) for _ in range(4)]
    failed, stopped, done, runs = [store.take() for _ in jobs]
    store.crashed(failed.id)
    store.end(failed.id, FAILED, u"the CMDB is away", {u"rows": 6})
    store.stop(stopped.id, A)
    store.end(stopped.id, STOPPED)
    store.end(done.id, DONE)
    later = add(store)
    assert resume(store, failed, B) is None
    for job in (failed, stopped):
        assert resume(store, job).state == QUEUED
    job = store.find(failed.id, A)
    assert (job.error, job.started, job.ended, job.crashes, job.counts) == (
        None, None, None, 0, {u"rows": 6})
    assert not store.find(stopped.id, A).stopping
    for job in (done, runs, failed):
        assert resume(store, job) is None
    assert ids(store.take() for _ in range(3)) == ids([failed, stopped, later])


def test_a_resumed_job_counts_as_one_that_waits(store):
    """So it may be one too many; one that was removed is not there."""
    job = add(store)
    store.stop(job.id, A)
    other = add(store)
    with pytest.raises(TooManyJobs):
        resume(store, job, most_per_tenant=1)
    assert store.find(job.id, A).state == STOPPED
    store.stop(other.id, A)
    assert resume(store, job, most_per_tenant=1).state == QUEUED
    store.stop(job.id, A)
    store.stop(job.id, A)
    assert resume(store, job) is None


def test_a_job_without_its_file_is_not_resumed(store):
    """It would only fail."""
    job = add(store)
    store.stop(job.id, A)
    with pytest.raises(UploadGone):
        store.resume(job.id, A, lambda: False)
    assert store.find(job.id, A).state == STOPPED


def test_uploads_of_the_newest_jobs_that_are_broken_off_stay(store, clock):
    """So many of each tenant, for so long; those of jobs that are done do not."""
    done = add(store)
    store.take()
    store.end(done.id, DONE)
    jobs = [add(store) for _ in range(5)] + [add(store, B)]
    for job in jobs[1:4] + jobs[5:]:
        clock.now += 1
        store.stop(job.id, job.tenant)

    def past(kept, seconds):
        return [job_id for job_id, _ in store.past_uploads(kept, seconds)]

    assert past(2, 60) == ids([jobs[1], done])
    store.stop(jobs[1].id, A)
    store.stop(jobs[2].id, A)
    assert past(2, 1) == ids([jobs[3], done])
    assert past(0, 60) == ids([jobs[5], jobs[3], done])


def test_the_upload_of_a_job_that_goes_on_is_not_dropped(store, clock):
    """Not even if it has ended again since it was found to be an old one."""
    job, dropped = add(store), []
    store.stop(job.id, A)
    (found,) = store.past_uploads(0, 60)
    clock.now += 1
    resume(store, job)
    store.drop_upload(*found, drop=lambda: dropped.append(1))
    store.stop(job.id, A)
    store.drop_upload(*found, drop=lambda: dropped.append(1))
    assert dropped == []
    store.drop_upload(*store.past_uploads(0, 60)[0], drop=lambda: dropped.append(1))
    assert dropped == [1]


def test_attempts_counts_and_the_end_are_noted(store, clock):
    """They are what clients read."""
    job = add(store)
    clock.now = 1001.0
    store.take()
    store.attempt(job.id)
    store.started(job.id, 4711)
    store.set_counts(job.id, {u"rows": 5})
    (running,) = store.running()
    assert (running.attempts, running.pid, running.counts, running.started) == (
        1, 4711, {u"rows": 5}, 1001.0)
    clock.now = 1002.0
    store.end(job.id, FAILED, u"no such object", {u"rows": 6})
    ended = store.find(job.id, A)
    assert (ended.state, ended.error, ended.counts, ended.ended, ended.pid) == (
        FAILED, u"no such object", {u"rows": 6}, 1002.0, None)
    counts = store.count_by_state()
    assert counts[FAILED] == 1 and sum(counts.values()) == 1


def test_old_jobs_expire(store, clock):
    """Those that wait or run do not."""
    old, waits = add(store), add(store)
    store.take()
    store.end(old.id, DONE)
    store.expire(10)
    assert store.removed() == []
    clock.now += 10
    store.expire(10)
    assert store.removed() == [old.id]
    assert ids(store.list(A, 9)) == [waits.id]


def test_many_jobs_are_found_by_their_ids(store):
    """More than SQLite takes arguments."""
    job = add(store)
    found = store.find_all([new_id() for _ in range(1200)] + [job.id])
    assert found == {job.id: job}


def test_the_file_is_for_this_user_alone(store, tmp_path):
    """It has names of files and organisations."""
    add(store)
    for name in os.listdir(str(tmp_path)):
        assert stat.S_IMODE(os.stat(str(tmp_path / name)).st_mode) == 0o600, name


def test_a_locked_store_says_that_it_is_busy(store, tmp_path):
    """Readers are not affected; nothing of the failed change stays."""
    job = add(store)
    other = sqlite3.connect(str(tmp_path / "jobs.db"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JobStoreError) as caught:
        add(store)
    assert caught.value.is_busy and "locked" in str(caught.value)
    assert store.list(A, 9) == [job]
    other.execute("ROLLBACK")
    other.close()
    add(store)
    assert len(store.list(A, 9)) == 2


def test_a_damaged_store_is_refused_with_what_to_do(tmp_path):
    """It is not replaced: it may be somebody's file."""
    (tmp_path / "jobs.db").write_bytes(b"no database " * 1000)
    with pytest.raises(JobStoreError) as caught:
        JobStore(str(tmp_path))
    assert "jobs.db" in str(caught.value) and "move it away" in str(caught.value)
    assert not caught.value.is_busy


def test_a_store_damaged_while_it_is_open_is_an_error_too(store, tmp_path):
    """Not wrong jobs."""
    for _ in range(50):
        add(store)
    store.database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    content = bytearray((tmp_path / "jobs.db").read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    (tmp_path / "jobs.db").write_bytes(bytes(content))
    with pytest.raises(JobStoreError):
        JobStore(str(tmp_path)).list(A, 9)


def test_a_store_of_a_newer_release_is_not_touched(store, tmp_path):
    """After a step back to an older release."""
    store.database.run("PRAGMA user_version = 9")
    with pytest.raises(JobStoreError, match="of version 9, and this release reads version 1"):
        JobStore(str(tmp_path))


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    """The text names the file."""
    with pytest.raises(JobStoreError, match="none/jobs.db: No such file"):
        JobStore(str(tmp_path / "none"))


@pytest.mark.parametrize("text", [
    u"", u"..", u"../" + u"0" * 29, u"0" * 31, u"0" * 33, u"A" * 32, u"0" * 32 + u"\n", u"g" * 32,
    u"\u0660" * 32])
def test_what_is_no_id_is_not_taken_for_one(text):
    """So no path is made of it."""
    assert not is_id(text)


def test_ids_are_long_and_differ():
    """They cannot be guessed."""
    assert is_id(new_id()) and new_id() != new_id()


@pytest.mark.parametrize("filename, suffix", [
    (u"hosts.csv", u".csv"), (u"HOSTS.XLSX", u".xlsx"), (u"a.jsonl.gz", u".jsonl.gz"),
    (u"a.exe", u""), (u"", u""), (u"../../x.csv/", u""), (u"a.csv\0", u""), (u"../x.tsv", u".tsv")])
def test_a_suffix_is_one_of_few(filename, suffix):
    """All else of a client's name is in no path."""
    assert suffix_of(filename) == suffix


def test_the_files_of_a_job(tmp_path):
    """In a folder for this user alone; after the end only what is of use stays."""
    files = JobFiles(str(tmp_path), new_id())
    files.make()
    assert stat.S_IMODE(os.stat(files.folder).st_mode) == 0o700
    assert (files.rejects(), files.report(), files.output_tail()) == (None, None, u"")
    names = ["upload.csv", "upload.csv.journal", "upload.csv.journal-wal", "lock",
             "upload.rejects.csv", "upload.report.json"]
    for name in names:
        with open(os.path.join(files.folder, name), "w") as file:
            file.write("x")
    with open(files.output, "wb") as file:
        file.write(b"x" * 10000 + b"\xffthe reason\n")
    assert files.output_tail().endswith(u"\ufffdthe reason\n") and len(files.output_tail()) < 8193
    files.remove_input()
    assert sorted(os.listdir(files.folder)) == names[-2:]
    assert os.path.basename(files.rejects()) == "upload.rejects.csv"
    assert os.path.basename(files.report()) == "upload.report.json"
    files.remove()
    files.remove()
    assert not os.path.exists(files.folder)
