"""Metrics for statsd: timings, counters and gauges in UDP datagrams."""

from __future__ import absolute_import, division, print_function

from waterspout.instrumentation.statsd.observer import StatsdObserver

__all__ = ["StatsdObserver"]
