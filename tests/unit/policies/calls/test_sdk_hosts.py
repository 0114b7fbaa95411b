"""SDKs with several hosts."""

from __future__ import absolute_import, division, print_function

import collections
import socket

import pytest
from scripted_upstream import no_wait
from tornado import gen

import waterspout
from waterspout._compat import Future, reject, resolve
from waterspout.exceptions import CircuitOpen, ConnectError
from waterspout.testing import FakeClock, MockTransport

HOSTS = ["a.test:1", "b.test:2", "c.test:3"]


def run(io_loop, script):
    @gen.coroutine
    def on_clock():
        with FakeClock() as clock:
            raise gen.Return((yield script(clock)))

    return io_loop.run_sync(on_clock, timeout=20)


def asked(mock):
    """How often each host was asked."""
    return collections.Counter(each.parsed_url.authority for each in mock.sent)


@gen.coroutine
def calls(sdk, count, *args, **kwargs):
    """The number of each outcome."""
    found = collections.Counter()
    for _ in range(count):
        try:
            yield sdk.fetch_async(*(args or ("GET", "/a")), **kwargs)
            found["ok"] += 1
        except waterspout.RequestException as error:
            found[type(error).__name__] += 1
    raise gen.Return(found)


def test_calls_are_spread_over_all_hosts(io_loop):
    mock = MockTransport()
    mock.get("/base/a").respond(json={})

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK([host + "/base" for host in HOSTS], transport=mock)
        yield calls(sdk, 90)

    run(io_loop, script)
    assert set(asked(mock)) == set(HOSTS) and min(asked(mock).values()) > 10


def test_a_host_with_many_pending_calls_gets_fewer(io_loop):
    mock = MockTransport()
    mock.get("http://a.test:1/a").never()
    mock.get("/a").respond(json={})

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK(HOSTS[:2], transport=mock)
        for _ in range(100):
            call = sdk.fetch_async("GET", "/a")
            yield clock.advance(0)
            if call.done():
                call.result()

    run(io_loop, script)
    assert asked(mock)["a.test:1"] <= 2


def test_a_host_that_fails_is_ejected_and_comes_back(io_loop):
    """For a pause, twice as long each time; a success makes it a normal host."""
    mock = MockTransport()
    mock.get("http://a.test:1/a").fail(waterspout.ReadError)
    mock.get("/a").respond(json={})
    changes = []

    class Noting(waterspout.instrumentation.Observer):
        def host_changed(self, change):
            changes.append((change.host[1], change.before, change.after, change.seconds))

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK(HOSTS, transport=mock, balancer=waterspout.Balancer(
            max_failures=3, pause=1), observers=[Noting()])
        first = yield calls(sdk, 100)
        assert first["ReadError"] == 3 and first["ok"] == 97
        assert (yield calls(sdk, 100))["ok"] == 100
        stats = sdk.session.stats()
        assert stats["http://a.test:1"]["host"]["state"] == "ejected"
        assert stats["http://b.test:2"]["host"]["state"] == "healthy"
        yield clock.advance(1)
        assert (yield calls(sdk, 100))["ReadError"] == 1
        mock.reset()
        mock.get("/a").respond(json={})
        yield clock.advance(2)
        yield calls(sdk, 100)
        assert sdk.session.stats()["http://a.test:1"]["host"]["state"] == "healthy"

    run(io_loop, script)
    assert changes == [
        ("a.test", "healthy", "ejected", 1), ("a.test", "probation", "ejected", 2),
        ("a.test", "probation", "healthy", 0)]


def test_a_retry_goes_to_another_host(io_loop):
    mock = MockTransport()
    mock.get("http://a.test:1/a").respond(503)
    mock.get("/a").respond(json={})

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK(HOSTS[:2], transport=mock, retry=no_wait(total=1, budget=None))
        raise gen.Return((yield calls(sdk, 50)))

    assert run(io_loop, script) == {"ok": 50}
    assert asked(mock)["b.test:2"] == 50 and asked(mock)["a.test:1"] > 1


