"""Patterns of texts are checked as far as it surely takes little time."""

from __future__ import absolute_import, division, print_function

import time

import pytest

from waterspout_cmdb.bulk.mapping.conversions.patterns import matcher


@pytest.mark.parametrize("pattern, good, bad", [
    (u"^[A-Z]{2}[0-9]+$", u"AB12", u"ab12"),
    (u"^([0-9a-f]{2}:){5}[0-9a-f]{2}$", u"00:1b:44:11:3a:b7", u"00:1b:44:11:3a"),
    (u"^([0-9]{1,3}\\.){3}[0-9]{1,3}$", u"10.0.0.1", u"10.0.0"),
    (u"^(prod|test)-[a-z]*$", u"prod-a", u"dev-a"),
    (u"-", u"web-01", u"web01"),
])
def test_patterns_that_are_checked(pattern, good, bad):
    """The pattern must be found anywhere in the text, as the CMDB looks for it."""
    assert matcher(pattern)(good) and not matcher(pattern)(bad)


@pytest.mark.parametrize("pattern", [
    u"^(a+)+$", u"^(a|a)*$", u"^(a|aa)+$", u"a*a*a*a*a*a*b$", u"^(a?){30}a{30}$", u"(?=a)b",
    u"^((a{1,20}){1,20}){1,20}$", u"(", u"\\p{Han}+", u"(a)\\1",
])
def test_patterns_that_are_left_to_the_cmdb(pattern):
    """They would take hours, or are not in Python's syntax: no text is refused here."""
    started = time.time()
    assert matcher(pattern)(u"a" * 60 + u"!")
    assert time.time() - started < 5


def test_a_long_text():
    """With two repeats, the time grows with the cube of the text's length: it is left, too."""
    assert not matcher(u"^a*b*$")(u"a" * 50 + u"!")
    started = time.time()
    assert matcher(u"a*a*b$")(u"a" * 100000)
    assert time.time() - started < 5
