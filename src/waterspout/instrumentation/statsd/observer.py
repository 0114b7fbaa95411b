"""StatsdObserver: sends timings, counts and gauges of calls and requests to a statsd server."""

from __future__ import absolute_import, division, print_function

import os

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING, integer_types
from waterspout.instrumentation.bounded_names import BoundedNames
from waterspout.instrumentation.host_names import host_name
from waterspout.instrumentation.observer import Observer
from waterspout.instrumentation.statsd import names
from waterspout.instrumentation.statsd.datagrams import Datagrams

if TYPE_CHECKING:
    from typing import Any, Dict, Mapping, Optional, Tuple  # noqa: F401

    from waterspout.instrumentation import details  # noqa: F401
    from waterspout.policies.balancer import HostChange  # noqa: F401
    from waterspout.policies.circuit_breaker import CircuitChange  # noqa: F401

#: Combinations of names and outcomes that are kept at hand, at most.
_KEPT = 2000

_NO_TAGS = ""


class StatsdObserver(Observer):
    """Measures the calls of sessions and SDKs, and the requests of an application of the kit.

    Never blocks and never raises: a datagram that the system does not take is dropped. In a forked
    process it has a socket of its own.

    ``docs/statsd.md`` has the names. They have no URLs, and are bounded: the first ``max_names``
    different calls, and as many routes, have names of their own, all later ones are ``other``.

    Args:
        address (tuple): (host, port) of the server. A host name is looked up once, here.
        prefix (native str): begins each name.
        tags (mapping or None): None: all is in the name. A mapping, which may be empty: the lines
            have tags as DogStatsD, Telegraf and others read them, these and those of the call.
        interval (float seconds): lines are sent after this long, 0.1 to 1 s, or when a datagram of
            1432 bytes is full.
        max_names (int).
    Attributes:
        dropped (int): datagrams that the system did not take, in this process.
    Raises:
        ValueError: the address is not valid or not known, or another value is out of its bounds.
        TypeError: a value is of a wrong type.
    """

    def __init__(self, address=("127.0.0.1", 8125), prefix="waterspout", tags=None, interval=0.5,
                 max_names=500):
        # type: (Tuple[str, int], str, Optional[Mapping[str, str]], float, int) -> None
        if not 0.1 <= interval <= 1:
            raise ValueError("interval must be 0.1 to 1 s, not %r" % (interval,))
        if not isinstance(max_names, integer_types) or isinstance(max_names, bool):
            raise TypeError("max_names must be an int, not %r" % (max_names,))
        if max_names < 0:
            raise ValueError("max_names must be 0 or more, not %r" % (max_names,))
        if tags is not None and not hasattr(tags, "items"):
            raise TypeError("tags must be a mapping of name to value, not %r" % (tags,))
        self._prefix = ".".join(names.part(each) for each in prefix.split(".")) if prefix else ""
        self._tags = None if tags is None else dict(tags)
        self._datagrams = Datagrams(address, interval)
        self._calls = BoundedNames(max_names)
        self._routes = BoundedNames(max_names)
        self._keys = {}  # type: Dict[Any, Tuple[Any, Any]]
        self._gauges = {}  # type: Dict[str, Tuple[str, str]]
        self._pid = os.getpid()

    @property
    def dropped(self):
        # type: () -> int
        return self._datagrams.dropped

    def close(self):
        # type: () -> None
        """Send what was not sent yet. For ``app.on_shutdown``; the observer can be used on."""
        self._datagrams.close()

    # Calls

    def call_started(self, detail):
        # type: (details.CallStarted) -> None
        """Count it among the active ones."""
        self._datagrams.move(self._gauge("client"), 1, detail.time)

    def call_done(self, detail):
        # type: (details.CallDone) -> None
        """Measure it, by its status."""
        self._ended(detail, "status", str(detail.status_code))

    def call_failed(self, detail):
        # type: (details.CallFailed) -> None
        """Measure it, by the class of the error."""
        self._ended(detail, "error", type(detail.error).__name__)

    def call_cancelled(self, detail):
        # type: (details.CallCancelled) -> None
        """Measure it."""
        self._ended(detail, "error", "cancelled")

    def call_retried(self, detail):
        # type: (details.CallRetried) -> None
        """Count it, by the status or the class of the error that it is for."""
        call, status = detail.call, detail.status_code
        upstream, server, method, operation = self._call_names(
            call.upstream, call.origin, call.method, call.operation)
        outcome = type(detail.error).__name__ if status is None else str(status)
        if self._tags is None:
            key = self._name(self._call_name(upstream, server, method, operation)
                             + ("retried", names.part(outcome))), _NO_TAGS
        else:
            key = self._name(("client", "retries")), names.tags(dict(self._tags, **{
                "upstream": upstream, "server": server, "method": method, "operation": operation,
                "error" if status is None else "status": outcome}))
        self._datagrams.count(key, detail.time)

    def circuit_changed(self, change):
        # type: (CircuitChange) -> None
        """Count it, by the new state."""
        self._changed("circuit", change.origin.partition("://")[2], change.after, change.time)

    def host_changed(self, change):
        # type: (HostChange) -> None
        """Count it, by the new state."""
        server = host_name(change.host)
        self._changed("host", server.partition("://")[2] or server, change.after, change.time)

    def _changed(self, kind, server, state, time):
        # type: (str, str, str, float) -> None
        full = "%s %s" % (kind, server)
        if self._calls.of(full) != full:
            server = "other"
        if self._tags is None:
            key = self._name(
                ("client", names.part(server), kind, names.part(state))), _NO_TAGS
        else:
            key = self._name(("client", kind + "_changes")), names.tags(
                dict(self._tags, server=server, state=state))
        self._datagrams.count(key, time)

    def _ended(self, detail, kind, outcome):
        # type: (Any, str, str) -> None
        call = detail.call
        key = call.upstream, call.origin, call.method, call.operation, kind, outcome
        duration, count = self._keys.get(key) or self._keys_of_call(key)
        datagrams = self._datagrams
        datagrams.move(self._gauge("client"), -1, detail.time)
        datagrams.time(duration, 1000 * (detail.time - call.started), detail.time)
        datagrams.count(count, detail.time)

    def _keys_of_call(self, key):
        # type: (Tuple) -> Tuple[Any, Any]
        kind, outcome = key[4:]
        upstream, server, method, operation = self._call_names(*key[:4])
        if self._tags is None:
            name = self._call_name(upstream, server, method, operation)
            return keep(self._keys, key, self._plain(name, kind, outcome), _KEPT)
        tags = {"upstream": upstream, "server": server, "method": method, "operation": operation,
                kind: outcome}
        return keep(self._keys, key, self._tagged("client", tags), _KEPT)

    # Requests

    def request_received(self, detail):
        # type: (details.RequestReceived) -> None
        """Count it among the active ones."""
        self._datagrams.move(self._gauge("server"), 1, detail.time)

    def response_sent(self, detail):
        # type: (details.ResponseSent) -> None
        """Measure it, by its route and status, or that it was cut off."""
        key = (detail.route, detail.request.method,
               ("error", "cut_off") if detail.cut_off else ("status", str(detail.status_code)))
        duration, count = self._keys.get(key) or self._keys_of_request(key)
        datagrams = self._datagrams
        datagrams.move(self._gauge("server"), -1, detail.time)
        datagrams.time(duration, 1000 * (detail.time - detail.request.started), detail.time)
        datagrams.count(count, detail.time)

    def _keys_of_request(self, key):
        # type: (Tuple) -> Tuple[Any, Any]
        route, method, (kind, outcome) = key
        full = "%s %s" % (route, method)  # The client has chosen the method.
        if self._routes.of(full) != full:
            route, method = "other", "other"
        if self._tags is None:
            name = "server", names.part(route), names.part(method)
            return keep(self._keys, key, self._plain(name, kind, outcome), _KEPT)
        tags = {"route": route, "method": method, kind: outcome}
        return keep(self._keys, key, self._tagged("server", tags), _KEPT)

    # Names

    def _call_names(self, upstream, origin, method, operation):
        # type: (Optional[str], str, str, Optional[str]) -> Tuple[Any, str, str, Any]
        """The upstream, the server, the method and the operation; "other" if there are too many."""
        server = origin.partition("://")[2]
        full = "%s %s %s %s" % (upstream, server, method, operation)
        if self._calls.of(full) != full:
            return None, "other", "other", None
        return upstream, server, method, operation

    def _call_name(self, upstream, server, method, operation):
        # type: (Optional[str], str, str, Optional[str]) -> Tuple[str, ...]
        return ("client", names.part(upstream or server),
                names.part("%s_%s" % (method, operation or "")))

    def _plain(self, name, kind, outcome):
        # type: (Tuple[str, ...], str, str) -> Tuple[Any, Any]
        return ((self._name(name + ("duration",)), _NO_TAGS),
                (self._name(name + (kind, names.part(outcome))), _NO_TAGS))

    def _tagged(self, side, tags):
        # type: (str, Dict[str, Any]) -> Tuple[Any, Any]
        text = names.tags(dict(self._tags or {}, **tags))
        total = "calls" if side == "client" else "requests"
        return (self._name((side, "duration")), text), (self._name((side, total)), text)

    def _gauge(self, side):
        # type: (str) -> Tuple[str, str]
        """The gauge of this process: the server would keep the last one's value of several."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._gauges.clear()
        key = self._gauges.get(side)
        if key is None:
            if self._tags is None:
                key = self._name((side, "active", str(self._pid))), _NO_TAGS
            else:
                key = self._name((side, "active")), names.tags(
                    dict(self._tags, process=str(self._pid)))
            self._gauges[side] = key
        return key

    def _name(self, parts):
        # type: (Tuple[str, ...]) -> str
        return ".".join(((self._prefix,) if self._prefix else ()) + parts)
