"""Metrics for Prometheus; needs the extra ``metrics``, prometheus_client."""

from __future__ import absolute_import, division, print_function

from waterspout.instrumentation.prometheus.observer import PrometheusObserver
from waterspout.instrumentation.prometheus.shared_directory import SharedDirectory

__all__ = ["PrometheusObserver", "SharedDirectory"]
