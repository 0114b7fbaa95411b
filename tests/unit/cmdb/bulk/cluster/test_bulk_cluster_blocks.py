from __future__ import absolute_import, division, print_function

import io
import json
import pickle

import pytest
from tornado.escape import to_unicode

from waterspout_cmdb.bulk.cluster.blocks import of_ranges, of_rows
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import open_table

CSV = u'name,note\n' + u"".join(
    u'host-%d,"a quoted\nline %d"\n\n' % (n, n) if n % 3 else u"host-%d,plain\n" % n
    for n in range(200))


def write(tmpdir, name, text, encoding="utf-8"):
    path = str(tmpdir.join(name))
    with io.open(path, "w", encoding=encoding, newline="") as file:
        file.write(to_unicode(text))
    return path


def rows_of(blocks):
    """The rows of blocks that were pickled, as for a worker."""
    return [
        tuple(row) for block in blocks
        for row in pickle.loads(pickle.dumps(block.loaded(), 2)).rows()]


def assert_one_after_the_other(blocks):
    for one, other in zip(blocks, blocks[1:]):
        assert other.first_row == one.last_row + 1


@pytest.mark.parametrize("name, text", [
    ("a.csv", CSV),
    ("a.jsonl", u"".join(json.dumps({u"name": n, u"b%d" % (n % 5): n}) + u"\n"
                         for n in range(200))),
], ids=["csv", "jsonl"])
def test_the_ranges_of_a_file_together_are_its_rows(tmpdir, name, text):
    with open_table(write(tmpdir, name, text)) as table:
        blocks = of_ranges(table, 700)
        assert len(blocks) > 5
        assert rows_of(blocks) == [tuple(row) for row in table.rows()]
        assert all(block.columns == table.columns for block in blocks)
    assert_one_after_the_other(blocks)
    assert blocks[-1].last_row is None


@pytest.mark.parametrize("name, text, encoding, reason", [
    ("a.csv", CSV, "utf-16", "utf-16"),
    ("a.json", u'[{"name": "a"}]', "utf-8", "json"),
], ids=["utf-16", "json"])
def test_what_has_no_ranges_is_told(tmpdir, name, text, encoding, reason):
    with open_table(write(tmpdir, name, text, encoding)) as table:
        with pytest.raises(BulkError) as caught:
            of_ranges(table, 700)
    assert reason in str(caught.value).lower()


def test_rows_that_were_read_here_are_blocks_too(tmpdir):
    text = json.dumps([{u"name": n, u"late": n} if n > 50 else {u"name": n} for n in range(95)])
    with open_table(write(tmpdir, "a.json", text)) as table:
        blocks = list(of_rows(table, table.rows(), 10))
    assert rows_of(blocks) == [(n + 1, [n, n] if n > 50 else [n]) for n in range(95)]
    assert len(blocks) == 10
    assert_one_after_the_other(blocks)
    assert blocks[0].first_row == 0
    assert (blocks[-1].last_row, blocks[-1].columns) == (95, [u"name", u"late"])
    assert blocks[0].columns == [u"name"]


@pytest.mark.parametrize("long", [u"x" * 300000, [u"x" * 1000] * 300], ids=["text", "list"])
def test_long_rows_make_blocks_of_few(tmpdir, long):
    """A thousand of a megabyte would be a gigabyte in one message."""
    text = json.dumps([{u"name": n, u"note": long} for n in range(7)])
    with open_table(write(tmpdir, "a.json", text)) as table:
        blocks = list(of_rows(table, table.rows(), 1000))
    assert [len(list(block.rows())) for block in blocks] == [2, 2, 2, 1]
    assert_one_after_the_other(blocks)


def test_data_are_read_when_they_are_sent(tmpdir):
    path = write(tmpdir, "a.csv", CSV)
    with open_table(path) as table:
        blocks = of_ranges(table, 700)
    tmpdir.join("a.csv").remove()
    with pytest.raises(BulkError, match="cannot be read"):
        blocks[0].loaded()


def test_the_repr_of_what_is_sent_says_nothing_about_cells(tmpdir):
    with open_table(write(tmpdir, "a.csv", CSV)) as table:
        block = of_ranges(table, 700)[1].loaded()
    assert repr(block) == "<rows %d to %d>" % (block.first_row, block.last_row)
