"""PrometheusObserver: counts and measures calls and requests."""

from __future__ import absolute_import, division, print_function

import struct

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING, integer_types
from waterspout.instrumentation.host_names import host_origin
from waterspout.instrumentation.observer import Observer
from waterspout.instrumentation.prometheus.call_series import CallSeries
from waterspout.instrumentation.prometheus.client_library import client_library, writes_files
from waterspout.instrumentation.prometheus.labels import Labels
from waterspout.instrumentation.prometheus.metrics import DURATION_BUCKETS, Metrics, checked_bounds
from waterspout.instrumentation.prometheus.pool_metrics import (
    CollectedPoolMetrics,
    WrittenPoolMetrics,
)

if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Sequence, Tuple  # noqa: F401

    from waterspout.instrumentation import details  # noqa: F401
    from waterspout.policies.balancer import HostChange  # noqa: F401
    from waterspout.policies.circuit_breaker import CircuitChange  # noqa: F401

#: Combinations of labels whose metrics are kept at hand, at most. Looking one up in
#: prometheus_client takes longer than counting in it.
_KEPT = 2000

#: Attempts of an exposition, while workers create their files.
_ATTEMPTS = 5

#: ``error_type`` of a call that was cancelled.
_CANCELLED = "cancelled"

#: ``error_type`` of a request whose response is not whole.
_CUT_OFF = "cut_off"


