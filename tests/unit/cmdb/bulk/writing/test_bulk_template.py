"""The template of a model: an empty table that one would like to fill in."""

from __future__ import absolute_import, division, print_function

import collections
import io
import os
import sys

import pytest

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.writing import write_template

Attribute = collections.namedtuple(
    "Attribute", "id name type required readonly unique choices pattern members")
Relation = collections.namedtuple("Relation", "side peer_object_id maximum name")
Model = collections.namedtuple("Model", "object_id attributes relations")

LONG = tuple(u"choice number %d" % number for number in range(40))


def attribute(id, type, name=None, choices=(), members=(), **flags):
    made = dict(required=False, readonly=False, unique=False, pattern=None)
    made.update(flags)
    return Attribute(
        id=id, name=name or id.title(), type=type, choices=choices,
        members=collections.OrderedDict((each.id, each) for each in members), **made)


def model_of(attributes, relations=()):
    return Model(
        u"HOST", collections.OrderedDict((each.id, each) for each in attributes),
        collections.OrderedDict((each.side, each) for each in relations))


MODEL = model_of(
    [
        attribute(u"name", u"str", u"Name", required=True, unique=True),
        attribute(u"cpu", u"int"),
        attribute(u"env", u"enum", choices=(u"dev", u"test", u"prod")),
        attribute(u"site", u"enum", choices=(u"Paris, 1", u"=2")),
        attribute(u"rack", u"enum", choices=LONG),
        attribute(u"virtual", u"bool"),
        attribute(u"bought", u"date"),
        attribute(u"seen", u"datetime"),
        attribute(u"roles", u"enums", choices=(u"web", u"db")),
        attribute(u"serial", u"str", readonly=True),
        attribute(u"place", u"struct", members=[attribute(u"floor", u"int")]),
    ],
    [Relation(u"owner", u"USER", 1, u"Owner")])

COLUMNS = [u"name", u"cpu", u"env", u"site", u"rack", u"virtual", u"bought", u"seen", u"roles",
           u"place.floor", u"owner"]


@pytest.fixture
def path(tmpdir):
    return str(tmpdir.join("HOST.xlsx"))


@pytest.fixture
def book(path):
    openpyxl = pytest.importorskip("openpyxl")
    write_template(path, MODEL)
    with io.open(path, "rb") as file:
        return openpyxl.load_workbook(file)


def rule_of(sheet, cell):
    found = [each for each in sheet.data_validations.dataValidation if cell in each.sqref]
    return found[0] if found else None


def test_the_header_has_what_can_be_written(book):
    sheet = book[u"HOST"]
    assert book.active is sheet and sheet.max_row == 1
    assert [cell.value for cell in sheet[1]] == COLUMNS
    assert sheet["A1"].font.b and sheet.freeze_panes == "A2"


def test_each_header_has_a_comment(book):
    texts = [cell.comment.text for cell in book[u"HOST"][1]]
    assert texts[0] == u"Name\nstr: text\nrequired in a new instance\nunique"
    assert texts[2] == u"Env\nenum: one of the choices\nchoices: dev, test, prod"
    assert texts[4].endswith(u"choice number 19 and 20 more")
    assert texts[-1] == u"Owner\nrelation: the key of an instance of USER"


def test_enums_and_booleans_are_drop_downs(book):
    sheet = book[u"HOST"]
    assert rule_of(sheet, "A2") is None
    assert rule_of(sheet, "C2").formula1 == u'"dev,test,prod"'
    assert rule_of(sheet, "C1048576") is not None and rule_of(sheet, "C1") is None
    assert rule_of(sheet, "F2").formula1 == u'"true,false"'
    assert rule_of(sheet, "C2").showErrorMessage
    assert not rule_of(sheet, "I2").showErrorMessage  # Several are in one cell.


def test_choices_that_do_not_fit_are_in_a_hidden_sheet(book):
    sheet, hidden = book[u"HOST"], book[u"Choices"]
    assert hidden.sheet_state == "hidden"
    assert rule_of(sheet, "D2").formula1 == u"Choices!$A$1:$A$2"
    assert rule_of(sheet, "E2").formula1 == u"Choices!$B$1:$B$40"
    assert [cell.value for cell in hidden["A"][:2]] == [u"Paris, 1", u"=2"]
    assert hidden["A2"].data_type == "s"
    assert tuple(cell.value for cell in hidden["B"]) == LONG


def test_cells_have_the_format_of_their_type(book):
    sheet = book[u"HOST"]
    formats = [sheet.column_dimensions[letter].number_format for letter in "ABGHK"]
    assert formats == ["@", "0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "@"]


def test_a_second_sheet_explains_the_columns(book):
    rows = [[cell.value for cell in row] for row in book[u"Columns"].iter_rows()]
    assert book.sheetnames[:2] == [u"HOST", u"Columns"]
    assert [row[0] for row in rows] == [u"Column"] + COLUMNS
    assert rows[1] == [u"name", u"Name", u"str", u"yes", u"yes", u"text", None]
    assert rows[3][5:] == [u"one of the choices", u"dev, test, prod"]


@pytest.mark.parametrize("format, separator", [("csv", b","), ("tsv", b"\t")])
def test_text_formats_have_the_header(path, format, separator):
    write_template(path, MODEL, format)
    with io.open(path, "rb") as file:
        found = file.read()
    assert found.decode("utf-8-sig").strip().encode("utf-8") == separator.join(
        name.encode("utf-8") for name in COLUMNS)


def test_another_format_is_refused(path):
    with pytest.raises(BulkError) as caught:
        write_template(path, MODEL, "json")
    assert "write xlsx, csv or tsv" in str(caught.value)


def test_a_model_that_is_called_like_another_sheet(path):
    openpyxl = pytest.importorskip("openpyxl")
    write_template(path, MODEL._replace(object_id=u"CHOICES"))
    with io.open(path, "rb") as file:
        book = openpyxl.load_workbook(file)
    assert book.sheetnames == [u"CHOICES rows", u"Columns", u"Choices"]
    assert [cell.value for cell in book.active[1]] == COLUMNS


def test_openpyxl_is_missing(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(BulkError) as caught:
        write_template(path, MODEL)
    assert 'pip install "waterspout-cmdb[bulk]"' in str(caught.value)
    assert os.listdir(os.path.dirname(path)) == []
