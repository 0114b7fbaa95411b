# -*- coding: utf-8 -*-
"""Columns are matched to attributes by name, or the user is told what to write."""

from __future__ import absolute_import, division, print_function

import pytest
from bulk_models import attribute, mapper

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import Mapper, Model, Rules
from waterspout_cmdb.bulk.rows import ABSENT, Row


def reasons(columns, **rules):
    with pytest.raises(BulkError) as caught:
        mapper(columns, **rules)
    return caught.value.reasons


@pytest.mark.parametrize("column", [
    u"cpu", u"CPU", u" Cpu ", u"CPU cores", u"cpu_cores", u"CPU-Cores", u"cpucores", u"\uff23PU",
    u"CPU cores *", u"\ufeffcpu",
])
def test_names_in_the_forms_that_people_write(column):
    """Case, spaces, ``_``, ``-`` and wide letters do not matter, in ids and in names."""
    assert mapper([u"name", column]).matches[1] == (column, u"cpu")


def test_the_user_says_what_a_column_is():
    """``map`` wins over names; its attribute may be written as people do."""
    made = mapper([u"Host Name", u"name"], map={"host name": "Name"}, ignore_columns=["name"])
    assert made.matches == [(u"Host Name", u"name")]
    assert made.findings == [u'column "name" is left out']


def test_unknown_columns_are_all_told():
    """Each has the nearest attribute; the last lines say what there is, and can be done."""
    assert reasons([u"name", u"CPU coers", u"Colour"]) == [
        'HOST has no attribute for column "CPU coers"; is CPU cores meant?',
        'HOST has no attribute for column "Colour"',
        "HOST has the attributes name, ip, cpu, load, virtual, env, roles, tags, bought, seen, "
        "extra, disk, disks, code, apps, rack",
        '--map "CPU coers=attribute" says what a column is; --ignore "CPU coers" leaves one out, '
        "and --ignore-unknown all of these",
    ]


@pytest.mark.parametrize("name", [u"", u"column C"])
def test_a_column_without_a_name_is_left_out(name):
    """Spreadsheets have empty columns between others."""
    made = mapper([u"name", u"cpu", name])
    assert made.matches == [(u"name", u"name"), (u"cpu", u"cpu")]
    assert made.findings == [
        "column C has no name: it is left out, and rows that have something there are rejected"]
    for blank in (u"", u"  ", None, ABSENT):
        assert made.map(Row(2, [u"web-1", u"4", blank])).problems == []


def test_what_is_in_a_column_without_a_name_is_not_lost_without_a_word():
    made = mapper([u"name", u"cpu", u"column C"])
    problem, = made.map(Row(2, [u"web-1", u"4", u"rack 7"])).problems
    assert (problem.column, problem.value) == (u"column C", u"rack 7")
    assert '--ignore "column C"' in problem.reason
    ignoring = mapper([u"name", u"cpu", u"column C"], ignore_columns=["column C"])
    assert ignoring.map(Row(2, [u"web-1", u"4", u"rack 7"])).problems == []


def test_unknown_columns_can_be_left_out():
    """All of them, with one rule; system fields are among them."""
    made = mapper([u"name", u"Colour", u"ctime", u""], ignore_unknown=True)
    assert made.matches == [(u"name", u"name")]


@pytest.mark.parametrize("column", [u"instanceId", u"_version", u"ctime", u"serial"])
def test_what_cannot_be_written(column):
    """A column of the CMDB's own fields, or of a read-only attribute, must be left out."""
    reason, = reasons([u"name", column])
    assert '--ignore "%s" leaves it out' % column in reason
    assert mapper([u"name", column], ignore_columns=[column]).matches == [(u"name", u"name")]


def test_instance_ids_can_be_the_key():
    """Then their column is used."""
    assert mapper([u"instanceId", u"cpu"], keys=[u"instanceId"]).matches[0][1] == u"instanceId"


def test_the_reason_of_a_rejects_file_is_left_out():
    """Unless the model has an attribute of that name."""
    assert mapper([u"name", u"reason"]).findings == [u'column "reason" is left out']
    model = Model({"objectId": "A", "attrList": [attribute("reason", "str")]})
    made = Mapper(model, ["reason"], Rules())
    made.use([u"reason"])
    assert made.matches == [(u"reason", u"reason")]


def test_two_columns_of_one_attribute():
    """It is not guessed which of them is meant."""
    assert reasons([u"name", u"CPU", u"CPU cores"]) == [
        'the columns "CPU", "CPU cores" are all cpu: --ignore leaves one out']


def test_a_name_that_may_be_two_attributes():
    """It is not guessed, either."""
    model = Model({"objectId": "A", "attrList": [
        attribute("name", "str"), attribute("a_b", "str"), attribute("ab", "str")]})
    made = Mapper(model, ["name"], Rules())
    made.use([u"name", u"a_b", u"ab"])  # As written, they can be told apart.
    with pytest.raises(BulkError, match='column "A B" may be a_b or ab: say which with --map'):
        made.use([u"name", u"A B"])


def test_a_key_without_a_column():
    """The error says how to name the column that it is."""
    assert reasons([u"cpu"]) == ['the key name has no column; --map "Column=name" says which it is']


@pytest.mark.parametrize("rule, error", [
    ({"Hostname": "name"},
     "the mapping names a column Hostname that the file does not have; is Host names meant?"),
    ({"Host names": "nmae"},
     "the mapping of column Host names: HOST has no attribute nmae; is name meant?"),
])
def test_mappings_that_cannot_be(rule, error):
    """A mapping is checked on both sides."""
    assert reasons([u"Host names"], map=rule) == [error]
