from __future__ import absolute_import, division, print_function

import re

from waterspout_cmdb.sandbox.storage import instance_ids


def test_instance_id_is_the_time_in_hexadecimal_microseconds():
    """As the vendor's ids do, ours decode to the time of creation."""
    ids = instance_ids.InstanceIds(0, lambda: 1700000000.123456)
    text = instance_ids.instance_id(ids.next())
    assert re.match("[0-9a-f]{13}$", text)
    assert abs(int(text, 16) - 1700000000123456) <= 1


def test_ids_increase_while_the_clock_stands_still_or_goes_back():
    """Every id is greater than the previous one."""
    times = iter([5.0, 5.0, 4.0, 5.000001, 6.0])
    ids = instance_ids.InstanceIds(0, lambda: next(times))
    numbers = [ids.next() for _ in range(5)]
    assert numbers == [5000000, 5000001, 5000002, 5000003, 6000000]


def test_ids_go_on_after_the_last_one_of_an_earlier_run():
    """If the clock is set back between two runs, no id occurs twice."""
    assert instance_ids.InstanceIds(9000000, lambda: 5.0).next() == 9000001
