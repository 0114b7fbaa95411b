"""The system's own resolver, asked in a thread."""

from __future__ import absolute_import, division, print_function

import socket
import threading

import pytest
from net_exchanges import LONG

import waterspout._net.resolver
from waterspout.transports.dns_resolver import DNSResolver


@pytest.fixture
def resolver():
    resolver = DNSResolver(5)
    yield resolver
    resolver.close()


def test_localhost_is_found(io_loop, resolver):
    """Its addresses are what ``connect`` takes, each once."""
    addresses, ttl = io_loop.run_sync(lambda: resolver.resolve("localhost", 8079), timeout=LONG)
    assert ttl == 5.0 and len(set(addresses)) == len(addresses)
    assert set(address[0] for family, address in addresses) <= {"127.0.0.1", "::1"}
    assert set(address[1] for family, address in addresses) == {8079}


def test_an_unknown_name_is_an_error(io_loop, resolver):
    """An empty label: no name server is asked."""
    with pytest.raises(socket.gaierror):
        io_loop.run_sync(lambda: resolver.resolve("a..example", 80), timeout=LONG)


def test_a_lookup_that_hangs_does_not_block_the_loop(io_loop, resolver, monkeypatch):
    """The loop itself lets it go on."""
    go_on = threading.Event()

    def slow(host, port, family):
        assert go_on.wait(LONG)
        return [(socket.AF_INET, ("127.0.0.1", port))]

    monkeypatch.setattr(waterspout._net.resolver, "look_up", slow)

    def run():
        future = resolver.resolve("slow.example", 80)
        io_loop.add_callback(go_on.set)
        return future

    assert io_loop.run_sync(run, timeout=LONG)[0] == [(socket.AF_INET, ("127.0.0.1", 80))]
