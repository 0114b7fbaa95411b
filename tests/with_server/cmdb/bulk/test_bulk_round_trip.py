# -*- coding: utf-8 -*-
"""What was imported is exported, and imported into another organization: all is the same there."""

from __future__ import absolute_import, division, print_function

import json

import pytest
from bulk_inventories import DOMAINS, REGIONS, STANDARDS, write
from sandbox_models import EVERYTHING as EVERY_TYPE

EVERYTHING = dict(EVERY_TYPE, name=u"Everything")
FORMATS = ["csv", "jsonl", "xlsx", "tsv", "json", "csv.gz"]

#: Values that a way through a text file or a spreadsheet may change: what looks like a formula, a
#: number, a list, an empty cell, a quote; long numbers; each type of attribute.
HARD = [
    {"name": u"=1+1", "count": 9007199254740993, "ratio": 0.1, "active": False, "env": u"dev",
     "zones": [u"a", u"中"], "tags": [u"a;b", u"c,d", u"-e"], "born": u"1969-12-31",
     "seen": u"2027-04-03 00:00:00", "ip": u"2001:db8::1", "blob": {"a": [1, None, u"x"]},
     "chip": {"cores": 8, "vendor": u"0012", "flags": [u"x"]},
     "disks": [{"size": 1, "label": u"a\nb"}, {"marks": [u"1", u"2"]}]},
    {"name": u"'quoted'", "count": -5, "ratio": 1e300, "tags": [u"[1]"], "zones": [u"b"]},
    {"name": u"'=x", "count": 0, "ratio": 123456789.123456789, "seen": u"2027-04-03 23:59:59"},
    {"name": u"00427", "count": -(2 ** 63), "ratio": -0.5, "tags": [u"true", u"1"]},
    {"name": u"1E5", "tags": [u"one"], "born": u"0001-01-01"},
    {"name": u"TRUE", "tags": [u"'=x", u"b"]},
    {"name": u"-", "tags": [u"=x"]},
    {"name": u"+49 30 1234", "blob": [u"=x"]},
    {"name": u"@team", "blob": u"text"},
    {"name": u"2027-04-03", "blob": 5},
    {"name": u"two\nlines", "active": True},
    {"name": u"two\r\nlines"},
    {"name": u"a\rb"},
    {"name": u'a "b", c; d\te|f'},
    {"name": u"\U0001f4bb 主机"},
    {"name": u"25%"},
    {"name": u"12345678901234567890"},
    {"name": u"_x0041_"},
    {"name": u"_x000D_"},
    {"name": u"reason"},
]


@pytest.fixture
def there(place, run, io_loop, tmpdir):
    """Exports a model of one organization, and imports that into another; returns what is there."""

    def there(org, model, key, format):
        path = tmpdir.join("exported." + format)
        count = place.export(io_loop, org, model["objectId"], path)
        other = place.new_org(model)
        summary = run(other, path, model["objectId"], [key])
        assert (summary.exit_code, summary.counts.inserted) == (0, count), summary.problems
        return place.stored(other, model, key)

    return there


@pytest.mark.parametrize("format", FORMATS[:3])
def test_inventories(place, run, tmpdir, there, format):
    """Each instance of the three public inventories."""
    for inventory in (STANDARDS, DOMAINS, REGIONS):
        model, key = inventory.model, inventory.key
        path = write(tmpdir.join(inventory.file), inventory.text(), inventory.encoding)
        org = place.new_org(model)
        run(org, path, model["objectId"], [key])
        before = place.stored(org, model, key)
        assert len(before) >= 13
        assert there(org, model, key, format) == before


@pytest.mark.parametrize("format", FORMATS)
def test_values_that_are_easily_changed(place, run, tmpdir, there, format):
    path = write(tmpdir.join("hard.jsonl"), u"".join(
        u"%s\n" % json.dumps(each, sort_keys=True) for each in HARD))
    org = place.new_org(EVERYTHING)
    summary = run(org, path, "EVERYTHING")
    assert (summary.exit_code, summary.counts.inserted) == (0, len(HARD)), summary.problems
    before = place.stored(org, EVERYTHING)
    assert before == {each["name"]: each for each in HARD}
    after = there(org, EVERYTHING, "name", format)
    assert {name: after.get(name) for name in before} == before
    assert after == before
