"""How fast Waterspout means to be, beside its peers in the same run."""

from __future__ import absolute_import, division, print_function

import collections


class Target(collections.namedtuple("Target", "python measure ours theirs factor")):
    """A ratio that one (client, case) means to have to another, on a version of Python.

    Of calls per second the factor is the least, of cost per call the most.
    """

    @property
    def is_most(self):
        # type: () -> bool
        return self.measure == "cpu_us_per_call"

    def reached(self, ratio):
        # type: (float) -> bool
        return ratio <= self.factor if self.is_most else ratio >= self.factor


def _speed(python, client, case, peers):
    return [
        Target(python, "calls_per_second", (client, case), (peer, case), factor)
        for peer, factor in peers
    ]


TARGETS = tuple(
    _speed("3.11", "session-pooled", "get-64", [
        ("aiohttp", 2.5), ("fetch-curl", 4.0), ("fetch-simple", 12.0), ("requests", 40.0)])
    + _speed("3.11", "fetch-pooled", "get-64", [("fetch-curl", 1.8), ("fetch-simple", 5.0)])
    + _speed("3.11", "session-pooled", "1m-64", [("aiohttp", 1.2)])
    + [Target("3.11", "cpu_us_per_call", ("session-pooled", "get-1000"),
              ("session-pooled", "get-64"), 1.6)]
    + _speed("2.7", "session-pooled", "get-64", [("fetch-curl", 2.2), ("fetch-simple", 9.0)])
)


def of_python(version):
    # type: (str) -> list[Target]
    """Those for Python 2 or for Python 3; ``version`` is like ``"3.12.1"``."""
    return [target for target in TARGETS if target.python[0] == version[0]]
