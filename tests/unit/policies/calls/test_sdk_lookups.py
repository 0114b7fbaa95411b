"""SDKs that use all addresses of a name."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
from scripted_upstream import no_wait
from tornado import gen

import waterspout
from waterspout._compat import Future, resolved
from waterspout.exceptions import ConnectError, ConnectTimeout, DeadlineExceeded
from waterspout.testing import FakeClock, MockTransport

FOUND = [(socket.AF_INET, ("127.0.0.1", 80)), (socket.AF_INET, ("127.0.0.2", 80))]


class Addressed(MockTransport):
    """Notes the address of each request; those in ``down`` cannot be reached."""

    def __init__(self, down=()):
        super(Addressed, self).__init__()
        self.addresses = []
        self._down = down

    def answer(self, exchange, finished):
        address = exchange.options.route.address[1][0]
        self.addresses.append(address)
        if address in self._down:
            exchange.fail(ConnectError, "refused")
        else:
            super(Addressed, self).answer(exchange, finished)


class Lookups(object):
    """A resolver; ``answers`` are functions, of which the last one is repeated."""

    def __init__(self, *answers):
        self._answers = list(answers)
        self.count = 0

    def resolve(self, name, port):
        self.count += 1
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer()


def raises():
    raise RuntimeError("no thread")


def fails():
    future = Future()
    future.set_exception(socket.gaierror("unknown"))
    return future


def finds(addresses=FOUND, ttl=None):
    return lambda: resolved((list(addresses), ttl))


@gen.coroutine
def in_coroutine():
    yield gen.moment
    raise gen.Return((FOUND, None))


def outcomes(io_loop, lookups, count=1, mock=None, **options):
    """The errors of calls one after another (None for a success), and the mock."""
    mock = mock or Addressed()
    mock.get("/a").respond(json={})

    @gen.coroutine
    def run():
        errors = []
        with FakeClock() as clock:
            sdk = waterspout.BaseSDK(
                "name.test", transport=mock, balancer=waterspout.Balancer(lookups), **options)
            for _ in range(count):
                call = sdk.fetch_async("GET", "/a")
                yield clock.advance(0)
                while not call.done():  # How long it waits before a retry is random.
                    yield clock.advance(0.1)
                errors.append(call.exception())
            raise gen.Return(errors)

    return io_loop.run_sync(run, timeout=20), mock


@pytest.mark.parametrize("answer", [
    fails, raises, lambda: resolved([]), lambda: resolved(None), lambda: None, finds([]),
    lambda: resolved((["x"], None)),
])
def test_whatever_a_resolver_does_each_call_gets_an_error(io_loop, answer):
    """And the next lookup may succeed."""
    errors, mock = outcomes(io_loop, Lookups(answer), 3)
    assert [type(error) for error in errors] == [ConnectError] * 3
    assert "name not resolved" in str(errors[0]) and errors[0] is not errors[1]
    assert not mock.sent
    later = Lookups(answer, finds())
    errors, _ = outcomes(io_loop, later, 1, retry=waterspout.Retry(backoff_factor=20, total=9))
    assert errors == [None] and later.count == 2


def test_a_resolver_may_be_a_coroutine(io_loop):
    errors, mock = outcomes(io_loop, Lookups(in_coroutine), 20)
    assert errors == [None] * 20 and set(mock.addresses) == {"127.0.0.1", "127.0.0.2"}


@pytest.mark.parametrize("timeout, error_class, text", [
    (0.5, ConnectTimeout, "the name was not resolved within 0.5 s"),
    (waterspout.ClientTimeout(connect=5, total=0.5), DeadlineExceeded, "within 0.5 s in total"),
])
def test_a_lookup_may_take_as_long_as_connecting(io_loop, timeout, error_class, text):
    """Nothing was sent then."""
    (error,), mock = outcomes(io_loop, Lookups(Future), timeout=timeout)
    assert type(error) is error_class and text in str(error)
    assert error.phase == "connect" and not error.may_have_been_sent
    assert error.request is not None and not mock.sent


def test_an_address_that_cannot_be_reached_is_followed_by_the_next(io_loop):
    """Without a retry policy, as without a balancer."""
    errors, mock = outcomes(io_loop, Lookups(finds()), 30, Addressed(down=["127.0.0.1"]))
    assert errors == [None] * 30
    # After three failures it is ejected.
    assert mock.addresses.count("127.0.0.1") == 3


def test_each_address_is_tried_once(io_loop):
    errors, mock = outcomes(
        io_loop, Lookups(finds()), 1, Addressed(down=["127.0.0.1", "127.0.0.2"]))
    assert type(errors[0]) is ConnectError
    assert sorted(mock.addresses) == ["127.0.0.1", "127.0.0.2"]


def test_closing_the_sdk_ends_the_wait_for_a_lookup(io_loop):
    mock = Addressed()

    @gen.coroutine
    def run():
        with FakeClock() as clock:
            sdk = waterspout.BaseSDK("name.test", transport=mock, balancer=waterspout.Balancer(
                Lookups(Future)))
            call = sdk.fetch_async("GET", "/a")
            yield clock.advance(0)
            yield sdk.close()
            yield clock.advance(0)
            assert type(call.exception()) is waterspout.ConnectionError

    io_loop.run_sync(run, timeout=20)


def test_an_answer_to_a_challenge_goes_to_the_same_address(io_loop):
    """Which alone knows the nonce."""
    mock = Addressed()
    mock.get("/a", headers={"Authorization": None}).respond(
        401, headers={"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'})
    mock.get("/a").respond(json={})

    @gen.coroutine
    def run():
        with FakeClock():
            sdk = waterspout.BaseSDK(
                "name.test", transport=mock, auth=waterspout.HTTPDigestAuth("me", "pw"),
                balancer=waterspout.Balancer(Lookups(finds())))
            for _ in range(20):
                del mock.addresses[:]
                yield sdk.fetch_async("GET", "/a")
                assert len(set(mock.addresses)) == 1

    io_loop.run_sync(run, timeout=20)


def test_a_proxy_is_refused_and_no_call_stays_pending(io_loop):
    mock = Addressed()

    @gen.coroutine
    def run():
        with FakeClock():
            sdk = waterspout.BaseSDK(
                "name.test", transport=mock, retry=no_wait(total=1),
                balancer=waterspout.Balancer(Lookups(finds())))
            for _ in range(3):
                with pytest.raises(ValueError):
                    yield sdk.fetch_async("GET", "/a", proxies={"http": "http://proxy.test:1"})
            addresses = sdk.session.stats()["http://name.test:80"]["addresses"]
            assert [each["pending"] for each in addresses.values()] == [0, 0]

    io_loop.run_sync(run, timeout=20)
