"""Figures: what the calls of a run come to."""

from __future__ import absolute_import, division, print_function

import collections
import math

#: One call: when it was begun (seconds after the start), how long it took, whether it succeeded,
#: and the number of its upstream.
Call = collections.namedtuple("Call", "begun seconds succeeded upstream")


def figures(scenario, calls):
    # type: (Scenario, list[Call]) -> dict[str, float | None]
    """Return what is kept of a run, in JSON's types.

    The times are of all calls, failed ones too: how long a caller waits until it knows.
    """
    marks = scenario.marks
    watched = [call for call in calls if call.upstream in scenario.watched]
    found = {}
    if "hole" in marks:
        # The first calls connect. Those that last into the hole are neither before it nor in it.
        before = [call for call in watched if marks["warm"] <= call.begun
                  and call.begun + call.seconds < marks["hole"]]
        watched = [call for call in watched if call.begun >= marks["hole"]]
        found["p99_rise"] = p_ms(watched, 0.99) / p_ms(before, 0.99)
    if "learned" in marks:
        found["lost_share"] = 1 - share([
            call for call in watched if call.begun >= marks["learned"]])
    if "back" in marks:
        found["recovery"] = recovery(calls, marks["back"])
    found.update(
        calls=len(watched), success=share(watched), p50_ms=p_ms(watched, 0.5),
        p99_ms=p_ms(watched, 0.99))
    return found


def share(calls):
    # type: (list[Call]) -> float
    """The share that succeeded."""
    return sum(call.succeeded for call in calls) / len(calls)


def p_ms(calls, part):
    # type: (list[Call], float) -> float
    """The milliseconds that ``part`` of the calls need at most."""
    return percentile([call.seconds for call in calls], part) * 1000


def percentile(values, part):
    # type: (list[float], float) -> float
    """The least value that ``part`` (above 0, 1 at most) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[int(math.ceil(part * len(ordered) - 1e-9)) - 1]


def recovery(calls, back):
    # type: (list[Call], float) -> float | None
    """Seconds from ``back`` until the first call from which on all succeed.

    None: the last call fails.
    """
    ordered = sorted(calls)
    if not ordered[-1].succeeded:
        return None
    first = ordered[-1]
    for call in reversed(ordered):
        if not call.succeeded:
            break
        first = call
    return max(0.0, first.begun - back)


def median(values):
    # type: (list[float | None]) -> float | None
    """The median, in which None is more than any number."""
    ordered = sorted(values, key=lambda value: (value is None, value or 0))
    middle = len(ordered) // 2
    if len(ordered) % 2 or ordered[middle] is None:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
