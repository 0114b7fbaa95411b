"""Pool: which connection serves which exchange."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._compat import monotonic
from waterspout._net.bucket import Bucket
from waterspout._net.connection import Connection
from waterspout._net.idle_expiry import IdleExpiry
from waterspout._net.send_batch import SendBatch
from waterspout._net.timeout_sweep import TimeoutSweep
from waterspout._net.wait_queue import WaitQueue
from waterspout.exceptions import ConnectError, ConnectionError, QueueFull, SessionClosed

_log = logging.getLogger("waterspout.pool")

#: Active connections from which on the batch gets requests. With fewer, few would leave together,
#: which costs more than it saves.
BUSY = 24


class Pool(object):
    """Keeps connections and assigns them to exchanges; one pool for each IOLoop.

    An exchange gets, in this order: the idle connection to its origin that was used last (the
    server is least likely to have closed that one); a new connection, if the limits allow; a new
    one in the place of one that is idle for another origin; otherwise it waits. Waiting exchanges
    are served in the order in which they came, except that one whose origin is at its limit does
    not hold up the others.

    Callbacks may call the pool again (a response may cause the next request, or close the pool), so
    that all counts are updated before any callback runs.

    Args:
        connector (Connector): makes connections.
        limits (Limits): of connections, waiting calls, and seconds.
        message_limits (MessageLimits): of each response.
    Attributes:
        io_loop (IOLoop), closed (bool).
        exchanges (set of Exchange): every one that is not done.
        batch (SendBatch): for its connections.
    """

    def __init__(self, io_loop, connector, limits, message_limits):
        # type: (IOLoop, Connector, Limits, MessageLimits) -> None
        self.io_loop = io_loop
        self._connector = connector
        self._limits = limits
        self._message_limits = message_limits
        self._sweep = TimeoutSweep(io_loop)
        self.exchanges = self._watched = self._sweep.watched
        self.batch = SendBatch(io_loop)
        self._buckets = {}  # type: Dict[Origin, Bucket]
        self._size = 0  # Connections, including idle ones and those being made.
        self._idle = 0
        self._queue = WaitQueue()
        self._waiting = self._queue.buckets
        self._starting = False  # `_run_waiting` is under way.
        self._idle_expiry = IdleExpiry(io_loop, self._buckets, limits.max_idle)
        self._retired = False
        self.closed = False

    def run(self, exchange):
        # type: (Exchange) -> None
        """Start ``exchange``, now or when a connection is free. Raises: SessionClosed."""
        if self.closed:
            raise SessionClosed("a request to %s on a closed session" % exchange.origin)
        exchange.pool = self
        exchange.started = now = monotonic()
        bucket = self._buckets.get(exchange.origin)
        if bucket is None:
            bucket = self._add_bucket(exchange.origin)
        if bucket.idle and self._reuse(bucket, exchange, now):
            return
        if self._may_open(bucket):
            self._open(bucket, exchange)
        elif self._queue.count < self._limits.max_queued:
            self._wait(bucket, exchange, now)
        else:
            self._turn_away(exchange)

    def replace_stale(self, connection, exchange):
        # type: (Connection, Exchange) -> None
        """Move ``exchange`` from a stale ``connection`` to a new one.

        Not to another idle one, which is probably stale too.
        """
        bucket = connection.bucket
        self._add_place(bucket)  # First, or a waiting exchange would get the closed one's place.
        connection.close()
        self._connect(bucket, exchange)

    def abandon(self, exchange):
        # type: (Exchange) -> None
        """``exchange`` ended before its response: close its connection, or leave the queue."""
        self._watched.discard(exchange)
        connection, attempt = exchange.connection, exchange.attempt
        exchange.connection = exchange.attempt = None
        if connection is not None:
            connection.exchange = None
            connection.close()
        elif attempt is not None:
            exchange.failed_opening = attempt.begun, attempt.resolved, attempt.connected
            attempt.cancel()
            self._remove_place(self._buckets[exchange.origin])
        elif exchange.waiting:
            self._queue.remove(self._buckets[exchange.origin], exchange)
        if self._retired:
            self._rest_if_empty()

    def finished(self, exchange):
        # type: (Exchange) -> None
        self._watched.discard(exchange)

    def reschedule(self, exchange):
        # type: (Exchange) -> None
        """``exchange.due`` may be earlier than before."""
        if not exchange.done:
            self._sweep.reschedule(exchange)

    def free(self, connection):
        # type: (Connection) -> None
        """``connection`` has finished its exchange and can serve another."""
        connection.idle_since = monotonic()
        connection.bucket.idle.append(connection)
        self._idle += 1
        if self._waiting:
            self._run_waiting()
        if self._retired:
            self._close_idle()

    def removed(self, connection):
        # type: (Connection) -> None
        """``connection`` was closed."""
        bucket = connection.bucket
        if connection.idle_since is not None:
            bucket.idle.remove(connection)
            self._idle -= 1
        self._remove_place(bucket)

    def end_exchanges(self, ending):
        # type: (List[Exchange]) -> None
        """Fail these of the pool's exchanges, and close their connections."""
        # Waiting ones first, or they would be started in the places of the others.
        for exchange in sorted(ending, key=lambda each: not each.waiting):
            try:
                exchange.fail(ConnectionError, "the session was closed")
            except Exception:
                _log.error("the callback of a call raised", exc_info=True)

    def close(self):
        # type: () -> None
        """Fail every exchange, close every connection. Idempotent."""
        if self.closed:
            return
        self.closed = True
        self.end_exchanges(list(self._watched))
        self._close_idle()
        self._rest()

    def retire(self):
        # type: () -> None
        """Keep no idle connections any more: close those there are, and later each one that becomes
        free while no exchange waits. Running exchanges and new ones go on. Idempotent.
        """
        self._retired = True
        self._close_idle()
        self._rest_if_empty()

    def drop(self):
        # type: () -> None
        """Close every connection without calling anything: the IOLoop is closed. Idempotent."""
        self.closed = True
        for exchange in list(self._watched):
            try:
                exchange.cancel()
            except Exception:  # Futures of a closed IOLoop raise when they are resolved.
                _log.debug("an exchange of a closed IOLoop", exc_info=True)
        self._close_idle()
        self._rest()

    @property
    def active(self):
        # type: () -> int
        """Connections that are being made or serve an exchange."""
        return self._size - self._idle

    @property
    def queued(self):
        # type: () -> int
        """Exchanges that wait for a connection."""
        return self._queue.count

    def stats(self):
        # type: () -> Dict[str, Dict[str, int]]
        """For each origin: active, idle and queued now; opened and reused so far.

        Origins that look equal (they differ in TLS options, say) are counted together. An origin
        is forgotten when it has had no connection for a while.
        """
        stats = {}
        for bucket in self._buckets.values():
            bucket.add_to(stats.setdefault(str(bucket.origin), {}))
        return stats

    def waiting(self):
        # type: () -> List[Exchange]
        """The exchanges that wait for a connection, in the order in which they came."""
        return self._queue.exchanges()

    # Decisions

    def _take_idle(self, bucket, now, batched):
        limits = self._limits
        while bucket.idle:
            connection = bucket.idle[-1]
            # Checked for every request: bytes that the server sent before the request must not be
            # read as the response, and the IOLoop may not have reported them yet. For a request in
            # the batch, right before it is sent.
            if (now - connection.idle_since <= limits.max_idle
                    and now - connection.opened <= limits.max_age
                    and (batched or not connection.is_dead())):
                bucket.idle.pop()
                connection.idle_since = None
                self._idle -= 1
                return connection
            connection.close()
        return None

    def _may_open(self, bucket):
        # An idle connection can be closed for it; that is to another origin, or it would be used.
        return bucket.size < self._limits.max_connections_per_origin and (
            self._size < self._limits.max_connections or self._idle > 0)

    def _can_run(self, bucket):
        return bool(bucket.idle) or self._may_open(bucket)

    # Actions

    def _run_waiting(self):
        """Start the waiting exchanges that can run now, in the order in which they came."""
        if self._starting:
            return  # The call under way goes on until no exchange can run.
        self._starting = True
        try:
            while self._waiting and not self.closed:
                bucket = self._queue.next_bucket(self._can_run)
                if bucket is None:
                    return
                self._start_waiting(bucket)
        finally:
            self._starting = False

    def _start_waiting(self, bucket):
        exchange = bucket.next_waiting()
        self._queue.remove(bucket, exchange)
        if not (bucket.idle and self._reuse(bucket, exchange, monotonic())):
            self._open(bucket, exchange)  # If all idle ones were stale, they have made room.

    def _reuse(self, bucket, exchange, now):
        """Begin ``exchange`` on an idle connection. Return False if all were stale."""
        batched = self._size - self._idle >= BUSY and self.batch.wants(exchange, now)
        connection = self._take_idle(bucket, now, batched)
        if connection is None:
            return False
        bucket.reused += 1
        self._watched.add(exchange)
        connection.begin(exchange, now, batched)
        if not exchange.done:
            self._sweep.reschedule(exchange)
        return True

    def _wait(self, bucket, exchange, now):
        exchange.enter("pool", now)
        self._queue.add(bucket, exchange)
        self._watched.add(exchange)
        self._sweep.reschedule(exchange)

    def _turn_away(self, exchange):
        exchange.done = True
        exchange.failed(
            QueueFull,
            "no connection to %s is free, and %d calls wait already"
            % (exchange.origin, self._queue.count),
            None,
        )

    def _open(self, bucket, exchange):
        self._add_place(bucket)
        if self._size > self._limits.max_connections:
            self._close_longest_idle()
        self._connect(bucket, exchange)

    def _connect(self, bucket, exchange):
        """Open a connection whose place is counted already."""
        if exchange.done:  # A callback of the closed connection has ended it.
            self._remove_place(bucket)
            return
        exchange.enter("connect", monotonic())
        self._watched.add(exchange)
        self._sweep.reschedule(exchange)
        exchange.attempt = self._connector.connect(
            bucket.origin,
            lambda stream: self._opened(bucket, exchange, stream),
            lambda error_class, what, cause: self._not_opened(
                bucket, exchange, error_class, what, cause),
        )
        exchange.attempt.start()

    def _opened(self, bucket, exchange, stream):
        try:
            connection = Connection(bucket, stream, self, self.io_loop, self._message_limits)
        except Exception as error:  # The system cannot watch the socket.
            stream.close()
            self._not_opened(bucket, exchange, ConnectError, str(error), error)
            return
        bucket.opened += 1
        attempt, exchange.attempt = exchange.attempt, None
        now = monotonic()
        exchange.opening_times = attempt.begun, attempt.resolved, attempt.connected
        connection.begin(exchange, now)
        self.reschedule(exchange)

    def _not_opened(self, bucket, exchange, error_class, what, cause):
        attempt, exchange.attempt = exchange.attempt, None
        if attempt is not None:
            exchange.failed_opening = attempt.begun, attempt.resolved, attempt.connected
        self._remove_place(bucket)
        exchange.fail(error_class, what, cause)

    def _add_place(self, bucket):
        self._size += 1
        bucket.size += 1

    def _remove_place(self, bucket):
        self._size -= 1
        bucket.size -= 1
        if self._waiting:
            self._run_waiting()
        if self._retired:
            self._rest_if_empty()

    def _close_idle(self):
        for bucket in list(self._buckets.values()):
            for connection in list(bucket.idle):
                connection.close()

    def _rest_if_empty(self):
        """If there are no connections and no exchanges, release everything, timers included."""
        if not self._size and not self._waiting and not self._watched:
            self._rest()

    def _rest(self):
        self._sweep.close()
        self._idle_expiry.stop()
        self._connector.close()  # It opens again when it is used again.

    def _close_longest_idle(self):
        oldest = min(
            (bucket.idle[0] for bucket in self._buckets.values() if bucket.idle),
            key=lambda connection: connection.idle_since,
        )
        oldest.close()

    def _add_bucket(self, origin):
        bucket = self._buckets[origin] = Bucket(origin)
        self._idle_expiry.start()
        return bucket

    def __repr__(self):
        return "<Pool %d/%d connections: %d active, %d idle, %d queued%s>" % (
            self._size,
            self._limits.max_connections,
            self._size - self._idle,
            self._idle,
            self._queue.count,
            ", closed" if self.closed or self._retired else "",
        )
