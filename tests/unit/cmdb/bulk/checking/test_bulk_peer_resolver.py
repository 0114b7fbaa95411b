"""The names of related instances become ids, with few calls."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen

from waterspout_cmdb.bulk.checking import PeerResolver
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import Mapped, Model, Reference, Rules, problem_text
from waterspout_cmdb.bulk.targets import Found

APP = {"objectId": "APP", "view": {"show_key": ["name"]}, "attrList": [
    {"id": "name", "value": {"type": "str"}}, {"id": "port", "value": {"type": "int"}},
    {"id": "began", "value": {"type": "datetime"}},
    {"id": "tags", "value": {"type": "arr"}}]}


class Target(object):
    """Knows instances of APP, and notes what it is asked."""

    def __init__(self):
        self.instances = [
            {"instanceId": u"id%d" % number, "name": name, "port": port}
            for number, (name, port) in enumerate([
                (u"shop", 80), (u"till", 81), (u"twin", 82), (u"twin", 83)])]
        self.asked = []

    @gen.coroutine
    def model(self, object_id):
        self.asked.append("model")
        raise gen.Return(APP)

    @gen.coroutine
    def find(self, object_id, keys, documents, fields):
        name, = keys
        self.asked.append(sorted(each[name] for each in documents))
        found = Found()
        for document in documents:
            key = (document[name],)
            for instance in self.instances:
                if instance[name] == document[name]:
                    if key in found:
                        found.several.add(key)
                    found[key] = instance
        raise gen.Return(found)


def row(number, names, attribute=None, side=u"apps"):
    references = [
        Reference(side, u"APP", attribute, name, number, u"Apps") for name in names]
    return Mapped({u"name": u"web-01"}, [], references)


@pytest.fixture
def resolve(io_loop):
    return lambda resolver, rows: io_loop.run_sync(lambda: resolver.resolve(rows))


@pytest.fixture
def target():
    return Target()


def test_one_call_for_many_rows(resolve, target):
    """Each name is asked for once; later rows find it in memory."""
    resolver = PeerResolver(target)
    rows = [row(2, [u"shop", u"till"]), row(3, [u"till"]), row(4, [])]
    assert resolve(resolver, rows) == []
    assert [each.document.get(u"apps") for each in rows] == [[u"id0", u"id1"], [u"id1"], None]
    again = [row(5, [u"till"])]
    assert resolve(resolver, again) == []
    assert again[0].document[u"apps"] == [u"id1"]
    assert target.asked == ["model", [u"shop", u"till"]]


def test_by_an_attribute_of_another_type(resolve, target):
    """The name in the cell is read as a value of that attribute."""
    resolver = PeerResolver(target, {u"APP": Model(APP)})
    rows = [row(2, [u"81"], u"port"), row(3, [u"eighty"], u"port")]
    problem, = resolve(resolver, rows)
    assert rows[0].document[u"apps"] == [u"id1"]
    assert problem.row == 3 and problem_text(problem) == (
        u'Apps: "eighty" is not a whole number; write for example 8')
    assert target.asked == [[81]]


def test_names_are_read_by_the_rules_of_the_import(resolve, target):
    """As the cells of the other columns are: the same time is the same value everywhere."""
    target.instances = [
        {"instanceId": u"id8", "began": u"2027-04-04 04:00:00"},
        {"instanceId": u"id0", "began": u"2027-04-03 20:00:00"}]
    resolver = PeerResolver(target, rules=Rules(utc_offset=u"+08:00", dates="dmy"))
    rows = [row(2, [u"2027-04-03T20:00:00Z"], u"began"), row(3, [u"03/04/2027 20:00"], u"began")]
    assert resolve(resolver, rows) == []
    assert [each.document[u"apps"] for each in rows] == [[u"id8"], [u"id0"]]


def test_names_without_one_instance(resolve, target):
    """The row and the name are told; the document has no part of the relation."""
    rows = [row(2, [u"shop", u"nil"]), row(3, [u"twin"]), row(4, [u"nil", u"shop"])]
    problems = resolve(PeerResolver(target), rows)
    assert [(each.row, each.column, each.value) for each in problems] == [
        (2, u"Apps", u"nil"), (3, u"Apps", u"twin"), (4, u"Apps", u"nil")]
    assert u"there is no APP with this name; import it first" in problems[0].reason
    assert u"names several instances of APP with this name" in problems[1].reason
    assert [u"apps" in each.document for each in rows] == [False] * 3


def test_two_names_of_one_instance(resolve, target):
    """Its id is in the document once."""
    mapped = Mapped({}, [], [
        Reference(u"apps", u"APP", u"port", name, 2, u"Apps") for name in (u"80", u"80.0")])
    assert resolve(PeerResolver(target), [mapped]) == []
    assert mapped.document == {u"apps": [u"id0"]}


def test_what_is_remembered_is_bounded(resolve, target):
    """The names used last are kept."""
    resolver = PeerResolver(target, cache_size=1)
    rows = [row(2, [u"shop", u"till"])]
    assert resolve(resolver, rows) == []
    assert rows[0].document[u"apps"] == [u"id0", u"id1"]
    assert resolve(resolver, [row(3, [u"till"]), row(4, [u"shop"])]) == []
    assert len(target.asked) == 3  # The model, both, one of them again.


@pytest.mark.parametrize("attribute", [u"nme", u"tags"])
def test_an_attribute_that_names_nothing(resolve, target, attribute):
    """It is the same for all rows, so that the import cannot go on."""
    with pytest.raises(BulkError, match="APP cannot be named by %s" % attribute):
        resolve(PeerResolver(target), [row(2, [u"shop"], attribute)])
