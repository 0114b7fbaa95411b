"""An export: every instance once, in a file that the import reads as the same instances."""

from __future__ import absolute_import, division, print_function

import io
import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tornado import gen

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.exporting import export
from waterspout_cmdb.bulk.mapping import Mapper, Model, Rules
from waterspout_cmdb.bulk.reading import ReadOptions, open_table


def attribute(id, type, regex=None, name=None, readonly=False):
    value = {"type": type, "regex": regex}
    if type in ("struct", "structs"):
        value["struct_define"] = [{"id": "a", "type": "str"}, {"id": "n", "type": "int"}]
    return {"id": id, "name": name or id.upper(), "readonly": "true" if readonly else "false",
            "value": value}


HOST = {
    "objectId": "HOST", "view": {"show_key": ["name"]},
    "attrList": [
        attribute("name", "str", name="Host name"), attribute("cpu", "int"),
        attribute("load", "float"), attribute("virtual", "bool"),
        attribute("env", "enum", ["dev", "test", "=prod"]),
        attribute("roles", "enums", ["web", "db", "a;b"]), attribute("tags", "arr"),
        attribute("bought", "date"), attribute("seen", "datetime"), attribute("ip", "ip"),
        attribute("more", "json"), attribute("rack", "struct"), attribute("disks", "structs"),
        attribute("serial", "str", readonly=True)],
    "relation_list": [
        {"left_object_id": "HOST", "left_id": "owner", "left_max": 1, "right_object_id": "USER",
         "right_id": "hosts", "right_max": -1},
        {"left_object_id": "HOST", "left_id": "apps", "left_max": -1, "right_object_id": "APP",
         "right_id": "on", "right_max": -1}],
}
USER = {"objectId": "USER", "view": {"show_key": ["login"]},
        "attrList": [attribute("login", "str"), attribute("mail", "str")]}
APP = {"objectId": "APP", "view": {}, "attrList": [attribute("name", "str")]}


class FakeTarget(object):
    """Has instances in memory, and answers as the CMDB does to what an export asks."""

    name = "gateway http://127.0.0.1:1"

    def __init__(self, instances, page_limit=3000, is_sorted=True):
        self.instances = instances
        self.page_limit = page_limit
        self.is_sorted = is_sorted
        self.before_search = lambda: None
        self.asked = []

    def model(self, object_id):
        return gen.maybe_future({"HOST": HOST, "USER": USER, "APP": APP}[object_id])

    @gen.coroutine
    def search(self, object_id, query, fields, page, page_size, sort=None):
        yield gen.moment
        self.before_search()
        self.asked.append(query)
        assert (page, list(sort)) == (1, [(u"instanceId", 1)]) and u"instanceId" in fields
        wanted, after = dict(query), u""
        for part in query.get("$and", [query]):
            after = part.get(u"instanceId", {}).get("$gt", after)
            wanted = part if u"instanceId" not in part else wanted
        wanted = {k: v for k, v in wanted.items() if k not in (u"instanceId", "$and")}
        found = [each for each in self.instances if each[u"instanceId"] > after
                 and all(each.get(name) == value for name, value in wanted.items())]
        if self.is_sorted:
            found.sort(key=lambda each: each[u"instanceId"])
        raise gen.Return((found[: min(page_size, self.page_limit)], len(found)))


def instances(number):
    return [{u"instanceId": u"%013x" % (each * 7), u"name": u"host-%d" % each, u"cpu": each}
            for each in range(number)]


@pytest.fixture
def path(tmpdir):
    return str(tmpdir.join("hosts.csv"))


_LOOPS = []


@pytest.fixture(autouse=True)
def _loop(io_loop):
    _LOOPS.append(io_loop)
    yield
    _LOOPS.pop()


def run(target, *args, **keywords):
    return _LOOPS[-1].run_sync(lambda: export(target, "HOST", *args, **keywords), 30)


def text_of(path):
    with io.open(path, encoding="utf-8", newline="") as file:
        return file.read()


def test_all_instances_page_by_page(path):
    """The server allows fewer on a page than asked for; each instance is there once."""
    seen = []
    count = run(FakeTarget(instances(2500), page_limit=300), None, ["name", "CPU"], path,
                on_progress=lambda rows, total: seen.append((rows, total)))
    lines = text_of(path).splitlines()
    assert count == 2500 and lines[0] == u"name,cpu"
    assert lines[1:] == [u"host-%d,%d" % (each, each) for each in range(2500)]
    assert seen[0] == (300, 2500) and seen[-1] == (2500, 2500)


def test_no_instance_is_lost_or_repeated_while_others_write(path):
    """After each page one instance that was read is deleted, and one inserted before it."""
    target, number = FakeTarget(instances(1000)), [0]

    def change():
        if number[0]:
            target.instances = [
                each for each in target.instances if each[u"cpu"] != number[0] * 100 - 50]
            target.instances.append(
                {u"instanceId": u"%013x" % (number[0] * 7 + 1), u"name": u"new", u"cpu": -1})
        number[0] += 1

    target.before_search = change
    assert run(target, None, ["cpu"], path, page_size=100) == 1000
    assert text_of(path).split() == [u"cpu"] + [u"%d" % each for each in range(1000)]


