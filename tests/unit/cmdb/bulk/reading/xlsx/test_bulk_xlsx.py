# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import datetime
import gzip
import io
import re
import zipfile

import pytest
import workbooks
from openpyxl.utils import datetime as epochs

from waterspout_cmdb.bulk.errors import BulkError

SHEET = workbooks.SHEET



def rows_of(table):
    return [(row.number, row.cells) for row in table.rows()]


def cells_of(folder, values, formats=None):
    """Return what the second row of a sheet is read as."""
    names = [u"c%s" % n for n in range(len(values))]
    content = workbooks.workbook([names, values], formats=formats)
    return next(folder.open(content, "hosts.xlsx").rows()).cells


def test_a_sheet_is_a_table(folder):
    """Rows have the sheet's numbers, also behind rows that are not there."""
    content = workbooks.workbook([[u"name", u" ip "], [u"web-1", u"10.0.0.1"], [], [None, None],
                                  [None, u"x"], [u"web-2"], [u"a", u"b", None, u"c"]])
    table = folder.open(content, "hosts.xlsx")
    assert table.columns == [u"name", u"ip"]
    assert rows_of(table) == rows_of(table) == [
        (2, [u"web-1", u"10.0.0.1"]), (5, [None, u"x"]), (6, [u"web-2"]),
        (7, [u"a", u"b", None, u"c"])]
    assert (table.format, table.sheet, table.encoding, table.header_row) == (
        "xlsx", u"Hosts", None, "1")


@pytest.mark.parametrize("name", ["hosts", "hosts.csv", "hosts.xlsx.part"])
def test_the_name_does_not_matter(folder, name):
    """A workbook is told by its content."""
    assert folder.open(workbooks.workbook([[u"a", u"b"], [u"1", u"2"]]), name).format == "xlsx"


def test_a_workbook_in_gzip_is_read(folder):
    """It is unpacked into a file without a name."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(workbooks.workbook([[u"a", u"b"], [u"1", u"2"]]))
    table = folder.open(packed.getvalue(), "hosts.xlsx.gz")
    assert table.is_gzip
    assert rows_of(table) == [(2, [u"1", u"2"])]


@pytest.mark.parametrize("value, number_format, shown", [
    (4.0, "General", u"4"), (0.1 + 0.2, "General", u"0.3"), (12, "00000", u"00012"),
    (123456789012345, "General", u"123456789012345"), (0.25, "0%", u"25%"),
    (0.12345, "0.0%", u"12.3%"), (1.005, "0.00", u"1.01"), (3.1, "0.00", u"3.10"),
    (4, "0.00", u"4.00"), (1234567.5, "#,##0.00", u"1234567.50"), (1e-7, "General", u"0.0000001"),
    (1.5e17, "General", u"150000000000000000"), (-5, "General", u"-5"), (-5, "000", u"-005"),
    (12345678, "000-00-0000", u"012-34-5678"), (5551234, "000-0000", u"555-1234"),
    (15551234, "000-0000", u"1555-1234"), (7, "00 00", u"00 07"), (-7, '00"/"00', u"-00/07"),
    (301234567, "(000) 000-0000", u"(030) 123-4567"), (10, "0.0#", u"10.0"),
    (1.25, "0.0#", u"1.25"), (1.256, "0.0#", u"1.26"), (7, "0.##", u"7"),
    (-0.001, "0.00", u"0.00"), (7, '"A-"0000', u"A-0007"), (16, '0" GB"', u"16"),
    (5, "[Red]0;-0", u"5"), (0, "General", u"0"), (1234, "#,##0", u"1234"), (2.5, "0", u"3"),
    (0.5, "# ?/?", u"0.5"), (1234, "0.00E+00", u"1234"), (1234, "@", u"1234"),
    (1.25, "0.0##", u"1.25"), (1500, "_-* #,##0.00_-", u"1500.00"), (5, u'"€" 0', u"5"),
    (1e300, "General", u"1E+300"), (10, "General", u"10"), (2, "#", u"2"),
])
def test_numbers_are_read_as_they_are_shown(folder, value, number_format, shown):
    """Text, so that zeros in front and all digits stay."""
    assert cells_of(folder, [value], {"A2": number_format}) == [shown]


def test_values_that_are_no_numbers(folder):
    """Text stays as it is; dates are dates; errors are their text."""
    day, moment = datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 23, 59, 59)
    assert cells_of(folder, [u"0012", u" x ", True, False, day, moment, datetime.time(9, 30),
                             u"#N/A", u"\u4e2d", datetime.datetime(2024, 1, 1)]) == [
        u"0012", u" x ", True, False, day, moment, u"09:30:00", u"#N/A", u"\u4e2d",
        datetime.date(2024, 1, 1)]


def test_all_text_is_unicode(folder):
    """Also that which openpyxl leaves as bytes on 2.7."""
    table = folder.open(workbooks.workbook([[u"a", u"b"], [u"x", 1]]), "hosts.xlsx")
    assert {type(each) for row in table.rows() for each in row.cells + table.columns} == {
        type(u"")}


def test_dates_of_1904_are_right(folder):
    """Workbooks of old Macs count from another day."""
    content = workbooks.workbook([[u"a", u"b"], [u"x", datetime.date(2024, 2, 29)]],
                                 epoch=epochs.CALENDAR_MAC_1904)
    assert b"date1904" in folder_part(content, "xl/workbook.xml")
    assert rows_of(folder.open(content, "a.xlsx")) == [(2, [u"x", datetime.date(2024, 2, 29)])]


def folder_part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


@pytest.mark.parametrize("serial", [b"-5", b"99999999999"])
def test_a_date_beyond_the_calendar_is_an_error_cell(folder, serial):
    """As in Excel, which shows a row of #; the other cells stay."""
    content = workbooks.workbook([[u"a", u"b"], [u"x", 77777]], formats={"B2": "yyyy-mm-dd"})
    content = workbooks.changed(content, SHEET, b"<v>77777</v>", b"<v>" + serial + b"</v>")
    row, = rows_of(folder.open(content, "hosts.xlsx"))
    assert row[1][0] == u"x"


