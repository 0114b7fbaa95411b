"""A gateway under load, while all that happens to one in operation happens to it.

The peers, by name, for scripts/bench. Importing this package imports none of them.
"""

from __future__ import absolute_import, division, print_function

import collections

#: ``packages`` are what pip calls those of a peer.
Entry = collections.namedtuple("Entry", "name packages")

#: The peer, and what it is made of.
PEER = Entry("gunicorn", ("gunicorn", "uvicorn", "uvicorn-worker", "httptools", "uvloop",
                          "starlette", "aiohttp"))

NAMES = (PEER.name,)


def named(name):
    # type: (str) -> Entry
    return {PEER.name: PEER}[name]


def is_python3_only(entry):
    # type: (Entry) -> bool
    return True


def packages(entry):
    # type: (Entry) -> tuple[str, ...]
    """Return what pip calls the packages that only this peer needs."""
    return entry.packages
