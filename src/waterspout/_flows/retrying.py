"""Retrying: whether an attempt is followed by another, and when."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout._flows.commands import Pause
from waterspout.exceptions import RetryError, UnrewindableBodyError
from waterspout.policies.retry import Attempt, RetryCount, vouched_by_key
from waterspout.policies.retry.error_kinds import may_have_been_sent

if TYPE_CHECKING:
    from typing import Any, Optional, Tuple  # noqa: F401

    from waterspout._flows.plan import Plan  # noqa: F401
    from waterspout.exceptions import RequestException  # noqa: F401
    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response  # noqa: F401


def begin_to_count(request, plan):
    # type: (PreparedRequest, Plan) -> None
    """A message that may be retried is sent: count it in its budget, and give it its key."""
    retry = plan.guards.retry  # type: Any
    budget = plan.guards.of(request.parsed_url.origin).budget
    if budget is not None:
        budget.call_begun()
    if retry.idempotency_header is not None:
        vouched_by_key(retry, request, plan.means.make_key)


class Retrying(object):
    """The retries of one message, after `begin_to_count`; made when the first attempt has failed.

    Attributes:
        following (PreparedRequest): what the next attempt sends; set by `pause_after`.
    """

    __slots__ = ("following", "_options", "_plan", "_retry", "_budget", "_count", "_before",
                 "_vouched")

    def __init__(self, request, options, plan):
        # type: (PreparedRequest, CallOptions, Plan) -> None
        self.following = request
        self._options = options
        self._plan = plan
        self._retry = retry = plan.guards.retry  # type: Any
        self._budget = plan.guards.of(request.parsed_url.origin).budget
        self._count = None  # type: Optional[RetryCount]
        self._before = ()  # type: Tuple[Attempt, ...]
        self._vouched = (plan.idempotent
                         or vouched_by_key(retry, request, plan.means.make_key))

    def pause_after(self, request, response, error, began):
        # type: (PreparedRequest, Optional[Response], Optional[RequestException], float) -> Optional[Pause]  # noqa: E501
        """The pause before the next attempt; None if there is to be none.

        The attempt sent ``request``, began at ``began`` (monotonic seconds) and has just ended.
        """
        means, count = self._plan.means, self._count
        if count is None:
            count = self._count = RetryCount(self._retry)
        if self._plan.guards.calls.closed or not count.allows(
                request, response, error, self._vouched):
            return None
        seconds = count.delay(response, means.dice, means.wall_clock())
        now, deadline = means.clock(), self._options.deadline
        if seconds is None or deadline is not None and now + seconds >= deadline:
            return None
        following = _copy(request)
        # Last, since a retry that is not made must not be paid for.
        if following is None or self._budget is not None and not self._budget.take():
            return None
        self.following = following
        attempt = Attempt(
            request.method, request.parsed_url.for_messages,
            None if response is None else response.status_code, error, now - began, seconds)
        self._before += (attempt,)
        return Pause(seconds, attempt)

    def result(self, response, error):
        # type: (Optional[Response], Optional[RequestException]) -> Tuple[Optional[Response], Optional[RequestException]]  # noqa: E501
        """The result of the call, which its last attempt had: a response or an error."""
        if error is not None:
            error.retries = self._before
            if any(map(_may_have_arrived, self._before)):
                error.may_have_been_sent = True
        elif response is not None:
            response.retries = self._before
            if self._count is not None and self._count.raises(
                    response.request, response, self._vouched):
                return None, self._exhausted(response)
        return response, error

    def _exhausted(self, response):
        request = response.request
        error = RetryError(
            "%s %s: too many responses with a status such as %d, in %d attempts" % (
                request.method, request.parsed_url.for_messages, response.status_code,
                len(self._before) + 1),
            request=request, response=response, phase="read")
        error.retries = self._before
        return error


def _may_have_arrived(attempt):
    # type: (Attempt) -> bool
    return attempt.error is None or may_have_been_sent(attempt.error)


def _copy(request):
    # type: (PreparedRequest) -> Optional[PreparedRequest]
    """What sends ``request`` again; None if its body cannot be sent again."""
    following = request.copy()
    if isinstance(following.body, StreamedBody):
        try:
            following.body.rewind()
        except UnrewindableBodyError:
            return None
    if following.responder is not None:
        following.prepare_auth(following.responder)
    return following
