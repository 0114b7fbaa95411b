"""waterspout.codes is requests.codes."""

from __future__ import absolute_import, division, print_function

import sys

import pytest

import waterspout


def test_every_name_of_requests_is_known():
    """The same numbers, whichever requests is installed; ours knows those of the newest."""
    requests = pytest.importorskip("requests")
    theirs = dict((name, code) for name, code in vars(requests.codes).items() if name != "name")
    assert len(theirs) > 100
    differ = set(name.lower() for name, code in theirs.items() if waterspout.codes[name] != code)
    # requests 2.27 has two numbers for one name, and 2.7 no order; and it counted 102 twice.
    assert differ <= {"processing", "early-hints", "checkpoint", "uri_too_long", "precondition"}
    if sys.version_info[0] == 3:
        assert not differ


def test_names_are_found_as_attributes_and_items():
    codes = waterspout.codes
    assert codes.ok == codes["ok"] == codes.OK == codes["\\o/"] == 200
    assert codes.uri_too_long == 414 and codes.precondition == 428


def test_an_unknown_name_is_as_in_requests():
    """An error as an attribute, None as an item."""
    assert waterspout.codes["nothing"] is None and waterspout.codes.get("nothing", 1) == 1
    with pytest.raises(AttributeError):
        waterspout.codes.nothing  # noqa: B018
