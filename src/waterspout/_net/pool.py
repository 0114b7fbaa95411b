"""Pool: which connection serves which exchange."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import monotonic
from waterspout._net.bucket import Bucket
from waterspout._net.connection import Connection
from waterspout._net.sweep import Sweep
from waterspout.exceptions import ConnectionError, QueueFull


class Pool(object):
    """Keeps connections and hands them to exchanges; one for each IOLoop.

    An exchange gets, in this order: an idle connection to its origin, the one used last (the
    server is least likely to have closed it); a new one, if the limits allow; a new one in
    the place of one that idles elsewhere; otherwise it waits. First come, first served, but
    those that cannot run are skipped: an origin at its own limit does not hold up the others.

    Args:
        connector (Connector): makes connections.
        limits (PoolLimits).
        wire_limits (waterspout._wire.limits.Limits).
    """

    def __init__(self, io_loop, connector, limits, wire_limits):
        # type: (IOLoop, Connector, PoolLimits, wire.Limits) -> None
        self._io_loop = io_loop
        self._connector = connector
        self._limits = limits
        self._wire_limits = wire_limits
        self._sweep = Sweep(io_loop)
        self._buckets = {}  # type: Dict[Origin, Bucket]
        self._size = 0  # Connections, those being made and the idle ones included.
        self._idle = 0
        self._queued = 0
        self._arrivals = 0  # Numbers those who wait.
        self._expiry = None  # Timer that closes what idles too long.
        self.closed = False

    def run(self, exchange):
        # type: (Exchange) -> None
        """Perform ``exchange``, now or when it is its turn."""
        exchange.pool = self
        exchange.started = now = monotonic()
        bucket = self._buckets.get(exchange.origin)
        if bucket is None:
            bucket = self._buckets[exchange.origin] = Bucket(exchange.origin)
        connection = self._take_idle(bucket, now) if bucket.idle else None
        if connection is not None:
            self._reuse(bucket, connection, exchange, now)
        elif self._may_open(bucket):
            self._open(bucket, exchange, now)
        else:
            self._wait(bucket, exchange, now)

    def replace(self, exchange):
        # type: (Exchange) -> None
        """Its kept connection turned out to be dead: perform it on a new one, and not on
        another kept one, which is likely to be as dead."""
        self._open(self._buckets[exchange.origin], exchange, monotonic())

    def abandon(self, exchange):
        # type: (Exchange) -> None
        """``exchange`` is over before its response was: nothing of it is used again."""
        self._sweep.remove(exchange)
        connection, attempt = exchange.connection, exchange.attempt
        exchange.connection = exchange.attempt = None
        if connection is not None:
            connection.exchange = None
            connection.close()
        elif attempt is not None:
            attempt.cancel()
            self._one_less(self._buckets[exchange.origin])
        elif exchange.phase == "pool":
            bucket = self._buckets[exchange.origin]
            bucket.queued -= 1
            self._queued -= 1
            bucket.first_waiting()

    def finished(self, exchange):
        # type: (Exchange) -> None
        self._sweep.remove(exchange)

    def hasten(self, exchange):
        # type: (Exchange) -> None
        """``exchange.due`` may have come nearer."""
        self._sweep.hasten(exchange)

    def free(self, connection):
        # type: (Connection) -> None
        """``connection`` has done its exchange and can do another."""
        bucket = self._buckets[connection.origin]
        connection.idle_since = monotonic()
        bucket.idle.append(connection)
        self._idle += 1
        if self._queued:
            self._run_waiting()
        elif self._expiry is None:
            self._expire_later()

    def removed(self, connection):
        # type: (Connection) -> None
        """``connection`` was closed."""
        bucket = self._buckets[connection.origin]
        if connection in bucket.idle:
            bucket.idle.remove(connection)
            self._idle -= 1
        self._one_less(bucket)

    def close(self):
        # type: () -> None
        """Fail every exchange, close every connection. Idempotent."""
        self.closed = True
        for exchange in list(self._sweep.watched):
            exchange.fail(ConnectionError, "the session was closed")
        for bucket in self._buckets.values():
            for connection in list(bucket.idle):
                connection.close()
        self._sweep.close()
        if self._expiry is not None:
            self._io_loop.remove_timeout(self._expiry)
            self._expiry = None
        self._connector.close()

    def stats(self):
        # type: () -> Dict[str, Dict[str, int]]
        """For each origin: active, idle and queued now; opened and reused so far.

        An origin is forgotten when it has had no connection for a while.
        """
        return dict((str(bucket.origin), bucket.stats()) for bucket in self._buckets.values())

    # Decisions

    def _take_idle(self, bucket, now):
        limits = self._limits
        while bucket.idle:
            connection = bucket.idle[-1]
            if (now - connection.idle_since <= limits.max_idle
                    and now - connection.opened <= limits.max_age):
                bucket.idle.pop()
                self._idle -= 1
                return connection
            connection.close()
        return None

    def _may_open(self, bucket):
        # An idle connection can give way; it is not to this origin, or it would be used.
        return bucket.size < self._limits.max_connections_per_origin and (
            self._size < self._limits.max_connections or self._idle > 0)

    def _run_waiting(self):
        """Room was made: start those that can run, in the order in which they came."""
        while self._queued and not self.closed:
            first = None
            for bucket in self._buckets.values():
                if bucket.queued and (bucket.idle or self._may_open(bucket)):
                    waiting = bucket.first_waiting()
                    if first is None or waiting[0] < first[0][0]:
                        first = waiting, bucket
            if first is None:
                return
            self._start_waiting(first[1])

    # Acts

    def _start_waiting(self, bucket):
        _, exchange = bucket.waiting.popleft()
        bucket.queued -= 1
        self._queued -= 1
        now = monotonic()
        connection = self._take_idle(bucket, now) if bucket.idle else None
        if connection is not None:
            self._reuse(bucket, connection, exchange, now)
        else:
            self._open(bucket, exchange, now)

    def _reuse(self, bucket, connection, exchange, now):
        bucket.reused += 1
        connection.begin(exchange, now)
        if not exchange.done:
            self._sweep.add(exchange)

    def _wait(self, bucket, exchange, now):
        if self._queued >= self._limits.max_queued:
            # It has no place in any count yet, so it is not abandoned but refused.
            exchange.done = True
            exchange.failed(
                QueueFull,
                "all %d connections are in use and %d calls wait already"
                % (self._limits.max_connections, self._queued),
                None,
            )
            return
        exchange.enter("pool", now)
        self._arrivals += 1
        bucket.waiting.append((self._arrivals, exchange))
        bucket.queued += 1
        self._queued += 1
        self._sweep.add(exchange)

    def _open(self, bucket, exchange, now):
        if self._size >= self._limits.max_connections and self._idle:
            self._close_longest_idle()
        self._size += 1
        bucket.size += 1
        exchange.enter("connect", now)
        self._sweep.add(exchange)
        exchange.attempt = self._connector.connect(
            bucket.origin,
            lambda stream: self._opened(bucket, exchange, stream),
            lambda error_class, what, cause: self._not_opened(
                bucket, exchange, error_class, what, cause),
        )
        exchange.attempt.start()

    def _opened(self, bucket, exchange, stream):
        bucket.opened += 1
        attempt, exchange.attempt = exchange.attempt, None
        now = monotonic()
        exchange.opening_times = attempt.resolved, attempt.connected, now
        connection = Connection(bucket.origin, stream, self, self._io_loop, self._wire_limits)
        connection.begin(exchange, now)
        if not exchange.done:
            self._sweep.hasten(exchange)

    def _not_opened(self, bucket, exchange, error_class, what, cause):
        exchange.attempt = None
        self._one_less(bucket)
        exchange.fail(error_class, what, cause)

    def _one_less(self, bucket):
        self._size -= 1
        bucket.size -= 1
        if self._queued:
            self._run_waiting()

    def _close_longest_idle(self):
        oldest = min(
            (bucket.idle[0] for bucket in self._buckets.values() if bucket.idle),
            key=lambda connection: connection.idle_since,
        )
        oldest.close()

    def _expire_later(self):
        self._expiry = self._io_loop.call_later(self._limits.max_idle, self._expire)

    def _expire(self):
        self._expiry = None
        now = monotonic()
        for origin, bucket in list(self._buckets.items()):
            while bucket.idle and now - bucket.idle[0].idle_since >= self._limits.max_idle:
                bucket.idle[0].close()
            if bucket.unused:
                del self._buckets[origin]
        if self._buckets:
            self._expire_later()

    def __repr__(self):
        return "<Pool %d/%d connections: %d active, %d idle, %d queued%s>" % (
            self._size,
            self._limits.max_connections,
            self._size - self._idle,
            self._idle,
            self._queued,
            ", closed" if self.closed else "",
        )
