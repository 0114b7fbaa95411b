"""PoolLimits: how many connections, for how long, and how many may wait."""

from __future__ import absolute_import, division, print_function

from waterspout import constants


class PoolLimits(object):
    """How much a pool keeps; durations in float seconds.

    The defaults are those of `waterspout.constants`. Raises: ValueError for zero and less.
    """

    __slots__ = ("max_connections", "max_connections_per_origin", "max_queued", "max_idle",
                 "max_age")

    def __init__(self, max_connections=constants.MAX_CONNECTIONS, max_connections_per_origin=None,
                 max_queued=constants.MAX_QUEUED, max_idle=constants.MAX_IDLE,
                 max_age=constants.MAX_AGE):
        # type: (int, Optional[int], int, float, float) -> None
        if max_connections_per_origin is None:
            max_connections_per_origin = max_connections
        self.max_connections = max_connections
        self.max_connections_per_origin = max_connections_per_origin
        self.max_queued = max_queued
        self.max_idle = max_idle
        self.max_age = max_age
        for name in self.__slots__:
            if not getattr(self, name) > 0:
                raise ValueError("%s=%r is not above 0" % (name, getattr(self, name)))

    def __repr__(self):
        return "PoolLimits(%s)" % ", ".join(
            "%s=%r" % (name, getattr(self, name)) for name in self.__slots__)
