"""Writers of rows: what is in the files, and that a failure leaves nothing behind."""

from __future__ import absolute_import, division, print_function

import csv
import datetime
import gzip
import io
import json
import os
import re
import subprocess
import sys

import pytest

from waterspout_cmdb.bulk.column_letters import column_letters
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import ReadOptions, open_table
from waterspout_cmdb.bulk.rows import ABSENT
from waterspout_cmdb.bulk.writing import open_writer
from waterspout_cmdb.bulk.writing.formulas import neutral_cell, neutral_value
from waterspout_cmdb.bulk.writing.xlsx_writer import XLSXWriter


@pytest.fixture
def path(tmpdir):
    return str(tmpdir.join("out"))


def written(path, format, rows, columns=(u"name", u"cpu"), **options):
    """Write rows. Returns: the file's bytes."""
    with open_writer(path, format, columns, **options) as writer:
        for cells in rows:
            writer.write(cells)
    with io.open(path, "rb") as file:
        return file.read()


ROWS = [
    [u"web \u4e3b\u673a", 8],
    [u'a "b", c\nd', None],
    [u"0012", True],
    [datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 13, 5, 9)],
    [ABSENT, 2.5],
    [[u"a", {u"b": 1}]],
]


def test_csv(path):
    assert written(path, "csv", ROWS).decode("utf-8") == (
        u'name,cpu\r\nweb \u4e3b\u673a,8\r\n"a ""b"", c\nd",\r\n0012,true\r\n'
        u'2024-02-29,2024-02-29 13:05:09\r\n,2.5\r\n"[""a"", {""b"": 1}]",\r\n')


def test_tsv(path):
    assert written(path, "tsv", [[u"a\tb", u"c"]]) == b'name\tcpu\n"a\tb"\tc\n'


@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_line_ends_in_cells_end_no_row(path, format):
    """Whatever they are; a row of TSV was two behind a carriage return."""
    rows = [[u"a\rb", u"c"], [u"a\nb", u"c"], [u"a\r\nb", u"c\r"]]
    written(path, format, rows)
    with open_table(path, ReadOptions(format=format)) as table:
        assert [row.cells for row in table.rows()] == rows


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "utf-16-le"])
def test_csv_in_the_encoding_of_the_input(path, encoding):
    found = written(path, "csv", ROWS[:1], encoding=encoding)
    assert found == u"name,cpu\r\nweb \u4e3b\u673a,8\r\n".encode(encoding)


def test_csv_with_another_delimiter(path):
    assert written(path, "csv", [[u"a,b", u"c;d"]], delimiter=u";") == (
        b'name;cpu\r\na,b;"c;d"\r\n')


def test_a_row_that_is_longer_than_the_header_is_written_whole(path):
    assert written(path, "csv", [[u"a", u"b", u"c"]]) == b"name,cpu\r\na,b,c\r\n"
    assert json.loads(written(path, "jsonl", [[u"a", u"b", u"c"]]).decode("utf-8")) == {
        u"name": u"a", u"cpu": u"b", u"column 3": u"c"}


def test_json(path):
    found = json.loads(written(path, "json", ROWS).decode("utf-8"))
    assert found == [
        {u"name": u"web \u4e3b\u673a", u"cpu": 8}, {u"name": u'a "b", c\nd', u"cpu": None},
        {u"name": u"0012", u"cpu": True},
        {u"name": u"2024-02-29", u"cpu": u"2024-02-29 13:05:09"}, {u"cpu": 2.5},
        {u"name": [u"a", {u"b": 1}]}]
    assert json.loads(written(path, "json", []).decode("utf-8")) == []


def test_json_lines(path):
    lines = written(path, "jsonl", ROWS).decode("utf-8").splitlines()
    assert lines[0] == u'{"name": "web \u4e3b\u673a", "cpu": 8}'
    assert lines[1] == u'{"name": "a \\"b\\", c\\nd", "cpu": null}'
    assert len(lines) == len(ROWS)
    assert json.loads(written(path, "jsonl", [[u"\ud800"]]).decode("utf-8")) == {
        u"name": u"\ud800"}


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
def test_gzip(path, format):
    plain = written(path, format, ROWS)
    written(path, format, ROWS, gzip=True)
    file = gzip.open(path)
    assert file.read() == plain
    file.close()