class PrometheusObserver(Observer):
    """Measures the calls of sessions and SDKs, and the requests of an application of the kit.

    ::

        metrics = PrometheusObserver()
        sdk = InventorySDK("10.0.0.7:8079", observers=[metrics])
        metrics.watch(sdk)
        app = service.Application(
            [("/metrics", service.MetricsHandler, {"observer": metrics})], observers=[metrics])

    Make one for each process, and give it to all of them: a registry has each name once. With the
    environment variable ``PROMETHEUS_MULTIPROC_DIR`` the values of all processes of the service are
    added up; see `SharedDirectory`.

    Labels are never URLs: a call is named by its method, origin, ``operation=`` and SDK, a request
    by its method and route. Their number is bounded: of operations, SDKs and routes the first
    ``max_operations`` of each kind have series of their own, of origins the first 100, and all
    later ones are ``"other"``.

    Args:
        registry (prometheus_client.CollectorRegistry): default: the library's own.
        buckets (sequence of float seconds): upper bounds of the histograms of durations, ascending.
        prefix (native str): before each metric's name.
        max_operations (int).
        body_sizes (bool): also measure the sizes of bodies, which the conventions leave to the
            program: it costs as much as all the rest.
    Raises:
        ImportError: prometheus_client is not installed.
        ValueError: the registry has these metrics already, or an argument is out of its bounds.
        TypeError: an argument is of a wrong type.
    """

    def __init__(self, registry=None, buckets=DURATION_BUCKETS, prefix="", max_operations=200,
                 body_sizes=False):
        # type: (Any, Sequence[float], str, int, bool) -> None
        if not isinstance(max_operations, integer_types) or isinstance(max_operations, bool):
            raise TypeError("max_operations must be an int, not %r" % (max_operations,))
        if max_operations < 0:
            raise ValueError("max_operations must be 0 or more, not %r" % (max_operations,))
        bounds = checked_bounds(buckets)
        library = client_library()
        self._registry = library.REGISTRY if registry is None else registry
        self._writes_files = writes_files()
        try:
            self._metrics = Metrics(self._registry, bounds, prefix, self._writes_files)
        except ValueError as error:
            raise ValueError(
                "this registry has these metrics already: use one PrometheusObserver for all, or "
                "give each registry=prometheus_client.CollectorRegistry() (%.200s)" % error)
        self._labels = Labels(max_operations)
        self._body_sizes = body_sizes
        kind = WrittenPoolMetrics if self._writes_files else CollectedPoolMetrics
        self._pools = kind(self._registry, prefix, self._labels)
        self._active = {}  # type: Dict[Any, Any]
        self._calls = {}  # type: Dict[Any, Any]
        self._queues = {}  # type: Dict[Any, Any]
        self._received = {}  # type: Dict[Any, Any]
        self._sent = {}  # type: Dict[Any, Any]

    def watch(self, session):
        # type: (Any) -> None
        """Also show the connections, the queue and the policies of a `Session` or a `BaseSDK`.

        Call it on the IOLoop that makes the calls, such as in ``make_app``. It is referenced
        weakly. Sessions that share their connections are counted once.
        """
        self._pools.watch(getattr(session, "session", session))

    def exposition(self, accept=""):
        # type: (str) -> Tuple[str, bytes]
        """Return (content type, body) for a scrape. Call it on the IOLoop that makes the calls.

        With values in files these are the sums of all processes. Then only the metrics that are
        written to files are in it, of the program's own as well, and not those that the library
        makes at a scrape (``process_*``, ``python_*``).

        Args:
            accept (native str): the field ``Accept`` of the scrape's request.
        """
        from prometheus_client.exposition import choose_encoder

        encode, content_type = choose_encoder(accept)
        if not self._writes_files:
            return str(content_type), encode(self._registry)
        self._pools.write()
        for attempt in range(_ATTEMPTS):
            try:
                return str(content_type), encode(_registry_of_files())
            except (struct.error, RuntimeError):
                # A worker has created a file and not written to it yet.
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("not reached")

    # Calls

    def call_started(self, detail):
        # type: (details.CallStarted) -> None
        """Count it among the active ones."""
        call = detail.call
        key = call.method, call.origin
        (self._active.get(key) or self._active_of(key)).inc()

    def call_done(self, detail):
        # type: (details.CallDone) -> None
        """Measure it, by its status."""
        # Here and below unpacked: asking for each attribute takes twice as long.
        call, time, status, received, exchanges = detail
        series = self._ended(call, time, exchanges, status, None)
        if self._body_sizes and received is not None:
            (series.received or series.begin_received(self._metrics))(received)

    def call_failed(self, detail):
        # type: (details.CallFailed) -> None
        """Measure it, by the class of the error."""
        self._ended(detail.call, detail.time, detail.exchanges, "", type(detail.error).__name__)

    def call_cancelled(self, detail):
        # type: (details.CallCancelled) -> None
        """Measure it, with the error type "cancelled"."""
        self._ended(detail.call, detail.time, detail.exchanges, "", _CANCELLED)

    def _ended(self, call, time, exchanges, status, error):
        # type: (details.ObservedCall, float, Tuple[Any, ...], Any, Optional[str]) -> CallSeries
        """Measure what is known of each call."""
        _, operation, method, origin, upstream, _, started, sent, _ = call
        key = method, origin, operation, upstream, status, error
        series = self._calls.get(key) or self._series_of(key)
        series.active.dec()
        series.duration(time - started)
        if self._body_sizes and sent:
            (series.sent or series.begin_sent(self._metrics))(sent)
        for each_method, each_origin, _, times, _ in exchanges:
            moments = times and times[0]
            if moments and moments[1] is not None:
                if each_origin != origin or each_method != method:
                    self._queue_of((each_method, each_origin))(moments[1] - moments[0])
                else:
                    series.queued(moments[1] - moments[0])
        return series

    def _active_of(self, key):
        # type: (Tuple[str, str]) -> Any
        method, origin = key
        child = self._metrics.client_active.labels(
            self._labels.method(method), *self._labels.server(origin))
        return keep(self._active, key, child, _KEPT)

    def _queue_of(self, key):
        # type: (Tuple[str, str]) -> Any
        observe = self._queues.get(key)
        if observe is None:
            method, origin = key
            observe = self._metrics.client_queue.labels(
                self._labels.method(method), *self._labels.server(origin)).observe
            keep(self._queues, key, observe, _KEPT)
        return observe

    def _series_of(self, key):
        # type: (Tuple[str, str, Optional[str], Optional[str], Any, Optional[str]]) -> CallSeries
        method, origin, operation, upstream, status, error = key
        name = self._name_of(method, origin, operation, upstream)
        if error is None:
            error = str(status) if status >= 400 else ""
        series = CallSeries(
            name, self._active_of((method, origin)),
            self._metrics.client_duration.labels(*name + (str(status), error)).observe,
            self._queue_of((method, origin)))
        return keep(self._calls, key, series, _KEPT)

    def _name_of(self, method, origin, operation, upstream):
        # type: (str, str, Optional[str], Optional[str]) -> Tuple[str, ...]
        labels = self._labels
        return (labels.method(method),) + labels.server(origin) + (
            labels.operation(operation), labels.upstream(upstream))

    # Policies

    def call_retried(self, detail):
        # type: (details.CallRetried) -> None
        """Count it, by the status or the class of the error that it is for."""
        call, status = detail.call, detail.status_code
        outcome = (("", type(detail.error).__name__) if status is None
                   else (str(status), str(status)))
        self._metrics.client_retries.labels(
            *self._name_of(call.method, call.origin, call.operation, call.upstream) + outcome).inc()

    def circuit_changed(self, change):
        # type: (CircuitChange) -> None
        """Count it, by the new state."""
        self._metrics.client_circuit_changes.labels(
            *self._labels.server(change.origin) + (change.after,)).inc()

    def host_changed(self, change):
        # type: (HostChange) -> None
        """Count it if the host was ejected."""
        if change.after == "ejected":
            self._metrics.client_host_ejections.labels(
                *self._labels.server(host_origin(change.host))).inc()

    # Requests

    def request_received(self, detail):
        # type: (details.RequestReceived) -> None
        """Count it among the active ones."""
        method = self._labels.method(detail.request.method)
        gauge = self._received.get(method)
        if gauge is None:
            gauge = self._received[method] = self._metrics.server_active.labels(method)
        gauge.inc()

    def response_sent(self, detail):
        # type: (details.ResponseSent) -> None
        """Measure it, by its route and status, and by whether it is whole."""
        method = self._labels.method(detail.request.method)
        self._received[method].dec()
        key = method, detail.route, detail.status_code, detail.cut_off
        duration, size = self._sent.get(key) or self._sent_of(key)
        duration(detail.time - detail.request.started)
        if size is not None and detail.response_bytes is not None:
            size(detail.response_bytes)

    def _sent_of(self, key):
        # type: (Tuple[str, Optional[str], int, bool]) -> Tuple
        method, route, status, cut_off = key
        name = method, self._labels.route(route)
        error = _CUT_OFF if cut_off else str(status) if status >= 500 else ""
        kept = (
            self._metrics.server_duration.labels(*name + (str(status), error)).observe,
            self._metrics.server_response_size.labels(*name).observe if self._body_sizes else None,
        )
        return keep(self._sent, key, kept, _KEPT)


def _registry_of_files():
    # type: () -> Any
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = client_library().CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
