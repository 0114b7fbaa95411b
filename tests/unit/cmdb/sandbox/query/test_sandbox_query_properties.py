# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import sqlite3

import hypothesis
import pytest
from hypothesis import strategies as st
from sandbox_models import EVERYTHING
from sandbox_reference import insert_all, matches

from waterspout_cmdb.sandbox.models import documents
from waterspout_cmdb.sandbox.models.model import Model
from waterspout_cmdb.sandbox.query.compiler import compile_query
from waterspout_cmdb.sandbox.query.ordering import compile_order
from waterspout_cmdb.sandbox.query.parser import parse_query
from waterspout_cmdb.sandbox.wire_format.values import MAX_INTEGER

pytestmark = pytest.mark.slow

MODEL = Model(EVERYTHING)

# Few values, so that rows and queries meet; strange ones, so that quoting is put to the test.
TEXTS = st.sampled_from(
    [u"", u"a", u"A", u"ab", u"%", u"a%b", u"*", u"?", u"[a]", u"[", u"]", u"^", u"_", u"\\", u"'",
     u'"', u"''", u"[]", u"{}", u"null", u"1", u"\n", u"\u0001", u"é", u"É", u"中文", u"中",
     u"\ufffd", u"\U0001f600", u"a\U0001f600b", u"dev", u"prod", u"2024-02-29",
     u"2024-02-29 12:00:00", u"10.0.0.1"]
) | st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters=u"\x00"), max_size=5
)
INTEGERS = st.integers(-3, 3) | st.sampled_from([2**53, 2**53 + 1, MAX_INTEGER, -MAX_INTEGER - 1])
FLOATS = st.sampled_from([0.0, -0.0, 0.1, 0.5, 1.0, 1e30, 5e-324, 0.1 + 0.2]) | st.floats(
    allow_nan=False, allow_infinity=False
)
SCALARS = TEXTS | INTEGERS | FLOATS | st.booleans()

BLOBS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def records(fields):
    """Maps that have each of the fields, or not."""
    missing = {name: st.none() | values for name, values in fields.items()}
    return st.fixed_dictionaries(missing).map(
        lambda record: {name: value for name, value in record.items() if value is not None}
    )


ROWS = records(
    {
        "name": TEXTS,
        "count": INTEGERS,
        "ratio": FLOATS,
        "active": st.booleans(),
        "env": st.sampled_from(["dev", "test", "prod"]),
        "zones": st.lists(st.sampled_from([u"a", u"b", u"中"]), max_size=3),
        "tags": st.lists(SCALARS, max_size=3),
        "born": st.sampled_from(["2024-02-29", "1999-12-31"]),
        "seen": st.sampled_from(["2024-02-29 12:00:00", "1999-12-31 23:59:59"]),
        "ip": st.sampled_from(["10.0.0.1", "::1"]),
        "blob": BLOBS,
        "chip": records(
            {"cores": INTEGERS, "vendor": TEXTS, "flags": st.lists(SCALARS, max_size=2)}
        ),
        "disks": st.lists(
            records({"size": INTEGERS, "label": TEXTS, "marks": st.lists(SCALARS, max_size=2)}),
            max_size=3,
        ),
    }
)

SIZED = ["zones", "tags", "blob", "disks", "chip.flags"]
NAMES = SIZED + [
    "name", "count", "ratio", "active", "env", "born", "seen", "ip", "chip", "chip.cores",
    "chip.vendor", "disks.size", "disks.label", "disks.marks", "instanceId", "_version", "creator",
    "_pre_ts",
]

