"""RetryCount: the retries of one call."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.exceptions import Timeout
from waterspout.policies.retry.error_kinds import error_kind, may_have_been_sent
from waterspout.policies.retry.retry_after import LONGEST, retry_after

if TYPE_CHECKING:
    from typing import Callable, Dict, Optional  # noqa: F401

    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response  # noqa: F401
    from waterspout.policies.retry.retry import Retry  # noqa: F401

#: The statuses that are retried if they have a Retry-After, as in urllib3.
RETRY_AFTER_STATUSES = frozenset([413, 429, 503])

#: 2.0 to this power is no overflow.
_MOST_DOUBLINGS = 1000


class RetryCount(object):
    """The retries of one call. After each attempt ask, in this order, `allows`, `delay` and
    `BudgetState.take`; the first that refuses makes this attempt's outcome the call's.

    Args:
        retry (Retry): the policy.

    Attributes:
        retries (int): how many retries `allows` has allowed.
    """

    __slots__ = ("retry", "retries", "_of_kind")

    def __init__(self, retry):
        # type: (Retry) -> None
        self.retry = retry
        self.retries = 0
        self._of_kind = None  # type: Optional[Dict[str, int]]  # Most calls never need one.

    def allows(self, request, response, error, vouched):
        # type: (PreparedRequest, Optional[Response], Optional[BaseException], bool) -> bool
        """Whether this outcome of an attempt may be followed by a retry. If so, it is counted.

        Args:
            request: its method matters only.
            response, error: one of them; the other is None.
            vouched (bool): a repetition does no harm, whatever the method: the caller has said so,
                or there is an idempotency key.
        """
        if error is None:
            retry = self.retry
            status = response.status_code  # type: ignore[union-attr]
            if status not in retry.status_forcelist and status not in RETRY_AFTER_STATUSES:
                return False  # Nearly always.
            if not (status in retry.status_forcelist or self._invites(response)):
                return False
            kind = "status"  # type: Optional[str]
            sent = True
        else:
            kind = error_kind(error)
            if kind is None:
                return False
            sent = may_have_been_sent(error)
            if sent and isinstance(error, Timeout) and not self.retry.timeouts:
                return False
        if sent and not vouched and not self.retry.allows_method(request.method):
            return False
        return self._count(kind)

    def raises(self, request, response, vouched):
        # type: (PreparedRequest, Response, bool) -> bool
        """Whether this response, which is not retried any more, is a RetryError for the caller.

        That is so with ``raise_on_status``, if it would be retried had there been no limit: not if
        its method is never retried, nor if a Retry-After alone would be the reason, as in urllib3
        where ``total`` is the limit that was reached.
        """
        retry = self.retry
        return (retry.raise_on_status and response.status_code in retry.status_forcelist
                and (vouched or retry.allows_method(request.method)))

    def delay(self, response, dice, wall_now):
        # type: (Optional[Response], Callable[[], float], float) -> Optional[float]
        """The seconds to wait before the retry that `allows` has just allowed.

        None: do not retry, since the server asks to wait longer than ``retry_after_max``.

        Args:
            response: the response that is retried; None after an error.
            dice: returns a random number from 0 on and below 1.
            wall_now: now, in seconds since 1970 (UTC), for a Retry-After that is a date.
        """
        retry = self.retry
        longest = min(
            retry.backoff_factor * 2.0 ** min(self.retries - 1, _MOST_DOUBLINGS),
            retry.backoff_max, LONGEST)
        seconds = dice() * longest
        if response is not None and retry.respect_retry_after_header:
            asked = retry_after(response.headers.get("Retry-After"), wall_now)
            if asked is not None:
                if asked > retry.retry_after_max:
                    return None
                seconds = max(seconds, asked)
        return seconds

    def _invites(self, response):
        """Whether a response with one of RETRY_AFTER_STATUSES says when to come back."""
        return self.retry.respect_retry_after_header and retry_after(
            response.headers.get("Retry-After"), 0.0) is not None

    def _count(self, kind):
        """Count a retry unless a limit is reached, and say whether it was counted."""
        retry = self.retry
        if retry.total is not None and self.retries >= retry.total:
            return False
        of_kind = self._of_kind
        if of_kind is None:
            of_kind = self._of_kind = {}
        used = of_kind.get(kind, 0)
        limit = getattr(retry, kind)
        if limit is not None and used >= limit:
            return False
        of_kind[kind] = used + 1
        self.retries += 1
        return True
