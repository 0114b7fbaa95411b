"""A million rows into the CMDB: the import command, beside what people write themselves.

The peers, by name, for scripts/bench. Importing this package imports none of them.
"""

from __future__ import absolute_import, division, print_function

import collections

#: ``packages`` are what pip calls those of a peer.
Entry = collections.namedtuple("Entry", "name packages")

#: The loop that people write; and what the command itself needs on several machines.
NAIVE = Entry("pandas", ("pandas", "requests", "openpyxl"))
CLUSTER = Entry("distributed", ("distributed",))

NAMES = (NAIVE.name, CLUSTER.name)


def named(name):
    # type: (str) -> Entry
    return {each.name: each for each in (NAIVE, CLUSTER)}[name]


def is_python3_only(entry):
    # type: (Entry) -> bool
    return True


def packages(entry):
    # type: (Entry) -> tuple[str, ...]
    """Return what pip calls the packages that this peer needs."""
    return entry.packages
