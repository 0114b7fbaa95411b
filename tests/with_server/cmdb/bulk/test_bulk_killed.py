"""Imports that are killed with kill -9 and resumed, until they are done."""

from __future__ import absolute_import, division, print_function

import io
import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys

import pytest
from bulk_servers import Servers
from programs import HERE, SOURCES

pytestmark = pytest.mark.slow

#: Rows of the file. Every 50th cannot be read, every 70th is refused by the CMDB.
ROWS = 2500

#: The most rows of a batch.
BATCH = 40

#: The stages in which the program is killed, in this order, and seconds there until the kill, at
#: most. It may be in a later stage by then, or have ended: the moment is random.
KILLS = (
    [("start", 0.4)] * 2 + [("hashing", 0.01), ("checking", 0.05)] * 3
    + [("sending", 0.15)] * 10 + [("finishing", 0.01)] * 2
)  # fmt: skip

_STAGES = ("start", "hashing", "checking", "sending", "finishing", "end")

CHILD = os.path.join(HERE, "bulk_import_child.py")


@pytest.fixture
def dice():
    """Other moments in each run; the seed that is shown repeats one."""
    seed = random.randrange(10**6)
    print("seed %d" % seed)
    return random.Random(seed)


@pytest.fixture
def servers(tmpdir):
    """A sandbox, a gateway in front of it, and in front of that what counts the rows."""
    servers = Servers(str(tmpdir.join("sandbox.db")))
    yield servers
    servers.close()


@pytest.fixture
def start(servers):
    """Starts the program; ends what a failed test leaves behind."""
    started = []

    def start(path, org):
        started.append(subprocess.Popen(
            [sys.executable, CHILD, path, servers.url, str(org), str(BATCH)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(
                os.environ, PYTHONPATH=SOURCES, PYTHONDONTWRITEBYTECODE="1")))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def is_wrong(number):
    return number % 50 == 7


def is_refused(number):
    """Such a number of cores is one for the check; the CMDB's integers have 64 bits."""
    return number % 70 == 9


def cores(number):
    return 2**70 if is_refused(number) else number % 64


def write_file(path):
    with io.open(path, "w", encoding="utf-8") as file:
        file.write(u"name,ip,cpu,owner\n")
        for number in range(ROWS):
            file.write(u"host-%d,10.1.%d.%d,%s,team %d\n" % (
                number, number // 250, number % 250,
                u"many" if is_wrong(number) else cores(number), number % 7))


def expected():
    """Return what the CMDB has at the end: name, address, cores, owner."""
    return {
        u"host-%d" % each: (
            u"10.1.%d.%d" % (each // 250, each % 250), each % 64, u"team %d" % (each % 7))
        for each in range(ROWS) if not is_wrong(each) and not is_refused(each)
    }


def finished(path):
    """Return the names of the rows that the journal has as finished."""
    if not os.path.exists(path + ".journal"):
        return set()
    database = sqlite3.connect(path + ".journal")
    try:
        ranges = database.execute("SELECT first, last FROM ranges").fetchall()
    finally:
        database.close()
    return set("host-%d" % (number - 2) for first, last in ranges
               for number in range(max(2, first), last + 1))


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def wait_for_stage(process, stage):
    """Read what the program says until it is in a stage, or in a later one."""
    while stage != "start":
        line = process.stdout.readline().decode("ascii").strip()
        reached = line or "end"
        if _STAGES.index(reached) >= _STAGES.index(stage):
            return reached
    return stage


def test_an_import_that_is_killed_again_and_again_loses_nothing(servers, start, dice, tmpdir):
    """Each row is in with its values, and none that the journal had was sent again."""
    path = str(tmpdir.join("hosts.csv"))
    write_file(path)
    calm = str(tmpdir.mkdir("calm").join("hosts.csv"))
    shutil.copy(path, calm)
    calm_run = start(calm, 2)
    assert calm_run.wait() == 1, calm_run.stderr.read()
    sent_calmly = sum(map(len, servers.requests))
    del servers.requests[:]

    done, killed = set(), []
    for stage, most in KILLS:
        before = len(servers.requests)
        process = start(path, 1)
        reached = wait_for_stage(process, stage)
        # Not a pause: the program ends, or its time is over.
        select.select([process.stderr], [], [], dice.uniform(0, most))
        process.send_signal(signal.SIGKILL)
        code = process.wait()
        assert code in (-signal.SIGKILL, 1), process.stderr.read()
        if code == -signal.SIGKILL:
            killed.append(reached)
        sent = set(name for names in servers.requests[before:] for name in names)
        assert not sent & done
        now = finished(path)
        assert done <= now
        done = now
    print("killed in %s" % killed)
    assert len(killed) >= 15, killed
    assert killed.count("sending") >= 3, killed

    process = start(path, 1)
    assert process.wait() == 1, process.stderr.read()
    stored = servers.stored(1)
    found = {name: (each["ip"], each["cpu"], each["owner"]) for name, each in stored.items()}
    assert found == expected()
    assert read_bytes(path[:-4] + ".rejects.csv") == read_bytes(calm[:-4] + ".rejects.csv")
    # Only what was under way when it was killed was sent twice.
    sent = sum(map(len, servers.requests))
    assert sent_calmly <= sent <= sent_calmly + 3 * BATCH * len(killed)
