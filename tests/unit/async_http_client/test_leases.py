"""Who keeps the engine of a client, and until when: no IOLoop, and time by hand."""

from __future__ import absolute_import, division, print_function

import gc
import os

import pytest
from fake_loop import FakeLoop

import waterspout._async_http_client.leases
from waterspout._async_http_client.leases import LINGER_SECONDS, Lease, take_lease

OPTIONS = (10, None, None, None, 100)


class Pool(object):
    """Notes how it ends."""

    def __init__(self, io_loop):
        self.io_loop = io_loop
        self.ends = []

    def retire(self):
        self.ends.append("retired")

    def drop(self):
        self.ends.append("dropped")


class Engine(object):
    def __init__(self, io_loop, options):
        self.io_loop = io_loop
        self.options = options
        self.pid = os.getpid()
        self.pool = Pool(io_loop)

    def serves(self, io_loop, options):
        return (io_loop, options) == (self.io_loop, self.options)


@pytest.fixture
def loop(monkeypatch):
    loop = FakeLoop()
    monkeypatch.setattr(waterspout._async_http_client.leases, "monotonic", loop.clock)
    monkeypatch.setattr(waterspout._async_http_client.leases, "Engine", Engine)
    monkeypatch.setattr(waterspout._async_http_client.leases, "_shared", set())
    return loop


def test_a_shared_client_takes_over_what_the_one_before_left(loop):
    """Within `LINGER_SECONDS` of its being closed."""
    lease = take_lease(loop, OPTIONS, shared=True)
    lease.linger()
    loop.advance(LINGER_SECONDS - 1)
    assert take_lease(loop, OPTIONS, shared=True) is lease and not lease.lingers
    loop.advance(10 * LINGER_SECONDS)
    assert lease.engine.pool.ends == []


@pytest.mark.parametrize("other", [
    {"options": (11, None, None, None, 100)}, {"shared": False}, {"io_loop": FakeLoop()}])
def test_a_client_that_differs_gets_an_engine_of_its_own(loop, other):
    """Other options, another IOLoop, or a client that is not the IOLoop's own."""
    lease = take_lease(loop, OPTIONS, shared=True)
    lease.linger()
    asked = dict({"io_loop": loop, "options": OPTIONS, "shared": True}, **other)
    assert take_lease(**asked).engine is not lease.engine


def test_an_engine_in_use_is_not_taken_over(loop):
    """Its client has not been closed."""
    lease = take_lease(loop, OPTIONS, shared=True)
    assert take_lease(loop, OPTIONS, shared=True) is not lease


def test_an_engine_that_is_not_taken_over_ends(loop):
    """After `LINGER_SECONDS`, and is not taken over then."""
    lease = take_lease(loop, OPTIONS, shared=True)
    engine = lease.engine
    lease.linger()
    loop.advance(LINGER_SECONDS)
    assert engine.pool.ends == ["retired"] and lease.engine is None
    assert take_lease(loop, OPTIONS, shared=True).engine is not engine


def test_the_time_to_linger_starts_again_with_each_client(loop):
    """Under one timer, whatever the number of clients."""
    lease = take_lease(loop, OPTIONS, shared=True)
    engine = lease.engine
    for _ in range(5):
        lease.linger()
        loop.advance(LINGER_SECONDS - 1)
        assert take_lease(loop, OPTIONS, shared=True) is lease
    assert len(loop.timers) == 1
    lease.linger()
    loop.advance(LINGER_SECONDS - 0.5)
    assert engine.pool.ends == []
    loop.advance(0.5)
    assert engine.pool.ends == ["retired"]


def test_ending_a_lease_twice_ends_its_pool_once(loop):
    """Also when the lease itself goes afterwards."""
    lease = Lease(Engine(loop, OPTIONS))
    pool = lease.engine.pool
    lease.end()
    lease.end()
    del lease
    gc.collect()
    loop.run_callbacks()
    assert pool.ends == ["retired"]


def test_an_engine_ends_with_its_lease_on_the_thread_of_its_loop(loop):
    """Whatever thread the garbage collector runs in."""
    lease = Lease(Engine(loop, OPTIONS))
    pool = lease.engine.pool
    del lease
    gc.collect()
    assert pool.ends == []
    loop.run_callbacks()
    assert pool.ends == ["retired"]


def test_an_engine_of_a_closed_loop_ends_at_once(loop):
    """With its lease, or when the next client comes."""
    lease = Lease(Engine(loop, OPTIONS))
    pool = lease.engine.pool
    loop.close()
    del lease
    gc.collect()
    assert pool.ends == ["dropped"]


def test_a_lingering_engine_of_a_closed_loop_is_ended_by_the_next_client(loop):
    """Tornado keeps a client that was not closed for as long as the program runs."""
    lease = take_lease(loop, OPTIONS, shared=True)
    pool = lease.engine.pool
    loop.close()
    take_lease(FakeLoop(), OPTIONS, shared=True)
    assert pool.ends == ["dropped"] and lease.engine is None


def test_a_client_closed_after_its_loop_ends_its_engine(loop):
    """No timer would ever run."""
    lease = take_lease(loop, OPTIONS, shared=True)
    pool = lease.engine.pool
    loop.close()
    lease.linger()
    assert pool.ends == ["dropped"] and loop.timers == []


def test_a_forked_process_takes_nothing_over_and_ends_nothing(loop, monkeypatch):
    """The connections are the parent's."""
    lease = take_lease(loop, OPTIONS, shared=True)
    engine, pid = lease.engine, os.getpid()
    lease.linger()
    monkeypatch.setattr(os, "getpid", lambda: pid + 1)
    assert take_lease(loop, OPTIONS, shared=True).engine is not engine
    lease.end()
    assert engine.pool.ends == []
