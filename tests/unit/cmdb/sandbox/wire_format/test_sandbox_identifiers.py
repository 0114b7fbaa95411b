# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import re

import pytest

from waterspout_cmdb.sandbox.wire_format import identifiers
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument


@pytest.mark.parametrize("name", ["a", "_ts", "A" * 32, u"cpu2"])
def test_attribute_name_of_the_contract_is_taken(name):
    """Letters, digits and underscores, 32 of them at most."""
    assert identifiers.attribute_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "2cpu", "a" * 33, "a b", "a'b", 'a"b', "a.b", "a\n", "a@b", u"名", None, 1, ["a"]]
)
def test_attribute_name_that_could_break_sql_is_refused(name):
    """Nothing that means anything to SQL or to a JSON path gets through."""
    with pytest.raises(InvalidArgument):
        identifiers.attribute_name(name)


def test_object_id_may_have_a_namespace():
    """Newer models are called NAME@NAMESPACE, which attributes are not."""
    assert identifiers.object_id("HOST@CMDB_OF_" + "X" * 40) == "HOST@CMDB_OF_" + "X" * 40
    with pytest.raises(InvalidArgument):
        identifiers.object_id("HOST/x")


def test_instance_id_is_the_time_in_hexadecimal_microseconds():
    """Ids decode to the moment of creation, as the vendor's do."""
    ids = identifiers.InstanceIds(0, lambda: 1700000000.123456)
    text = identifiers.instance_id(ids.next())
    assert re.match("[0-9a-f]{13}$", text)
    assert abs(int(text, 16) - 1700000000123456) <= 1


def test_ids_increase_while_the_clock_stands_still_or_goes_back():
    """Every id is greater than the one before, whatever the clock does."""
    times = iter([5.0, 5.0, 4.0, 5.000001, 6.0])
    ids = identifiers.InstanceIds(0, lambda: next(times))
    numbers = [ids.next() for _ in range(5)]
    assert numbers == [5000000, 5000001, 5000002, 5000003, 6000000]


def test_ids_go_on_after_the_last_one_of_an_earlier_run():
    """A clock that was set back between two runs does not give an id twice."""
    assert identifiers.InstanceIds(9000000, lambda: 5.0).next() == 9000001
