"""Histograms, gauges and counters of our own, for values in memory.

prometheus_client's take a lock for each number, and check each time what they were made with: two
thirds of what a measured call would cost. Their interface is the library's, as far as it is used
here. They are counted in by the thread of one IOLoop, and read by any thread.
"""

from __future__ import absolute_import, division, print_function

from bisect import bisect_left

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Sequence, Tuple  # noqa: F401


class OwnMetric(object):
    """
    Args:
        name, text (native str): of the metric, and its help.
        names (sequence of native str): of the labels.
    """

    def __init__(self, name, text, names):
        # type: (str, str, Sequence[str]) -> None
        self.name = name
        self.text = text
        self.names = tuple(names)
        self.children = {}  # type: Dict[Tuple[str, ...], Any]

    def labels(self, *values):
        # type: (*str) -> Any
        """The child with these values of the labels; made if there is none."""
        child = self.children.get(values)
        if child is None:
            child = self.children[values] = self.new_child()
        return child

    def new_child(self):
        # type: () -> Any
        raise NotImplementedError

    def family(self, with_samples=True):
        # type: (bool) -> Any
        """What prometheus_client exposes: the metric with its samples."""
        raise NotImplementedError


class OwnHistogram(OwnMetric):
    """
    Args, beside those of `OwnMetric`:
        buckets (sequence of numbers): their upper bounds, ascending.
    """

    def __init__(self, name, text, names, buckets):
        # type: (str, str, Sequence[str], Sequence[float]) -> None
        super(OwnHistogram, self).__init__(name, text, names)
        self._bounds = [float(bound) for bound in buckets if bound != float("inf")]

    def new_child(self):
        return _HistogramChild(self._bounds)

    def family(self, with_samples=True):
        from prometheus_client.core import HistogramMetricFamily
        from prometheus_client.utils import floatToGoString

        family = HistogramMetricFamily(self.name, self.text, labels=self.names)
        bounds = [floatToGoString(bound) for bound in self._bounds + [float("inf")]]
        for values, child in list(self.children.items()) if with_samples else ():
            total, cumulated = 0, []
            for bound, count in zip(bounds, list(child.counts)):
                total += count
                cumulated.append((bound, total))
            family.add_metric(values, cumulated, child.sum)
        return family


class _HistogramChild(object):

    __slots__ = ("counts", "sum", "_bounds")

    def __init__(self, bounds):
        # type: (List[float]) -> None
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value):
        # type: (float) -> None
        self.counts[bisect_left(self._bounds, value)] += 1
        self.sum += value


class OwnGauge(OwnMetric):
    """A value that goes up and down."""

    def new_child(self):
        return _GaugeChild()

    def family(self, with_samples=True):
        from prometheus_client.core import GaugeMetricFamily

        family = GaugeMetricFamily(self.name, self.text, labels=self.names)
        for values, child in list(self.children.items()) if with_samples else ():
            family.add_metric(values, child.value)
        return family


class _GaugeChild(object):

    __slots__ = ("value",)

    def __init__(self):
        # type: () -> None
        self.value = 0

    def inc(self):
        # type: () -> None
        self.value += 1

    def dec(self):
        # type: () -> None
        self.value -= 1


class OwnCounter(OwnMetric):
    """A value that goes up only. Its name ends with ``_total``."""

    def new_child(self):
        return _CounterChild()

    def family(self, with_samples=True):
        from prometheus_client.core import CounterMetricFamily

        family = CounterMetricFamily(self.name, self.text, labels=self.names)
        for values, child in list(self.children.items()) if with_samples else ():
            family.add_metric(values, child.value)
        return family


class _CounterChild(object):

    __slots__ = ("value",)

    def __init__(self):
        # type: () -> None
        self.value = 0

    def inc(self, step=1):
        # type: (int) -> None
        self.value += step


class OwnCollector(object):
    """What a registry asks for the metrics at a scrape."""

    def __init__(self, metrics):
        # type: (List[OwnMetric]) -> None
        self._metrics = metrics

    def describe(self):
        # type: () -> List[Any]
        """The metrics without samples: the registry looks whether it has their names already."""
        return [metric.family(with_samples=False) for metric in self._metrics]

    def collect(self):
        # type: () -> Iterator[Any]
        for metric in self._metrics:
            yield metric.family()
