"""An export from the sandbox, over a socket, and the import of what it has written."""

from __future__ import absolute_import, division, print_function

import io
import json

import pytest
from raw_server import PATIENCE
from sandbox_models import RELATED
from served_app import ServedApp
from tornado import gen

from waterspout_cmdb.bulk.exporting import export
from waterspout_cmdb.bulk.mapping import Mapper, Model, Rules
from waterspout_cmdb.bulk.reading import ReadOptions, open_table
from waterspout_cmdb.bulk.targets import CMDBTarget
from waterspout_cmdb.sandbox.app import make_app as make_sandbox
from waterspout_cmdb.sandbox.storage import Store


@pytest.fixture
def target(tmpdir, io_loop):
    store = Store.open(str(tmpdir.join("sandbox.db")))
    with ServedApp(lambda: make_sandbox(store)) as served:
        target = CMDBTarget("127.0.0.1:%d" % served.port, org=7)
        yield target
        io_loop.run_sync(target.close, PATIENCE)


@pytest.fixture
def related(tmpdir, io_loop):
    """The target of a sandbox whose models have relations."""
    store = Store.open(str(tmpdir.join("related.db")), seed=RELATED)
    with ServedApp(lambda: make_sandbox(store)) as served:
        target = CMDBTarget("127.0.0.1:%d" % served.port, org=7)
        yield target
        io_loop.run_sync(target.close, PATIENCE)


def documents(number):
    return [
        {u"name": u"=\u4e3b\u673a-%d" % each, u"cpu": each, u"env": u"dev",
         u"tags": [u"a,b", u"c"] if each % 2 else [u"a;b"], u"owner": u"'-%d" % each}
        for each in range(number)]


@gen.coroutine
def load(target, rows, object_id=u"HOST"):
    result = yield target.import_rows(
        object_id, [u"name"], [json.dumps(each).encode("ascii") for each in rows])
    assert not result.failures


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_there_and_back(tmpdir, target, io_loop, format):
    """All that was imported is exported, in pages, and is mapped as the same documents."""
    path = str(tmpdir.join("hosts." + format))
    rows = documents(500)
    io_loop.run_sync(lambda: load(target, rows), PATIENCE)
    count = io_loop.run_sync(
        lambda: export(target, u"HOST", path=path, page_size=70), PATIENCE)
    assert count == 500
    table = open_table(path, ReadOptions(format=format))
    mapper = Mapper(Model(io_loop.run_sync(lambda: target.model(u"HOST"))), [u"name"], Rules())
    mapper.use(table.columns, format == "jsonl")
    found = [mapper.map(row).document for row in table.rows()]
    table.close()
    assert sorted(found, key=lambda each: each[u"cpu"]) == rows


def test_some_instances_and_some_columns(tmpdir, target, io_loop):
    path = str(tmpdir.join("hosts.csv"))
    io_loop.run_sync(lambda: load(target, documents(100)), PATIENCE)
    query = {u"cpu": {u"$gte": 90}}
    count = io_loop.run_sync(
        lambda: export(target, u"HOST", query, [u"cpu"], path, page_size=3), PATIENCE)
    with io.open(path) as file:
        lines = file.read().split()
    assert count == 10
    assert lines[0] == u"cpu" and sorted(lines[1:]) == [u"%d" % each for each in range(90, 100)]


def test_related_instances_by_name(tmpdir, related, io_loop):
    path = str(tmpdir.join("hosts.csv"))

    @gen.coroutine
    def both():
        yield load(related, [{u"name": u"web"}, {u"name": u"api,2"}], u"APP")
        found, _ = yield related.search(u"APP", {}, [u"instanceId"], 1, 10)
        identifiers = [each[u"instanceId"] for each in found]
        yield load(related, [
            {u"name": u"one", u"apps": identifiers}, {u"name": u"two", u"apps": []}])
        yield export(related, u"HOST", None, [u"name", u"apps"], path, peer_keys={u"apps": u"name"})

    io_loop.run_sync(both, PATIENCE)
    table = open_table(path, ReadOptions())
    rows = {row.cells[0]: sorted(row.cells[1].split(u";")) for row in table.rows()}
    assert table.columns == [u"name", u"apps.name"]
    table.close()
    assert rows == {u"one": [u"api,2", u"web"], u"two": [u""]}
