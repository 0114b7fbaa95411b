"""The addresses of a name for a balancer; the resolver below is the test's."""

from __future__ import absolute_import, division, print_function

import os
import socket

import pytest
from tornado.ioloop import IOLoop

import waterspout.transports.dns_resolver
from waterspout._compat import Future, rejected, resolved
from waterspout.policies.balancer import Balancer
from waterspout.transports.dns_resolver import DNSResolver

V4 = (socket.AF_INET, ("10.0.0.7", 80))
OTHER_V4 = (socket.AF_INET, ("10.0.0.8", 80))
V6 = (socket.AF_INET6, ("2001:db8::7", 80, 0, 0))


class Below(object):
    """In the place of `waterspout._net.resolver.Resolver`.

    Attributes:
        made (list of Below): all of them, in order.
    """

    made = []

    def __init__(self, io_loop):
        self.io_loop, self.asked, self.closed = io_loop, [], 0
        self.made.append(self)

    def resolve(self, host, port):
        self.asked.append((host, port))
        return self.answer()

    @staticmethod
    def answer():
        return resolved([V6, V4, V6, OTHER_V4, V4])

    def close(self):
        self.closed += 1


@pytest.fixture
def below(current_loop, monkeypatch):
    monkeypatch.setattr(Below, "made", [])
    monkeypatch.setattr(waterspout.transports.dns_resolver, "Resolver", Below)
    return Below


def ask(io_loop, resolver, name="a.example"):
    return io_loop.run_sync(lambda: resolver.resolve(name, 80))


def test_each_address_is_found_once_in_order(below, current_loop):
    """IPv4 and IPv6, with the seconds that they hold."""
    assert ask(current_loop, DNSResolver(12)) == ([V6, V4, OTHER_V4], 12.0)
    assert below.made[0].asked == [("a.example", 80)]


def test_without_seconds_the_balancer_says_how_long_addresses_hold(below, current_loop):
    """The second part of the answer is then None."""
    assert ask(current_loop, DNSResolver())[1] is None


def test_an_unknown_name_is_an_error_of_the_future(below, current_loop, monkeypatch):
    """So is a thread that cannot be started, for which the resolver below raises."""
    for answer in (lambda: rejected(socket.gaierror(socket.EAI_NONAME, "unknown")),
                   lambda: rejected(socket.gaierror(socket.EAI_AGAIN, "again"))):
        monkeypatch.setattr(Below, "answer", staticmethod(answer))
        with pytest.raises(socket.gaierror):
            ask(current_loop, DNSResolver())

    def no_thread():
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Below, "answer", staticmethod(no_thread))
    future = DNSResolver().resolve("a.example", 80)
    assert type(future.exception()) is RuntimeError


def test_an_answer_that_comes_later_is_waited_for(below, current_loop, monkeypatch):
    """Without blocking the IOLoop."""
    answers = []

    def answer():
        answers.append(Future())
        current_loop.add_callback(lambda: answers[0].set_result([V4]))
        return answers[0]

    monkeypatch.setattr(Below, "answer", staticmethod(answer))
    assert ask(current_loop, DNSResolver()) == ([V4], None)


def test_an_ipv6_address_is_looked_up_without_its_escapes(below, current_loop):
    """The host of a URL: its brackets and its zone."""
    ask(current_loop, DNSResolver(), "[fe80::1%25eth0]")
    assert below.made[0].asked == [("fe80::1%eth0", 80)]


def test_each_loop_has_a_resolver_of_its_own(below, current_loop):
    """Those of closed loops are closed."""
    resolver = DNSResolver()
    ask(current_loop, resolver)
    other = IOLoop(make_current=False)
    ask(other, resolver)
    ask(current_loop, resolver)
    assert [each.io_loop for each in below.made] == [current_loop, other]
    other.close()
    last = IOLoop(make_current=False)
    ask(last, resolver)
    last.close()
    assert [each.closed for each in below.made] == [0, 1, 0]


def test_closing_closes_the_resolvers_below(below, current_loop):
    """Twice is once; a later call makes another."""
    resolver = DNSResolver()
    ask(current_loop, resolver)
    resolver.close()
    resolver.close()
    assert below.made[0].closed == 1
    assert ask(current_loop, resolver)[0] == [V6, V4, OTHER_V4]
    assert len(below.made) == 2


def test_a_child_process_leaves_the_parents_threads_alone(below, current_loop, monkeypatch):
    """They are not there after a fork."""
    resolver, closed = DNSResolver(), DNSResolver()
    for each in (resolver, closed):
        ask(current_loop, each)
    pid = os.getpid() + 1
    monkeypatch.setattr(waterspout.transports.dns_resolver.os, "getpid", lambda: pid)
    resolver.resolve("a.example", 80)
    closed.close()
    assert len(below.made) == 3 and [each.closed for each in below.made] == [0, 0, 0]


def test_it_is_a_resolver_for_a_balancer():
    """Its repr is short."""
    assert repr(Balancer(DNSResolver(5)).resolver) == "DNSResolver(ttl=5.0)"


@pytest.mark.parametrize("ttl", [0, -1, float("nan"), "5", True])
def test_seconds_that_make_no_sense_are_refused(ttl):
    """As by every policy."""
    with pytest.raises((TypeError, ValueError), match="ttl="):
        DNSResolver(ttl)
