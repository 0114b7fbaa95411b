"""Gauges of the connections, queues and policies of sessions, and what policies have refused.

In one process a scrape asks the sessions. With values in files a scrape is answered by one worker,
which cannot ask the sessions of the others: there each worker writes its own numbers, once a second
and before a scrape that it answers.
"""

from __future__ import absolute_import, division, print_function

import threading
import weakref

from tornado.ioloop import PeriodicCallback

from waterspout._compat import TYPE_CHECKING, detached, monotonic
from waterspout.instrumentation.host_names import host_origin
from waterspout.instrumentation.prometheus.client_library import client_library
from waterspout.instrumentation.prometheus.metrics import GAUGE_MODE

if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple  # noqa: F401

    from waterspout.instrumentation.prometheus.labels import Labels  # noqa: F401
    from waterspout.policies.state_counts import PolicyCounts  # noqa: F401

    _Values = Dict[Tuple[str, ...], int]  # By the values of labels.

#: Milliseconds between two writes.
WRITE_EVERY = 1000

_SERVER = ("server_address", "server_port")

_CONNECTIONS, _QUEUED, _CIRCUITS, _BULKHEADS, _EJECTED = range(5)

#: Name, help and labels of each.
_GAUGES = (
    ("http_client_open_connections", "Connections to servers, in use or kept.",
     _SERVER + ("http_connection_state",)),
    ("http_client_queued_requests", "Requests that wait for a connection.", _SERVER),
    ("http_client_circuits", "Circuit breakers, by their states.",
     _SERVER + ("http_circuit_state",)),
    ("http_client_bulkhead_requests", "Requests that have a place in a bulkhead or wait for one.",
     _SERVER + ("http_bulkhead_state",)),
    ("http_client_ejected_hosts",
     "Hosts of balancers that get no calls, or one at a time to try them: 1, others 0.", _SERVER),
)

_REFUSED = ("http_client_refused_requests_total",
            "Requests that a policy has refused, so that they were not sent.",
            _SERVER + ("policy",))

#: Which of the numbers of a state is that of requests it has refused, and the label ``policy``.
_REFUSALS = (("circuit_refused", "circuit_breaker"), ("bulkhead_refused", "bulkhead"),
             ("retries_refused", "retry_budget"))

_CIRCUIT_STATES = ("closed", "open", "half-open")


class _PoolMetrics(object):
    """
    Args:
        registry (CollectorRegistry): gets the metrics.
        prefix (native str): of their names.
        labels (Labels).
    """

    def __init__(self, registry, prefix, labels):
        # type: (Any, str, Labels) -> None
        self._labels = labels
        self._sessions = []  # type: List[weakref.ref]
        #: By the identities of states: the state, and what it had refused when it was asked last.
        self._refused_before = {}  # type: Dict[int, Tuple[Any, int]]

    def watch(self, session):
        # type: (Any) -> None
        """Count the connections and what the policies of ``session`` do from now on. Idempotent."""
        if not hasattr(session, "_counted_transport"):
            raise TypeError("watch() needs a Session or a BaseSDK, not %r" % (session,))
        if session not in self._watched():
            self._sessions.append(weakref.ref(session))

    def write(self):
        # type: () -> None
        """Before a scrape that this process answers."""

    def _watched(self):
        # type: () -> List[Any]
        alive = [(each, each()) for each in self._sessions]
        self._sessions = [each for each, session in alive if session is not None]
        return [session for _, session in alive if session is not None]

    def _count(self):
        # type: () -> List[_Values]
        """The values of each of the gauges. What was refused since the last time is counted."""
        found = [{} for _ in _GAUGES]  # type: List[_Values]
        transports, policies = {}, None
        for session in self._watched():
            transport = session._counted_transport()
            if hasattr(transport, "stats"):
                transports[id(transport)] = transport
            policies = session._count_policies(policies)
        for transport in transports.values():
            for origin, stats in transport.stats().items():
                # Without the proxy or the socket that it is reached by.
                server = self._labels.server(origin.partition(" ")[0])
                for state in ("active", "idle"):
                    _add(found[_CONNECTIONS], server + (state,), stats[state])
                _add(found[_QUEUED], server, stats["queued"])
        if policies is not None:
            self._count_policies(policies, found)
        return found

    def _count_policies(self, policies, found):
        # type: (PolicyCounts, List[_Values]) -> None
        now, before = monotonic(), self._refused_before
        self._refused_before = {}
        for origin, states in policies.states.items():
            server = self._labels.server(origin)
            for state in states:
                stats = state.stats(now)
                for name, policy in _REFUSALS:
                    if name in stats:
                        refused = stats[name]
                        # It is kept, so that no other state gets its id.
                        self._refused_before[id(state)] = state, refused
                        refused -= before.get(id(state), (None, 0))[1]
                        if refused:
                            self._count_refused(server + (policy,), refused)
                if "circuit" in stats:
                    for each in _CIRCUIT_STATES:
                        _add(found[_CIRCUITS], server + (each,), int(each == stats["circuit"]))
                if "bulkhead_running" in stats:
                    for each in ("running", "queued"):
                        _add(found[_BULKHEADS], server + (each,), stats["bulkhead_" + each])
        for hosts in policies.hosts:
            for host, stats in hosts.state.stats(now).items():
                _add(found[_EJECTED], self._labels.server(host_origin(host)),
                     int(stats["state"] != "healthy"))

    def _count_refused(self, labels, number):
        # type: (Tuple[str, ...], int) -> None
        raise NotImplementedError


