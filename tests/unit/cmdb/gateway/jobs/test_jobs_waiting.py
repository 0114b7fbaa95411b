"""What a job that waits is waiting for, as its client is told."""

from __future__ import absolute_import, division, print_function

import os
import random

import pytest

from waterspout_cmdb.gateway.jobs.running import runner_program
from waterspout_cmdb.gateway.jobs.storing import runner_sign
from waterspout_cmdb.gateway.jobs.storing.job import DONE, Tenant, new_id
from waterspout_cmdb.gateway.jobs.storing.job_store import JobStore
from waterspout_cmdb.gateway.jobs.storing.jobs_database import JobStoreError
from waterspout_cmdb.gateway.jobs.storing.waiting import in_turn

TENANTS = [Tenant(u"1", u"a"), Tenant(u"1", u"b"), Tenant(u"2", u"a")]


@pytest.fixture
def store(tmp_path):
    store = JobStore(str(tmp_path), lambda: 1000.0)
    yield store
    store.close()


def add(store, tenant=TENANTS[0]):
    return store.add(new_id(), tenant, u"", u"HOST", {}, u"", u".csv", 1)


def sign(tmp_path, seconds):
    path = tmp_path / runner_sign.LOCK
    path.write_bytes(b"")
    os.utime(str(path), (seconds, seconds))


@pytest.mark.parametrize("seed", range(8))
def test_jobs_are_before_it_as_the_runner_takes_them(store, seed):
    """For any mixture of tenants, of which some have jobs that run."""
    chance = random.Random(seed)
    for _ in range(40):
        add(store, chance.choice(TENANTS))
        if chance.random() < 0.2:
            store.take()
    told = {}
    for tenant in TENANTS:
        for job in store.list(tenant, 100):
            if job.waiting is not None:
                told[job.waiting.before] = job.id
    taken = [store.take().id for _ in range(len(told))]
    assert store.take() is None
    assert [told[place] for place in range(len(told))] == taken


def test_the_order_of_none():
    """Nothing waits."""
    assert in_turn([], {}) == []


def test_only_jobs_that_wait_say_what_for(store):
    """The number changes as others begin, are stopped or come."""
    first, second = add(store), add(store)
    assert [job.waiting.before for job in (first, second)] == [0, 1]
    add(store, TENANTS[1])
    assert store.find(second.id, TENANTS[0]).waiting.before == 2
    store.take()
    found = store.find_all([first.id, second.id])
    assert (found[first.id].waiting, found[second.id].waiting.before) == (None, 1)
    store.end(first.id, DONE)
    store.stop(second.id, TENANTS[0])
    assert [job.waiting for job in store.list(TENANTS[0], 9)] == [None, None]


@pytest.mark.parametrize("seconds, what", [
    (None, u"runner"), (980.0, u"runner"), (995.0, u"turn"), (1001.0, u"turn"),
    (4600.0, u"runner")])
def test_without_a_sign_of_the_runner_it_is_the_runner(store, tmp_path, seconds, what):
    """A sign of the future is none: the system's time was set back, and no sign has come since."""
    if seconds is not None:
        sign(tmp_path, seconds)
    assert add(store).waiting.what == what


def test_the_runner_gives_a_sign_for_what_it_has_done(tmp_path):
    """None while it cannot do anything, such as with a full disk."""
    class Runner(object):
        settings, steps = None, 0

        def step(self):
            self.steps += 1
            if self.steps < 3:
                raise JobStoreError("disk full")

        def stop(self):
            return True

    class Orders(object):
        ended, settings = False, None

        def wait(self, seconds):
            self.ended = runner.steps == 4

    runner, signs = Runner(), []
    runner_program._run(runner, Orders(), lambda: signs.append(runner.steps))
    assert signs == [3]
    sign(tmp_path, 1.0)
    runner_sign.give(str(tmp_path))
    assert os.stat(str(tmp_path / runner_sign.LOCK)).st_mtime > 1e9


def test_clients_are_told(make_jobs_gateway, tmp_path):
    """In the answer to the upload, the state, the list, and events; not of jobs that run."""
    gateway = make_jobs_gateway()
    jobs_dir = tmp_path / "jobs"
    answers = [gateway.post("/cmdb/jobs/import/HOST?key=name", b"name\nx\n") for _ in range(2)]
    jobs = [answer.json()["data"] for answer in answers]
    assert [job["waits_for"] for job in jobs] == [
        {"what": "runner", "jobs_before": 0}, {"what": "runner", "jobs_before": 1}]
    (jobs_dir / runner_sign.LOCK).write_bytes(b"")
    path = jobs[1]["links"]["self"]
    turn = {"what": "turn", "jobs_before": 1}
    assert gateway.send("GET", path, None).json()["data"]["waits_for"] == turn
    assert gateway.send("GET", "/cmdb/jobs", None).json()["data"]["list"][0]["waits_for"] == turn
    store = JobStore(str(jobs_dir))
    store.take()
    store.close()
    assert "waits_for" not in gateway.send("GET", jobs[0]["links"]["self"], None).json()["data"]
    assert gateway.send("GET", path, None).json()["data"]["waits_for"]["jobs_before"] == 0
