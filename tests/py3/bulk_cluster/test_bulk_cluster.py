"""Imports on a cluster of real processes: what arrives is what is in the file, once."""

from __future__ import absolute_import, division, print_function

import gzip
import io
import json
import re

import cluster_bodies
import pytest
from bulk_importing import Heard, expected
from client_fixtures import until
from cluster_runs import run
from dask_needed import need_dask
from dask_processes import DaskProcesses, has_connection
from gates import Gate
from host_model import HOST
from programs import Program, wait_until
from recording_cmdb import RecordingCMDB

from waterspout_cmdb.bulk.cluster import ClusterImport, TargetDescription
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing import Import, ImportOptions
from waterspout_cmdb.bulk.mapping import Rules
from waterspout_cmdb.bulk.sending import Limits
from waterspout_cmdb.bulk.targets import CMDBTarget

need_dask()
pytestmark = pytest.mark.slow

ROWS = 1500


@pytest.fixture
def cmdb():
    with RecordingCMDB() as cmdb:
        yield cmdb


@pytest.fixture
def heard():
    return Heard()


class Imports(object):
    """Imports of one file, on a cluster or by this process alone."""

    def __init__(self, path, cmdb, heard):
        self.path, self.cmdb, self.heard = path, cmdb, heard
        self.last = None

    def options(self, **options):
        return ImportOptions(limits=Limits(max_rows=100, concurrency=4), **options)

    def on(self, address, target=None, **options):
        """Import on a cluster; return the Summary."""
        target = target or TargetDescription(CMDBTarget, self.cmdb.url)
        self.last = ClusterImport(
            address, self.path, "HOST", ["name"], target, self.options(**options), self.heard)
        return run(self.last.run)

    def here(self, **options):
        async def import_here():
            target = CMDBTarget(self.cmdb.url)
            self.last = Import(
                self.path, "HOST", ["name"], target, self.options(**options), self.heard)
            try:
                return await self.last.run()
            finally:
                await target.close()

        return run(import_here)

    def stop_after(self, rows):
        def then(progress):
            if progress.stage == "sending" and progress.inserted >= rows:
                self.last.stop()

        self.heard.then = then


@pytest.fixture
def imports(tmp_path, cmdb, heard):
    imports = Imports(str(tmp_path / "hosts.csv"), cmdb, heard)
    write(imports.path)
    return imports


def write(path, lines=()):
    with io.open(path, "w", encoding="utf-8") as file:
        file.write("name,ip,cpu\n")
        file.writelines("host-%d,10.0.0.%d,%d\n" % (n, n % 250, n % 64) for n in range(ROWS))
        file.writelines(lines)


def test_what_is_in_the_file_arrives_once(cluster, cmdb, imports):
    # A row that is wrong, one whose key is that of a row in the first block, one that is refused.
    write(imports.path, ["host-x,10.0.0.1,many\n", "host-5,10.9.9.9,1\n", "host-y,10.0.0.1,1\n"])
    cmdb.refused = {"host-y": "not this one"}
    summary = imports.on(cluster.address)
    assert cmdb.stored == expected(ROWS)
    assert set(cmdb.times_sent.values()) == {1}
    assert cmdb.most_under_way <= 4
    assert (summary.state, summary.exit_code) == ("done", 1)
    assert summary.counts[:6] == (ROWS + 3, ROWS + 3, ROWS + 1, ROWS, 0, 0)
    first, last = ROWS + 2, ROWS + 4
    assert [row for row, _ in summary.problems] == [first, first + 1, last]
    with io.open(summary.files.rejects, encoding="utf-8") as file:
        assert [line.split(",")[0] for line in file] == ["name", "host-x", "host-5", "host-y"]