def test_a_query_holds_for_every_page(path):
    target = FakeTarget([dict(each, env=u"dev" if each[u"cpu"] % 2 else u"test")
                         for each in instances(100)])
    assert run(target, {u"env": u"dev"}, ["cpu"], path, page_size=10) == 50
    assert target.asked[0] == {u"env": u"dev"}
    assert target.asked[1] == {
        "$and": [{u"env": u"dev"}, {u"instanceId": {"$gt": u"%013x" % (19 * 7)}}]}


def test_a_target_that_does_not_sort_is_refused(path):
    target = FakeTarget(instances(50)[::-1], is_sorted=False)
    with pytest.raises(BulkError) as caught:
        run(target, None, ["cpu"], path, page_size=10)
    assert "does not answer in the order of instanceId" in str(caught.value)
    assert not os.path.exists(path)


def test_an_error_in_the_middle_leaves_no_half_file(path):
    with io.open(path, "w") as file:
        file.write(u"old")
    target = FakeTarget(instances(100))

    def fail():
        if len(target.asked) == 3:
            raise BulkError("the gateway is gone")

    target.before_search = fail
    with pytest.raises(BulkError) as caught:
        run(target, None, None, path, page_size=10, peer_keys={u"apps": u"name"})
    assert str(caught.value) == "the gateway is gone"
    assert text_of(path) == u"old" and os.listdir(os.path.dirname(path)) == ["hosts.csv"]


def test_columns_are_what_an_import_can_write(path):
    run(FakeTarget([]), None, None, path, peer_keys={u"apps": u"name"})
    assert text_of(path).strip().split(u",") == [
        u"name", u"cpu", u"load", u"virtual", u"env", u"roles", u"tags", u"bought", u"seen",
        u"ip", u"more", u"rack", u"disks", u"owner.login", u"apps.name"]


def test_columns_that_are_asked_for(path):
    target = FakeTarget([dict(instances(1)[0], serial=u"0012", _version=3)])
    run(target, None, ["instanceId", "Host name", "serial", "_version"], path)
    assert text_of(path).splitlines() == [
        u"instanceId,name,serial,_version", u"0000000000000,host-0,0012,3"]


@pytest.mark.parametrize("columns, words", [
    (["nme"], "HOST has no attribute nme; is name meant?"), (["name", "NAME"], "named twice"),
    ([], "no columns are named")])
def test_columns_that_are_not_there(path, columns, words):
    with pytest.raises(BulkError) as caught:
        run(FakeTarget([]), None, columns, path)
    assert words in str(caught.value) and not os.path.exists(path)


def test_related_instances_are_named_by_their_key(path):
    target = FakeTarget([
        dict(instances(1)[0], owner=[{u"instanceId": u"1", u"login": u"ann"}],
             apps=[{u"name": u"web"}, {u"name": u"a,b"}, {u"instanceId": u"2"}])])
    told = []
    run(target, None, ["owner", "apps"], path, peer_keys={u"apps": u"name"},
        on_findings=told.extend)
    assert text_of(path).splitlines() == [u"owner.login,apps.name", u'ann,"web;a,b"']
    assert told == [u"apps of 0000000000000: an instance without name was left out"]


def test_a_relation_to_a_model_without_a_name(path):
    with pytest.raises(BulkError) as caught:
        run(FakeTarget([]), None, ["apps"], path)
    assert "the relation apps: the model APP does not say" in str(caught.value)


def test_formulas_are_neutralized_unless_told(path):
    target = FakeTarget([dict(instances(1)[0], name=u"=1+1")])
    run(target, None, ["name"], path)
    assert text_of(path).splitlines()[1] == u"'=1+1"
    run(target, None, ["name"], path, raw=True)
    assert text_of(path).splitlines()[1] == u"=1+1"


@pytest.mark.parametrize("name, format", [
    ("x.jsonl", None), ("x.ndjson.gz", None), ("x", "jsonl"), ("x.csv", "jsonl")])
def test_the_format_is_told_by_the_name(tmpdir, name, format):
    path = str(tmpdir.join(name))
    run(FakeTarget(instances(3)), None, ["name"], path, format)
    table = open_table(path, ReadOptions(format="jsonl"))
    assert [row.cells for row in table.rows()] == [[u"host-0"], [u"host-1"], [u"host-2"]]
    table.close()


def test_a_name_that_tells_no_format(tmpdir):
    with pytest.raises(BulkError) as caught:
        run(FakeTarget([]), None, ["name"], str(tmpdir.join("x.ods")))
    assert "no format is known by the ending .ods" in str(caught.value)
    assert tmpdir.listdir() == []


# What is written, the import reads as the same.

