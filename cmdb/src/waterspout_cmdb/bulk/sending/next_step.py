"""What is done with rows whose request has failed."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.targets import target_error as kinds

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

#: Send them again after a pause.
WAIT = "wait"

#: Send each half by itself.
SPLIT = "split"

#: The one row is rejected, with the target's text.
REJECT = "reject"

#: Nothing more can be sent.
GIVE_UP = "give up"

#: Times that rows are sent with which the target fails (500), before they are taken for the reason.
FAILURES = 3

#: Times that one row is sent whose answer cannot be understood.
UNCLEAR_ANSWERS = 6


def next_step(kind, rows, times, others_succeed):
    # type: (str, int, int, bool) -> str
    """Return WAIT, SPLIT, REJECT or GIVE_UP.

    Args:
        kind: of the `TargetError`.
        rows: number of rows in the request.
        times: of such failures, with this one.
        others_succeed: there was a success of other rows since these have failed first.
    """
    alone = rows == 1
    if kind in (kinds.BUSY, kinds.UNREACHABLE):
        return WAIT
    if kind == kinds.LATE:
        return WAIT if alone else SPLIT
    if kind == kinds.REFUSED:
        return REJECT if alone else SPLIT
    if kind == kinds.UNCLEAR:
        if alone:
            return WAIT if times < UNCLEAR_ANSWERS else GIVE_UP
        return SPLIT
    if kind == kinds.FAILED:
        if times < FAILURES:
            return WAIT
        if not alone:
            return SPLIT
        # The row is to blame only if the target works otherwise.
        return REJECT if others_succeed else WAIT
    return GIVE_UP
