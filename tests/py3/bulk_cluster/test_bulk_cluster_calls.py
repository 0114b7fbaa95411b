"""Calls on a cluster of real processes: each has its result, also if workers are lost."""

from __future__ import absolute_import, division, print_function

import asyncio
import signal
import tracemalloc

import cluster_bodies
import pytest
from cluster_runs import run
from dask_needed import need_dask
from dask_processes import DaskProcesses, has_connection
from free_ports import free_port
from gates import Gate
from served_http import ServedHTTP
from tornado import web

from waterspout_cmdb.bulk.cluster.connection import connect
from waterspout_cmdb.bulk.errors import BulkError

need_dask()
pytestmark = pytest.mark.slow


class Asked(web.RequestHandler):
    def initialize(self, gate):
        self.gate = gate

    async def get(self):
        await self.gate()
        self.write("answer")


def asked():
    gate = Gate()
    served = ServedHTTP(make=lambda: web.Application([("/", Asked, {"gate": gate})]))
    served.gate = gate
    served.url = "http://127.0.0.1:%d/" % served.port
    return served


async def in_thread(function):
    return await asyncio.get_running_loop().run_in_executor(None, function)


def test_results_come_back(cluster):
    async def script():
        connection = await connect(cluster.address)
        try:
            assert connection.slots == 6
            calls = [connection.call(cluster_bodies.double, n, "check") for n in range(20)]
            return await asyncio.gather(*calls), connection.lost_calls
        finally:
            await connection.close()

    assert run(script) == ([2 * n for n in range(20)], 0)


def test_what_was_sent_is_not_kept(cluster):
    """By itself Dask keeps a thousand messages: a gigabyte of a large file, or so."""
    async def script():
        connection = await connect(cluster.address)
        try:
            before = None
            for number in range(120):
                data = b"%d" % number + bytes(40000)
                await connection.call(cluster_bodies.length, data, "check")
                if number == 19:
                    before = tracemalloc.get_traced_memory()[0]
            return tracemalloc.get_traced_memory()[0] - before
        finally:
            await connection.close()

    tracemalloc.start()
    try:
        assert run(script) < 1000000  # 100 calls had four times as much.
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_lost_worker_had_is_done_by_another_and_counted(signum):
    async def script(cluster, server):
        connection = await connect(cluster.address)
        try:
            call = asyncio.ensure_future(connection.call(cluster_bodies.ask, server.url, "send"))
            await in_thread(server.gate.wait)
            # The scheduler knows which of the two has it by the test's own question.
            busy = [w for w in cluster.workers if has_connection(w.pid, peer=server.port)]
            assert len(busy) == 1
            await in_thread(lambda: cluster.kill(busy[0], signum))
            await in_thread(server.gate.wait)
            server.call(server.gate.open)
            result = await call
            await connection.counting
            return result, connection.lost_calls, busy[0].pid
        finally:
            await connection.close()

    with DaskProcesses(workers=2) as cluster, asked() as server:
        (pid, body), lost, killed = run(lambda: script(cluster, server))
        assert body == b"answer" and pid != killed
        assert lost == 1


def test_a_call_that_ends_each_worker_is_given_up():
    async def script(cluster):
        connection = await connect(cluster.address)
        try:
            await connection.call(cluster_bodies.die, "rows 1 to 9", "send")
        finally:
            await connection.close()

    with DaskProcesses(workers=4, threads=1) as cluster:
        with pytest.raises(BulkError) as caught:
            run(lambda: script(cluster))
        assert "'rows 1 to 9'" in str(caught.value) and "was lost" in str(caught.value)


def test_a_lost_scheduler_ends_the_calls_under_way():
    async def script(cluster, server):
        connection = await connect(cluster.address)
        try:
            call = asyncio.ensure_future(connection.call(cluster_bodies.ask, server.url, "send"))
            await in_thread(server.gate.wait)
            await in_thread(lambda: cluster.kill(cluster.scheduler))
            with pytest.raises(BulkError, match="connection to the Dask scheduler .* was lost"):
                await call
            with pytest.raises(BulkError, match="was lost"):
                await connection.call(cluster_bodies.double, 1, "check")
        finally:
            server.call(server.gate.open)
            await connection.close()

    with DaskProcesses(workers=1) as cluster, asked() as server:
        run(lambda: script(cluster, server))


def test_a_cluster_without_workers_is_not_waited_for_without_end():
    async def script(cluster):
        connection = await connect(cluster.address, wait_for_workers=1)
        await in_thread(lambda: cluster.kill(cluster.workers[0]))
        try:
            with pytest.raises(BulkError, match="has had no worker for 1 seconds"):
                await connection.call(cluster_bodies.double, 1, "check")
        finally:
            await connection.close()

    with DaskProcesses(workers=1) as cluster:
        run(lambda: script(cluster))


def test_no_scheduler_is_an_error_with_what_to_do():
    address = "tcp://127.0.0.1:%d" % free_port()
    with pytest.raises(BulkError, match="cannot be reached.*start it with `dask scheduler`"):
        run(lambda: connect(address, timeout=1))


def test_a_cluster_without_workers_is_an_error():
    with DaskProcesses(workers=0) as cluster:
        with pytest.raises(BulkError, match="has no worker: start some with `dask worker tcp"):
            run(lambda: connect(cluster.address, timeout=1))


def test_another_version_of_our_package_is_refused_at_once(tmp_path):
    package = tmp_path / "waterspout_cmdb"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "_version.py").write_text("__version__ = '9.9.9'")
    with DaskProcesses(workers=1, environment={"PYTHONPATH": str(tmp_path)}) as cluster:
        with pytest.raises(BulkError) as caught:
            run(lambda: connect(cluster.address))
    scheduler, worker = caught.value.reasons
    assert scheduler.startswith(
        "the scheduler %s has waterspout-cmdb 9.9.9, this command" % cluster.address)
    assert worker.startswith("the worker tcp://127.0.0.1:") and "waterspout-cmdb 9.9.9" in worker


def test_calls_that_are_given_up_fail_and_others_can_be_made(cluster):
    async def script(server):
        connection = await connect(cluster.address)
        try:
            calls = [asyncio.ensure_future(connection.call(cluster_bodies.ask, server.url, "send"))
                     for _ in range(2)]
            await in_thread(server.gate.wait)
            connection.forget()
            for call in calls:
                with pytest.raises(BulkError, match="was given up"):
                    await call
            server.call(server.gate.open)
            assert await connection.call(cluster_bodies.double, 4, "check") == 8
        finally:
            await connection.close()

    with asked() as server:
        run(lambda: script(server))


def test_a_mistake_of_ours_is_raised_as_it_is(cluster):
    async def script():
        connection = await connect(cluster.address)
        try:
            with pytest.raises(ValueError, match="a text"):
                await connection.call(cluster_bodies.fail, "a text", "check")
        finally:
            await connection.close()

    run(script)
