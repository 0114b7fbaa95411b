from __future__ import absolute_import, division, print_function

import json
import pickle

import pytest

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping.conversions.text import as_text
from waterspout_cmdb.bulk.reading.json_text.arrays import MAX_ELEMENT
from waterspout_cmdb.bulk.rows import ABSENT

OBJECTS = u'{"name": "web-1", "cpu": 4}', u'{"name": "web-2", "tags": ["a", "b"], "cpu": null}'


def rows_of(table):
    return [(row.number, row.cells) for row in table.rows()]


@pytest.mark.parametrize("name, text, numbers", [
    ("hosts.json", u"[\n%s ,\n%s]\n" % OBJECTS, (1, 2)),
    ("hosts.csv", u"[%s,%s]" % OBJECTS, (1, 2)),
    ("hosts.jsonl", u"%s\n\n%s\n" % OBJECTS, (1, 3)),
    ("hosts.txt", u"%s\r\n%s" % OBJECTS, (1, 2)),
])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_objects_are_rows(folder, name, text, numbers, encoding):
    """Values stay JSON's; a name that a row does not have is absent, not empty."""
    table = folder.open(text, name, encoding)
    assert table.columns == [u"name", u"cpu", u"tags"]
    assert rows_of(table) == [(numbers[0], [u"web-1", 4, ABSENT]),
                              (numbers[1], [u"web-2", None, [u"a", u"b"]])]
    assert table.format == ("json" if text[0] == u"[" else "jsonl")
    assert (table.delimiter, table.header_row) == (None, None)


@pytest.mark.parametrize("name", ["hosts.json", "hosts.jsonl"])
def test_columns_grow_at_the_end(folder, name):
    """A name that comes late is a column from then on; earlier rows are shorter."""
    lines = [u'{"a": %d}' % number for number in range(50)] + [u'{"b": 1, "a": 2}', u"{}"]
    text = u"\n".join(lines) if name.endswith("l") else u"[%s]" % u",".join(lines)
    table = folder.open(text, name)
    assert table.columns == [u"a"]
    assert rows_of(table)[-1] == (51, [2, 1])
    assert table.columns == [u"a", u"b"]


def test_an_array_longer_than_the_window_is_read(folder):
    """Elements that the window cuts anywhere are whole."""
    values = [{u"name": u"\u4e2d" * (number % 700), u"n": number} for number in range(3000)]
    text = json.dumps(values, indent=1, ensure_ascii=False)
    table = folder.open(text if isinstance(text, type(u"")) else text.decode("utf-8"), "a.json")
    found = [dict(zip(table.columns, row.cells)) for row in table.rows()]
    assert found == values[:0] + values


@pytest.mark.parametrize("element, words", [
    (u"{'a': 1}", "not valid JSON"), (u'{"a": 1', "not valid JSON"), (u"4", "is no object"),
    (u'{"a": NaN}', "NaN"), (u'{"a": 1e999}', "too large"), (u'{"a": 1, "a": 2}', "twice"),
    (u'{"a": "\\ud83d"}', "half of a character"), (u'{"a": %s}' % (u"1" * 2000), "digits"),
    (u'{"a": %s' % (u"[" * 100000), "nested too deeply"), (u'{"a": "x', "not valid JSON"),
    (u'{"a": "%s"}' % (u"x" * (MAX_ELEMENT + 70000)), "more than"),
    (u'{"a": 1} {"a": 2}', ""), (u'{"a": 1}]', ""),
])
@pytest.mark.parametrize("name", ["hosts.json", "hosts.jsonl"])
def test_what_is_no_object_is_named(folder, name, element, words):
    """The error has the row's number, and what is wrong with it."""
    good = [u'{"a": 0}'] * 40
    with pytest.raises(BulkError) as caught:
        if name.endswith("l"):
            table = folder.open(u"\n".join(good + [element] + good), name)
        else:
            table = folder.open(u"[%s" % u",\n".join(good + [element] + good), name)
        list(table.rows())
    if not element.endswith(u"}]") or name.endswith("l"):
        assert "%s, row 41: " % name in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize("text", [u"[]", u"[ {}, {} ]", u"{}\n{}"])
def test_no_rows_are_an_error(folder, text):
    """Nothing to import is told."""
    with pytest.raises(BulkError, match="has no rows"):
        folder.open(text, "hosts.json")


def test_values_as_names_are_refused(folder):
    """Columns without end are not kept in memory."""
    table = folder.open(u"\n".join(u'{"host-%d": 1}' % n for n in range(3000)), "a.jsonl")
    with pytest.raises(BulkError, match="row 2001: has more than 2000 different names"):
        list(table.rows())


def test_an_object_over_many_lines_is_told_from_lines(folder):
    """What another program calls JSON may be one object."""
    with pytest.raises(BulkError, match="one whole object in each line"):
        folder.open(u'{\n "data": []\n}\n', "hosts.json")


@pytest.mark.parametrize("digits", [
    u"1.10", u"2.0", u"1e3", u"0.12345678901234567890", u"-0.50", u"1.5"])
def test_a_number_for_a_text_is_as_it_is_written(folder, digits):
    """A version 1.10 is not 1.1; as a number it is the same, after a pickle too."""
    table = folder.open(u'{"name": %s}\n' % digits, "hosts.jsonl")
    [row] = table.rows()
    [cell] = pickle.loads(pickle.dumps(row.cells, 2))
    assert as_text(cell) == digits
    assert cell == float(digits) and json.dumps(cell) == json.dumps(float(digits))
