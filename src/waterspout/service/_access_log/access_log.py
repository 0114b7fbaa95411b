"""AccessLog: which requests are logged, and how much of each."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, integer_types

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401


class AccessLog(object):
    """Which requests an application logs, and what a line has; it cannot be changed.

    ::

        service.Application(routes, access_log=service.AccessLog(sample=0.01, slow=0.5))

    Args:
        sample (float): the share of requests that are logged, from 0 to 1. They are picked at
            random, in each process for itself. Requests with a status of 500 or more, slow ones,
            and those whose response was cut off are always logged.
        slow (float seconds or None): requests that take as long are slow; None: none is.
        details (bool or None): True: lines also have the route, the sizes of both bodies, the name
            of ``request.principal``, and the request's time as its own and that of upstream calls,
            with their number. None: True if lines are JSON, by ``setup_logging(format="json")``.
    Raises: TypeError, ValueError: an argument is none of these.
    """

    __slots__ = ("_values",)

    def __init__(self, sample=1.0, slow=1.0, details=None):
        # type: (float, Optional[float], Optional[bool]) -> None
        for name, value in (("sample", sample), ("slow", 0 if slow is None else slow)):
            if isinstance(value, bool) or not isinstance(value, (float,) + integer_types):
                raise TypeError("%s must be a number, not %r" % (name, value))
        if not 0 <= sample <= 1:  # Also refuses NaN.
            raise ValueError("sample must be from 0 to 1, not %r" % (sample,))
        if slow is not None and not slow >= 0:
            raise ValueError("slow must be 0 or more, not %r" % (slow,))
        if details not in (None, True, False):
            raise TypeError("details must be True, False or None, not %r" % (details,))
        self._values = float(sample), slow, details

    @property
    def sample(self):
        # type: () -> float
        """The share of ordinary requests that are logged."""
        return self._values[0]

    @property
    def slow(self):
        # type: () -> Optional[float]
        """Seconds from which on a request is always logged; None if none is for its time."""
        return self._values[1]

    @property
    def details(self):
        # type: () -> Optional[bool]
        """Whether lines have everything that is known; None: if they are JSON."""
        return self._values[2]

    def __eq__(self, other):
        # type: (Any) -> bool
        return isinstance(other, AccessLog) and self._values == other._values

    def __ne__(self, other):
        # type: (Any) -> bool
        return not self == other

    def __hash__(self):
        # type: () -> int
        return hash(self._values)

    def __repr__(self):
        return "AccessLog(sample=%r, slow=%r, details=%r)" % self._values


#: What an application has by default.
ALL_REQUESTS = AccessLog()


def checked_access_log(access_log):
    # type: (Any) -> Optional[AccessLog]
    """``access_log``. Raises: TypeError unless it is an AccessLog or None."""
    if access_log is not None and not isinstance(access_log, AccessLog):
        raise TypeError("access_log=%r: give a waterspout.service.AccessLog, or None for no access "
                        "log" % (access_log,))
    return access_log
