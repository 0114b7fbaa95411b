from __future__ import absolute_import, division, print_function

import os
import sys

import pytest
import workbooks

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import open_table
from waterspout_cmdb.bulk.reading.xlsx import limits

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000
BOOK = [[u"a", u"b"], [u"1", u"2"]]
SHEET = workbooks.SHEET


@pytest.mark.parametrize("content, words", [
    (b"", "is empty"),
    (b"%PDF-1.7 \n", "is a PDF"),
    (b"\x89PNG\r\n\x1a\n\0\0", "is a picture"),
    (b"<!DOCTYPE html>\n<html><title>Log in", "is a web page"),
    (b"\xef\xbb\xbf  <HTML lang=en>", "is a web page"),
    (b'<?xml version="1.0"?><Workbook/>', "is an XML file"),
    (b"\x28\xb5\x2f\xfd....", "zstd"),
    (b"\x7fELF\x02\x01\x01" + b"\0\x01\x02\x03" * 100, "is no text"),
    (OLE + u"Workbook".encode("utf-16-le"), r"old Excel file \(\.xls\)"),
    (OLE + b" " * 2000000 + u"EncryptedPackage".encode("utf-16-le"), "protected with a password"),
    (workbooks.zipped(hosts_csv=b"a,b\n"), r"is a zip file, .*hosts\.csv"),
    (workbooks.zipped(), "is a zip file"),
    (workbooks.zipped(mimetype=b"x", content_xml=b"<a/>"), r"\.ods"),
    (workbooks.zipped(word__document_xml=b"<a/>"), "is a Word document"),
    (workbooks.workbook(BOOK)[:3000], "is damaged"),
    (workbooks.workbook(BOOK).replace(b"<", b">"), "is damaged|cannot be read"),
])
@pytest.mark.parametrize("name", ["hosts.csv", "hosts.xlsx"])
def test_what_is_no_table_is_named_as_what_it_is(folder, name, content, words):
    """The error says what the file is, and what to do."""
    with pytest.raises(BulkError, match=words) as caught:
        list(folder.open(content, name).rows())
    assert name in str(caught.value)


def test_places_that_are_no_files_are_told(folder):
    """Each is an error of its own; none is waited for."""
    with pytest.raises(BulkError, match="hosts.csv cannot be read"):
        open_table(folder.path("hosts.csv"))
    os.mkdir(folder.path("dir"))
    with pytest.raises(BulkError, match="is a folder"):
        open_table(folder.path("dir"))
    os.mkfifo(folder.path("fifo"))
    with pytest.raises(BulkError, match="standard input"):
        open_table(folder.path("fifo"))


def test_a_file_that_vanishes_is_told(folder):
    """It was there when the import began."""
    table = folder.open(u"a,b\n1,2\n")
    os.remove(folder.path("hosts.csv"))
    with pytest.raises(BulkError, match="hosts.csv cannot be read"):
        list(table.rows())


@pytest.mark.parametrize("format, name, content", [
    ("csv", "hosts.xlsx", workbooks.workbook(BOOK)), ("xlsx", "hosts.xlsx", b"a,b\n1,2\n"),
    (None, "hosts.xlsx", b"a,b\n1,2\n"), ("xml", "hosts.csv", b"a,b\n1,2\n"),
])
def test_a_format_that_does_not_fit_is_told(folder, format, name, content):
    """What is said is not tried against the content."""
    with pytest.raises(BulkError, match="format"):
        folder.open(content, name, format=format)


def test_an_entity_in_a_workbook_is_refused(folder):
    """Before a parser has it."""
    content = workbooks.changed(
        workbooks.workbook(BOOK), SHEET, b"<worksheet",
        b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')
    with pytest.raises(BulkError, match="declares entities"):
        folder.open(content, "hosts.xlsx")


@pytest.mark.parametrize("part, unit, count, words", [
    ("xl/media/a.bin", b"\0" * (1 << 20), 40, "would unpack to"),
    (SHEET, b"<c/>" * (1 << 18), 12, "more than 1048576 rows, or one of more than 8 MB"),
    (SHEET, b"<row/>" * (1 << 18), 5, "more than 1048576 rows"),
    ("xl/sharedStrings.xml", b"<si/>" * (1 << 18), 12, "more than 3000000 texts"),
    ("xl/styles.xml", b"<a/>" * (1 << 18), 33, "more than 32 MB"),
], ids=["zeros", "cells", "rows", "texts", "styles"])
def test_a_bomb_is_refused(folder, part, unit, count, words, monkeypatch):
    """Before a parser has it."""
    if "media" not in part:
        monkeypatch.setattr(limits, "MAX_RATIO", 10000)
    content = workbooks.changed(workbooks.workbook(BOOK), part, None, unit * count)
    with pytest.raises(BulkError, match=words):
        folder.open(content, "hosts.xlsx")


def test_rows_that_are_far_down_end(folder):
    """A row number beyond a sheet's last is no endless loop."""
    content = workbooks.changed(workbooks.workbook(BOOK), SHEET, b'r="2"', b'r="999999999999"')
    content = workbooks.changed(content, SHEET, b'r="A2"', b'r="A999999999999"')
    with pytest.raises(BulkError):
        list(folder.open(content, "hosts.xlsx").rows())


def test_a_missing_package_is_told(folder, monkeypatch):
    """What to install is told."""
    content = workbooks.workbook(BOOK)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(BulkError, match=r'pip install "waterspout-cmdb\[bulk\]"'):
        folder.open(content, "hosts.xlsx")
