"""Results: the figures of all runs, and their medians."""

from __future__ import absolute_import, division, print_function

import json

from benchmarks.outage import figures, scenarios


class Results(object):
    """Attributes: facts (dict): about all runs; runs (list of dict): scenario, way, and figures."""

    def __init__(self, facts, runs=()):
        # type: (dict[str, Any], Iterable[dict[str, Any]]) -> None
        self.facts = facts
        self.runs = list(runs)

    def of(self, scenario, way):
        # type: (str, str) -> list[dict[str, Any]]
        return [run for run in self.runs if run["scenario"] == scenario and run["way"] == way]

    def has(self, scenario, way):
        # type: (str, str) -> bool
        return bool(self.of(scenario, way))

    def median(self, scenario, way, figure):
        # type: (str, str, str) -> float | None
        return figures.median([run[figure] for run in self.of(scenario, way)])

    def scenarios(self):
        # type: () -> list[str]
        """Those that were run, in their order."""
        return [name for name in scenarios.NAMES
                if any(run["scenario"] == name for run in self.runs)]

    def save(self, path):
        # type: (str) -> None
        with open(path, "w") as file:
            json.dump({"facts": self.facts, "runs": self.runs}, file, indent=1, sort_keys=True)
            file.write("\n")

    @classmethod
    def load(cls, path):
        # type: (str) -> Results
        with open(path) as file:
            saved = json.load(file)
        return cls(saved["facts"], saved["runs"])
