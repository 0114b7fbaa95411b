# -*- coding: utf-8 -*-
"""Mapped rows in the CMDB: it stores them, and then nothing would change."""

from __future__ import absolute_import, division, print_function

import json

import pytest
from raw_server import PATIENCE
from sandbox_models import EVERYTHING, RELATED
from served_app import ServedApp

from waterspout_cmdb.bulk.checking import PeerResolver, compare
from waterspout_cmdb.bulk.mapping import Mapper, Model, Rules, problem_text
from waterspout_cmdb.bulk.rows import Row
from waterspout_cmdb.bulk.targets import CMDBTarget
from waterspout_cmdb.sandbox.app import make_app
from waterspout_cmdb.sandbox.storage import Store

APPS = [{"name": u"shop"}, {"name": u"\u5546\u5e97"}, {"name": u"till, old"}]


@pytest.fixture
def run(io_loop):
    return lambda function, *args: io_loop.run_sync(lambda: function(*args), PATIENCE)


@pytest.fixture
def target(tmpdir, run):
    store = Store.open(str(tmpdir.join("sandbox.db")), seed=RELATED + [EVERYTHING])
    with ServedApp(lambda: make_app(store)) as served:
        target = CMDBTarget("127.0.0.1:%d" % served.port, org=7, user="easyops")
        yield target
        run(target.close)


def store(run, target, object_id, documents):
    encoded = [json.dumps(each).encode("ascii") for each in documents]
    result = run(target.import_rows, object_id, ["name"], encoded)
    assert result.failures == [] and result.warnings == []


def test_relations_by_name(run, target):
    """Names become ids; the rows are stored, and imported again they would change nothing."""
    store(run, target, "APP", APPS)
    model = Model(run(target.model, "HOST"))
    mapper = Mapper(model, ["name"], Rules())
    mapper.use([u"Name", u"CPU", u"Tags", u"apps", u"chip.cores", u"chip.vendor"])
    rows = [mapper.map(Row(number, cells)) for number, cells in enumerate([
        [u"web-1", u"1,024", u"b; a", u"shop; \u5546\u5e97", u"8", u"\u82f1\u7279\u5c14"],
        [u"web-2", u"", u"", u"till, old;", u"", u""],
        [u"web-3", u"8", u"", u"shop, nil", u"", u""],
    ], 2)]
    problem, = run(PeerResolver(target).resolve, rows)
    assert (problem.row, problem_text(problem)) == (
        4, u'apps: "nil" names no instance: there is no APP with this name; import it first, or '
           u"correct the name")
    documents = [each.document for each in rows[:2]]
    store(run, target, "HOST", documents)
    found = run(target.find, "HOST", ["name"], documents, None)
    assert [compare(model, each, found[mapper.key(each)]) for each in documents] == [[], []]
    assert sorted(each["name"] for each in found[(u"web-1",)]["apps"]) == [u"shop", u"\u5546\u5e97"]
    other = dict(documents[0], cpu=8, apps=documents[1]["apps"])
    assert compare(model, other, found[(u"web-1",)]) == ["apps", "cpu"]


def test_every_type(run, target):
    """What people write in the cells is what the CMDB has then."""
    model = Model(run(target.model, "EVERYTHING"))
    mapper = Mapper(model, ["name"], Rules(dates="dmy"))
    cells = [
        (u"name", u"0012"), (u"count", u"9,007,199,254,740,993"), (u"ratio", u"3,5"),
        (u"active", u"\u662f"), (u"env", u"PROD"), (u"zones", u"A, \u4e2d"), (u"tags", u"x|y"),
        (u"born", u"03/04/2024"), (u"seen", u"2024-02-29T23:59:00Z"), (u"ip", u"10.0.0.1"),
        (u"blob", u'{"a": [1, null]}'), (u"chip", u'{"cores": "8", "flags": "a,b"}'),
        (u"disks", u'[{"size": 1}, {"label": "x"}]'),
    ]
    mapper.use([column for column, _ in cells])
    mapped = mapper.map(Row(2, [cell for _, cell in cells]))
    assert mapped.problems == []
    store(run, target, "EVERYTHING", [mapped.document])
    found = run(target.find, "EVERYTHING", ["name"], [mapped.document], None)[(u"0012",)]
    assert compare(model, mapped.document, found) == []
    expected = {
        "name": u"0012", "count": 9007199254740993, "ratio": 3.5, "active": True, "env": u"prod",
        "zones": [u"a", u"\u4e2d"], "tags": [u"x", u"y"], "born": u"2024-04-03",
        "seen": u"2024-02-29 23:59:00", "ip": u"10.0.0.1", "blob": {"a": [1, None]},
        "chip": {"cores": 8, "flags": [u"a", u"b"]}, "disks": [{"size": 1}, {"label": u"x"}],
    }
    assert {name: found[name] for name in expected} == expected
