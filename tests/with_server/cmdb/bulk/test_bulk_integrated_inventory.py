# -*- coding: utf-8 -*-
"""A workbook in the shape of FedRAMP's integrated inventory: instructions, groups, guidance.

The headings are those of that workbook, a work of the U.S. government and in the public domain; the
rows are made up.
"""

from __future__ import absolute_import, division, print_function

import datetime

import pytest
from bulk_books import Book
from bulk_inventories import by, choice, named
from sandbox_models import attribute, text

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import Rules
from waterspout_cmdb.bulk.reading import ReadOptions

#: Each column: its group, its heading, the attribute that it becomes, and what it says to those
#: who fill it in.
COLUMNS = [
    (u"All Inventories", u"UNIQUE ASSET IDENTIFIER", "asset", "str", u"An id of your own."),
    (u"All Inventories", u"IPv4 or IPv6 Address", "ip", "ip", u"The address, if there is one."),
    (u"All Inventories", u"Virtual", "is_virtual", "bool", u"Is it a virtual asset? Yes or No."),
    (u"All Inventories", u"Public", "is_public", "bool", u"Is it open to the internet? Yes or No."),
    (u"All Inventories", u"DNS Name or URL", "dns", "str", u"The DNS name, or the URL."),
    (u"OS/Infrastructure", u"NetBIOS Name", "netbios", "str", u"If there is one."),
    (u"OS/Infrastructure", u"MAC Address", "mac", "str", u"If there is one."),
    (u"OS/Infrastructure", u"Authenticated Scan", "scanned", "bool", u"Yes or No."),
    (u"OS/Infrastructure", u"Baseline Configuration Name", "baseline", "str", u"Its name."),
    (u"OS/Infrastructure", u"OS Name and Version", "os", "str", u"Both."),
    (u"OS/Infrastructure", u"Location", "location", "str", u"The city, or the name of the site."),
    (u"OS/Infrastructure", u"Asset Type", "kind", "enum", u"What it does."),
    (u"OS/Infrastructure", u"Hardware Make/Model", "hardware", "str", u"The name of the product."),
    (u"OS/Infrastructure", u"In Latest Scan", "in_scan", "bool", u"Yes or No."),
    (u"Software and Databases", u"Software/Database Vendor", "vendor", "str", u"The vendor."),
    (u"Software and Databases", u"Software/Database Name & Version", "software", "str", u"Both."),
    (u"Software and Databases", u"Patch Level", "patch", "str", u"If there is one."),
    (u"Any Inventory", u"Comments", "comments", "str", u"What else is to be said."),
    (u"Any Inventory", u"Serial #/Asset Tag#", "serial", "str", u"As it is printed on it."),
    (u"Any Inventory", u"VLAN/Network ID", "vlan", "int", u"Its number."),
    (u"Any Inventory", u"Function", "role", "str", u"What it is for."),
    (u"Any Inventory", u"End-of-Life (m/d/yyyy)", "ends", "date", u"m/d/yyyy"),
]

MODEL = {
    "objectId": "ASSET",
    "name": u"Asset",
    "attrList": [
        choice(name, heading, u"Router", u"Server", u"Database")
        if type_ == "enum" else named(
            text(name) if type_ == "str" else attribute(name, type_), heading)
        for _, heading, name, type_, _ in COLUMNS],
}

#: Numbers, dates and true or false as Excel has them; ids are shown with three digits, serial
#: numbers with ten.
ROWS = [
    [7, u"10.20.0.1", u"No", u"Yes", u"edge-1.example.com", None, u"00:1A:2B:3C:4D:5E", u"Yes",
     u"Router baseline 4.2", u"JunOS 21.4", u"Zürich", u"Router", u"MX204", u"Yes", None, None,
     None, u"two lines:\nthe second", 42, 110, u"Edge", datetime.datetime(2027, 4, 3)],
    [8, u"2001:db8::17", u"Yes", u"No", u"https://db.example.com/", u"DB-8", None, u"no",
     None, u"Ubuntu 22.04", u"Zürich", u"database", None, u"No", u"PostgreSQL", u"PostgreSQL 15.6",
     15.6, u"=not a formula", u"00-42-B", 4094, u"Billing", u"12/31/2028"],
    [120, u"10.20.0.3", True, False, None, None, None, None, None, None, u"São Paulo", u"Server",
     None, None, None, None, 3, None, 1234567890, 1, None, u"31-Dec-2028"],
]

