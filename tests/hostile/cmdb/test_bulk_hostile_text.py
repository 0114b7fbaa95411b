"""Text that keeps a careless pattern or loop busy for minutes: it is read or refused at once.

Each test would take minutes, or years, if the time grew faster than the text.
"""

from __future__ import absolute_import, division, print_function

import io

import pytest

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import open_table
from waterspout_cmdb.bulk.reading.xlsx.marks import Marks, read_marks


def written(folder, content, name="hosts.csv"):
    path = str(folder / name)
    with io.open(path, "wb") as file:
        file.write(content)
    return path


def test_comments_that_begin_no_web_page(tmp_path):
    with open_table(written(tmp_path, b"<!---->" * 5000 + b",b\n1,2\n")) as table:
        assert [row.cells for row in table.rows()] == [[u"1", u"2"]]


def test_a_web_page_behind_comments_is_told(tmp_path):
    page = b"<!-- a --> <!-- > -> --> <html>"
    with pytest.raises(BulkError, match=r"is a web page \(HTML\)"):
        open_table(written(tmp_path, page))


def test_an_object_with_many_names_of_which_one_is_there_twice(tmp_path):
    names = u",".join(u'"n%d":1' % number for number in range(60000))
    content = (u'{%s,"n59999":2}' % names).encode("utf-8")
    with pytest.raises(BulkError, match='row 1: has the name "n59999" twice'):
        open_table(written(tmp_path, content, "hosts.jsonl"))


@pytest.mark.parametrize("text", [
    b"</f>" + b" " * 900000, b"</f><v>" + b" " * 900000, b"<mergeCell " * 80000,
    b"<mergeCell " + b" ref=" * 180000, b"<f " * 300000, b"<f\n" + b"/" * 900000,
    b"<" + b"x" * 900000, b"</f>" * 200000], ids=[
        "spaces", "spaces in a value", "cells", "references", "formulas", "slashes", "a name",
        "ends"])
def test_xml_of_a_sheet_that_does_not_end(text):
    marks = read_marks(io.BytesIO(b"<row>" + text + b"x"), 30)
    assert marks == Marks({}, [], 0, 0)
