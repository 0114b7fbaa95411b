"""Values for JSON, shortened until their text fits."""

from __future__ import absolute_import, division, print_function

import json

import pytest

from waterspout.service._operations.plain_values import fitting_json, plain


class Odd(object):
    def __str__(self):
        return "odd\nobject"


class Broken(object):
    def __str__(self):
        raise ValueError("no text")


@pytest.mark.parametrize("value, expected", [
    (None, None),
    (True, True),
    (2 ** 70, 2 ** 70),
    (1.5, 1.5),
    (float("nan"), None),
    (float("-inf"), None),
    (b"a\xff", u"a\ufffd"),
    ((1, u"\xe9"), [1, u"\xe9"]),
    ({1: {"a": [2]}}, {u"1": {u"a": [2]}}),
    (Odd(), u"odd object"),
])
def test_value_becomes_what_json_can_represent(value, expected):
    """Objects become text on one line."""
    assert plain(value) == expected


class BrokenMapping(Broken):
    def items(self):
        raise ValueError("no items")


class BrokenAttribute(Broken):
    @property
    def items(self):
        raise ValueError("no attribute")


@pytest.mark.parametrize("broken", [Broken(), BrokenMapping(), BrokenAttribute()])
def test_object_without_text_is_named_by_its_class(broken):
    """A report is not lost for one bad value."""
    assert type(broken).__name__ in plain(broken)


def test_number_that_python_does_not_write_is_cut_or_named():
    """Of more than 4300 digits, on newer versions."""
    json.loads(fitting_json({"number": 10 ** 6000}, 200).decode("ascii"))
    assert len(plain(10 ** 6000, max_characters=20)) <= 23


def test_nested_too_deep_becomes_text():
    """A value that contains itself ends, too."""
    value = {}
    value["self"] = value
    json.dumps(plain(value))


def test_everything_that_fits_stays():
    """No mark is added."""
    value = {"upstreams": {"CMDB": {"http://a:1": {"active": 3}}}, "pid": 1}
    assert json.loads(fitting_json(value, 200).decode("ascii")) == value


@pytest.mark.parametrize("max_bytes", [2000, 500, 200, 128])
def test_long_value_is_shortened_until_it_fits(max_bytes):
    """The numbers of the first level stay, and a mark says how many items are left out."""
    value = {"pid": 12345, "state": "serving", "upstreams": dict(
        ("http://host-%d.example:8080" % number, {"active": number, "name": "n" * 300})
        for number in range(100))}
    text = fitting_json(value, max_bytes)
    found = json.loads(text.decode("ascii"))
    assert len(text) <= max_bytes
    assert (found["pid"], found["state"]) == (12345, "serving")
    assert "..." in (found.get("upstreams") or found)


def test_members_that_do_not_fit_at_all_are_counted():
    """The shortest are kept."""
    value = dict((u"key-%03d" % number, number) for number in range(100))
    found = json.loads(fitting_json(value, 150).decode("ascii"))
    assert found["..."] == 100 - (len(found) - 1)
    assert found["key-000"] == 0
