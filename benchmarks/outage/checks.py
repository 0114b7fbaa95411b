"""The checks: what the policies must achieve, and that without them it is not so."""

from __future__ import absolute_import, division, print_function

import collections

from benchmarks.outage.scenarios import of_peer

#: ``of`` and ``without`` are (scenario, way); ``without`` fails the check, or else the check shows
#: nothing. ``figure`` is the name of one of the figures, ``limit`` what it may be at most.
Check = collections.namedtuple("Check", "title of without figure limit shown")

CHECKS = (
    Check("a retry budget keeps the load on a failing upstream under 1.2 times the normal one",
          ("errors", "retry, budget"), ("errors", "retry, no budget"), "load", 1.2, "%.2f"),
    Check("a black hole raises the p99 of another upstream by 10 % at most",
          ("black-hole", "bulkhead, pool limits, deadline"), ("black-hole", "no policy"),
          "p99_rise", 1.1, "%.2f times"),
    Check("no POST is done twice",
          ("posts", "retry, budget"), ("posts", "retry of any method"), "twice", 0, "%d"),
    Check("no POST with an Idempotency-Key is done twice",
          ("posts", "retry with a key"), ("posts", "retry of any method"), "twice", 0, "%d"),
    Check("after two seconds one bad host of three costs less than 1 % of the calls",
          ("bad-host", "balancer"), ("bad-host", "no policy"), "lost_share", 0.01, "%.4f"),
    Check("at most 3 s after the upstream is back all calls succeed again",
          ("restart", "retry, budget, circuit breaker"),
          ("restart", "circuit breaker, open for 30 s"), "recovery", 3.0, "%.1f s"),
)

#: Figures of which no single run may be above the limit; of the others the median counts.
_OF_EACH_RUN = ("twice",)


def checked(results):
    # type: (Results) -> list[tuple[bool, str]]
    """Return (whether it is met, a line) for each check whose scenario was run."""
    found = []
    for check in CHECKS:
        if not (results.has(*check.of) and results.has(*check.without)):
            continue
        number, worse = value(results, check, check.of), value(results, check, check.without)
        met, fails_without = within(number, check.limit), not within(worse, check.limit)
        found.append((met, "%s: %s (%s)" % (
            check.title, shown(check, number), check.of[1])))
        found.append((fails_without, "  without the policy this fails: %s (%s)" % (
            shown(check, worse), check.without[1])))
    for scenario in results.scenarios():
        runs = [run for run in results.runs
                if run["scenario"] == scenario and not of_peer(run["way"])]
        most, left = max(run["held_most"] for run in runs), max(run["held"] for run in runs)
        # If none was ever seen in use, that none is left shows nothing.
        found.append((left == 0 < most, "%s: at the end %d connections and places are in use, %d "
                      "at most before" % (scenario, left, most)))
    return found


def value(results, check, row):
    # type: (Results, Check, tuple[str, str]) -> float | None
    if check.figure in _OF_EACH_RUN:
        return max(run[check.figure] for run in results.of(*row))
    return results.median(row[0], row[1], check.figure)


def within(number, limit):
    # type: (float | None, float) -> bool
    """None is more than any number."""
    return number is not None and number <= limit


def shown(check, number):
    # type: (Check, float | None) -> str
    return "never in this run" if number is None else check.shown % number
