# -*- coding: utf-8 -*-
"""Whatever is in a cell, mapping does not raise, and what it accepts the CMDB accepts."""

from __future__ import absolute_import, division, print_function

import datetime
import json

from bulk_models import DEFINITION, MODEL, mapper
from hypothesis import given
from hypothesis import strategies as st

from waterspout_cmdb.bulk.mapping import problem_text
from waterspout_cmdb.bulk.rows import ABSENT, Row
from waterspout_cmdb.bulk.writing import formulas
from waterspout_cmdb.sandbox.models import model as sandbox_models

KINDS = [name for name in MODEL.attributes if name not in ("name", "serial")]
TYPES = sandbox_models.Model(dict(DEFINITION, relation_list=[])).attributes

PARTS = st.sampled_from(
    u"0 1 9 29 2024 -02 /3 . , ; : ' - + e E % # | [ ] { } \" ' = @ T Z am PM Feb March GB true no "
    u"dev web null NaN \\ :: fe80 10.0 . \u5e74 \u6708 \u65e5 \uff11 \u0664 \u00b2 \u00a0 \u3000 "
    u"\x00 \x0b \x85 \ud83d \U0001F600 \ufeff #N/A".split(u" ")) | st.just(u" ")
TEXTS = st.text(max_size=12) | st.lists(PARTS, max_size=9).map(u"".join)
LEAVES = TEXTS | st.none() | st.booleans() | st.integers() | st.floats() | st.just(ABSENT)
OTHERS = st.dates().map(lambda day: day.replace(year=max(day.year, 1))) | st.datetimes()
JSON = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from([u"size", u"kind", u"instanceId", u"\x00"]), inner, max_size=2),
    max_leaves=8)
CELLS = LEAVES | OTHERS | JSON | JSON.map(lambda value: u"%s" % json.dumps(value))
MAPPERS = [
    (name, mapper([u"name", name], is_json=is_json, empty=empty, dates=dates))
    for name in KINDS + ["apps", "rack", "disk.size"]
    for is_json, empty, dates in [(False, "clear", None), (True, "keep", "dmy")]
]


@given(CELLS)
def test_what_is_accepted_the_cmdb_accepts(cell):
    """For every type: a problem that is a sentence, or a value that the sandbox stores."""
    for name, made in MAPPERS:
        mapped = made.map(Row(2, [u"web-01", cell]))
        if mapped.problems:
            problem, = mapped.problems
            assert (problem.row, problem.column) == (2, name)
            assert problem.reason and u"\n" not in problem_text(problem)
        elif name in TYPES and name in mapped.document:
            TYPES[name].convert(mapped.document[name])
        json.dumps(mapped.document, allow_nan=False).encode("utf-8")


@given(TEXTS)
def test_text_stays_as_written(text):
    """But for its outer spaces, and the quote before a formula."""
    mapped = mapper([u"env", u"name"], keys=[u"env"]).map(Row(2, [u"dev", text]))
    if not mapped.problems and mapped.document.get("name") is not None:
        stripped = text.strip()
        assert mapped.document["name"] in (stripped, stripped[1:].strip())


@given(st.lists(st.sampled_from(u"'=+-@\t\ra1. "), max_size=6).map(u"".join))
def test_what_an_export_quotes_is_read_again(value):
    """A value that looks like a formula goes to a file and comes back."""
    value = value.strip()
    document = mapper([u"env", u"name"], keys=[u"env"], empty="clear").map(
        Row(2, [u"dev", formulas.neutral_value(value)])).document
    assert document.get("name", u"") == value


@given(st.integers(-2 ** 63, 2 ** 63 - 1))
def test_whole_numbers_keep_their_digits(number):
    """In plain figures, and in the groups that people write."""
    grouped = u"{:,}".format(number)
    for text in (u"%d" % number, grouped, grouped.replace(u",", u" "), grouped + u".00"):
        mapped = mapper([u"name", u"cpu"]).map(Row(2, [u"a", text]))
        assert mapped == ({"name": u"a", "cpu": number}, [], [])


@given(st.dates(min_value=datetime.date(1, 1, 1)))
def test_dates_are_the_day_that_is_written(day):
    """In every form; one that may be two days is never the wrong one."""
    expected = u"%04d-%02d-%02d" % (day.year, day.month, day.day)
    months = u"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    parts = {"d": day.day, "m": day.month, "y": u"%04d" % day.year, "n": months[day.month - 1]}
    made = mapper([u"name", u"bought"])
    for form in (u"{y}/{m}/{d}", u"{y}.{m}.{d}", u"{d} {n} {y}", u"{n} {d}, {y}",
                 u"{y}\u5e74{m}\u6708{d}\u65e5"):
        assert made.map(Row(2, [u"a", form.format(**parts)])).document["bought"] == expected
    for form in (u"{d}/{m}/{y}", u"{m}/{d}/{y}", u"{d}.{m}.{y}"):
        mapped = made.map(Row(2, [u"a", form.format(**parts)]))
        assert mapped.problems or mapped.document["bought"] == expected