def test_the_first_sheet_that_is_shown_is_taken(folder):
    """Which others there are is told; one is taken by its name, also a hidden one."""
    content = workbooks.workbook([[u"a", u"b"], [u"1", u"2"]], more=[u"Old", u"Notes"],
                                 hidden=[u"Old"])
    table = folder.open(content, "hosts.xlsx")
    assert table.sheet == u"Notes"
    assert table.findings == [
        u'sheet "Notes" (the first; --sheet names another: "Old (hidden)", "Hosts")']
    assert folder.open(content, "hosts.xlsx", sheet=u"Old").sheet == u"Old"
    assert folder.open(content, "hosts.xlsx", sheet=u"hosts").sheet == u"Hosts"
    with pytest.raises(BulkError, match='has no sheet "x"; it has "Old", "Notes", "Hosts"'):
        folder.open(content, "hosts.xlsx", sheet=u"x")


def test_a_size_that_is_wrong_loses_no_rows(folder):
    """Some programs write that of another sheet."""
    content = workbooks.workbook([[u"a", u"b"], [u"1", u"2"], [u"3", u"4"]])
    content = workbooks.changed(content, SHEET, b'ref="A1:B3"', b'ref="A1"')
    assert rows_of(folder.open(content, "a.xlsx")) == [(2, [u"1", u"2"]), (3, [u"3", u"4"])]


def test_formulas_without_result_are_told(folder):
    """Programs that write files do not calculate; the cells are empty."""
    content = workbooks.workbook([[u"a", u"b"], [u"x", u"=1+1"], [u"y", u"=2"]])
    table = folder.open(content, "hosts.xlsx")
    assert rows_of(table) == [(2, [u"x"]), (3, [u"y"])]
    assert any(line.startswith(u"formulas without a stored result: 2, ") for line in table.findings)
    content = workbooks.changed(content, SHEET, b"<v />", b"<v>2</v>") if b"<v />" in folder_part(
        content, SHEET) else workbooks.changed(content, SHEET, b"<v></v>", b"<v>2</v>")
    table = folder.open(content, "hosts.xlsx")
    assert rows_of(table) == [(2, [u"x", u"2"]), (3, [u"y", u"2"])]
    assert table.findings == []


