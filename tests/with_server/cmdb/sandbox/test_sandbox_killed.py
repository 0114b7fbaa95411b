from __future__ import absolute_import, division, print_function

import collections
import random
import select
import signal
import time

import pytest
from sandbox_process import Sandbox, answer

pytestmark = pytest.mark.slow

#: Processes that are killed by each test.
ROUNDS = 12

#: Seconds within which they are: of answering requests, and of starting.
LIFETIME, START = 0.3, 0.4

#: A request, and what there is once it has been carried out: the CPU cores of hosts by name.
Change = collections.namedtuple("Change", "request after")


@pytest.fixture
def dice(request):
    """Other moments and requests in each run; the seed that is shown repeats one."""
    seed = random.randrange(10**6)
    print("seed %d" % seed)
    return random.Random(seed)


def imported(dice, hosts, ids):
    """Rows that are new and rows that are not, at least one."""
    names = dice.sample(sorted(hosts), min(len(hosts), dice.randrange(100)))
    names += ["host-%d" % dice.randrange(10**9) for _ in range(dice.randrange(1, 100))]
    rows = [{"name": name, "cpu": dice.randrange(100)} for name in names]
    request = ("POST", "/object/HOST/instance/_import", {"keys": ["name"], "datas": rows})
    return Change(request, dict(hosts, **{row["name"]: row["cpu"] for row in rows}))


def created(dice, hosts, ids):
    row = {"name": "host-%d" % dice.randrange(10**9), "cpu": dice.randrange(100)}
    request = ("POST", "/v2/object/HOST/instance", row)
    return Change(request, dict(hosts, **{row["name"]: row["cpu"]}))


def deleted(dice, hosts, ids):
    name = dice.choice(sorted(ids))
    after = dict(hosts)
    del after[name]
    return Change(("DELETE", "/object/HOST/instance/%s" % ids.pop(name), {}), after)


def updated(dice, hosts, ids):
    name, cpu = dice.choice(sorted(ids)), dice.randrange(100)
    request = ("PUT", "/v2/object/HOST/instance/%s" % ids[name], {"cpu": cpu})
    return Change(request, dict(hosts, **{name: cpu}))


def stored(sandbox):
    """What a sandbox has, and the ids of the instances, both by name.

    All have a number of cores; how many have one is kept, which must not go its own way.
    """
    instances, total = [], None
    while total is None or len(instances) < total:
        body = {"page": len(instances) // 3000 + 1, "page_size": 3000}
        page = sandbox.call("POST", "/object/HOST/instance/_search", body)
        assert page["list"] or not page["total"]
        instances += page["list"]
        total = page["total"]
    hosts = {instance["name"]: instance["cpu"] for instance in instances}
    body = {"query": {"cpu": {"$exists": True}}}
    kept = sandbox.call("POST", "/object/HOST/instance/_search_total", body)
    assert len(hosts) == len(instances) == total == kept
    return hosts, {instance["name"]: instance["instanceId"] for instance in instances}


def test_acknowledged_writes_survive_a_kill_at_any_moment(start, dice):
    """After kill -9 at random moments, other writes are stored whole or not at all."""
    answered = 0
    outcomes = [{}]
    for _ in range(ROUNDS):
        sandbox = start()
        hosts, ids = stored(sandbox)
        assert hosts in outcomes
        end = time.time() + dice.uniform(0, LIFETIME)
        while True:
            kinds = [imported, created] + ([deleted, updated] if ids else [])
            change = dice.choice(kinds)(dice, hosts, ids)
            connection = sandbox.send(*change.request)
            # Not a pause: the answer either comes in time, or the request is under way.
            if not select.select([connection], [], [], max(0, end - time.time()))[0]:
                break
            answer(connection)
            answered += 1
            hosts = change.after
        sandbox.end(signal.SIGKILL)
        connection.close()
        outcomes = [hosts, change.after]
    assert stored(start())[0] in outcomes
    assert answered


def test_sandbox_starts_after_a_kill_during_the_start(start, tmpdir, dice):
    """Also while it creates the file."""
    for _ in range(ROUNDS):
        sandbox = Sandbox(tmpdir.join("sandbox.db"), "--port=0")
        select.select([sandbox.process.stdout], [], [], dice.uniform(0, START))
        assert sandbox.end(signal.SIGKILL) == (-signal.SIGKILL, [])
    assert stored(start()) == ({}, {})
