"""Results: every run, and what follows from them."""

from __future__ import absolute_import, division, print_function

import json

from benchmarks import cases, clients


class Results(object):
    """Runs, and what they were measured with and on.

    Attributes:
        facts (dict): what to know about all runs, in JSON's types; see `runner.facts`.
        runs (list of dict): each has ``round``, ``client`` and ``case``, and either what
            `measure.measure` returns or ``error``.
    """

    #: What a run calls that which is measured.
    who = "client"

    def __init__(self, facts, runs=()):
        # type: (dict[str, Any], Iterable[dict[str, Any]]) -> None
        self.facts = facts
        self.runs = list(runs)

    @classmethod
    def load(cls, path):
        # type: (str) -> Results
        with open(path) as file:
            saved = json.load(file)
        return cls(saved["facts"], saved["runs"])

    def save(self, path):
        # type: (str) -> None
        with open(path, "w") as file:
            json.dump({"facts": self.facts, "runs": self.runs}, file, indent=1, sort_keys=True)
            file.write("\n")

    def cases(self):
        # type: () -> list[Case]
        """Those that were run, in their usual order."""
        names = {run["case"] for run in self.runs}
        known = [case for case in cases.ALL if case.name in names]
        return known + [cases.Case.named(name) for name in sorted(
            names - {case.name for case in known})]

    def clients(self, case):
        # type: (str) -> list[str]
        """Names of those that have a result there, the fastest first."""
        measured = [name for name in clients.NAMES if self.values(name, case, "calls_per_second")]
        return sorted(measured, key=lambda name: -self.median(name, case, "calls_per_second"))

    def errors(self, case):
        # type: (str) -> list[tuple[str, str]]
        """(client, what happened), each once."""
        return sorted({
            (run[self.who], run["error"])
            for run in self.runs
            if run["case"] == case and "error" in run
        })

    def values(self, client, case, measure):
        # type: (str, str, str) -> dict[int, float]
        """What was measured, by round."""
        return {
            run["round"]: run[measure]
            for run in self.runs
            if run[self.who] == client and run["case"] == case and measure in run
        }

    def median(self, client, case, measure):
        # type: (str, str, str) -> float | None
        return median(self.values(client, case, measure).values())

    def spread(self, client, case, measure):
        # type: (str, str, str) -> float
        """How far the rounds lie apart, from the least to the most, in parts of the median."""
        values = self.values(client, case, measure).values()
        return (max(values) - min(values)) / median(values)

    def ratio(self, measure, over, under):
        # type: (str, tuple[str, str], tuple[str, str]) -> float | None
        """The median of the ratios of each round; ``over`` and ``under`` are (client, case).

        A machine that slows down for a while slows both sides of a round.
        """
        above, below = self.values(*over + (measure,)), self.values(*under + (measure,))
        return median([above[number] / below[number] for number in set(above) & set(below)])


def median(values):
    # type: (Iterable[float]) -> float | None
    values = sorted(values)
    if not values:
        return None
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
