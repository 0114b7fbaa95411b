"""What is known about rows before anything is sent."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.checking.changes import ChangeCounts, compare
from waterspout_cmdb.bulk.checking.duplicates import duplicate_problem
from waterspout_cmdb.bulk.checking.references import PeerResolver
from waterspout_cmdb.bulk.checking.seen_keys import SeenKeys

__all__ = [
    "ChangeCounts",
    "PeerResolver",
    "SeenKeys",
    "compare",
    "duplicate_problem",
]
