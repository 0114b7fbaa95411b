"""A call's deadline: refused when too little is left, and sent on."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._encoding.header_checks import checked_field
from waterspout.exceptions import DeadlineExceeded
from waterspout.models.failures import failure
from waterspout.timeouts import without_total

if TYPE_CHECKING:
    from typing import Optional, Tuple  # noqa: F401

    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.policies.deadline import Deadline  # noqa: F401
    from waterspout.timeouts import ClientTimeout  # noqa: F401


def check_deadline(request, deadline, now):
    # type: (PreparedRequest, Deadline, float) -> None
    """Raise DeadlineExceeded if a call that begins ``now`` would have too little time."""
    left = deadline.at - now
    if left <= deadline.least:
        if left <= 0:
            what = "its deadline passed %.3g s before the call" % -left
        else:
            what = "refused, since only %.3g s are left until its deadline, and %g s are needed" % (
                left, deadline.least)
        raise _not_sent(request, what)


def sooner(timeout, total_at, deadline):
    # type: (ClientTimeout, Optional[float], Deadline) -> Tuple[ClientTimeout, float]
    """The timeout and the deadline (`monotonic` seconds) of a call that has both.

    Args:
        total_at (float or None): when ``timeout.total`` has passed.
    """
    if total_at is not None and total_at <= deadline.at:
        return timeout, total_at
    if timeout.total is not None:  # Another limit than that: see `ClientTimeout.missed_deadline`.
        timeout = without_total(timeout)
    return timeout, deadline.at


def state_deadline(request, deadline, now):
    # type: (PreparedRequest, Deadline, float) -> None
    """Have ``request`` say how much is left of ``deadline``."""
    header = deadline.header
    request.headers.set_checked(checked_field(header.name, header.text_of(deadline.at - now)))


def _not_sent(request, what):
    return failure(DeadlineExceeded, request, what, "pool", 0)
