"""How fast Waterspout is meant to be, beside its peers in the same run."""

from __future__ import absolute_import, division, print_function

import collections

from benchmarks import cases

#: The two measures; each has to be good enough.
COST, SPEED = "cpu_us_per_call", "calls_per_second"


class Target(collections.namedtuple("Target", "python ours theirs factor is_most")):
    """What one (client, case) is meant to reach beside another one, on a version of Python.

    ``ours`` is to be at least ``factor`` times as good as ``theirs``, in CPU per call and in
    calls/s. If ``is_most``, it may be ``factor`` times as bad at most.
    """

    def ratio(self, results, measure):
        # type: (Results, str) -> float | None
        """How many times as good, or as bad if ``is_most``; None: not measured."""
        return times(results, measure, self.ours, self.theirs, self.is_most)

    def reached(self, ratio):
        # type: (float) -> bool
        return ratio <= self.factor if self.is_most else ratio >= self.factor


def times(results, measure, ours, theirs, bad=False):
    # type: (Results, str, tuple[str, str], tuple[str, str], bool) -> float | None
    """How many times as good as ``theirs`` ours is, or how many times as ``bad``."""
    ours_is_above = (measure == SPEED) != bad
    return results.ratio(measure, *((ours, theirs) if ours_is_above else (theirs, ours)))


def _least(python, client, names, peer, factor):
    return [Target(python, (client, name), (peer, name), factor, False) for name in names]


def _at_1000(python):
    """Any kind of call costs at 1,000 concurrent at most 1.5 times of what it costs at 64."""
    for kind in cases.KINDS:
        client = "fetch-pooled" if kind.name == "headers" else "session-pooled"
        yield Target(
            python, (client, kind.name + "-1000"), (client, kind.name + "-64"), 1.5, True)


#: What services call.
_COMMON = ("sdk-64", "post-json-64", "get-json-64", "params-64", "get-id-64", "get-64")
_OTHERS = ("stream-64", "cookies-64", "jar-64", "auth-64")
_BODIES = ("1m-16", "1m-64", "upload-16", "upload-64")


def _targets(python, peer, fetch_peers):
    session = "session-pooled"
    found = _least(python, session, _COMMON, peer, 2.5)
    found += _least(python, session, _OTHERS, peer, 2.0)
    for other, factor in fetch_peers:
        found += _least(python, "fetch-pooled", ["headers-64"], other, factor)
    found += _least(python, session, _BODIES, peer, 1.2)
    found += _at_1000(python)
    found.append(Target(python, (session, "sdk-each-64"), (session, "sdk-64"), 1.3, True))
    return found


TARGETS = tuple(
    _targets("3.11", "aiohttp", [("aiohttp", 1.7), ("fetch-curl", 2.5), ("fetch-simple", 6.0)])
    + _targets("2.7", "fetch-curl", [("fetch-curl", 2.0), ("fetch-simple", 4.0)])
)


def of_python(version):
    # type: (str) -> list[Target]
    """Those for Python 2 or for Python 3; ``version`` is like ``"3.12.1"``."""
    return [target for target in TARGETS if target.python[0] == version[0]]