@pytest.mark.parametrize("text, as_cell, as_value", [
    (u"=1+1", u"'=1+1", u"'=1+1"),
    (u"+49 170 123", u"'+49 170 123", u"'+49 170 123"),
    (u"@SUM(1)", u"'@SUM(1)", u"'@SUM(1)"),
    (u"-cmd|' /C calc'!A0", u"'-cmd|' /C calc'!A0", u"'-cmd|' /C calc'!A0"),
    (u"\tx", u"'\tx", u"'\tx"),
    (u"\r=1", u"'\r=1", u"'\r=1"),
    (u"-5", u"-5", u"-5"),
    (u"+1.5e3", u"+1.5e3", u"+1.5e3"),
    (u"-1,024.50", u"-1,024.50", u"-1,024.50"),
    (u"-20 %", u"-20 %", u"-20 %"),
    (u"-5+1", u"'-5+1", u"'-5+1"),
    (u"-", u"-", u"-"),
    (u"'=1", u"'=1", u"''=1"),
    (u"''-5", u"''-5", u"'''-5"),
    (u"'quoted'", u"'quoted'", u"'quoted'"),
    (u"'", u"'", u"'"),
    (u"a=b", u"a=b", u"a=b"),
    (u"", u"", u""),
])
def test_formulas_are_neutralized(path, text, as_cell, as_value):
    assert (neutral_cell(text), neutral_value(text)) == (as_cell, as_value)
    for neutralize, wanted in (("cells", as_cell), (True, as_value), (False, text)):
        found = written(path, "csv", [[u"x", text]], neutralize=neutralize).decode("utf-8")
        found = found if str is not bytes else found.encode("utf-8")
        assert list(csv.reader(io.StringIO(found, newline="") if str is not bytes
                               else io.BytesIO(found)))[1][1] == wanted


# Failures.


def test_nothing_is_left_after_an_error_and_the_old_file_stays(path):
    with io.open(path, "w") as file:
        file.write(u"old")
    for format in ("csv", "tsv", "json", "jsonl", "xlsx"):
        with pytest.raises(KeyError):
            with open_writer(path, format, [u"a"]) as writer:
                for _ in range(500):
                    writer.write([u"x"])
                raise KeyError
        assert os.listdir(os.path.dirname(path)) == ["out"]
        with io.open(path) as file:
            assert file.read() == u"old"


def test_a_character_that_the_encoding_does_not_have(path):
    with pytest.raises(BulkError) as caught:
        written(path, "csv", [[u"a", u"b"], [u"a", u"\u4e3b"]], encoding="cp1252")
    assert "row 3, cpu: the character U+4E3B is not in the encoding cp1252" in str(caught.value)
    assert os.listdir(os.path.dirname(path)) == []


@pytest.mark.parametrize("format, options, words", [
    ("xls", {}, "no such format"), ("csv", {"encoding": "klingon"}, "no encoding of that name")])
def test_unknown_names(path, format, options, words):
    with pytest.raises(BulkError) as caught:
        open_writer(path, format, [u"a"], **options)
    assert words in str(caught.value)
    assert os.listdir(os.path.dirname(path)) == []


def test_a_folder_that_is_not_there(tmpdir):
    with pytest.raises(BulkError) as caught:
        open_writer(str(tmpdir.join("no", "out.csv")), "csv", [u"a"])
    assert "cannot be written: No such file or directory" in str(caught.value)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("format", ["csv", "json", "xlsx"])
def test_a_full_disk(format):
    with pytest.raises(BulkError) as caught:
        written("/dev/full", format, [[u"x" * 100, 1]] * 2000)
    assert "/dev/full cannot be written: No space left on device" in str(caught.value)


def test_a_nul_is_told(path):
    writer = open_writer(path, "csv", [u"name"])
    writer.write([u"a\0b"])
    writer.close()
    assert writer.findings == [u"row 2, name: a NUL character was replaced by U+FFFD"]


def test_many_findings_are_bounded(path):
    writer = open_writer(path, "csv", [u"name"])
    for _ in range(100):
        writer.write([u"\0"])
    writer.close()
    assert len(writer.findings) == 21
    assert writer.findings[-1] == u"80 more cells were changed"


