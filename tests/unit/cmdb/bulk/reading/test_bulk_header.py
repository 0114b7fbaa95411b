from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.bulk.errors import BulkError

DATA = u"web-1,10.0.0.1,4\nweb-2,10.0.0.2,8\n"


@pytest.mark.parametrize("text, columns, row", [
    (u"name,ip,cpu\n" + DATA, u"name ip cpu", "1"),
    (u"Inventory of 2024\n\nname,ip,cpu\n" + DATA, u"name ip cpu", "3"),
    (u"Inventory of 2024,,\nas of,2024-01-01,\nname,ip,cpu\n" + DATA, u"name ip cpu", "3"),
    (u"\n\nname,ip,cpu\n" + DATA, u"name ip cpu", "3"),
    (u"name\nweb-1\n", u"name", "1"),
    (u"name,ip,cpu\n", u"name ip cpu", "1"),
    (u"name,2023,2024\n" + DATA, u"name 2023 2024", "1"),
    (u'"two\nlines",ip,cpu\n' + DATA, u"two_lines ip cpu", "1"),
    (u"name,,cpu,,\nweb-1,10.0.0.1,4,,\n", u"name column_B cpu", "1"),
])
def test_the_header_is_found(folder, text, columns, row):
    """Rows of titles above it are passed over."""
    table = folder.open(text)
    assert [name.replace(u" ", u"_") for name in table.columns] == columns.split()
    assert table.header_row == row
    assert len(list(table.rows())) == sum(1 for line in text.splitlines() if line[:3] == u"web")
    found = [line for line in table.findings if u"header in row" in line]
    assert found == ([] if text.lstrip(u"\n").startswith((u"name", u'"')) else [
        u"header in row %s (found out; --header-row names another)" % row])


@pytest.mark.parametrize("first", [u"name,2023,2024", u"name,1,x", u"10.0.0.1,5,6"])
def test_a_full_first_row_is_never_passed_over(folder, first):
    """It could be the first row of data, which would be lost."""
    table = folder.open(first + u"\nweb-1,some,text\nweb-2,more,words\n")
    assert table.columns == first.split(u",")
    assert [row.number for row in table.rows()] == [2, 3]


def test_a_row_that_is_too_long_does_not_hide_the_header(folder):
    """One comma too many, in the first row or another."""
    for rows in (u"a,b,c\nd,e\nf,g\n", u"d,e\na,b,c\nf,g\n", u"d,e\nf,g\na,b,c\n"):
        assert folder.open(u"name,ip\n" + rows).columns == [u"name", u"ip"]


def test_names_that_come_twice_below_a_title_are_told(folder):
    """The title is not taken in their place."""
    with pytest.raises(BulkError, match='row 3: more than one column is named "ip"'):
        folder.open(u"Inventory\n\nname,ip,ip\nweb-1,1,2\n")


def test_two_rows_are_joined(folder):
    """A name above blank cells is that of a group; one above a blank cell is a column's."""
    text = u"Name,Network,,Hardware,,Owner\n,IP,MAC,CPU,RAM,\na,b,c,d,e,f\ng,h,i,j,k,l\n"
    joined = [u"Name", u"Network / IP", u"Network / MAC", u"Hardware / CPU", u"Hardware / RAM",
              u"Owner"]
    table = folder.open(text)
    assert (table.columns, table.header_row) == (joined, "1-2")
    assert [row.number for row in table.rows()] == [3, 4]
    assert folder.open(text, header_row="1-2").columns == joined
    assert folder.open(text, header_row=2).columns == [
        u"column A", u"IP", u"MAC", u"CPU", u"RAM"]


def test_the_users_row_is_taken(folder):
    """What is said wins."""
    table = folder.open(u"x,y,z\nname,ip,cpu\n" + DATA, header_row="2")
    assert table.columns == [u"name", u"ip", u"cpu"]
    assert [row.number for row in table.rows()] == [3, 4]


@pytest.mark.parametrize("wanted, words", [
    ("x", "--header-row x"), ("0", "--header-row 0"), ("3-2", "--header-row 3-2"),
    ("99", "row 99"), ("1-100", "up to five"), ("-1", "--header-row -1"),
])
def test_a_row_that_cannot_be_is_told(folder, wanted, words):
    """With what would be."""
    with pytest.raises(BulkError, match=words):
        folder.open(u"name,ip,cpu\n" + DATA, header_row=wanted)


def test_names_that_come_twice_are_refused(folder):
    """Which of them is meant cannot be known."""
    with pytest.raises(BulkError, match='row 1: more than one column is named "ip", "name"'):
        folder.open(u"name,ip,name,ip \n1,2,3,4\n", header_row="1")


@pytest.mark.parametrize("text", [u"\n\n", u" , \n,,\n"])
def test_a_file_of_blanks_has_no_rows(folder, text):
    """It is not empty, and there is nothing in it."""
    with pytest.raises(BulkError, match="has no rows"):
        folder.open(text)


def test_the_quote_of_a_file_of_rejected_rows_is_no_part_of_a_name(folder):
    """It is there so that a spreadsheet takes no name for a formula."""
    assert folder.open(u"name,'=a,'@b,'c,'\n1,2,3,4,5\n").columns == [
        u"name", u"=a", u"@b", u"'c", u"'"]
