"""One scenario of the simulation of outages, for a second: its upstreams are processes."""

from __future__ import absolute_import, division, print_function

from benchmarks.outage import checks, runner, scenarios
from benchmarks.outage.results import Results
from benchmarks.runner import Settings

WAYS = ("retry, budget", "retry of any method")


def test_no_post_is_done_twice_in_a_short_outage_unless_any_method_is_retried():
    scenario = scenarios.named("posts")
    planned = [(scenario, way) for way in WAYS]
    with runner.upstreams() as urls:
        runs = list(runner.runs(planned, urls, Settings(1, 0.0, 0.0, None), short=0.7))
    assert [run["calls"] for run in runs] == [int(scenario.rate * scenario.seconds * 0.7)] * 2
    assert all(0.2 < run["success"] < 0.95 for run in runs)
    lines = checks.checked(Results({}, runs))
    assert len(lines) == 3
    assert all(met for met, _ in lines), lines