def test_a_link_stays_a_link_and_the_mode_is_that_of_the_umask(path):
    target = path + ".real"
    os.symlink(target, path)
    old = os.umask(0o027)
    try:
        written(path, "csv", [])
    finally:
        os.umask(old)
    assert os.path.islink(path)
    assert os.stat(target).st_mode & 0o777 == 0o640


def test_standard_output(tmpdir):
    code = (
        "from waterspout_cmdb.bulk.writing import open_writer\n"
        "with open_writer('-', 'csv', [u'a']) as writer: writer.write([u'\\u4e3b'])\n"
        "print('after')\n")
    found = subprocess.check_output(
        [sys.executable, "-c", code],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)), cwd=str(tmpdir))
    assert found == u"a\r\n\u4e3b\r\nafter\n".encode("utf-8")
    assert tmpdir.listdir() == []


# Excel.


def sheet_of(path):
    openpyxl = pytest.importorskip("openpyxl")
    with io.open(path, "rb") as file:
        return openpyxl.load_workbook(file).active


def test_xlsx(path):
    rows = [[u"x%d" % number, number] for number in range(150)]
    written(path, "xlsx", ROWS + rows, sheet=u"HOST")
    sheet = sheet_of(path)
    assert sheet.title == u"HOST"
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert found[:7] == [
        [u"name", u"cpu"], [u"web \u4e3b\u673a", 8], [u'a "b", c\nd', None], [u"0012", True],
        [datetime.datetime(2024, 2, 29), datetime.datetime(2024, 2, 29, 13, 5, 9)], [None, 2.5],
        [u'["a", {"b": 1}]', None]]
    assert found[7:] == rows
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.b
    assert sheet["A4"].number_format == "@" and sheet["A4"].data_type == "s"
    assert sheet["A5"].number_format == "yyyy-mm-dd"
    assert sheet.column_dimensions["A"].width == 17


@pytest.mark.parametrize("cell", [
    u"=1+1", u"-5", u"#N/A", u"12345678901234567890", u"1e5", u"2024-01-01", u"true", u"'=1",
    u" a ", u"a\nb", u"<a>&amp;", u"\U0001f600", u"\u2028"])
def test_text_stays_text_in_xlsx(path, cell):
    written(path, "xlsx", [[cell, cell]])
    assert sheet_of(path)["A2"].value == cell
    assert sheet_of(path)["A2"].data_type == "s"


@pytest.mark.parametrize("cell", [
    u"_x000D_", u"a_x0041_x0042_", u"_x005F_x000D_", u"_x_", u"__x0041__"])
def test_text_that_excel_would_take_for_a_character(path, cell):
    """It is written as Excel does, and read as it was."""
    written(path, "xlsx", [[cell, u"b"]])
    with open_table(path) as table:
        assert [row.cells for row in table.rows()] == [[cell, u"b"]]
    if re.search(u"_x[0-9A-F]{4}_", cell):
        assert u"_x005F_x" in sheet_of(path)["A2"].value


@pytest.mark.parametrize("cell, text", [
    (12345678901234567890, u"12345678901234567890"), (10 ** 15, u"1000000000000000"),
    (float("inf"), u"inf"), (1000000000000001.0, u"1000000000000001.0"),
    (0.1 + 0.2, u"0.30000000000000004"), (datetime.date(1899, 1, 1), u"1899-01-01"),
    (datetime.datetime(1, 1, 1), u"0001-01-01 00:00:00")])
def test_what_excel_would_round_is_text(path, cell, text):
    written(path, "xlsx", [[cell]])
    assert sheet_of(path)["A2"].value == text


def test_characters_that_excel_cannot_have_are_told(path):
    writer = open_writer(path, "xlsx", [u"name"])
    writer.write([u"a\x01b\ud800"])
    writer.close()
    assert sheet_of(path)["A2"].value == u"a\ufffdb\ufffd"
    assert writer.findings == [
        u"row 2, name: characters that Excel cannot have were replaced by U+FFFD"]