def test_a_worker_that_is_killed_loses_nothing_and_only_what_it_had_is_sent_again(
        cmdb, imports, heard):
    gate = Gate()
    killed = []

    def hold(names):
        if len(cmdb.imports) > 10:
            return gate(names)

    def kill_one(cluster):
        wait_until(lambda: len(cmdb.peers) == 4, "four batches under way")
        victims = [
            (worker, [port for port in cmdb.peers if has_connection(worker.pid, own=port)])
            for worker in cluster.workers]
        victim, ports = [each for each in victims if each[1]][0]
        under_way = dict(zip(cmdb.peers, cmdb.imports[-4:]))
        killed.extend(under_way[port] for port in ports)
        cluster.kill(victim)
        wait_until(lambda: any("lost the worker" in each for each in heard.messages), "notice")
        cmdb.call(gate.open)

    with DaskProcesses(workers=3) as cluster:
        cmdb.before = hold
        thread = cluster_bodies.in_background(kill_one, cluster)
        summary = imports.on(cluster.address)
        thread.join()

    assert cmdb.stored == expected(ROWS)
    assert (summary.state, summary.exit_code) == ("done", 0)
    assert summary.counts.inserted + summary.counts.updated == summary.counts.sent == ROWS
    again = {name for name, times in cmdb.times_sent.items() if times > 1}
    assert again == {name for names in killed for name in names} and again
    assert max(cmdb.times_sent.values()) == 2
    told = [each for each in heard.messages if "workers were lost" in each]
    assert len(told) == 1
    assert len(killed) <= int(re.search(r"with (\d+) batches", told[0]).group(1)) <= 4


@pytest.mark.parametrize("first, then", [("cluster", "here"), ("here", "cluster")])
def test_what_is_stopped_here_or_there_goes_on_there_or_here(
        cluster, cmdb, imports, heard, first, then):
    ways = {"cluster": lambda **o: imports.on(cluster.address, **o), "here": imports.here}
    imports.stop_after(300)
    summary = ways[first]()
    assert (summary.state, summary.exit_code) == ("stopped", 130)
    assert 300 <= len(cmdb.stored) < ROWS
    heard.then = lambda progress: None
    summary = ways[then](resume=True)
    assert (summary.state, summary.exit_code) == ("done", 0)
    assert cmdb.stored == expected(ROWS)
    assert set(cmdb.times_sent.values()) == {1}
    assert summary.counts.inserted == ROWS


def test_a_lost_scheduler_ends_the_import_which_can_go_on(cmdb, imports, heard):
    with DaskProcesses(workers=2) as cluster:
        def then(progress):
            if progress.stage == "sending" and progress.inserted >= 300:
                heard.then = lambda progress: None
                cluster.kill(cluster.scheduler)

        heard.then = then
        with pytest.raises(BulkError, match="connection to the Dask scheduler .* was lost"):
            imports.on(cluster.address)
    summary = imports.here(resume=True)
    assert summary.state == "done"
    assert cmdb.stored == expected(ROWS)


def test_a_pause_that_one_worker_is_asked_for_holds_for_all(cluster, cmdb, imports, heard):
    def is_told():
        return any("no worker sends for 1 s" in each for each in heard.messages)

    def refuse_one(names):
        if len(cmdb.imports) == 10:
            return {"status": 429, "headers": {"Retry-After": "1"}}
        # Otherwise a batch may follow one that is stored before the import hears of the pause.
        return until(is_told) if len(cmdb.imports) > 10 else None

    cmdb.before = refuse_one
    summary = imports.on(cluster.address)
    assert summary.counts.inserted == ROWS and cmdb.stored == expected(ROWS)
    # At most three others were under way, or had left, when it was asked for.
    later = [each for each in cmdb.times if each > cmdb.times[9]]
    assert len([each for each in later if each < cmdb.times[9] + 0.9]) <= 3
    assert is_told()


