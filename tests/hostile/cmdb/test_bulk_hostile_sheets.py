"""Sheets whose cells are far away, or merged a hundred thousand times: small files, much work."""

from __future__ import absolute_import, division, print_function

import io
import zipfile

import openpyxl
import pytest

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import open_table
from waterspout_cmdb.bulk.reading.xlsx import limits

SHEET = "xl/worksheets/sheet1.xml"


def workbook(path, end):
    """Write a workbook with two columns and two rows, and XML in place of the end of its rows."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    for cells in ([u"name", u"note"], [u"web", u"x"]):
        book.active.append(cells)
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(
            path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(b"</sheetData>", end) if name == SHEET else data)
    return path


def test_one_cell_far_to_the_right_is_a_row_of_its_own(tmp_path):
    """It may be there by mistake; the row is told to have too many cells."""
    path = workbook(
        str(tmp_path / "a.xlsx"), b'<row r="3"><c r="XFD3"><v>1</v></c></row></sheetData>')
    with open_table(path) as table:
        assert [len(row.cells) for row in table.rows()] == [2, 16384]


def test_a_cell_far_to_the_right_in_each_row_is_refused(tmp_path, monkeypatch):
    """Each row would take 100 KB of the journal."""
    monkeypatch.setattr(limits, "MAX_BEYOND", 50000)
    rows = b"".join(
        b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (number, number)
        for number in range(3, 20))
    path = workbook(str(tmp_path / "a.xlsx"), rows + b"</sheetData>")
    with open_table(path) as table, pytest.raises(BulkError, match="row 6: has, with the rows"):
        list(table.rows())


def test_cells_that_are_merged_again_and_again(tmp_path):
    merged = b"".join(
        b'<mergeCell ref="A%d:XFD%d"/>' % (number % 2 + 1, number % 2 + 1)
        for number in range(20000))
    path = workbook(
        str(tmp_path / "a.xlsx"), b"</sheetData><mergeCells>" + merged + b"</mergeCells>")
    with open_table(path) as table:
        assert [row.cells for row in table.rows()] == [[u"web", u"x"]]
