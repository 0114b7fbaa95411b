"""Results of servers."""

from __future__ import absolute_import, division, print_function

from benchmarks import results, servers
from benchmarks.servers import cases
from benchmarks.targets import COST

#: What is measured of idle connections, and of the page: microseconds of its template.
MEMORY, TEMPLATE = "kib_per_connection", "template_us"


class Results(results.Results):
    """As `benchmarks.results.Results`, with ``server`` in place of ``client``."""

    who = "server"

    def cases(self):
        # type: () -> list[Case]
        names = {run["case"] for run in self.runs}
        return [case for case in cases.ALL if case.name in names]

    def servers(self, case):
        # type: (Case) -> list[str]
        """Names of those that have a result there, the cheapest first."""
        measure = COST if case.busy else MEMORY
        measured = [name for name in servers.NAMES if self.values(name, case.name, measure)]
        return sorted(measured, key=lambda name: self.median(name, case.name, measure))
