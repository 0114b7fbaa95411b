"""CallSeries: the time series of calls with the same labels, looked up once."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple  # noqa: F401

    from waterspout.instrumentation.prometheus.metrics import Metrics  # noqa: F401


class CallSeries(object):
    """
    Args:
        name (tuple of native str): the labels of the sizes of bodies.
        active (Gauge).
        duration, queued (callable): take seconds.
    Attributes:
        sent, received (callable or None): take bytes. None until there is a body: an operation
            that has none would show a histogram of nothing.
    """

    __slots__ = ("active", "duration", "queued", "sent", "received", "_name")

    def __init__(self, name, active, duration, queued):
        # type: (Tuple[str, ...], Any, Callable[[float], None], Callable[[float], None]) -> None
        self._name = name
        self.active = active
        self.duration = duration
        self.queued = queued
        self.sent = None  # type: Optional[Callable[[int], None]]
        self.received = None  # type: Optional[Callable[[int], None]]

    def begin_sent(self, metrics):
        # type: (Metrics) -> Callable[[int], None]
        """Set and return ``sent``."""
        self.sent = metrics.client_request_size.labels(*self._name).observe
        return self.sent

    def begin_received(self, metrics):
        # type: (Metrics) -> Callable[[int], None]
        """Set and return ``received``."""
        self.received = metrics.client_response_size.labels(*self._name).observe
        return self.received
