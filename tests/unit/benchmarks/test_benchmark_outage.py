"""What the simulation of outages makes of its calls, and when its checks are met."""

from __future__ import absolute_import, division, print_function

import pytest

from benchmarks.outage import chart, checks, scenarios, table
from benchmarks.outage.counts import Counts
from benchmarks.outage.figures import Call, figures, median, percentile, recovery
from benchmarks.outage.results import Results


def call(begun, succeeded=True, seconds=0.01, upstream=0):
    return Call(begun, seconds, succeeded, upstream)


def run(scenario, way, **changed):
    found = {"scenario": scenario, "way": way, "round": 0, "success": 1.0, "p50_ms": 2.0,
             "p99_ms": 3.0, "load": 1.0, "twice": 0, "held": 0, "held_most": 3,
             "lost_share": 0.0, "recovery": 0.0, "p99_rise": 1.0}
    return dict(found, **changed)


def results(*runs):
    machine = {"cpu": "a cpu", "cores": 2, "load": 0.5}
    return Results({"python": "3.11.7", "machine": machine, "rounds": 1}, runs)


@pytest.mark.parametrize("part, expected", [(0.5, 50), (0.99, 99), (1, 100), (0.001, 1)])
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(part, expected):
    assert percentile(list(range(100, 0, -1)), part) == expected


def test_the_percentile_of_one_value_is_this_value():
    assert percentile([7], 0.5) == percentile([7], 0.99) == 7


def test_a_median_counts_what_never_happened_as_more_than_any_number():
    assert median([3.0, 1.0, 2.0]) == 2.0
    assert median([1.0, 2.0]) == 1.5
    assert median([1.0, None, 2.0]) == 2.0
    assert median([None, 1.0, None]) is None
    assert median([1.0, None]) is None


def test_recovery_ends_with_the_last_failure():
    calls = [call(1.0, False), call(2.5), call(3.0, False), call(3.5), call(4.0)]
    assert recovery(calls, 2.0) == 1.5
    assert recovery(calls[::-1], 2.0) == 1.5
    assert recovery(calls + [call(5.0, False)], 2.0) is None
    assert recovery([call(1.0)], 2.0) == 0.0


def test_only_calls_after_two_seconds_count_as_lost():
    scenario = scenarios.named("bad-host")
    calls = [call(0.5, False), call(2.5, False)] + [call(3.0)] * 3
    found = figures(scenario, calls)
    assert found["lost_share"] == 0.25
    assert found["success"] == 0.6


def test_the_rise_of_p99_compares_the_hole_with_the_time_before():
    scenario = scenarios.named("black-hole")
    hole = scenario.marks["hole"]
    calls = [call(0.1, seconds=0.9, upstream=1), call(0.5, upstream=1),
             call(hole + 0.1, seconds=0.03, upstream=1),
             call(hole - 0.001, seconds=9, upstream=1), call(0.6, seconds=9, upstream=0)]
    found = figures(scenario, calls)
    assert found["p99_rise"] == pytest.approx(3.0)
    assert found["calls"] == 1


def test_a_post_that_comes_again_is_done_twice_unless_its_key_is_known():
    counts = Counts()
    assert [counts.add("1", None), counts.add("1", None), counts.add("2", None)] == [False] * 3
    assert counts.twice == 1
    assert not counts.add("3", "key") and counts.add("3", "key")
    counts.add(None, None)
    assert counts.as_json() == {"requests": 6, "twice": 1}


def test_a_check_needs_the_policy_to_hold_and_the_lack_of_it_to_fail():
    on, off = ("errors", "retry, budget"), ("errors", "retry, no budget")
    assert met(run(*on, load=1.1), run(*off, load=1.9)) == [True, True, True]
    assert met(run(*on, load=1.3), run(*off, load=1.9)) == [False, True, True]
    assert met(run(*on, load=1.1), run(*off, load=1.1)) == [True, False, True]


def test_a_connection_left_in_use_fails_and_so_does_one_that_never_was():
    on, off = ("errors", "retry, budget"), ("errors", "retry, no budget")
    assert not met(run(*on, held=1), run(*off))[-1]
    assert not met(run(*on, held_most=0), run(*off, held_most=0))[-1]


def test_one_post_done_twice_in_one_round_fails():
    on, off = ("posts", "retry, budget"), ("posts", "retry of any method")
    found = met(run(*on), run(*on), run(*on, twice=1), run(*off, twice=9))
    assert found[:2] == [False, True]


def met(*runs):
    return [fulfilled for fulfilled, _ in checks.checked(results(*runs))]


def test_every_check_is_about_ways_of_a_scenario():
    for check in checks.CHECKS:
        for name, way in (check.of, check.without):
            assert way in scenarios.named(name).ways


def test_table_and_chart_show_each_way_that_was_run():
    found = results(*[run(scenario.name, way) for scenario in scenarios.SCENARIOS
                      for way in scenario.ways])
    shown, drawn = table.table(found), chart.chart(found)
    for scenario in scenarios.SCENARIOS:
        assert "| **%s** |" % scenario.title in shown
        for way in scenario.ways:
            assert "| %s | 100.0 %% | 2.0 | 3 | 1.00 |" % way in shown
            assert ">%s<" % way in drawn
    assert "0.0 s (retry, budget, circuit breaker)" in table.verdicts(found)
