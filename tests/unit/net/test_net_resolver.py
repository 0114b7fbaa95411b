"""Looking names up: addresses at once, equal names once, threads by hand."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
from fake_loop import FakeLoop

import waterspout._net.resolver
from waterspout._net.resolver import Resolver, look_up, numeric_address


class Executor(object):
    """Keeps the look-ups until the test does them."""

    def __init__(self, workers):
        self.work, self.shut_down = [], 0

    def submit(self, function, *args):
        from concurrent.futures import Future

        job = Future()
        self.work.append((job, function, args))
        return job

    def shutdown(self, wait):
        assert wait is False
        self.shut_down += 1

    def do(self, result):
        """The next look-up ends so."""
        job, _, _ = self.work.pop(0)
        if isinstance(result, Exception):
            job.set_exception(result)
        else:
            job.set_result(result)


@pytest.fixture
def resolver(current_loop, monkeypatch):
    monkeypatch.setattr(waterspout._net.resolver, "ThreadPoolExecutor", Executor)
    return Resolver(FakeLoop())


@pytest.mark.parametrize("host, port, family, found", [
    ("127.0.0.1", 80, socket.AF_UNSPEC, (socket.AF_INET, ("127.0.0.1", 80))),
    ("::1", 80, socket.AF_UNSPEC, (socket.AF_INET6, ("::1", 80, 0, 0))),
    ("127.0.0.1", 80, socket.AF_INET6, None), ("::1", 80, socket.AF_INET, None),
    ("a.example", 80, socket.AF_UNSPEC, None), ("127.1", 80, socket.AF_UNSPEC, None),
    ("", 80, socket.AF_UNSPEC, None), ("a\0b", 80, socket.AF_UNSPEC, None),
    ("fe80::1%no-such-interface", 80, socket.AF_UNSPEC, None)])
def test_an_ip_address_is_known_without_a_look_up(host, port, family, found):
    """Of the family that is asked for."""
    assert numeric_address(host, port, family) == found


def test_no_thread_is_started_for_an_address(resolver):
    """The answer is there at once."""
    assert resolver.resolve("127.0.0.1", 80).result() == [(socket.AF_INET, ("127.0.0.1", 80))]
    assert resolver._executor is None


def test_a_name_is_looked_up_in_a_thread(resolver):
    """The IOLoop resolves the Future."""
    future = resolver.resolve("a.example", 80)
    resolver._executor.do(["address"])
    assert not future.done()
    resolver._io_loop.run_callbacks()
    assert future.result() == ["address"]


def test_equal_names_share_one_look_up(resolver):
    """While it lasts; the next one is another."""
    futures = [resolver.resolve("a.example", 80) for _ in range(3)]
    other = resolver.resolve("a.example", 81)
    assert len(resolver._executor.work) == 2
    resolver._executor.do(["address"])
    resolver._io_loop.run_callbacks()
    assert [each.result() for each in futures] == [["address"]] * 3 and not other.done()
    resolver.resolve("a.example", 80)
    assert len(resolver._executor.work) == 2


def test_an_error_is_for_all_who_asked(resolver):
    """The next call looks the name up again."""
    error = socket.gaierror(socket.EAI_AGAIN, "again")
    futures = [resolver.resolve("a.example", 80) for _ in range(2)]
    resolver._executor.do(error)
    resolver._io_loop.run_callbacks()
    assert [each.exception() for each in futures] == [error] * 2
    assert not resolver.resolve("a.example", 80).done()


def test_a_thread_that_cannot_be_started_holds_up_no_later_look_up(resolver, monkeypatch):
    """The error is raised at once."""
    def refuse(*args):
        raise RuntimeError("can't start new thread")

    resolver.resolve("b.example", 80)
    with monkeypatch.context() as patched:
        patched.setattr(resolver._executor, "submit", refuse)
        with pytest.raises(RuntimeError):
            resolver.resolve("a.example", 80)
    resolver.resolve("a.example", 80)
    assert len(resolver._executor.work) == 2


def test_closing_waits_for_no_look_up(resolver):
    """One that hangs has its thread for as long as it does."""
    resolver.close()
    resolver.resolve("a.example", 80)
    executor = resolver._executor
    resolver.close()
    resolver.close()
    assert executor.shut_down == 1


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "a..example"])
def test_a_name_that_cannot_be_is_not_found(host):
    """It is an error of the name, and not of its encoding."""
    with pytest.raises(socket.gaierror):
        look_up(host, 80, socket.AF_UNSPEC)
