"""waterspout.codes is requests.codes."""

from __future__ import absolute_import, division, print_function

import pytest

import waterspout


def test_every_name_of_requests_is_known():
    """The same numbers, whichever requests is installed; ours knows those of the newest."""
    requests = pytest.importorskip("requests")
    theirs = dict((name, code) for name, code in vars(requests.codes).items() if name != "name")
    assert len(theirs) > 100
    renamed = {"checkpoint": 103, "early-hints": 102}  # py2: the old one counts 122 twice.
    for name, code in theirs.items():
        if (name, code) != ("uri_too_long", 122) and name.lower() not in renamed:
            assert waterspout.codes[name] == getattr(waterspout.codes, name) == code


def test_names_are_found_as_attributes_and_items():
    codes = waterspout.codes
    assert (codes.ok, codes["ok"], codes.OK, codes["\\o/"], codes.im_a_teapot) == (200, 200, 200, 200, 418)
    assert codes.uri_too_long == 414 and codes.precondition == 428


def test_an_unknown_name_is_as_in_requests():
    """An error as an attribute, None as an item."""
    assert waterspout.codes["nothing"] is None and waterspout.codes.get("nothing", 1) == 1
    with pytest.raises(AttributeError):
        waterspout.codes.nothing  # noqa: B018
