# -*- coding: utf-8 -*-
"""Rows become documents, and what is wrong with a row is told, all of it."""

from __future__ import absolute_import, division, print_function

import collections
import pickle

import pytest
from bulk_models import DEFINITION, MODEL, mapper

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import Mapper, Model, Rules, problem_text
from waterspout_cmdb.bulk.rows import ABSENT, Row


def test_a_row_becomes_a_document():
    """Cells have the types of the attributes; outer spaces are gone."""
    made = mapper([u"Name", u"CPU cores", u"load", u"Virtual", u"environment"])
    mapped = made.map(Row(2, [u" web-01 ", u"1,024", u"0.5", u"yes", u"prod"]))
    assert mapped == (
        {"name": u"web-01", "cpu": 1024, "load": 0.5, "virtual": True, "env": u"Prod"}, [], [])
    assert made.key(mapped.document) == (u"web-01",)


def test_every_wrong_cell_is_told():
    """A row has a problem for each cell that is wrong, with the cell as it is in the file."""
    mapped = mapper([u"name", u"cpu", u"Virtual"]).map(Row(7, [u"web-01", u" eight", u"maybe"]))
    assert [(each.row, each.column, each.value) for each in mapped.problems] == [
        (7, u"cpu", u" eight"), (7, u"Virtual", u"maybe")]
    assert problem_text(mapped.problems[0]) == (
        u'cpu: " eight" is not a whole number; write for example 8')


@pytest.mark.parametrize("cell", [u"-", u" N/A ", u"\u65e0"])
def test_what_stands_for_no_value(cell):
    """It is a problem with a hint, unless the attribute needs a value; a text may be so."""
    made = mapper([u"name", u"bought", u"disk.size"])
    date, size = made.map(Row(2, [cell, cell, cell])).problems
    hint = u"; if it stands for no value, leave the cell empty"
    assert date.reason == u"is not a date; write for example 2024-02-29" + hint
    assert size.reason == u"is not a whole number; write for example 8" + hint
    problem, = mapper([u"cpu"], keys=[u"cpu"]).map(Row(2, [cell])).problems
    assert hint not in problem.reason


@pytest.mark.parametrize("cell", [u"", u"  ", u"\u3000", None])
def test_an_empty_cell_says_nothing(cell):
    """The attribute is not sent, so that the CMDB keeps what it has."""
    assert mapper([u"name", u"cpu"]).map(Row(2, [u"a", cell])).document == {"name": u"a"}


def test_an_empty_cell_clears_if_told_so():
    """With ``empty="clear"`` null is sent, but not for a cell that the row does not have."""
    made = mapper([u"code", u"cpu", u"load"], keys=[u"code"], empty="clear")
    assert made.map(Row(2, [u"AB1", u"", ABSENT])).document == {"code": u"AB1", "cpu": None}


def test_what_is_required_cannot_be_cleared():
    """An empty cell of a required attribute is a problem if it would clear."""
    made = mapper([u"code", u"name"], keys=[u"code"], empty="clear")
    problem, = made.map(Row(2, [u"AB1", u" "])).problems
    assert problem_text(problem) == (
        u'name: " " is empty, but the attribute name needs a value')


def test_the_key_must_have_a_value():
    """A row without a key cannot be imported."""
    problem, = mapper([u"Name", u"cpu"]).map(Row(3, [u" ", u"8"])).problems
    assert problem_text(problem) == u"Name is empty, but it is the key: write a value"


def test_a_wrong_key_is_told_once():
    """The key cell has one problem, not that it is missing as well."""
    made = mapper([u"cpu"], keys=[u"cpu"])
    assert [each.reason for each in made.map(Row(3, [u"x"])).problems] == [
        u"is not a whole number; write for example 8"]


def test_rows_of_other_lengths():
    """What a short row lacks says nothing; a longer one is a mistake unless its rest is empty."""
    made = mapper([u"name", u"cpu"])
    assert made.map(Row(2, [u"a"])) == ({"name": u"a"}, [], [])
    assert made.map(Row(3, [u"a", u"1", u"", None])) == ({"name": u"a", "cpu": 1}, [], [])
    problem, = made.map(Row(4, [u"a", u"1", u"2"])).problems
    assert (problem.row, problem.column) == (4, None)
    assert u"the row has 3 cells, the header 2" in problem.reason


