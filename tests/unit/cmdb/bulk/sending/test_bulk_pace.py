"""What a sender decides, by numbers alone: sizes, places, pauses, and the next step."""

from __future__ import absolute_import, division, print_function

import pickle

import pytest

from waterspout_cmdb.bulk.sending import Limits
from waterspout_cmdb.bulk.sending.batch_size import BatchSize
from waterspout_cmdb.bulk.sending.concurrency import Concurrency
from waterspout_cmdb.bulk.sending.next_step import GIVE_UP, REJECT, SPLIT, WAIT, next_step
from waterspout_cmdb.bulk.sending.pace import Pace
from waterspout_cmdb.bulk.sending.pauses import Pauses


def test_limits_can_be_sent_to_another_process():
    """With all their values."""
    limits = Limits(5, 6, 7)
    assert pickle.loads(pickle.dumps(limits)) == limits == (5, 6, 7)
    assert Limits() == (1000, 1024 * 1024, 4)


@pytest.mark.parametrize("values", [(0,), (1, 0), (1, 1, -1), (1.5,), (True,), ("9",)])
def test_limits_are_whole_numbers_from_1(values):
    """The error has the name and the value."""
    with pytest.raises(ValueError) as caught:
        Limits(*values)
    assert "give a whole number from 1 on" in str(caught.value)


def test_a_batch_grows_by_steps_up_to_the_ceiling():
    """As long as answers come within the goal."""
    size = BatchSize(1000, goal=1.0)
    sizes = []
    for _ in range(20):
        sizes.append(size.rows)
        size.answered(size.rows, 0.9)
    assert sizes[:3] == [200, 250, 300] and size.rows == 1000


def test_small_batches_say_nothing_about_large_ones():
    """The last batch of a file, and halves, are quick because they are small."""
    size = BatchSize(1000)
    size.answered(3, 0.001)
    assert size.rows == 200


def test_a_slow_answer_halves_the_size_once():
    """Four batches of the same size are under way: all of them are slow."""
    size = BatchSize(1000)
    for _ in range(16):
        size.answered(size.rows, 0.1)
    for _ in range(4):
        size.answered(1000, 2.0)
    assert size.rows == 500
    for _ in range(20):
        size.answered(size.rows, 2.0)
    assert size.rows == 10


@pytest.mark.parametrize("ceiling", [1, 2, 3, 9, 10, 11])
def test_the_size_keeps_to_a_small_ceiling(ceiling):
    """A target may take one row at a time only."""
    size = BatchSize(ceiling)
    for seconds in (0.1, 0.1, 2.0, 2.0, 2.0, 0.1):
        assert 1 <= size.rows <= ceiling
        size.answered(size.rows, seconds)


def test_a_size_that_is_refused_is_not_tried_again():
    """413, or a CMDB that takes so many rows only."""
    size = BatchSize(1000)
    size.refused(200)
    for _ in range(100):
        size.answered(size.rows, 0.1)
    assert size.rows == 100
    for _ in range(10):
        size.refused(size.rows)
    assert size.rows == 1


def test_places_are_halved_and_come_back_one_by_one():
    """Never below 1, never above the maximum."""
    concurrency = Concurrency(4)
    for expected in (2, 1, 1):
        concurrency.overloaded()
        assert concurrency.limit == expected
    seen = []
    for _ in range(60):
        concurrency.answered()
        seen.append(concurrency.limit)
    assert [seen.index(limit) + 1 for limit in (2, 3, 4)] == [5, 15, 30]
    assert max(seen) == 4


def test_pauses_become_longer_until_a_success():
    """Half of each is by chance; a success makes the next one short."""
    pauses = Pauses(lambda: 1.0)
    now, lengths = 0.0, []
    for _ in range(9):
        assert pauses.failed(now + 0.001, now + 0.001)
        lengths.append(round(pauses.until - now, 2))
        now = pauses.until
    assert lengths == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    pauses.succeeded()
    pauses.failed(now, now)
    assert pauses.until - now == 0.5
    pauses = Pauses(lambda: 0.0)
    pauses.failed(0.0, 0.0)
    assert pauses.until == 0.25


def test_failures_of_requests_that_were_under_way_are_one():
    """Four requests fail together: that is one pause, and one reason to slow down."""
    pace = Pace(Limits(), 1.0, 600.0, lambda: 1.0)
    assert pace.failed("busy", 100, 0.0, 10.0, None)
    for now in (10.1, 10.2, 10.3):
        assert not pace.failed("busy", 100, 0.0, now, None)
    assert (pace.paused_until(), pace.concurrency.limit) == (10.5, 2)


def test_the_longest_wish_of_a_target_counts():
    """Whichever answer it is in; 0 is no wish."""
    pauses = Pauses(lambda: 1.0)
    pauses.failed(0.0, 10.0, 5.0)
    pauses.failed(0.0, 11.0, 20.0)
    pauses.failed(0.0, 12.0, 1.0)
    assert pauses.until == 31.0
    pauses = Pauses(lambda: 1.0)
    pauses.failed(0.0, 10.0, 0.0)
    assert pauses.until == 10.5


def test_patience_is_over_for_all_or_for_some_rows():
    """All fail; or rows fail again and again while others succeed."""
    pace = Pace(Limits(), 1.0, 600.0, lambda: 1.0)
    pace.failed("busy", 1, 0.0, 0.0, 600.0)
    assert not pace.is_over(0.0)
    pace.failed("busy", 1, 1.0, 1.0, 600.0)
    assert pace.is_over(1.0)
    pace.answered(1, 0.1)
    pace.failed("busy", 1, 700.0, 700.0, None)
    assert not pace.is_over(700.0)
    assert pace.is_over(100.0)


@pytest.mark.parametrize("kind, rows, times, others_succeed, step", [
    ("busy", 9, 99, True, WAIT), ("unreachable", 1, 99, False, WAIT),
    ("late", 9, 1, True, SPLIT), ("late", 1, 1, True, WAIT),
    ("refused", 9, 1, False, SPLIT), ("refused", 1, 1, False, REJECT),
    ("unclear", 9, 1, False, SPLIT), ("unclear", 1, 5, False, WAIT),
    ("unclear", 1, 6, True, GIVE_UP),
    ("failed", 9, 2, True, WAIT), ("failed", 9, 3, False, SPLIT), ("failed", 1, 3, True, REJECT),
    ("failed", 1, 3, False, WAIT), ("hopeless", 9, 1, True, GIVE_UP),
    ("hopeless", 1, 1, True, GIVE_UP),
])
def test_the_next_step(kind, rows, times, others_succeed, step):
    """Only what the target has said of one row alone rejects that row."""
    assert next_step(kind, rows, times, others_succeed) == step
