from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.cluster.pace import Pace


class Clock(object):
    now = 100.0

    def __call__(self):
        return self.now


def test_a_pause_holds_for_all_and_halves_what_is_under_way():
    clock = Clock()
    pace = Pace(8, clock)
    assert (pace.allowed, pace.pause) == (8, 0)
    assert pace.refused(5.0)
    assert (pace.allowed, pace.pause) == (4, 5.0)
    clock.now += 3
    assert pace.pause == 2.0
    clock.now += 3
    assert pace.pause == 0


def test_answers_to_what_had_left_before_do_not_halve_it_again():
    clock = Clock()
    pace = Pace(8, clock)
    assert pace.refused(5.0)
    clock.now += 1
    assert not pace.refused(5.0)
    assert (pace.allowed, pace.pause) == (4, 5.0)
    assert not pace.refused(1.0)
    assert pace.pause == 5.0  # The longest one holds.


def test_one_at_a_time_remains_and_what_is_taken_raises_it_step_by_step():
    clock = Clock()
    pace = Pace(3, clock)
    for _ in range(4):
        pace.refused(1.0)
        clock.now += 2
    assert pace.allowed == 1
    allowed = []
    for _ in range(6):
        pace.taken()
        allowed.append(pace.allowed)
    assert allowed == [2, 2, 3, 3, 3, 3]