@pytest.mark.skipif(sys.maxunicode == 0xFFFF, reason="two halves are a character there")
def test_two_halves_make_no_character_in_xlsx(path):
    """Nor does the import take them for one: Python 3 cannot encode them, 2.7 would join them."""
    halves = u"".join([u"\ud83d", u"\ude00"])  # py2: a literal is joined in the compiled file.
    writer = open_writer(path, "xlsx", [u"name"])
    writer.write([u"a" + halves])
    writer.write([u"\U0001f600"])
    writer.close()
    assert [cell.value for cell in sheet_of(path)["A"]] == [
        u"name", u"a\ufffd\ufffd", u"\U0001f600"]
    assert writer.findings == [
        u"row 2, name: characters that Excel cannot have were replaced by U+FFFD"]


@pytest.mark.parametrize("cell", [u"a\r\nb\rc", u"a\r_x000D_"])
def test_carriage_returns_in_xlsx(path, cell):
    """XML has none: Excel's own way to write them is used, and the import reads them again."""
    written(path, "xlsx", [[cell, 1]])
    assert u"a_x000D_" in sheet_of(path)["A2"].value
    table = open_table(path)
    assert [row.cells for row in table.rows()] == [[cell, u"1"]]
    table.close()


def test_a_text_that_is_too_long_for_excel(path):
    with pytest.raises(BulkError) as caught:
        written(path, "xlsx", [[u"a", u"x" * 32768]])
    assert "row 2, cpu: a text of 32768 characters, Excel takes 32767" in str(caught.value)
    assert os.listdir(os.path.dirname(path)) == []


def test_values_that_begin_with_a_quote_keep_it(path):
    written(path, "xlsx", [[u"'=1", u"=1"]], neutralize=True)
    assert [cell.value for cell in sheet_of(path)[2]] == [u"''=1", u"=1"]


def test_more_rows_than_a_sheet_has(path):
    writer = XLSXWriter(path, [u"n"], u"HOST", max_rows=101)
    for number in range(250):
        writer.write([number])
    writer.close()
    with io.open(path, "rb") as file:
        book = pytest.importorskip("openpyxl").load_workbook(file)
    assert book.sheetnames == [u"HOST", u"HOST (2)", u"HOST (3)"]
    values = [cell.value for sheet in book for cell in sheet["A"][1:]]
    assert values == list(range(250))
    assert [sheet["A1"].value for sheet in book] == [u"n"] * 3
    assert writer.findings == [
        u"a sheet of Excel has 101 rows: more are in the sheet HOST (2)",
        u"a sheet of Excel has 101 rows: more are in the sheet HOST (3)"]


def test_an_empty_xlsx_has_its_header(path):
    written(path, "xlsx", [], sheet=u"a/b[c]" * 10)
    assert [cell.value for cell in sheet_of(path)[1]] == [u"name", u"cpu"]


@pytest.mark.parametrize("rows", [1, 500])
def test_an_unfinished_xlsx_leaves_no_temporary_files(path, tmpdir, monkeypatch, rows):
    temporary = tmpdir.mkdir("temporary")
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    writer = XLSXWriter(path, [u"n"], max_rows=101)
    for number in range(rows):
        writer.write([number])
    writer.discard()
    assert os.listdir(str(temporary)) == [] and not os.path.exists(path)


def test_columns_have_letters():
    assert [column_letters(index) for index in (0, 25, 26, 51, 52, 701, 702, 16383)] == [
        u"A", u"Z", u"AA", u"AZ", u"BA", u"ZZ", u"AAA", u"XFD"]


def test_too_many_columns_for_excel(path):
    with pytest.raises(BulkError) as caught:
        open_writer(path, "xlsx", [u"c"] * 16385)
    assert "16385 columns, Excel takes 16384" in str(caught.value)
    assert os.listdir(os.path.dirname(path)) == []


def test_xlsx_through_a_pipe(tmpdir):
    """The standard output may be a pipe, in which an archive cannot go back."""
    code = (
        "from waterspout_cmdb.bulk.writing import open_writer\n"
        "with open_writer('-', 'xlsx', [u'a']) as writer: writer.write([u'b'])\n")
    found = subprocess.check_output(
        [sys.executable, "-c", code],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)), cwd=str(tmpdir))
    path = tmpdir.join("out")
    path.write_binary(found)
    assert sheet_of(str(path))["A2"].value == u"b"
