"""The order in which exchanges get a connection, without a pool."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout._net.bucket import Bucket
from waterspout._net.wait_queue import WaitQueue


class Waiting(object):
    """As much of an Exchange as the queue uses."""

    waiting = False


@pytest.fixture
def queue():
    return WaitQueue()


def add(queue, *buckets):
    """One waiting exchange in each bucket, in this order."""
    exchanges = [Waiting() for _ in buckets]
    for bucket, exchange in zip(buckets, exchanges):
        queue.add(bucket, exchange)
    return exchanges


def test_exchanges_are_listed_in_the_order_of_arrival(queue):
    """Across buckets, not one bucket after another."""
    one, other = Bucket("one"), Bucket("other")
    exchanges = add(queue, one, other, one)
    assert queue.exchanges() == exchanges and queue.count == 3
    assert all(each.waiting for each in exchanges)


def test_the_first_arrival_that_can_run_is_next(queue):
    """A bucket at its limit is skipped, whatever waits there."""
    one, other = Bucket("one"), Bucket("other")
    add(queue, one, other, one)
    assert queue.next_bucket(lambda bucket: True) is one
    assert queue.next_bucket(lambda bucket: bucket is other) is other
    assert queue.next_bucket(lambda bucket: False) is None


def test_an_exchange_that_gave_up_is_skipped(queue):
    """Removing the first one makes the next arrival the first, in any bucket."""
    one, other = Bucket("one"), Bucket("other")
    first, second, third = add(queue, one, other, one)
    queue.remove(one, first)
    assert queue.next_bucket(lambda bucket: True) is other
    queue.remove(other, second)
    assert queue.exchanges() == [third] and not first.waiting


def test_a_bucket_without_waiting_exchanges_leaves_the_set(queue):
    """The pool looks at this set for each connection that becomes free."""
    bucket, buckets = Bucket("one"), queue.buckets
    (exchange,) = add(queue, bucket)
    assert queue.buckets is buckets and buckets == {bucket}
    queue.remove(bucket, exchange)
    assert queue.buckets is buckets and not buckets and queue.count == 0