@pytest.mark.parametrize("kind", ["gzip", "JSON array", "JSON Lines"])
def test_other_formats(cluster, cmdb, imports, heard, kind, tmp_path):
    path = imports.path
    text = io.open(path, encoding="utf-8").read()
    if kind == "gzip":
        with gzip.open(path, "wb") as file:
            file.write(text.encode("utf-8"))
    else:
        imports.path = str(tmp_path / "hosts.json")
        rows = list(expected(ROWS).values())
        with io.open(imports.path, "w") as file:
            file.write(json.dumps(rows) if kind == "JSON array"
                       else "".join(json.dumps(row) + "\n" for row in rows))
    summary = imports.on(cluster.address)
    assert summary.exit_code == 0, summary.problems
    assert cmdb.stored == expected(ROWS)
    assert set(cmdb.times_sent.values()) == {1}
    told = [each for each in heard.messages if "its rows are read here" in each]
    assert len(told) == (kind != "JSON Lines")


@pytest.mark.parametrize("offset", [None, "+08:00"])
def test_times_with_an_offset(cluster, cmdb, imports, monkeypatch, offset):
    """Workers convert them, or count those whose offset is left out."""
    seen = {"id": "seen", "name": "Seen", "value": {"type": "datetime"}}
    monkeypatch.setitem(HOST, "attrList", HOST["attrList"] + [seen])
    with io.open(imports.path, "w", encoding="utf-8") as file:
        file.write("name,seen\n")
        file.writelines("host-%d,2027-04-03T20:00:00Z\n" % n for n in range(ROWS))
    summary = imports.on(cluster.address, rules=Rules(utc_offset=offset))
    assert {each["seen"] for each in cmdb.stored.values()} == {
        "2027-04-04 04:00:00" if offset else "2027-04-03 20:00:00"}
    assert [each.split(", which")[0] for each in summary.notes] == (
        [] if offset else ["1,500 times have an offset such as Z or +08:00"])
    assert all("the first in row 2, column seen" in each for each in summary.notes)


def test_a_file_without_rows_is_done_at_once(cluster, cmdb, imports):
    with io.open(imports.path, "w") as file:
        file.write("name,ip,cpu\n")
    summary = imports.on(cluster.address)
    assert (summary.state, summary.exit_code, summary.counts.rows) == ("done", 0, 0)
    assert cmdb.stored == {}


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_long_rows_arrive(cluster, cmdb, imports, kind, tmp_path):
    """Nearly as long as a row, or a cell of CSV, may be."""
    imports.path = str(tmp_path / ("long." + kind))
    rows = [{"name": "host-%d" % n, "ip": "x" * (900000 if kind == "json" else 130000)}
            for n in range(12)]
    with io.open(imports.path, "w") as file:
        file.write("name,ip\n" + "".join("%(name)s,%(ip)s\n" % row for row in rows)
                   if kind == "csv" else json.dumps(rows))
    summary = imports.on(cluster.address)
    assert (summary.exit_code, summary.counts.inserted) == (0, 12), summary.problems
    assert cmdb.stored == {row["name"]: row for row in rows}


def test_neither_keys_nor_cells_come_into_the_logs_of_dask(cluster, imports):
    target = TargetDescription(cluster_bodies.BrokenTarget, api_key="a-secret-key")
    with pytest.raises(ZeroDivisionError):
        imports.on(cluster.address, target)
    logs = "".join(each.errors for each in cluster.workers + [cluster.scheduler])
    assert "Compute Failed" in logs and "<rows " in logs
    assert "a-secret-key" not in logs and "host-1" not in logs


def test_the_command(cluster, cmdb, imports):
    arguments = [
        "-m", "waterspout_cmdb", "import", imports.path, "--object=HOST", "--key=name",
        "--upstream=" + cmdb.url, "--cluster=" + cluster.address]
    with Program(arguments) as command:
        assert command.wait() == 0, command.errors
        assert "inserted         1,500" in command.output
    assert cmdb.stored == expected(ROWS)


def test_a_dry_run_is_not_done_on_a_cluster(cluster, imports):
    with pytest.raises(BulkError, match="leave out --cluster"):
        imports.on(cluster.address, dry_run=True)
