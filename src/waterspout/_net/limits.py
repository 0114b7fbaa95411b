"""PoolLimits: how many connections, for how long, and how many may wait."""

from __future__ import absolute_import, division, print_function


class PoolLimits(object):
    """How much a pool keeps; durations in float seconds.

    Each default is a constant of this class. Raises: ValueError for zero and less.
    """

    #: Connections at a time, over all origins.
    MAX_CONNECTIONS = 100

    #: Exchanges that may wait. More would only wait to time out: better to say so at once.
    MAX_QUEUED = 10000

    #: Seconds a connection may idle: less than the 75 s after which nginx closes it.
    MAX_IDLE = 60.0

    #: Seconds after which a connection is not reused, so that a host that moved is found.
    MAX_AGE = 600.0

    __slots__ = ("max_connections", "max_connections_per_origin", "max_queued", "max_idle",
                 "max_age")

    def __init__(self, max_connections=MAX_CONNECTIONS, max_connections_per_origin=None,
                 max_queued=MAX_QUEUED, max_idle=MAX_IDLE, max_age=MAX_AGE):
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
