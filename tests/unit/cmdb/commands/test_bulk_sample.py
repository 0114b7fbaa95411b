"""The sample spreadsheet, and the cells of docs/bulk-import.md: what the model makes of them."""

from __future__ import absolute_import, division, print_function

import io
import json
import os

import doc_pages
import pytest

from waterspout_cmdb.bulk.mapping import Mapper, Model, Rules
from waterspout_cmdb.bulk.reading import ReadOptions, open_table
from waterspout_cmdb.bulk.rows import Row
from waterspout_cmdb.commands import sample
from waterspout_cmdb.commands.options import importing
from waterspout_cmdb.sandbox import models

PATH = os.path.join(os.path.dirname(sample.__file__), "hosts.csv")


def attribute(type, values=None):
    return {"id": "value", "name": "Value", "unique": "false", "required": "false",
            "readonly": "false", "value": {"type": type, "regex": values}}


def mapped(definition, cell, **rules):
    name = attribute("str")
    name["id"] = "name"
    model = Model({"objectId": "X", "name": "X", "attrList": [name, definition],
                   "relation_list": [], "view": {"show_key": ["name"]}})
    mapper = Mapper(model, ["name"], Rules(**rules))
    mapper.use([u"name", u"value"], False)
    document, problems = mapper.map(Row(2, [u"a", cell]))[:2]
    return (document.get("value"), [each.reason for each in problems])


def test_no_row_of_the_sample_is_rejected():
    """As the sandbox's model HOST has it, and only with the key."""
    (definition,) = [each for each in seed() if each["objectId"] == "HOST"]
    table = open_table(PATH, ReadOptions())
    mapper = Mapper(Model(definition), ["name"], Rules())
    mapper.use(table.columns, False)
    rows = [mapper.map(row) for row in table.rows()]
    table.close()
    assert [row.problems for row in rows] == [[]] * 12
    documents = [row.document for row in rows]
    assert documents[0] == {
        "name": "web-01", "ip": "10.0.1.11", "cpu": 8, "memory": 16384, "env": "prod",
        "tags": ["web", "nginx"], "owner": "00427"}
    assert documents[3]["owner"] == "Platform team, Hangzhou"
    assert documents[11]["owner"] == u'Zo\xeb "Zo" M\xfcller'
    assert "cpu" not in documents[10]


def seed():
    folder = os.path.dirname(models.__file__)
    with io.open(os.path.join(folder, "seed.json"), encoding="utf-8") as file:
        return json.load(file)


def test_an_import_of_the_sample_writes_into_the_working_directory():
    """Not into an installation, which often cannot be written."""
    arguments = [PATH, "--object=HOST", "--key=name"]
    options = importing.TABLE.read(arguments, {})
    assert [sample.of_sample(options, name) for name in ("journal", "rejects", "report")] == [
        "hosts.csv.journal", "hosts.rejects.csv", "hosts.csv.report.json"]
    options = importing.TABLE.read(["hosts.csv"] + arguments[1:], {})
    assert sample.of_sample(options, "journal") is None
    options = importing.TABLE.read(arguments + ["--dry-run"], {})
    assert sample.of_sample(options, "journal") is None


@pytest.mark.parametrize("definition, cell, value", [
    (attribute("str"), u"00427", "00427"),
    (attribute("int"), u"8", 8), (attribute("int"), u"-5", -5),
    (attribute("int"), u"1,234", 1234), (attribute("float"), u"0.5", 0.5),
    (attribute("bool"), u"yes", True), (attribute("bool"), u"\u662f", True),
    (attribute("bool"), u"off", False),
    (attribute("enum", ["dev", "prod"]), u"PROD", "prod"),
    (attribute("arr"), u"a; b", ["a", "b"]), (attribute("arr"), u"a|b", ["a", "b"]),
    (attribute("arr"), u'["a", "b"]', ["a", "b"]),
    (attribute("date"), u"2027-04-03", "2027-04-03"),
    (attribute("date"), u"20270403", "2027-04-03"),
    (attribute("date"), u"3 April 2027", "2027-04-03"),
    (attribute("date"), u"2027\u5e744\u67083\u65e5", "2027-04-03"),
])
def test_cells_of_the_page(definition, cell, value):
    """Each stands on the page, and becomes what the page says."""
    assert mapped(definition, cell) == (value, [])
    if cell not in (u"a; b", u"a|b", u'["a", "b"]'):
        assert cell in page(), cell


def test_what_the_page_says_is_rejected():
    assert mapped(attribute("int"), u"8 cores")[1] != []
    assert mapped(attribute("date"), u"03/04/2027")[1] != []
    assert mapped(attribute("date"), u"03/04/2027", dates="dmy") == ("2027-04-03", [])
    assert mapped(attribute("date"), u"03/04/2027", dates="mdy") == ("2027-03-04", [])


def test_empty_cells():
    assert mapped(attribute("int"), u"") == (None, [])
    assert mapped(attribute("int"), u"", empty="clear") == (None, [])


def page():
    with io.open(os.path.join(doc_pages.ROOT, "docs", "bulk-import.md"), encoding="utf-8") as file:
        return file.read()
