"""WaitQueue: the exchanges that wait for a connection."""

from __future__ import absolute_import, division, print_function


class WaitQueue(object):
    """Exchanges of all origins, numbered in the order in which they came.

    Each waits in the `Bucket` of its origin, so that one whose origin is at its limit does not hold
    up the others.

    Attributes:
        count (int): exchanges that wait.
        buckets (set of Bucket): those with a waiting exchange. Always the same set; the pool looks
            at it for each connection that becomes free.
    """

    __slots__ = ("count", "buckets", "_arrivals")

    def __init__(self):
        # type: () -> None
        self.count = 0
        self.buckets = set()  # type: Set[Bucket]
        self._arrivals = 0

    def add(self, bucket, exchange):
        # type: (Bucket, Exchange) -> None
        exchange.waiting = True
        self._arrivals += 1
        bucket.waiting.append((self._arrivals, exchange))
        bucket.queued += 1
        self.count += 1
        self.buckets.add(bucket)

    def remove(self, bucket, exchange):
        # type: (Bucket, Exchange) -> None
        """Remove ``exchange``, which waits in ``bucket``: it gets a connection or has given up."""
        exchange.waiting = False
        bucket.queued -= 1
        self.count -= 1
        bucket.tidy()
        if not bucket.queued:
            self.buckets.discard(bucket)

    def next_bucket(self, can_run):
        # type: (Callable[[Bucket], bool]) -> Optional[Bucket]
        """The bucket whose first exchange came first, among those for which ``can_run`` is true."""
        first = None
        for bucket in self.buckets:
            if can_run(bucket):
                if first is None or bucket.first_arrival() < first.first_arrival():
                    first = bucket
        return first

    def exchanges(self):
        # type: () -> List[Exchange]
        """The waiting exchanges, in the order in which they came."""
        entries = [each for bucket in self.buckets for each in bucket.waiting]
        entries.sort(key=lambda each: each[0])
        return [exchange for _, exchange in entries if exchange.waiting]
