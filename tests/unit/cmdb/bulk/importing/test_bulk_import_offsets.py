"""Imports of times with an offset from UTC: what arrives, and what the user is told."""

from __future__ import absolute_import, division, print_function

import pytest
from bulk_importing import HOST, RACK, done

from waterspout_cmdb.bulk.mapping import Rules

SEEN = {"id": "seen", "name": "Last seen", "value": {"type": "datetime"}}


@pytest.fixture
def workshop(workshop):
    model = dict(HOST, attrList=HOST["attrList"] + [SEEN])
    workshop.target.model = lambda object_id: done(model)
    workshop.write(u"name,Last seen\n" + u"".join(
        u"host-%d,2027-04-03T20:00:00%s\n" % (each, u"Z" if each % 2 else u"")
        for each in range(30)))
    return workshop


def times(workshop):
    return {str(each["seen"]) for each in workshop.target.stored.values()}


def told(summary):
    return [each for each in summary.notes if "--utc-offset" in each]


def test_times_are_converted_and_nothing_is_told(workshop):
    summary = workshop.run(rules=Rules(utc_offset=u"+08:00"))
    assert times(workshop) == {"2027-04-03 20:00:00", "2027-04-04 04:00:00"}
    assert told(summary) == []
    assert not [each for each in workshop.report()["findings"] if "offset" in each]


@pytest.mark.parametrize("options", [{}, {"dry_run": True, "report": "report.json"}])
def test_offsets_that_are_left_out_are_told_once(workshop, options):
    """Although the rows are read twice."""
    with workshop.folder.as_cwd():
        summary = workshop.run(**options)
    (line,) = told(summary)
    assert line.startswith("15 times have an offset") and "row 3, column Last seen" in line
    assert times(workshop) == (set() if options else {"2027-04-03 20:00:00"})
    report = workshop.read(options.get("report", "hosts.csv.report.json"))
    assert report.count("15 times have an offset") == 1


def test_a_resumed_import_tells_what_its_check_has_found(workshop):
    def before(names):
        if len(workshop.target.calls) >= 2:
            workshop.last.stop()

    workshop.target.before = before
    assert workshop.run(rows=5).state == "stopped"
    workshop.target.before = None
    summary = workshop.run(resume=True)
    (line,) = told(summary)
    assert summary.state == "done" and line.startswith("15 times have an offset")
    assert told(workshop.run(resume=True)) == [line]


def test_another_offset_does_not_resume(workshop):
    """Half of the rows would have other times."""
    workshop.target.before = lambda names: workshop.last.stop()
    workshop.run(rules=Rules(utc_offset=u"Z"), rows=5)
    workshop.target.before = None
    assert "--utc-offset is not given, it was +00:00" in str(workshop.fail(resume=True))
    error = workshop.fail(resume=True, rules=Rules(utc_offset=u"+08:00"))
    assert "--utc-offset is +08:00, it was +00:00" in str(error)
    assert workshop.run(resume=True, rules=Rules(utc_offset=u"+0000")).state == "done"


def test_excel_has_texts_with_an_offset(workshop):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in ([u"name", u"seen"], [u"a", u"2027-04-03T20:00:00Z"], [u"b", u"2027-04-03 20:00"]):
        book.active.append(row)
    book.save(workshop.path("hosts.xlsx"))
    assert told(workshop.run(workshop.path("hosts.xlsx")))
    assert times(workshop) == {"2027-04-03 20:00:00"}
    workshop.run(workshop.path("hosts.xlsx"), rules=Rules(utc_offset=u"+08:00"))
    assert times(workshop) == {"2027-04-03 20:00:00", "2027-04-04 04:00:00"}


def test_a_time_out_of_the_years_is_an_error_of_its_row(workshop):
    workshop.write(u"name,seen\na,9999-12-31T23:00:00Z\nb,2027-04-03T20:00:00Z\n")
    summary = workshop.run(rules=Rules(utc_offset=u"+08:00"))
    assert [row for row, _ in summary.problems] == [2] and summary.counts.inserted == 1


def test_names_of_related_instances_are_converted_too(workshop):
    """Where people know them by a time."""
    racks = dict(RACK, attrList=[{"id": "name", "name": "Name", "value": {"type": "datetime"}}])
    workshop.target.model = lambda object_id: done({"HOST": HOST, "RACK": racks}[object_id])
    workshop.target.racks = {u"2027-04-03 20:00:00": u"wrong", u"2027-04-04 04:00:00": u"right"}
    workshop.write(u"name,rack\na,2027-04-03T20:00:00Z\n")
    workshop.run(rules=Rules(utc_offset=u"+08:00"))
    assert workshop.target.stored["a"]["rack"] == [u"right"]


def test_keys_are_compared_as_they_are_sent_and_rejected_as_they_were_written(workshop):
    """A key may be a time: in the CMDB both of these are one instance."""
    named = dict(HOST["attrList"][0], value={"type": "datetime"})
    workshop.target.model = lambda object_id: done(dict(HOST, attrList=[named]))
    workshop.write(u"name\n2027-04-04 04:00:00\n2027-04-03T20:00:00Z\n")
    summary = workshop.run(rules=Rules(utc_offset=u"+08:00"))
    assert list(workshop.target.stored) == ["2027-04-04 04:00:00"]
    ((row, reason),) = summary.problems
    assert row == 3 and reason.startswith("row 2 has the same key")
    assert workshop.read("hosts.rejects.csv").splitlines()[1].startswith("2027-04-03T20:00:00Z,")