def _add(values, labels, number):
    # type: (_Values, Tuple[str, ...], int) -> None
    values[labels] = values.get(labels, 0) + number


class CollectedPoolMetrics(_PoolMetrics):
    """Asks the sessions when it is scraped; from another thread than theirs, it has the numbers of
    the last time.
    """

    def __init__(self, registry, prefix, labels):
        super(CollectedPoolMetrics, self).__init__(registry, prefix, labels)
        self._prefix = prefix
        self._thread = None  # type: Optional[threading.Thread]
        self._last = [{} for _ in _GAUGES]  # type: List[_Values]
        self._refused = {}  # type: _Values
        registry.register(self)

    def watch(self, session):
        super(CollectedPoolMetrics, self).watch(session)
        self._thread = threading.current_thread()

    def describe(self):
        # type: () -> List[Any]
        """Called by the registry: the names, without asking anyone."""
        return self._families()

    def collect(self):
        # type: () -> List[Any]
        """Called by the registry for each scrape."""
        if threading.current_thread() is self._thread:
            self._last = self._count()
        families = self._families()
        for family, values in zip(families, self._last + [self._refused]):
            for labels, value in sorted(values.items()):
                family.add_metric(labels, value)
        return families

    def _count_refused(self, labels, number):
        _add(self._refused, labels, number)

    def _families(self):
        # type: () -> List[Any]
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        families = [GaugeMetricFamily(self._prefix + name, text, labels=labels)
                    for name, text, labels in _GAUGES]  # type: List[Any]
        name, text, labels = _REFUSED
        return families + [CounterMetricFamily(self._prefix + name, text, labels=labels)]


class WrittenPoolMetrics(_PoolMetrics):
    """Writes the numbers of this process to its files."""

    def __init__(self, registry, prefix, labels):
        super(WrittenPoolMetrics, self).__init__(registry, prefix, labels)
        library = client_library()
        self._gauges = [
            library.Gauge(
                prefix + name, text, labels, registry=registry, multiprocess_mode=GAUGE_MODE)
            for name, text, labels in _GAUGES]
        name, text, labels = _REFUSED
        self._refused = library.Counter(prefix + name, text, labels, registry=registry)
        self._timer = None  # type: Optional[PeriodicCallback]
        self._written = [{} for _ in _GAUGES]  # type: List[_Values]

    def watch(self, session):
        super(WrittenPoolMetrics, self).watch(session)
        if self._timer is None:
            self._timer = PeriodicCallback(self.write, WRITE_EVERY)
            detached(self._timer.start)

    def write(self):
        # type: () -> None
        """Write the numbers as they are now. What is not there any more is 0."""
        for gauge, written, values in zip(self._gauges, self._written, self._count()):
            for labels in written:
                written[labels] = 0
            written.update(values)
            for labels, value in written.items():
                gauge.labels(*labels).set(value)
        if not self._sessions and self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _count_refused(self, labels, number):
        self._refused.labels(*labels).inc(number)
