"""What is kept because it is expensive to make has a bound."""

from __future__ import absolute_import, division, print_function

from waterspout._bounded_stores import keep


def test_a_store_never_has_more_than_its_entries():
    """The last value is always kept."""
    kept = {}
    for number in range(10):
        assert keep(kept, number, "value %d" % number, 4) == "value %d" % number
        assert len(kept) <= 4 and kept[number] == "value %d" % number


def test_replacing_a_value_keeps_the_others():
    """It needs no room."""
    kept = {}
    for number in range(4):
        keep(kept, number, "value", 4)
    keep(kept, 0, "newer", 4)
    assert kept == {0: "newer", 1: "value", 2: "value", 3: "value"}
