"""What becomes of calls while their upstream misbehaves, with policies and without.

The peers, by name, for scripts/bench. Importing this package imports none of them.
"""

from __future__ import absolute_import, division, print_function

import collections

from benchmarks.outage.scenarios import PEERS, SCENARIOS, of_peer

#: ``packages`` are what pip calls those of a peer.
Entry = collections.namedtuple("Entry", "name packages")

_PACKAGES = {PEERS[0]: ("aiohttp-retry",), PEERS[1]: ("httpx", "tenacity")}

NAMES = tuple(sorted({way for scenario in SCENARIOS for way in scenario.ways}))


def named(name):
    # type: (str) -> Entry
    return Entry(name, _PACKAGES.get(name, ()))


def is_python3_only(entry):
    # type: (Entry) -> bool
    return of_peer(entry.name)


def packages(entry):
    # type: (Entry) -> tuple[str, ...]
    """Return what pip calls the packages that only this way needs."""
    return entry.packages