#: As the CMDB stores them. The import takes outer spaces off and refuses control characters.
_CHARACTERS = st.characters(
    blacklist_categories=("Cc", "Cs"), blacklist_characters=u"\x85\u2028\ufffe\uffff")
TEXTS = st.one_of(
    st.text(_CHARACTERS, min_size=1, max_size=8),
    st.text(st.sampled_from(u"=+-@';,|[]{}\"1 a\n\r\u4e3b"), min_size=1, max_size=6),
    st.sampled_from([u"0012", u"1e5", u"true", u"-5", u"+49 1", u"null", u"12345678901234567890",
                     u"_x000D_", u"a\rb"]),
).map(lambda text: text.strip()).filter(lambda text: text and not text.startswith(u"#"))
INTEGERS = st.integers(-2 ** 63, 2 ** 63 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.one_of(st.booleans(), INTEGERS, FLOATS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, min_size=1, max_size=3),
                            st.dictionaries(TEXTS, inner, min_size=1, max_size=3)), max_leaves=5)
STRUCTS = st.one_of(
    st.fixed_dictionaries({u"a": TEXTS}), st.fixed_dictionaries({u"a": TEXTS, u"n": INTEGERS}))
VALUES = {
    u"name": TEXTS, u"cpu": INTEGERS, u"load": FLOATS, u"virtual": st.booleans(),
    u"env": st.sampled_from([u"dev", u"test", u"=prod"]),
    u"roles": st.lists(st.sampled_from([u"web", u"db", u"a;b"]), min_size=1, max_size=3),
    u"tags": st.lists(st.one_of(TEXTS, INTEGERS, st.booleans()), min_size=1, max_size=3),
    u"bought": st.sampled_from([u"2024-02-29", u"1899-12-31", u"9999-12-31"]),
    u"seen": st.sampled_from([u"2024-02-29 23:59:59", u"1970-01-01 00:00:00"]),
    u"ip": st.sampled_from([u"10.0.0.1", u"2001:db8::1"]), u"more": JSON, u"rack": STRUCTS,
    u"disks": st.lists(STRUCTS, min_size=1, max_size=2),
}


@st.composite
def documents(draw):
    names = draw(st.sets(st.sampled_from(sorted(set(VALUES) - {u"name"}))))
    return {name: draw(VALUES[name]) for name in sorted(names | {u"name"})}


def imported(path, format):
    """Return the documents and references of a file, as the import maps them."""
    if format == "xlsx":
        pytest.importorskip("openpyxl")
    table = open_table(path, ReadOptions(format=format, header_row=None if format in (
        "json", "jsonl") else 1))
    mapper = Mapper(Model(HOST), [u"name"], Rules().for_table(table))
    mapper.use(table.columns, format in ("json", "jsonl"))
    mapped = [mapper.map(row) for row in table.rows()]
    table.close()
    assert [each.problems for each in mapped if each.problems] == []
    return mapped


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "jsonl", "xlsx"])
def test_a_round_trip(tmpdir, format):
    path = str(tmpdir.join("hosts"))

    @settings(max_examples=15 if format == "xlsx" else 30, deadline=None,
              suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
    @given(st.lists(documents(), min_size=1, max_size=4))
    def check(wanted):
        target = FakeTarget([
            dict(each, instanceId=u"%013d" % number) for number, each in enumerate(wanted)])
        run(target, None, sorted(VALUES), path, format)
        found = [each.document for each in imported(path, format)]
        assert json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True)

    check()


@pytest.mark.parametrize("delimiter", [u",", u";"])
def test_a_round_trip_of_numbers_that_may_be_a_thousand_or_one(path, delimiter):
    """Where semicolons separate the cells, an import refuses 1.024."""
    wanted = [1.024, -12.5, 999.125, 1024.0, 0.024, -1.001]
    run(FakeTarget([
        {u"instanceId": u"%013d" % number, u"name": u"h%d" % number, u"load": load}
        for number, load in enumerate(wanted)]), None, [u"name", u"load"], path, "csv",
        delimiter=delimiter)
    assert [each.document[u"load"] for each in imported(path, "csv")] == wanted


@pytest.mark.parametrize("format", ["csv", "jsonl", "xlsx"])
def test_a_round_trip_of_relations(tmpdir, format):
    """Names that look like ids, like JSON, or like several."""
    path = str(tmpdir.join("hosts"))
    names = [u"abcdefghijklm", u"a;b", u"[x]", u"=1", u"plain"]
    wanted = [[name] for name in names] + [names]
    run(FakeTarget([
        {u"instanceId": u"%013d" % number, u"name": u"h", u"apps": [{u"name": n} for n in each],
         u"owner": [{u"login": each[0]}]} for number, each in enumerate(wanted)]),
        None, ["name", "apps", "owner"], path, format, peer_keys={u"apps": u"name"})
    for mapped, each in zip(imported(path, format), wanted):
        found = [(one.side, one.attribute, one.text) for one in mapped.references]
        assert sorted(found) == sorted(
            [(u"apps", u"name", name) for name in each] + [(u"owner", u"login", each[0])])
