"""UpstreamCounts: an observer that counts the calls to each upstream."""

import collections
from typing import Dict

from waterspout.instrumentation import Observer


class UpstreamCounts(Observer):
    """Is given to the SDKs. ``counts`` has how often each call was done, and how often it failed.

    A call is named by its path with placeholders, such as ``GET /cities/{city}/today``, so that
    there are as many names as methods, however many cities there are.
    """

    def __init__(self):
        self.counts: Dict[str, Dict[str, int]] = collections.defaultdict(
            lambda: {"done": 0, "failed": 0})

    def call_done(self, detail):
        self.counts[detail.call.name]["done"] += 1

    def call_failed(self, detail):
        self.counts[detail.call.name]["failed"] += 1
