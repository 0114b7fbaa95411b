"""The metrics, with OpenTelemetry's names as its Prometheus exporter spells them.

https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ for the names, labels and buckets;
``http.client.request.time_in_queue`` is .NET's. ``operation``, ``upstream``,
``http_client_queued_requests`` and what is said of policies are ours: there is no convention for
them.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.prometheus.client_library import client_library
from waterspout.instrumentation.prometheus.own_metrics import (
    OwnCollector,
    OwnCounter,
    OwnGauge,
    OwnHistogram,
)

if TYPE_CHECKING:
    from typing import Any, List, Sequence, Tuple  # noqa: F401

    from waterspout.instrumentation.prometheus.own_metrics import OwnMetric  # noqa: F401

#: Seconds.
DURATION_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)

#: Bytes. There is no convention.
SIZE_BUCKETS = (100, 1000, 10 ** 4, 10 ** 5, 10 ** 6, 10 ** 7, 10 ** 8)

_SERVER = ("http_request_method", "server_address", "server_port")
_NAME = ("operation", "upstream")
_OUTCOME = ("http_response_status_code", "error_type")

_HOST = ("server_address", "server_port")

#: How the values of a gauge in several processes make one: the sum of those that live.
GAUGE_MODE = "livesum"


def checked_bounds(buckets):
    # type: (Sequence[float]) -> Tuple[float, ...]
    """The upper bounds of a histogram as floats.

    Raises: TypeError: not numbers; ValueError: none, or not ascending. prometheus_client refuses
        these too, but only some of them, and only where it makes the histograms.
    """
    try:
        bounds = tuple(float(bound) for bound in buckets)
    except (TypeError, ValueError):
        raise TypeError("buckets must be numbers of seconds, not %r" % (buckets,))
    if not bounds or bounds[0] == float("inf") or not all(
            below < bound for below, bound in zip((float("-inf"),) + bounds, bounds)):
        raise ValueError("buckets must be ascending numbers of seconds, not %r" % (buckets,))
    return bounds


class Metrics(object):
    """
    Args:
        registry (CollectorRegistry): gets them.
        buckets (sequence of float seconds): of durations.
        prefix (native str): before each name.
        in_files (bool): the values are in files, for several processes; else they are in memory.
    Raises: ValueError: the registry has one of these names.
    """

    def __init__(self, registry, buckets, prefix, in_files):
        # type: (Any, Sequence[float], str, bool) -> None
        if in_files:
            library = client_library()

            def histogram(name, text, labels, buckets=buckets):
                return library.Histogram(
                    prefix + name, text, labels, registry=registry, buckets=buckets)

            def gauge(name, text, labels):
                return library.Gauge(
                    prefix + name, text, labels, registry=registry, multiprocess_mode=GAUGE_MODE)

            def counter(name, text, labels):
                return library.Counter(prefix + name, text, labels, registry=registry)
        else:
            own = []  # type: List[OwnMetric]

            def histogram(name, text, labels, buckets=buckets):
                own.append(OwnHistogram(prefix + name, text, labels, buckets))
                return own[-1]

            def gauge(name, text, labels):
                own.append(OwnGauge(prefix + name, text, labels))
                return own[-1]

            def counter(name, text, labels):
                own.append(OwnCounter(prefix + name, text, labels))
                return own[-1]

        self.client_duration = histogram(
            "http_client_request_duration_seconds",
            "Calls, from their beginning to the last byte of the response.",
            _SERVER + _NAME + _OUTCOME)
        self.client_active = gauge(
            "http_client_active_requests", "Calls that have begun and not ended.", _SERVER)
        self.client_request_size = histogram(
            "http_client_request_body_size_bytes", "Bodies of requests that have one.",
            _SERVER + _NAME, SIZE_BUCKETS)
        self.client_response_size = histogram(
            "http_client_response_body_size_bytes", "Bodies of responses, as they arrived.",
            _SERVER + _NAME, SIZE_BUCKETS)
        self.client_queue = histogram(
            "http_client_request_time_in_queue_seconds", "Waits of requests for a connection.",
            _SERVER)
        self.client_retries = counter(
            "http_client_request_retries_total",
            "Attempts of calls that were followed by another, by what they ended with.",
            _SERVER + _NAME + _OUTCOME)
        self.client_circuit_changes = counter(
            "http_client_circuit_changes_total",
            "Changes of circuit breakers, by the state that they have since.",
            _HOST + ("http_circuit_state",))
        self.client_host_ejections = counter(
            "http_client_host_ejections_total", "Ejections of hosts by balancers.", _HOST)
        self.server_duration = histogram(
            "http_server_request_duration_seconds",
            "Requests, from their head to the end of the response.",
            ("http_request_method", "http_route") + _OUTCOME)
        self.server_active = gauge(
            "http_server_active_requests", "Requests that have arrived and are not answered.",
            ("http_request_method",))
        self.server_response_size = histogram(
            "http_server_response_body_size_bytes", "Bodies of responses.",
            ("http_request_method", "http_route"), SIZE_BUCKETS)
        if not in_files:
            registry.register(OwnCollector(own))