def test_a_merged_header_is_joined(folder):
    """Names of groups reach over their columns, and no further."""
    rows = [[u"Servers of Berlin"], [],
            [u"Name", u"Network", None, u"Hardware", None, u"Owner"],
            [None, u"IP", u"MAC", u"CPU", u"RAM", None],
            [u"web-1", u"10.0.0.1", u"aa", 4, 8, u"me"]]
    content = workbooks.workbook(rows, merged=["A1:F1", "A3:A4", "B3:C3", "D3:E3", "F3:F4"])
    table = folder.open(content, "hosts.xlsx")
    assert table.columns == [u"Name", u"Network / IP", u"Network / MAC", u"Hardware / CPU",
                             u"Hardware / RAM", u"Owner"]
    assert table.header_row == "3-4"
    assert rows_of(table) == [(5, [u"web-1", u"10.0.0.1", u"aa", u"4", u"8", u"me"])]
    assert any(u"header in row 3-4 (found out" in line for line in table.findings)
    assert folder.open(content, "hosts.xlsx", header_row="4").columns[1] == u"IP"


def test_a_sheet_without_a_header_tells_the_others(folder):
    """The first sheet of many workbooks has instructions."""
    content = workbooks.workbook([], more=[u"Hosts 1"], sheet=u"Hosts 2")
    old = folder_part(content, SHEET)
    new = re.sub(b"<sheetData>.*</sheetData>", b"<sheetData/>", old)
    with pytest.raises(BulkError, match='has no rows\nsheet "Hosts 1" .*: "Hosts 2"'):
        folder.open(workbooks.changed(content, SHEET, old, new), "hosts.xlsx")


def test_a_title_over_all_columns_is_no_header(folder):
    """Nor does a merged cell in a header of one row give its name to two columns."""
    rows = [[u"Servers"], [u"name", u"ip", None], [u"a", u"1", u"x"], [u"b", u"2", u"y"]]
    table = folder.open(workbooks.workbook(rows, merged=["A1:C1", "B2:C2"]), "hosts.xlsx",
                        header_row=2)
    assert table.columns == [u"name", u"ip"]


def test_merged_rows_are_told(folder):
    """Only the first cell has the value; a person reads it for all."""
    rows = [[u"site", u"name"], [u"Berlin", u"a"], [None, u"b"], [u"Bonn", u"c"], [None, u"d"]]
    table = folder.open(workbooks.workbook(rows, merged=["A4:A5", "A2:A3"]), "hosts.xlsx")
    assert table.findings == [
        u"cells are merged over several rows (A2:A3, A4:A5): only the first row has the value; if "
        u"it is for all of them, unmerge the cells, and write it into each row"]


def test_control_characters_are_what_they_are(folder):
    """XML cannot have them; Excel writes ``_x000D_``."""
    content = workbooks.workbook([[u"a", u"b"], [u" x", u"lineXXX\nend"]])
    content = workbooks.changed(content, SHEET, b"XXX", b"_x000D_")
    for each in (content, workbooks.with_shared_strings(content)):
        assert rows_of(folder.open(each, "a.xlsx")) == [(2, [u" x", u"line\r\nend"])]


@pytest.mark.parametrize("written, read", [
    (u"_x005F_x000D_", u"_x000D_"), (u"_x00e9_t_x00E9_", u"\xe9t\xe9"), (u"_xD83D_", u"_xD83D_"),
    (u"_xd83d__xDE00_", u"_xd83d__xDE00_"), (u"_x12_ _xyz1_", u"_x12_ _xyz1_")])
def test_characters_are_read_by_their_numbers_as_excel_does(folder, written, read):
    assert cells_of(folder, [written, u"b"]) == [read, u"b"]
