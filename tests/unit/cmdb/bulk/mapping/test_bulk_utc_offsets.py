"""Times with an offset from UTC: converted into that of the CMDB, or counted."""

from __future__ import absolute_import, division, print_function

import datetime
import pickle

import pytest
from bulk_models import MODEL, Refused, attribute, mapper, value_of

from waterspout_cmdb.bulk import utc_offset
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import Mapper, Model, Rules, told_offsets
from waterspout_cmdb.bulk.rows import Row


@pytest.mark.parametrize("text, minutes", [
    (u"Z", 0), (u"z", 0), (b"UTC", 0), (u"GMT", 0), (u"+0000", 0), (u"-00:00", 0), (u"+08:00", 480),
    (u"+08", 480), (u"+0530", 330), (u"-03:30", -210), (u"-12", -720), (u"+23:59", 1439),
    (u"+24:00", None), (u"+08:60", None), (u"08:00", None), (u" 08:00", None), (u"+8", None),
    (u"+080", None), (u"", None), (u"CET", None), (u"+08:00\n", None),
])
def test_what_is_an_offset(text, minutes):
    assert utc_offset.minutes_of(text) == minutes


@pytest.mark.parametrize("minutes, text", [(0, u"+00:00"), (330, u"+05:30"), (-210, u"-03:30")])
def test_an_offset_is_shown(minutes, text):
    assert utc_offset.shown(minutes) == text


@pytest.mark.parametrize("cell, offset, expected", [
    (u"2024-02-29T10:00:00Z", u"+08:00", u"2024-02-29 18:00:00"),
    (u"2024-02-29T20:00:00Z", u"+08:00", u"2024-03-01 04:00:00"),  # Across midnight.
    (u"2024-03-01 01:30 +0530", u"Z", u"2024-02-29 20:00:00"),
    (u"2024-01-01 00:00:00+01:00", u"-05", u"2023-12-31 18:00:00"),
    (u"Thu, 29 Feb 2024 23:59:01 GMT", u"+0100", u"2024-03-01 00:59:01"),
    (u"29 February 2024 11:30 PM +02", u"UTC", u"2024-02-29 21:30:00"),
    (u"20240229T235901Z", u"+05:45", u"2024-03-01 05:44:01"),
    (u"2024-02-29T10:00:00.999+08:00", u"+08:00", u"2024-02-29 10:00:00"),
    # What has no offset is one of the CMDB's own times.
    (u"2024-02-29 10:00", u"+08:00", u"2024-02-29 10:00:00"),
    (u"2024-02-29", u"+08:00", u"2024-02-29 00:00:00"),
    (datetime.datetime(2024, 2, 29, 10), u"+08:00", u"2024-02-29 10:00:00"),
    (datetime.date(2024, 2, 29), u"-08:00", u"2024-02-29 00:00:00"),
])
def test_times_are_converted(cell, offset, expected):
    assert value_of("seen", cell, utc_offset=offset) == expected


@pytest.mark.parametrize("offset", [None, u"-11:00", u"+14:00"])
def test_a_date_is_never_moved(offset):
    assert value_of("bought", u"2024-02-29T00:00:00Z", utc_offset=offset) == u"2024-02-29"


@pytest.mark.parametrize("cell, offset", [
    (u"0001-01-01T00:30:00+01:00", u"Z"), (u"9999-12-31T23:30:00Z", u"+01:00")])
def test_a_time_that_leaves_the_years_is_refused(cell, offset):
    refused = value_of("seen", cell, utc_offset=offset)
    assert isinstance(refused, Refused) and "it is not in the years 1 to 9999" in refused.reason
    assert value_of("seen", cell) == cell[:19].replace(u"T", u" ")


@pytest.mark.parametrize("offset", [None, u"Z"])
def test_an_offset_that_does_not_exist_is_refused(offset):
    refused = value_of("seen", u"2024-02-29T10:00:00+99:00", utc_offset=offset)
    assert refused.reason == (
        u"is not a time: +99:00 is no offset from UTC; write for example +08:00")


def test_two_ways_to_write_an_offset_are_one_rule():
    """So that an import goes on with either."""
    assert Rules(utc_offset=u"Z") == Rules(utc_offset="+0000") != Rules()
    rules = Rules(utc_offset=u"+0800")
    assert rules.as_dict()["utc_offset"] == u"+08:00"
    assert Rules(**rules.as_dict()) == pickle.loads(pickle.dumps(rules, 2)) == rules
    with pytest.raises(BulkError):
        Rules(utc_offset=u"CET")


def test_offsets_that_are_left_out_are_counted():
    """Each time, also if the same text has stood there before; not those of dates."""
    made = mapper([u"name", u"Last seen", u"bought"])
    cells = [u"2024-02-29", u"2024-02-29 10:00Z", u"2024-02-29 10:00Z", u"2024-02-29 10:00",
             u"2024-02-29 10:00 +08:00", u"no time +08:00"]
    for row, cell in enumerate(cells, 2):
        made.map(Row(row, [u"a", cell, u"2024-02-29T00:00:00Z"]))
    assert made.offsets.found == {"times": 3, "row": 3, "column": u"Last seen"}
    made = mapper([u"name", u"seen"], utc_offset=u"Z")
    made.map(Row(2, [u"a", u"2024-02-29 10:00 +08:00"]))
    assert made.offsets.found is None


@pytest.mark.parametrize("type_, cell", [
    ("struct", u'{"at": "2024-02-29T10:00:00Z"}'),
    ("structs", u'[{"at": "2024-02-29T10:00:00+00:00"}]')])
def test_times_in_maps_are_times(type_, cell):
    definition = dict(objectId="A", attrList=[
        attribute("name", "str"),
        attribute("log", type_, struct_define=[{"id": "at", "name": "At", "type": "datetime"}])])
    for rules, hour, is_found in ((Rules(), 10, True), (Rules(utc_offset=u"+01:00"), 11, False)):
        made = Mapper(Model(definition), ["name"], rules)
        made.use([u"name", u"log"])
        value = made.map(Row(7, [u"a", cell])).document["log"]
        value = value if type_ == "struct" else value[0]
        assert value == {"at": u"2024-02-29 %d:00:00" % hour}
        assert made.offsets.found == (
            {"times": 1, "row": 7, "column": u"log"} if is_found else None)


def test_counts_of_several_are_added():
    first, second = [Mapper(MODEL, ["name"], Rules()).offsets for _ in range(2)]
    first.add(None)
    assert first.found is None
    second.row = 3
    second.noter(u"seen")()
    first.add(second.found)
    first.add({"times": 1233, "row": 9, "column": u"other"})
    first.add(None)
    assert first.found == {"times": 1234, "row": 3, "column": u"seen"}
    assert second.found["times"] == 1
    assert told_offsets(first.found).startswith(
        u"1,234 times have an offset such as Z or +08:00, which was left out (the first in row 3, "
        u"column seen); --utc-offset=+08:00 converts")
    assert told_offsets(second.found).startswith(u"1 time has an offset")
