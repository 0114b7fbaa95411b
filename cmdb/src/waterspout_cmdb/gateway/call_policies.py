"""How the gateway's calls to the CMDB hold up: retries, a bulkhead, a circuit breaker."""

from __future__ import absolute_import, division, print_function

import logging

import waterspout
from waterspout import exceptions

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Optional  # noqa: F401

#: Times that a search, or an import which the CMDB makes idempotent, is sent again.
RETRIES = 1

#: Calls that run at once. As many as the ``pooled`` transport has connections by default: more have
#: never run at once.
MAX_CONCURRENT = waterspout.constants.MAX_CONNECTIONS

#: Calls that wait at once. If each takes a second, the last of them waits for ten, as long as
#: ``--timeout`` lets the CMDB be silent. Clients of further ones would have left before their turn.
MAX_QUEUED = 10 * MAX_CONCURRENT

#: The longest ``Retry-After`` that the gateway waits for itself. A longer one is the client's.
RETRY_AFTER_MAX = 1.0

#: Of the CMDB or of a proxy before it: it cannot be reached, or does not serve.
_FAILING = (502, 503, 504)

_FAILURES = (
    exceptions.ConnectionError,
    exceptions.Timeout,
    exceptions.RemoteProtocolError,
    exceptions.ChunkedEncodingError,
)

#: Classes of those: our queues, refusals and limits, and the deadlines of clients.
_SAYS_NOTHING = (
    exceptions.PoolTimeout,
    exceptions.CircuitOpen,
    exceptions.ResponseTooLarge,
    exceptions.DeadlineExceeded,
)

_log = logging.getLogger("waterspout.cmdb")


def call_policies(
    retries=RETRIES,
    max_concurrent=MAX_CONCURRENT,
    max_queued=MAX_QUEUED,
    max_concurrent_per_org=0,
    breaker=True,
    upstreams=1,
):
    # type: (int, int, int, int, bool, int) -> Dict[str, Any]
    """Return the keywords of a `CMDBSDK` that these options mean; those that are off are not there.

    Args:
        upstreams (int): how many there are. Each has the places of the bulkhead for itself.
    Raises: ValueError: ``max_concurrent_per_org`` without ``max_concurrent``.
    """
    keywords = {}  # type: Dict[str, Any]
    if retries:
        keywords["retry"] = _retry(retries)
    if max_concurrent:
        keywords["bulkhead"] = waterspout.Bulkhead(
            max_concurrent,
            max_queued,
            tenant_header="org" if max_concurrent_per_org else None,
            max_concurrent_per_tenant=max_concurrent_per_org or None,
        )
        connections = max_concurrent * upstreams
        if connections > waterspout.constants.MAX_CONNECTIONS:
            keywords["max_connections"] = connections
    elif max_concurrent_per_org:
        raise ValueError("max_concurrent_per_org needs max_concurrent")
    if breaker:
        keywords["breaker"] = _BREAKER
    return keywords


def is_failure(response, error):
    # type: (Any, Optional[BaseException]) -> Optional[bool]
    """Whether an outcome shows that the CMDB fails: True, False, or None if it says nothing.

    What one client can cause says nothing, since it must not stop the calls of the others: a 500,
    for which its search may be the reason, and the end of a deadline, which it may have chosen.
    """
    if error is None:
        status = response.status_code
        return None if status == 500 else status in _FAILING
    if isinstance(error, _SAYS_NOTHING) or not isinstance(error, _FAILURES):
        return None
    return True


def _retry(retries):
    # What took too long is not sent again, a 504 included: the CMDB may still be working on it, and
    # two imports of the same rows at the same time could both insert them.
    return waterspout.Retry(
        retries,
        status_forcelist=(502, 503),
        retry_after_max=RETRY_AFTER_MAX,
        timeouts=False,
        # When a host dies, all of its calls fail together.
        budget=waterspout.RetryBudget(burst=MAX_CONCURRENT),
    )


def _log_change(change):
    if change.before == "closed":
        _log.warning("Calls to %s are refused for a while: of the last %d %d have failed",
                     change.origin, change.calls, change.failures)
    elif change.after == "closed":
        _log.warning("Calls to %s are made again", change.origin)


_BREAKER = waterspout.CircuitBreaker(is_failure=is_failure, listeners=(_log_change,))
