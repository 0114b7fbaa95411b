from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.bulk.errors import BulkError


def rows_of(table):
    return [(row.number, row.cells) for row in table.rows()]


def test_a_table_has_columns_and_numbered_rows(folder):
    """Rows have the numbers that an editor shows, and cells are text as it is written."""
    table = folder.open(u"name, ip ,cpu\nweb-1,10.0.0.1,004\n\nweb-2, 10.0.0.2 ,\n")
    assert table.columns == [u"name", u"ip", u"cpu"]
    assert rows_of(table) == [
        (2, [u"web-1", u"10.0.0.1", u"004"]), (4, [u"web-2", u" 10.0.0.2 ", u""])]
    assert (table.format, table.encoding, table.delimiter) == ("csv", "utf-8", u",")
    assert (table.header_row, table.is_gzip, table.sheet) == ("1", False, None)


def test_rows_can_be_read_again(folder):
    """Each call begins at the first row."""
    table = folder.open(u"name,ip\na,1\nb,2\n")
    half = table.rows()
    next(half)
    assert rows_of(table) == rows_of(table) == [(2, [u"a", u"1"]), (3, [u"b", u"2"])]
    assert next(half).number == 3


def test_line_ends_in_quotes_are_counted(folder):
    """A row's number is that of the line where it begins."""
    table = folder.open(u'name,note\na,"1\n2\r\n3"\nb,"x ""y"" z"\n')
    assert rows_of(table) == [(2, [u"a", u"1\n2\r\n3"]), (5, [u"b", u'x "y" z'])]


@pytest.mark.parametrize("text", [u"a,b\r1,2\r3,4", u"a,b\r\n1,2\n3,4\r", u"a,b\n1,2\r3,4\r\n"])
def test_any_line_end_ends_a_row(folder, text):
    """Files of old Macs, of Windows, and a mixture of them are read."""
    assert rows_of(folder.open(text)) == [(2, [u"1", u"2"]), (3, [u"3", u"4"])]


def test_a_quote_inside_an_unquoted_cell_is_text(folder):
    """Inches are written so."""
    table = folder.open(u'name,size\nrack,19"\nb,"2"\n')
    assert rows_of(table) == [(2, [u"rack", u'19"']), (3, [u"b", u"2"])]


@pytest.mark.parametrize("mark, format", [(u",", "csv"), (u";", "csv"), (u"\t", "tsv"),
                                          (u"|", "csv")])
def test_the_delimiter_is_found(folder, mark, format):
    """That which gives each row the same number of cells is taken, and told."""
    lines = mark.join(u"abc"), mark.join([u'"1,5"', u'"x;y|z"', u"t"])
    table = folder.open(u"\n".join(lines))
    assert (table.delimiter, table.format, table.columns) == (mark, format, [u"a", u"b", u"c"])
    assert any(u"separator" in line and u"--delimiter" in line for line in table.findings)


def test_the_users_delimiter_is_taken(folder):
    """What is said wins over what is found."""
    assert folder.open(u"a;b,c\n1;2,3\n", delimiter=u";").columns == [u"a", u"b,c"]
    assert folder.open(u"a\tb,c\n1\t2,3\n", delimiter=u"tab").columns == [u"a", u"b,c"]
    with pytest.raises(BulkError, match="--delimiter ab"):
        folder.open(u"a,b\n", delimiter=u"ab")


def test_the_separator_line_of_excel_is_obeyed(folder):
    """``sep=;`` is no row, and counts as a line."""
    table = folder.open(u"sep=;\r\na,x;b\r\n1;2\r\n")
    assert table.columns == [u"a,x", u"b"]
    assert rows_of(table) == [(3, [u"1", u"2"])]


def test_longer_and_shorter_rows_stay_so(folder):
    """A mistake of the file is seen by what follows; blank cells beyond the columns are none."""
    table = folder.open(u"a,b,,\n1\n1,2,3,4\n1,2,,\n,,,\n , \n")
    assert table.columns == [u"a", u"b"]
    assert [row.cells for row in table.rows()] == [
        [u"1"], [u"1", u"2", u"3", u"4"], [u"1", u"2"]]


@pytest.mark.parametrize("text, row", [
    (u'a,b\n1,2\n3,"4\n5,6\n', 3), (u'a,b\n1,"2" x\n', 2), (u"a,b\n1,\0\n", 2),
    (u'a,b\n1,2\n3,"' + u"x\n" * 600000, 3), (u"a,b\n1," + u"x" * 200000, 2),
])
def test_a_record_that_cannot_be_read_is_named(folder, text, row):
    """The error names the row where the trouble begins."""
    with pytest.raises(BulkError, match="hosts.csv, row %d: " % row):
        table = folder.open(text)
        list(table.rows())