def test_a_json_table_gets_columns_while_it_is_read():
    """A column that appears later is used from its row on; an unknown one ends it with its row."""
    columns = [u"name"]
    made = mapper(columns, is_json=True)
    assert made.map(Row(1, [u"a"])).document == {"name": u"a"}
    columns.append(u"cpu")
    assert made.map(Row(2, [u"b", 8])).document == {"name": u"b", "cpu": 8}
    columns.append(u"clock")
    with pytest.raises(BulkError, match='row 3: HOST has no attribute for column "clock"'):
        made.map(Row(3, [u"c", 8, 1]))


def test_rules_and_models_can_be_pickled():
    """Other processes map in the same way."""
    rules = Rules(map={"Host": "name"}, ignore_columns=["x"], dates="dmy", peer_keys={"a": "b"})
    assert pickle.loads(pickle.dumps(rules, 2)) == rules == Rules(**rules.as_dict())
    model = pickle.loads(pickle.dumps(MODEL, 2))
    assert model.attributes == MODEL.attributes and model.relations == MODEL.relations


def test_a_model_as_the_cmdb_gives_it():
    """Flags are read from texts, choices and members from the attribute's value."""
    model = Model(DEFINITION)
    assert (model.object_id, model.show_key) == (u"HOST", [u"name"])
    assert model.attributes["name"].required and not model.attributes["cpu"].required
    assert model.attributes["env"].choices[:2] == (u"dev", u"test")
    assert list(model.attributes["disk"].members) == [u"size", u"kind"]
    assert model.relations["rack"][:3] == (u"rack", u"RACK", 1)
    assert model.relations["apps"][:3] == (u"apps", u"APP", -1)


@pytest.mark.parametrize("definition", [None, [], {}, {"objectId": 3}, {"objectId": "A"}])
def test_what_is_no_model(definition):
    """An answer that is not a model's definition is an error in one line."""
    with pytest.raises(BulkError):
        Model(definition)


@pytest.mark.parametrize("keys, error", [
    ([], "no key is given"),
    (["nme"], "the key nme: HOST has no such attribute; is name meant?"),
    (["tags"], "values of the type arr cannot be a key"),
    (["instanceId", "name"], "instanceId is a key by itself"),
])
def test_keys_that_cannot_be(keys, error):
    """A key is checked before any row is read."""
    with pytest.raises(BulkError, match=error.replace("?", r"\?")):
        Mapper(MODEL, keys, Rules())


@pytest.mark.parametrize("key, attribute", [(u"CPU Cores", "cpu"), (u"Serial No", "name")])
def test_a_key_that_is_named_as_people_call_it(key, attribute):
    """By the attribute's name, or by the column: the error has its id."""
    with pytest.raises(BulkError, match=r"no such attribute; is %s meant\?" % attribute):
        Mapper(MODEL, [key], Rules(map={"serial no": "name"}))


@pytest.mark.parametrize("rules", [{"empty": "null"}, {"dates": "ymd"}])
def test_rules_that_cannot_be(rules):
    """A value that a rule does not have is refused with those that it has."""
    with pytest.raises(BulkError, match="it may be"):
        Rules(**rules)


@pytest.mark.parametrize("format, delimiter, told, decimal", [
    ("csv", u";", None, "unclear"), ("csv", u";", "point", "point"), ("csv", u",", None, None),
    ("tsv", u"\t", "comma", "comma"), ("xlsx", None, "comma", None), ("json", None, "comma", None)])
def test_decimals_of_a_table(format, delimiter, told, decimal):
    """Semicolons separate cells where decimals have a comma; numbers of Excel have a point."""
    table = collections.namedtuple("Table", "format delimiter")(format, delimiter)
    rules = Rules(decimal=told, dates="dmy")
    assert rules.for_table(table) == Rules(decimal=decimal, dates="dmy")
