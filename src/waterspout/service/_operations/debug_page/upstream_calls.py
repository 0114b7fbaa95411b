"""UpstreamCalls: the calls that one request has caused."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation import Observer

if TYPE_CHECKING:
    from typing import Any, Dict, List  # noqa: F401

#: Calls that are shown. A request that makes thousands has its first ones on the page.
MAX_CALLS = 100


class UpstreamCalls(Observer):
    """
    Attributes:
        ended (list): a CallDone, CallFailed or CallCancelled of each, the first `MAX_CALLS`.
        started, finished (int): how many calls.
        retries (dict): the id of a call to its CallRetried, in order.
    """

    def __init__(self):
        # type: () -> None
        self.ended = []  # type: List[Any]
        self.started = self.finished = 0
        self.retries = {}  # type: Dict[int, List[Any]]

    def call_started(self, detail):
        self.started += 1

    def call_retried(self, detail):
        self.retries.setdefault(detail.call.id, []).append(detail)

    def _call_ended(self, detail):
        self.finished += 1
        if len(self.ended) < MAX_CALLS:
            self.ended.append(detail)

    call_done = call_failed = call_cancelled = _call_ended
