# -*- coding: utf-8 -*-
"""The inventories as other programs save them: other encodings, separators, and Excel."""

from __future__ import absolute_import, division, print_function

import datetime

import pytest
from bulk_books import Book
from bulk_inventories import DOMAINS, REGIONS, STANDARDS, rows_of, write

from waterspout_cmdb.bulk.reading import ReadOptions


def separated(rows, delimiter):
    """Return rows as CSV text, quoted where it must be."""
    lines = []
    for row in rows:
        cells = [
            u'"%s"' % cell.replace(u'"', u'""')
            if any(each in cell for each in delimiter + u'"\r\n') else cell for cell in row]
        lines.append(delimiter.join(cells) + u"\r\n")
    return u"".join(lines)


@pytest.mark.parametrize("encoding, delimiter", [
    ("utf-8", u","), ("utf-8", u";"), ("utf-8-sig", u";"), ("utf-16", u"\t"), ("utf-16", u","),
    ("utf-16-be", u";"), ("gb18030", u"\t"), ("gb18030", u"|"),
])
def test_regions(place, run, tmpdir, encoding, delimiter):
    """Encoding and separator are found; nothing has to be said."""
    rows = REGIONS.rows()
    path = write(tmpdir.join("regions.csv"), separated(rows, delimiter), encoding)
    org = place.new_org(REGIONS.model)
    summary = run(org, path, "REGION", ["ext_id"])
    assert (summary.exit_code, summary.counts.inserted) == (0, 20)
    assert place.stored(org, REGIONS.model, "ext_id") == REGIONS.documents(rows[1:])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_standards(place, run, tmpdir, encoding):
    """Cells of several lines, with quotes and the separator in them, in a file with semicolons."""
    rows = STANDARDS.rows()
    path = write(tmpdir.join("standards.csv"), separated(rows, u";"), encoding)
    org = place.new_org(STANDARDS.model)
    summary = run(org, path, "STANDARD")
    assert (summary.counts.inserted, summary.counts.rejected) == (13, 2)
    assert place.stored(org, STANDARDS.model) == STANDARDS.documents(
        row for row in rows[1:] if u"-" not in row)


@pytest.mark.parametrize("delimiter", [u",", u";"])
def test_domains_with_umlauts_in_latin_1(place, run, tmpdir, delimiter):
    """Cities as a German Excel saves them."""
    text = DOMAINS.text()
    for city, other in (
        (u"Princeton", u"K\xf6ln"), (u"Coachella", u"M\xfcnster (Westf.)"),
        (u"Shawnee", u"Gro\xdf-Gerau"), (u"Haines", u"\xc5re"), (u"Darrington", u"\xd6sterr\xe5de"),
    ):
        text = text.replace(city, other)
    rows = rows_of(text)
    path = write(tmpdir.join("domains.csv"), separated(rows, delimiter), "latin-1")
    org = place.new_org(DOMAINS.model)
    summary = run(org, path, "DOMAIN")
    assert (summary.exit_code, summary.counts.inserted) == (0, 18)
    assert any(u"Latin-1" in each for each in summary.findings)
    found = place.stored(org, DOMAINS.model)
    assert found == DOMAINS.documents(rows[1:])
    assert found[u"PHC-NSN.GOV"]["city"] == u"K\xf6ln"
    assert found[u"SAUK-SUIATTLE-NSN.GOV"]["city"] == u"\xd6sterr\xe5de"


def test_standards_in_excel(place, run, tmpdir):
    """Dates are real ones, which are shown as 7/20/2023."""
    # Line ends in Excel's cells are these.
    rows = rows_of(STANDARDS.text().replace(u"\r\n", u"\n"))
    cells = [row[:-1] + [datetime.datetime.strptime(row[-1], "%Y-%m-%d")]
             if row[-1][:2] == u"20" else row for row in rows]
    book = Book()
    book.sheet(u"Standards", cells, {5: "m/d/yyyy"})
    org = place.new_org(STANDARDS.model)
    summary = run(org, book.save(tmpdir.join("standards.xlsx")), "STANDARD")
    # Here the rows have the numbers that Excel shows.
    assert [number for number, _ in summary.problems] == [11, 12]
    assert place.stored(org, STANDARDS.model) == STANDARDS.documents(
        row for row in rows[1:] if u"-" not in row)


def test_regions_in_excel(place, run, tmpdir):
    """Codes are numbers there: shown with zeros in front, or with twelve digits."""
    rows = REGIONS.rows()
    cells = [rows[0]] + [
        [int(row[0]), int(row[1]), int(row[2])] + row[3:6] + [int(row[6]), row[7]]
        for row in rows[1:]]
    book = Book()
    book.sheet(u"说明", [[u"请勿修改标题行"], [u"共 20 行"]])
    book.sheet(u"行政区划", cells, {6: "0000000000000"})
    org = place.new_org(REGIONS.model)
    summary = run(org, book.save(tmpdir.join("regions.xlsx")), "REGION", ["ext_id"],
                  read=ReadOptions(sheet=u"行政区划"))
    assert (summary.exit_code, summary.counts.inserted) == (0, 20)
    assert place.stored(org, REGIONS.model, "ext_id") == REGIONS.documents(
        row[:6] + [u"0" + row[6], row[7]] for row in rows[1:])
