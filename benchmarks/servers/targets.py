"""How good our server is meant to be, beside others in the same run."""

from __future__ import absolute_import, division, print_function

import collections

from benchmarks.servers import cases
from benchmarks.servers.results import MEMORY
from benchmarks.targets import COST, SPEED, times

#: What a result is beside a target.
MISSED, REACHED, SURPASSED = "NOT reached", "gate reached", "goal reached"


class Target(collections.namedtuple("Target", "python ours theirs gate goal is_most")):
    """What one (server, case) is to reach beside another one, on a version of Python.

    ``gate`` and ``goal`` have for each measure that they ask for how many times as good ours is
    to be, or how many times as bad at most, if ``is_most``. A gate binds, a goal is reported.
    """

    def ratio(self, results, measure):
        # type: (Results, str) -> float | None
        """None: not measured."""
        return times(results, measure, self.ours, self.theirs, self.is_most)

    def verdict(self, results):
        # type: (Results) -> str | None
        """None: not measured."""
        if self.ratio(results, COST) is None:
            return None
        if not self._holds(results, self.gate):
            return MISSED
        return SURPASSED if self._holds(results, self.goal) else REACHED

    def _holds(self, results, factors):
        ratios = [(self.ratio(results, measure), factor) for measure, factor in factors.items()]
        return all(ratio <= factor if self.is_most else ratio >= factor
                   for ratio, factor in ratios)


def _both(factor):
    return {COST: factor, SPEED: factor}


def _targets(python, peers):
    for case in cases.ALL:
        if case.busy == case.connections and "tornado" in case.servers:
            yield Target(python, ("waterspout", case.name), ("tornado", case.name),
                         _both(1.7), _both(2.0), False)
    for name in ("import-64", "import-log-64"):
        for peer, gate, goal in peers:
            yield Target(python, ("gateway", name), (peer, name), gate, goal, False)
    yield Target(python, ("gateway", "import-2000"), ("gateway", "import-64"),
                 _both(1.3), _both(1.3), True)


TARGETS = tuple(_targets("3.11", (
    ("starlette", _both(1.3), _both(1.5)),
    ("granian", {COST: 1.2}, {COST: 1.4, SPEED: 1.0}),
    ("tornado-aiohttp", _both(2.5), _both(2.5)),
    ("tornado-simple", _both(6.0), _both(6.0)),
    ("tornado-requests", _both(15.0), _both(15.0)),
))) + tuple(_targets("2.7", (
    ("tornado-simple", _both(5.0), _both(5.0)),
    ("tornado-requests", _both(12.0), _both(12.0)),
)))

#: What an idle connection of the gateway may take: a goal.
IDLE, IDLE_KIB = ("gateway", "import-10000-idle"), 10.0


def of_python(version):
    # type: (str) -> list[Target]
    """Those for Python 2 or for Python 3; ``version`` is like ``"3.12.1"``."""
    return [target for target in TARGETS if target.python[0] == version[0]]


def memory(results):
    # type: (Results) -> float | None
    """KiB of an idle connection; None: not measured."""
    return results.median(*IDLE + (MEMORY,))
