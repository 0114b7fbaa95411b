"""What became of the requests: each has one outcome, and a failure may have an excuse."""

from __future__ import absolute_import, division, print_function

import collections

from benchmarks.outage.figures import percentile

ANSWERED = "answered"

#: How a request fails. No client sends one again, so that none of these can hide.
REFUSED = "refused"  # The connection was not accepted.
RESET = "reset"  # The connection was reset before the whole answer had come.
LOST = "lost"  # The connection was closed before the whole answer had come.
TIMEOUT = "timeout"
ERROR = "5xx"
WRONG = "wrong"  # An answer that does not belong to the request, or another status.

FAILURES = (REFUSED, RESET, LOST, TIMEOUT, ERROR, WRONG)

#: Whose fault a failure is, if it is not ours.
KILLED = "in the killed worker"
UPSTREAM = "the CMDB was away"

#: Seconds after a restarted CMDB accepts connections in which the gateway may still say that it is
#: away. Its circuit breaker stays open for 2 s, and lets one call at a time try.
SETTLES = 5.0

#: One request. ``lane`` is the way that it took, ``kind`` the kind of client; ``begun`` and
#: ``ended`` are seconds after the start of the load; ``excuse`` is None for our own failures.
Request = collections.namedtuple("Request", "lane kind begun ended outcome excuse detail")


def is_upstreams_fault(status, body, begun, ended, outages):
    # type: (int, bytes, float, float, list[tuple[float, float]]) -> bool
    """Whether an error was the CMDB's: the answer says so, while it was really away.

    The page of a proxy in front of the gateway does not mention the CMDB. An outage that is not
    over ends at infinity.
    """
    if status not in (502, 503, 504) or b"CMDB" not in body:
        return False
    return any(begun < back + SETTLES and ended > away for away, back in outages)


def ours(requests):
    # type: (Iterable[Request]) -> list[Request]
    """Those that failed by our fault."""
    return [one for one in requests if one.outcome != ANSWERED and one.excuse is None]


def counts(requests):
    # type: (Iterable[Request]) -> dict[str, int]
    """Return how many there are of everything that a table shows."""
    found = collections.OrderedDict.fromkeys(
        ("sent", ANSWERED, KILLED, UPSTREAM, "failed") + FAILURES, 0)
    for one in requests:
        found["sent"] += 1
        if one.outcome == ANSWERED:
            found[ANSWERED] += 1
        elif one.excuse is not None:
            found[one.excuse] += 1
        else:
            found["failed"] += 1
            found[one.outcome] += 1
    return found


def during(requests, begun, ended):
    # type: (Iterable[Request], float, float) -> list[Request]
    """Those that were under way at any time in between."""
    return [one for one in requests if one.begun <= ended and one.ended >= begun]


def by_kind(requests):
    # type: (Iterable[Request]) -> dict[str, dict[str, Any]]
    """For each kind of client how many requests were sent, and how long the answers took."""
    found = collections.OrderedDict()
    for one in requests:
        found.setdefault(one.kind, []).append(one.ended - one.begun)
    return collections.OrderedDict(
        (kind, {"sent": len(times), "p50_ms": percentile(times, 0.5) * 1000,
                "p99_ms": percentile(times, 0.99) * 1000})
        for kind, times in sorted(found.items()))