def test_a_call_is_not_sent_to_a_host_whose_circuit_is_open(io_loop):
    """It is refused if all are open."""
    mock = MockTransport()
    mock.get("http://a.test:1/a").respond(500)
    mock.get("http://b.test:2/a", times=20).respond(json={})
    breaker = waterspout.CircuitBreaker(minimum_calls=2, window=1000, open_seconds=1000)
    # So that hosts are not ejected.
    balancer = waterspout.Balancer(max_failures=1000)

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK(
            HOSTS[:2], transport=mock, breaker=breaker, balancer=balancer)
        found = yield calls(sdk, 22)
        assert found == {"ok": 20, "HTTPError": 2}
        mock.reset()
        mock.get("/a").respond(500)
        sdk_b = waterspout.BaseSDK(
            HOSTS[1:2], transport=mock, breaker=breaker)
        assert sdk_b.base_url == "http://b.test:2"
        found = yield calls(sdk, 100)
        assert found["CircuitOpen"] > 50
        with pytest.raises(CircuitOpen):
            yield sdk.fetch_async("GET", "/a")

    run(io_loop, script)


def test_a_retry_goes_to_the_same_host_if_the_others_refuse(io_loop):
    """And does not end with their open circuit."""
    mock = MockTransport()
    answers = mock.get("http://a.test:1/a")
    for _ in range(200):
        answers.respond(503)
        answers.respond(json={})
    mock.get("http://b.test:2/a").respond(500)

    @gen.coroutine
    def script(clock):
        breaker = waterspout.CircuitBreaker(minimum_calls=20, open_seconds=1e6, failure_rate=0.6)
        sdk = waterspout.BaseSDK(
            HOSTS[:2], transport=mock, breaker=breaker, retry=no_wait(total=2, budget=None),
            balancer=waterspout.Balancer(max_failures=1000))
        yield calls(sdk, 80)
        assert sdk.session.stats()["http://b.test:2"]["circuit"] == "open"
        raise gen.Return((yield calls(sdk, 20)))

    assert run(io_loop, script) == {"ok": 20}


def test_a_host_that_cannot_be_reached_is_followed_by_the_next(io_loop):
    mock = MockTransport()
    mock.post("http://a.test:1/a").fail(ConnectError)
    mock.post("/a").respond(json={})

    @gen.coroutine
    def script(clock):
        raise gen.Return((yield calls(
            waterspout.BaseSDK(HOSTS, transport=mock), 50, "POST", "/a", json={})))

    assert run(io_loop, script) == {"ok": 50}
    assert asked(mock)["a.test:1"] == 3


def test_ipv6_hosts_are_named_as_in_urls(io_loop):
    mock = MockTransport()
    mock.get("/a").respond(json={})

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK(["[::1]:1", "[::2]:2"], transport=mock, retry=1)
        yield calls(sdk, 20)
        assert sorted(sdk.session.stats()) == ["http://[::1]:1", "http://[::2]:2"]

    run(io_loop, script)


def test_a_redirect_stays_at_the_host_that_sent_it(io_loop):
    mock = MockTransport()
    mock.get("/a").respond(302, headers={"Location": "/b"})
    mock.get("/b").respond(json={})

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK(HOSTS, transport=mock)
        yield calls(sdk, 30)

    run(io_loop, script)
    hosts = [each.parsed_url.authority for each in mock.sent]
    assert hosts[::2] == hosts[1::2] and len(set(hosts)) == 3


def test_the_callers_request_has_the_host_that_answered(io_loop):
    mock = MockTransport()
    mock.get("/a").respond(json={})

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK(HOSTS, transport=mock)
        response = yield sdk.fetch_async("GET", "/a", stream=True)
        assert response.url == mock.sent[0].url

    run(io_loop, script)


@pytest.mark.parametrize("hosts", [
    ["a.test", "https://b.test"], ["a.test/x", "b.test/y"], []])
def test_hosts_of_one_upstream_differ_in_host_and_port_only(hosts):
    with pytest.raises(ValueError):
        waterspout.BaseSDK(hosts)


def test_a_resolver_is_for_one_host():
    with pytest.raises(ValueError):
        waterspout.BaseSDK(HOSTS, balancer=waterspout.Balancer(waterspout.DNSResolver()))
    with pytest.raises(TypeError):
        waterspout.BaseSDK("a.test", balancer=3)


