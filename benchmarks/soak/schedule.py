"""What happens, and when."""

from __future__ import absolute_import, division, print_function

import collections

#: ``at`` is the earliest time, in seconds after the start of the load; an event also waits until
#: the one before it is over. ``name`` is that of an action, see ``py3/events.py``.
Event = collections.namedtuple("Event", "at name")

TITLES = {
    "roll": "SIGHUP: the workers are replaced one by one",
    "kill": "SIGKILL of a worker",
    "upstream-stop": "the CMDB is stopped and started again",
    "upstream-kill": "the CMDB is killed and started again",
    "release": "SIGUSR2: a new release takes the descriptors over",
    "stop-first": "SIGTERM of the first instance behind the proxies, then started again",
    "stop-second": "SIGTERM of the second one, then started again",
}

#: Seconds of load.
LONG, QUICK = 120.0, 25.0

#: Everything happens in the first half, so that workers are watched for a minute after that.
_LONG = (
    Event(6, "roll"), Event(14, "kill"), Event(18, "upstream-stop"), Event(27, "stop-first"),
    Event(33, "stop-second"), Event(40, "roll"), Event(48, "release"), Event(70, "upstream-kill"),
)
_QUICK = (
    Event(2, "roll"), Event(7, "kill"), Event(9, "upstream-stop"), Event(15, "stop-first"),
    Event(18, "release"),
)

#: What a server knows that has no second release and no proxies in front.
OF_PEER = ("roll", "kill", "upstream-stop", "upstream-kill")


def events(is_quick, names=tuple(TITLES)):
    # type: (bool, Iterable[str]) -> list[Event]
    """Those of these names, in their order."""
    return [event for event in (_QUICK if is_quick else _LONG) if event.name in names]