ORDERED = TEXTS | INTEGERS | FLOATS
MEMBERS = st.lists(SCALARS | st.none(), max_size=4)
EQUALS = SCALARS | st.none() | st.lists(SCALARS, max_size=3)
PATTERNS = st.lists(TEXTS | st.just(u"%"), max_size=4).map(u"".join)
CONDITIONS = (
    st.fixed_dictionaries({"$eq": EQUALS})
    | st.fixed_dictionaries({"$ne": EQUALS})
    | st.fixed_dictionaries({"$in": MEMBERS})
    | st.fixed_dictionaries({"$nin": MEMBERS})
    | st.fixed_dictionaries({"$gt": ORDERED})
    | st.fixed_dictionaries({"$gte": ORDERED, "$lte": ORDERED})
    | st.fixed_dictionaries({"$lt": ORDERED, "$ne": EQUALS})
    | st.fixed_dictionaries({"$like": PATTERNS})
    | st.fixed_dictionaries({"$nlike": PATTERNS})
    | st.fixed_dictionaries({"$exists": st.booleans()})
)
SIZES = st.integers(-1, 3)
SIZE_CONDITIONS = st.fixed_dictionaries(
    {
        "$size": SIZES
        | st.fixed_dictionaries({"$gt": SIZES, "$lte": SIZES})
        | st.fixed_dictionaries({"$ne": SIZES})
    }
)
TESTS = (
    st.dictionaries(st.sampled_from(NAMES), EQUALS | CONDITIONS, max_size=2)
    | st.dictionaries(st.sampled_from(SIZED), SIZE_CONDITIONS, min_size=1, max_size=1)
)
QUERIES = st.recursive(
    TESTS,
    lambda inner: st.dictionaries(
        st.sampled_from(["$and", "$or"]), st.lists(inner, min_size=1, max_size=3), min_size=1
    ),
    max_leaves=6,
)


def stored(rows):
    """Documents for rows; every other one has been changed once."""
    author = documents.Author(7, u"easyops", 1700000000)
    for number, row in enumerate(rows):
        values = documents.accept(MODEL, row)
        document = documents.create(MODEL, values, author, u"%013x" % (number + 2**49))
        if number % 2:
            document = documents.change(MODEL, document, {"readAuthorizers": [u"x"]}, author)
        yield document


# How long the making of data takes says how busy the machine is, not how good the test.
PATIENT = hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.too_slow])


@hypothesis.settings(PATIENT, max_examples=100)
@hypothesis.given(rows=st.lists(ROWS, min_size=1, max_size=4), query=QUERIES)
def test_sql_results_equal_those_of_plain_python(rows, query):
    """SQLite and the reference evaluator agree for every row."""
    kept = list(stored(rows))
    connection = sqlite3.connect(":memory:")
    insert_all(connection, kept)
    where = compile_query(parse_query(query), MODEL, None)
    found = [
        number
        for number, in connection.execute("SELECT id FROM rows WHERE %s" % where.sql, where.values)
    ]
    connection.close()
    assert found == [n for n, document in enumerate(kept) if matches(query, document)]


@PATIENT
@hypothesis.given(
    rows=st.lists(ROWS, max_size=5),
    pairs=st.lists(
        st.tuples(
            st.sampled_from(["name", "count", "ratio", "active", "chip.vendor", "instanceId"]),
            st.sampled_from([1, -1]),
        ),
        max_size=3,
    ),
)
def test_sql_sorts_as_plain_python_sorts(rows, pairs):
    """The reference sorts stably from the last term to the first, on rows in order of age."""
    kept = list(stored(rows))
    connection = sqlite3.connect(":memory:")
    insert_all(connection, kept)
    order = compile_order(pairs, MODEL)
    found = [number for number, in connection.execute("SELECT id FROM rows ORDER BY " + order)]
    connection.close()
    oldest_first = bool(pairs) and pairs[-1][1] > 0
    expected = sorted(range(len(kept)), reverse=not oldest_first)
    for name, direction in reversed(pairs):
        expected.sort(key=lambda number: sort_key(kept[number], name), reverse=direction < 0)
    assert found == expected


def sort_key(document, name):
    """Missing first, texts by code points."""
    head, _, member = name.partition(".")
    value = document.get(head)
    if member and value is not None:
        value = value.get(member)
    return (value is not None, value.encode("utf-8") if hasattr(value, "encode") else value)