class Lookups(object):
    """A resolver whose lookups the test answers."""

    def __init__(self):
        self.asked = []
        self.futures = []

    def resolve(self, name, port):
        self.asked.append((name, port))
        self.futures.append(Future())
        return self.futures[-1]

    def answer(self, *hosts, **ttl):
        resolve(self.futures[-1], (
            [(socket.AF_INET, (host, 80)) for host in hosts], ttl.get("ttl")))


class Noted(MockTransport):
    """Notes the address of each request."""

    def __init__(self):
        super(Noted, self).__init__()
        self.addresses = []

    def answer(self, exchange, finished):
        self.addresses.append(exchange.options.route.address[1][0])
        super(Noted, self).answer(exchange, finished)


def test_all_addresses_of_a_name_are_used_and_looked_up_again(io_loop):
    """The first calls wait for the lookup; later ones do not wait when it is done again."""
    mock, lookups = Noted(), Lookups()
    mock.get("http://name.test/a").respond(json={})

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK("name.test", transport=mock, balancer=waterspout.Balancer(
            lookups, ttl=30))
        waiting = [sdk.fetch_async("GET", "/a") for _ in range(3)]
        yield clock.advance(0)
        assert lookups.asked == [("name.test", 80)] and not mock.sent
        lookups.answer("127.0.0.1", "127.0.0.2")
        yield clock.advance(0)
        assert all(call.result() == {} for call in waiting)
        yield calls(sdk, 40)
        assert set(mock.addresses) == {"127.0.0.1", "127.0.0.2"} and len(lookups.asked) == 1
        assert set(sdk.session.stats()["http://name.test:80"]["addresses"]) == {
            "127.0.0.1", "127.0.0.2"}
        yield clock.advance(30)
        yield calls(sdk, 2)
        assert len(lookups.asked) == 2
        lookups.answer("127.0.0.3", ttl=5)
        yield clock.advance(0)
        del mock.addresses[:]
        yield calls(sdk, 5)
        assert set(mock.addresses) == {"127.0.0.3"}
        yield clock.advance(5)
        yield calls(sdk, 1)
        reject(lookups.futures[-1], socket.gaierror("gone"))
        yield clock.advance(0)
        assert (yield calls(sdk, 5)) == {"ok": 5}

    run(io_loop, script)


def test_a_name_that_has_no_address_is_an_error_of_each_call(io_loop):
    """With its own request; nothing was sent."""
    mock, lookups = Noted(), Lookups()

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK("name.test", transport=mock, balancer=waterspout.Balancer(lookups))
        failing = [sdk.fetch_async("GET", path) for path in ("/a", "/b")]
        yield clock.advance(0)
        reject(lookups.futures[0], socket.gaierror("unknown"))
        yield clock.advance(0)
        raise gen.Return([call.exception() for call in failing])

    first, second = run(io_loop, script)
    assert type(first) is ConnectError and not first.may_have_been_sent
    assert "name not resolved" in str(first) and first.request.path_url == "/a"
    assert second.request.path_url == "/b" and first is not second


def test_sdks_that_share_connections_share_the_states(io_loop):
    """A service may make an SDK for each of its requests."""
    mock = MockTransport()
    mock.get("/a").respond(500)

    @gen.coroutine
    def script(clock):
        found = collections.Counter()
        for _ in range(5):  # With equal policies, not the same.
            sdk = waterspout.BaseSDK("a.test", transport=mock, breaker=waterspout.CircuitBreaker(
                minimum_calls=3, open_seconds=1000))
            found.update((yield calls(sdk, 1)))
            yield sdk.close()
        raise gen.Return(found)

    assert run(io_loop, script) == {"HTTPError": 3, "CircuitOpen": 2}


def test_operations_are_named_by_their_templates(io_loop):
    mock = MockTransport()
    mock.post().respond(503)

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK("a.test", transport=mock, retry=no_wait(total=1), operations={
            "object/{kind}/_search": {"idempotent": True}})
        yield calls(sdk, 1, "POST", "/object/{kind}/_search", path={"kind": "HOST"}, json={})
        yield calls(sdk, 1, "POST", "/object/{kind}/_import", path={"kind": "HOST"}, json={})

    run(io_loop, script)
    assert [each.path for each in mock.sent] == [
        "/object/HOST/_search", "/object/HOST/_search", "/object/HOST/_import"]
