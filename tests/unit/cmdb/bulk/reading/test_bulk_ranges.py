from __future__ import absolute_import, division, print_function

import pickle
import random

import pytest

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import ranges

PIECES = [u"", u"a", u"x y", u'"', u'""', u"\n", u"\r", u"\r\n", u",", u"|", u"\u4e2d\u6587",
          u"\u8a61", u"007", u"'", u" ", u"\t"]


def by_ranges(table, size):
    """Return all rows of a table, read range by range as other processes would."""
    description = pickle.loads(pickle.dumps(table.describe(), 2))
    found, end = [], None
    with open(table.path, "rb") as file:
        content = file.read()
    for part in ranges.split(table, size):
        assert end in (None, part.start)
        end = part.end
        found += ranges.rows(description, content[part.start : part.end], part.first_row)
    assert end in (None, len(content))
    return found


def quoted(cell, chance):
    if chance.random() < 0.2 or any(mark in cell for mark in u'",|\r\n\t'):
        return u'"%s"' % cell.replace(u'"', u'""')
    return cell + u'"' if cell and chance.random() < 0.1 else cell


def random_table(chance, delimiter, columns=3):
    lines = [delimiter.join([u"name", u"b", u'"c\nd"'][:columns])]
    for _ in range(chance.randrange(60)):
        cells = [u"".join(chance.choice(PIECES) for _ in range(chance.randrange(4)))
                 for _ in range(columns)]
        lines.append(delimiter.join(quoted(cell, chance) for cell in cells))
    return u"".join(line + chance.choice([u"\n", u"\r\n", u"\r"]) for line in lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [u",", u"|", u"\t"])
def test_ranges_have_the_rows_of_the_table(folder, encoding, delimiter):
    """However a file is split, its rows and their numbers are those of the whole."""
    chance = random.Random(encoding + str(delimiter))
    for _ in range(25):
        table = folder.open(random_table(chance, delimiter), encoding=encoding,
                            delimiter=delimiter, encoding_option=encoding)
        rows = list(table.rows())
        for size in (1, 2, 7, 40, 333, 100000):
            assert by_ranges(table, size) == rows
        table.close()


def test_json_lines_are_split(folder):
    """Columns that only late rows have are those of all ranges."""
    lines = [u'{"a": %d, "%s": "\u4e2d"}' % (n, u"bcd"[n % 3]) + u"\n" * (1 + n % 2)
             for n in range(50)]
    table = folder.open(u"".join(lines), "hosts.jsonl")
    width = len(table.describe().columns)
    rows = [(row.number, dict(zip(table.columns, row.cells))) for row in table.rows()]
    for size in (1, 30, 500, 100000):
        found = by_ranges(table, size)
        assert [(row.number, dict(zip(table.columns, row.cells))) for row in found] == rows
        assert {len(row.cells) for row in found} == {width}


def test_ranges_have_about_the_size(folder):
    """A range ends with the row that fills it."""
    table = folder.open(u"a,b\n" + u"1234,678\n" * 1000)
    parts = ranges.split(table, 100)
    assert {part.end - part.start for part in parts[:-1]} == {108}
    assert parts[0] == (4, 112, 2)
    assert parts[1].first_row == 14


@pytest.mark.parametrize("content, name, words", [
    (u"a,b\n1,2\n".encode("utf-16"), "a.csv", "UTF-8"),
    (u'[{"a": 1}]', "a.json", "CSV, TSV and JSON Lines"),
])
def test_what_cannot_be_split_is_told(folder, content, name, words):
    """The error says what can be."""
    with pytest.raises(BulkError, match=words):
        ranges.split(folder.open(content, name), 100)


def test_a_quote_that_is_not_closed_is_named_by_split(folder):
    """It is no endless row."""
    table = folder.open(u"a,b\n" + u"1,2\n" * 50 + u'3,"4\n5,6\n')
    with pytest.raises(BulkError, match="hosts.csv, row 52: "):
        ranges.split(table, 1)
