"""The sandbox as a process: a disk that fails, and requests that do not end."""

from __future__ import absolute_import, division, print_function

import os
import signal
import subprocess

import pytest
from sandbox_process import whole_answer

from waterspout_cmdb.sandbox.storage.store import READERS_OF_ONE

pytestmark = pytest.mark.slow

resource = pytest.importorskip("resource")

IMPORT = "/object/HOST/instance/_import"

#: The sandbox, with searches that SQLite would never end; each says that it has begun.
ENDLESS = """
import os, sys
from waterspout.service import serve_sockets
from waterspout_cmdb.sandbox import command
from waterspout_cmdb.sandbox.operations import searching

def endless(transaction, *args):
    sys.stdout.write("begun\\n")  # In one piece: several threads do.
    sys.stdout.flush()
    sql = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    return transaction._connection.execute(sql).fetchone()

searching.search = endless
command.serve_sockets = lambda *args, **more: serve_sockets(*args, drain_timeout=0.2, **more)
sys.exit(command.main(sys.argv[1:], os.environ))
"""

#: The same, but closing its file does not end either.
STUCK = """
import sys, time
from waterspout_cmdb.sandbox.storage import Store

def close(store):
    print("closing")
    sys.stdout.flush()
    time.sleep(3600)

Store.close = close
""" + ENDLESS


@pytest.fixture
def small_disk(tmpdir):
    """A disk of 3 MB. It takes root to have one."""
    folder = tmpdir.mkdir("disk")
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    with open(os.devnull, "w") as null:
        if os.geteuid() != 0 or subprocess.call(command, stderr=null) != 0:
            pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.check_call(["umount", str(folder)])


def fill(sandbox):
    """Import until it is refused; returns how many rows were acknowledged, and the refusal."""
    stored = 0
    for turn in range(60):
        rows = [{"name": "%d-%d" % (turn, row), "owner": "x" * 1000} for row in range(50)]
        body = {"keys": ["name"], "datas": rows}
        status, answer = whole_answer(sandbox.send("POST", IMPORT, body))
        if status != 200:
            return stored, (status, answer["code"], answer["message"])
        stored += answer["data"]["insert_count"]
    pytest.fail("there was no end to the disk")


def test_full_disk_is_503_and_one_line_in_the_log(start_in, small_disk):
    """All acknowledged rows are there, now and after a restart."""
    sandbox = start_in(small_disk)
    stored, refusal = fill(sandbox)
    text = "cannot be used: database or disk is full"
    assert refusal == (503, 100013, "the sandbox's file " + text)
    assert 0 < stored == sandbox.total()
    code, lines = sandbox.end(signal.SIGTERM)
    assert code == 0
    assert [line for line in lines if text in line] and "Traceback" not in "".join(lines)
    sandbox = start_in(small_disk)
    assert sandbox.total() == stored
    sandbox.end(signal.SIGTERM)


def test_file_that_may_not_grow_is_503_and_one_line_in_the_log(start_in, tmpdir):
    """The limit is `ulimit -f`, which needs no root; SQLite reports a disk error."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2 * 1024 * 1024,) * 2)

    sandbox = start_in(tmpdir, preexec_fn=limit)
    stored, refusal = fill(sandbox)
    text = "cannot be used: disk I/O error"
    assert refusal == (503, 100013, "the sandbox's file " + text)
    assert 0 < stored == sandbox.total()
    code, lines = sandbox.end(signal.SIGTERM)
    assert [line for line in lines if text in line] and "Traceback" not in "".join(lines)
    sandbox = start_in(tmpdir)
    assert sandbox.total() == stored


def test_endless_searches_do_not_prevent_a_stop(start_in, tmpdir):
    """There are more than the threads of one organisation, and one signal is enough."""
    sandbox = start_in(tmpdir, program=["-c", ENDLESS])
    path = "/object/HOST/instance/_search"
    connections = [sandbox.send("POST", path, {}) for _ in range(6)]
    for _ in range(READERS_OF_ONE):
        assert sandbox.process.stdout.readline() == b"begun\n"
    code, lines = sandbox.end(signal.SIGTERM)
    assert code in (0, 1)  # not that of a kill
    assert "Traceback" not in "".join(lines)
    for connection in connections:
        connection.close()


def test_second_signal_ends_it_while_the_file_is_closed(start_in, tmpdir):
    """Even if closing blocks."""
    sandbox = start_in(tmpdir, program=["-c", STUCK])
    sandbox.process.send_signal(signal.SIGTERM)
    assert sandbox.process.stdout.readline() == b"closing\n"
    assert sandbox.end(signal.SIGTERM)[0] == -signal.SIGTERM
