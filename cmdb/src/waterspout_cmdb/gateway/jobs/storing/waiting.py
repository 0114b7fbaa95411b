"""What a job that waits is waiting for."""

from __future__ import absolute_import, division, print_function

import collections

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List  # noqa: F401

#: Its turn, which comes when those before it have begun and one that runs has ended; or the runner,
#: without which none begins.
TURN, RUNNER = u"turn", u"runner"

#: ``what``: TURN or RUNNER; ``before`` (int): jobs of all tenants that are before this one, as the
#: order is now. Jobs that come, begin and end change it.
Waiting = collections.namedtuple("Waiting", "what before")


def in_turn(queued, running):
    # type: (Iterable[Any], Dict[Any, int]) -> List[int]
    """Return the numbers of jobs in the order in which the runner takes them (`JobStore.take`).

    That is the order by the number of jobs of its tenant that run when a job is taken, then by
    ``number``: for each tenant that number goes up with each of its jobs.

    Args:
        queued: of each job that waits its number and its tenant, by number.
        running: how many jobs of each tenant run; may lack tenants without any.
    """
    running = dict(running)
    keys = []
    for number, tenant in queued:
        level = running.get(tenant, 0)
        running[tenant] = level + 1
        keys.append((level, number))
    return [number for _, number in sorted(keys)]