EXPECTED = by("asset", [
    {"asset": u"007", "ip": u"10.20.0.1", "is_virtual": False, "is_public": True,
     "dns": u"edge-1.example.com", "mac": u"00:1A:2B:3C:4D:5E", "scanned": True,
     "baseline": u"Router baseline 4.2", "os": u"JunOS 21.4", "location": u"Zürich",
     "kind": u"Router", "hardware": u"MX204", "in_scan": True,
     "comments": u"two lines:\nthe second", "serial": u"0000000042", "vlan": 110, "role": u"Edge",
     "ends": u"2027-04-03"},
    {"asset": u"008", "ip": u"2001:db8::17", "is_virtual": True, "is_public": False,
     "dns": u"https://db.example.com/", "netbios": u"DB-8", "scanned": False,
     "os": u"Ubuntu 22.04", "location": u"Zürich", "kind": u"Database", "in_scan": False,
     "vendor": u"PostgreSQL", "software": u"PostgreSQL 15.6", "patch": u"15.6",
     "comments": u"=not a formula", "serial": u"00-42-B", "vlan": 4094, "role": u"Billing",
     "ends": u"2028-12-31"},
    {"asset": u"120", "ip": u"10.20.0.3", "is_virtual": True, "is_public": False,
     "location": u"São Paulo", "kind": u"Server", "patch": u"3", "serial": u"1234567890",
     "vlan": 1, "ends": u"2028-12-31"},
])


@pytest.fixture
def workbook(tmpdir):
    """Returns the path of the workbook; with the row of guidance, or without."""

    def workbook(with_guidance):
        groups = [each[0] for each in COLUMNS]
        tops = [group if index == groups.index(group) else None
                for index, group in enumerate(groups)]
        guidance = [[each[4] for each in COLUMNS]] if with_guidance else []
        book = Book()
        book.sheet(u"Instructions", [
            [u"Integrated Inventory Workbook"], [u"Fill in the sheet Inventory."],
            [u"Step", u"What to do"], [1, u"Read the guidance below the headings."]])
        book.sheet(
            u"Inventory", [tops, [each[1] for each in COLUMNS]] + guidance + ROWS,
            {0: "000", 18: "0000000000", 21: "m/d/yyyy"}, ["A1:E1", "F1:N1", "O1:Q1", "R1:V1"])
        book.texts(u"Inventory", u"=not a formula")
        return book.save(tmpdir.join("inventory.xlsx"))

    return workbook


@pytest.fixture
def run(place, io_loop):
    def run(org, path, header_row=None, sheet=u"Inventory", **rules):
        return place.run(
            io_loop, org, path, "ASSET", ["asset"],
            read=ReadOptions(sheet=sheet, header_row=header_row), rules=Rules(**rules))

    return run


def test_columns_with_their_groups(place, run, workbook):
    """Two rows of headings are found; a column is called as both say."""
    columns = {u"%s / %s" % each[:2]: each[2] for each in COLUMNS}
    org = place.new_org(MODEL)
    summary = run(org, workbook(False), map=columns)
    assert (summary.exit_code, summary.counts.inserted) == (0, 3)
    assert place.stored(org, MODEL, "asset") == EXPECTED


def test_the_row_of_headings_alone(place, run, workbook):
    """Headings that are the names of attributes; the guidance is no asset, and is rejected."""
    org = place.new_org(MODEL)
    summary = run(org, workbook(True), header_row="2")
    assert (summary.exit_code, summary.counts.inserted, summary.counts.rejected) == (1, 3, 1)
    (number, reason), = summary.problems
    assert number == 3
    assert u'End-of-Life (m/d/yyyy): "m/d/yyyy" is not a date' in reason
    assert place.stored(org, MODEL, "asset") == EXPECTED


def test_what_is_told_of_sheets_and_headings(place, run, workbook):
    """The first sheet is none: which others there are is said. So is how headings were found."""
    path, org = workbook(False), place.new_org(MODEL)
    with pytest.raises(BulkError) as caught:
        run(org, path, sheet=None)
    told = u"%s" % u"\n".join(place.heard.findings + list(caught.value.reasons))
    assert u'--sheet names another: "Inventory"' in told
    with pytest.raises(BulkError) as caught:
        run(org, path)
    assert u"header in row 1-2 (found out; --header-row names another)" in place.heard.findings
    assert (u'ASSET has no attribute for column "OS/Infrastructure / NetBIOS Name"; '
            u"is NetBIOS Name meant?") in caught.value.reasons
    assert place.stored(org, MODEL, "asset") == {}
