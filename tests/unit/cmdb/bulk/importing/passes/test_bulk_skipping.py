"""Which rows are left out of the second pass."""

from __future__ import absolute_import, division, print_function

import random

import pytest

from waterspout_cmdb.bulk.importing.passes.skipping import Skipper, joined
from waterspout_cmdb.bulk.rows import Row


def rows(*numbers):
    return [Row(each, [u"x"]) for each in numbers]


def runs(skipper, *chunks):
    """Return (start, numbers) of each run."""
    return [(start, [row.number for row in run])
            for chunk in chunks for start, run in skipper.runs(chunk)]


@pytest.mark.parametrize("ranges, found", [
    ([], []),
    ([(1, 3)], [(1, 3)]),
    ([(4, 5), (1, 3)], [(1, 5)]),
    ([(1, 9), (2, 3), (9, 12)], [(1, 12)]),
    ([(1, 2), (4, 4)], [(1, 2), (4, 4)]),
])  # fmt: skip
def test_ranges_that_overlap_or_touch_are_one(ranges, found):
    assert joined(ranges) == found


def test_nothing_to_leave_out():
    assert runs(Skipper([], []), rows(2, 3), rows(), rows(4)) == [(0, [2, 3]), (0, [4])]


def test_rejected_rows_do_not_divide_a_run():
    assert runs(Skipper([2, 4, 9], []), rows(2, 3, 4, 5), rows(9)) == [(0, [3, 5])]


def test_finished_ranges_divide_runs():
    """The run after a finished range says from where on nothing is finished."""
    skipper = Skipper([6], [(0, 3), (7, 8)])
    assert runs(skipper, rows(2, 3, 4, 5, 6, 7, 8, 9, 10)) == [(4, [4, 5]), (9, [9, 10])]


def test_a_range_between_the_rows_of_a_file_divides_them_too():
    assert runs(Skipper([], [(4, 6)]), rows(2, 3), rows(8, 9)) == [(0, [2, 3]), (7, [8, 9])]


def test_all_finished():
    assert runs(Skipper([], [(0, 100)]), rows(2, 3), rows(4)) == []


def test_as_a_plain_search_would_do_it():
    dice = random.Random(5)
    for _ in range(200):
        numbers = sorted(dice.sample(range(2, 80), dice.randrange(60)))
        rejected = sorted(dice.sample(range(2, 80), dice.randrange(20)))
        edges = sorted(dice.sample(range(1, 90), 2 * dice.randrange(6)))
        ranges = list(zip(edges[::2], edges[1::2]))
        cut = dice.randrange(len(numbers) + 1)
        found = runs(Skipper(rejected, ranges), rows(*numbers[:cut]), rows(*numbers[cut:]))
        left = [each for each in numbers if each not in rejected
                and not any(first <= each <= last for first, last in ranges)]
        assert [number for _, run in found for number in run] == left
        for start, run in found:
            # What is finished with a batch of the run is nothing that was finished before.
            assert not any(start <= last and first <= run[-1] for first, last in ranges)
