"""Gauges of the connections and queues of sessions.

In one process a scrape asks the sessions. With values in files a scrape is answered by one worker,
which cannot ask the sessions of the others: there each worker writes its own numbers, once a second
and before a scrape that it answers.
"""

from __future__ import absolute_import, division, print_function

import threading
import weakref

from tornado.ioloop import PeriodicCallback

from waterspout._compat import TYPE_CHECKING, detached
from waterspout.instrumentation.prometheus.client_library import client_library
from waterspout.instrumentation.prometheus.metrics import (
    GAUGE_MODE,
    OPEN_CONNECTIONS,
    QUEUED_REQUESTS,
)

if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Set, Tuple  # noqa: F401

    from waterspout.instrumentation.prometheus.labels import Labels  # noqa: F401

#: Milliseconds between two writes.
WRITE_EVERY = 1000


class _PoolMetrics(object):
    """
    Args:
        registry (CollectorRegistry): gets the gauges.
        prefix (native str): of their names.
        labels (Labels).
    """

    def __init__(self, registry, prefix, labels):
        # type: (Any, str, Labels) -> None
        self._labels = labels
        self._sessions = []  # type: List[weakref.ref]

    def watch(self, session):
        # type: (Any) -> None
        """Count the connections of ``session`` from now on. Idempotent."""
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
        # type: () -> Dict[Tuple[str, str], Dict[str, int]]
        """For each (server_address, server_port): active, idle and queued."""
        counts = {}  # type: Dict[Tuple[str, str], Dict[str, int]]
        transports = {}
        for session in self._watched():
            transport = session._counted_transport()
            if hasattr(transport, "stats"):
                transports[id(transport)] = transport
        for transport in transports.values():
            for origin, stats in transport.stats().items():
                # Without the proxy or the socket that it is reached by.
                server = self._labels.server(origin.partition(" ")[0])
                total = counts.setdefault(server, {"active": 0, "idle": 0, "queued": 0})
                for name in total:
                    total[name] += stats[name]
        return counts


class CollectedPoolMetrics(_PoolMetrics):
    """Asks the sessions when it is scraped; from another thread than theirs, it has the numbers of
    the last time.
    """

    def __init__(self, registry, prefix, labels):
        super(CollectedPoolMetrics, self).__init__(registry, prefix, labels)
        self._prefix = prefix
        self._thread = None  # type: Optional[threading.Thread]
        self._last = {}  # type: Dict[Tuple[str, str], Dict[str, int]]
        registry.register(self)

    def watch(self, session):
        super(CollectedPoolMetrics, self).watch(session)
        self._thread = threading.current_thread()

    def describe(self):
        # type: () -> List[Any]
        """Called by the registry: the names, without asking anyone."""
        return list(self._families())

    def collect(self):
        # type: () -> List[Any]
        """Called by the registry for each scrape."""
        if threading.current_thread() is self._thread:
            self._last = self._count()
        connections, queued = families = self._families()
        for server, counts in sorted(self._last.items()):
            for state in ("active", "idle"):
                connections.add_metric(server + (state,), counts[state])
            queued.add_metric(server, counts["queued"])
        return list(families)

    def _families(self):
        # type: () -> Tuple[Any, Any]
        from prometheus_client.core import GaugeMetricFamily

        connections, queued = [
            GaugeMetricFamily(self._prefix + name, text, labels=labels)
            for name, text, labels in (OPEN_CONNECTIONS, QUEUED_REQUESTS)]
        return connections, queued


class WrittenPoolMetrics(_PoolMetrics):
    """Writes the numbers of this process to its files."""

    def __init__(self, registry, prefix, labels):
        super(WrittenPoolMetrics, self).__init__(registry, prefix, labels)
        self._connections, self._queued = [
            client_library().Gauge(
                prefix + name, text, labels, registry=registry, multiprocess_mode=GAUGE_MODE)
            for name, text, labels in (OPEN_CONNECTIONS, QUEUED_REQUESTS)]
        self._timer = None  # type: Optional[PeriodicCallback]
        self._written = set()  # type: Set[Tuple[str, str]]

    def watch(self, session):
        super(WrittenPoolMetrics, self).watch(session)
        if self._timer is None:
            self._timer = PeriodicCallback(self.write, WRITE_EVERY)
            detached(self._timer.start)

    def write(self):
        # type: () -> None
        """Write the numbers as they are now."""
        counts = self._count()
        for server in self._written - set(counts):
            counts[server] = {"active": 0, "idle": 0, "queued": 0}
        for server, numbers in counts.items():
            self._written.add(server)
            for state in ("active", "idle"):
                self._connections.labels(*server + (state,)).set(numbers[state])
            self._queued.labels(*server).set(numbers["queued"])
        if not self._sessions and self._timer is not None:
            self._timer.stop()
            self._timer = None
