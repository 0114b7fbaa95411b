"""The check of a request's head against the limits, without a server; time is the test's."""

from __future__ import absolute_import, division, print_function

import pytest
from fake_loop import FakeLoop
from hypothesis import given
from hypothesis import strategies as st
from tornado.httputil import HTTPHeaders
from tornado.testing import AsyncTestCase

from waterspout.service import Overload, RateLimit, Refusal
from waterspout.service._admission.admission import Admission

MiB = 1024 * 1024


class Request(object):
    def __init__(self, remote_ip="10.0.0.1", path="/x", **fields):
        self.path, self.remote_ip = path, remote_ip
        self.headers = HTTPHeaders(
            dict((name.replace("_", "-"), value) for name, value in fields.items()))


class Admits(object):
    """An Admission, and what it has decided about each request."""

    def __init__(self, **limits):
        self.loop = FakeLoop()
        self.loop.strict = False
        self.admission = Admission(
            Overload(**limits), MiB, clock=self.loop.clock, io_loop=self.loop)

    def check(self, request=None):
        return self.admission.check(request or Request())


def shown(refusal):
    assert isinstance(refusal, Refusal)
    return refusal.status_code, refusal.kind, refusal.headers


def test_request_beyond_the_limit_is_503_until_one_has_ended():
    admits, first = Admits(max_requests=1, retry_after=7), Request()
    assert admits.check(first) is None
    assert shown(admits.check()) == (503, "overload", {"Retry-After": "7"})
    admits.admission.ended(first)
    admits.admission.ended(first)
    assert admits.check() is None
    assert admits.admission.stats() == {"requests_running": 1, "requests_waiting": 0}


def test_tenant_beyond_its_limit_is_429():
    """It is its own fault, and not the service's."""
    admits = Admits(max_requests_per_tenant=1)
    assert admits.check(Request("10.0.0.1")) is None
    assert admits.check(Request("10.0.0.2")) is None
    assert shown(admits.check(Request("10.0.0.2"))) == (
        429, "tenant overload", {"Retry-After": "1"})


def test_rate_beyond_the_limit_is_429_with_the_time_to_wait():
    admits = Admits(rate_limit=RateLimit(0.5, burst=2))
    assert [admits.check() for _ in range(2)] == [None, None]
    assert shown(admits.check()) == (429, "rate limit", {"Retry-After": "2"})
    assert admits.check(Request("10.0.0.2")) is None
    admits.loop.advance(2)
    assert admits.check() is None
    assert admits.admission.stats() == {"rate_tenants": 2}


def test_service_may_say_who_the_tenant_is():
    """None stands for the usual one."""
    admits = Admits(max_requests_per_tenant=1, tenant=lambda request: request.headers.get("Org"))
    assert admits.check(Request(Org="a")) is None and admits.check(Request(Org="b")) is None
    assert admits.check(Request()) is None
    assert admits.check(Request(Org="a")).status_code == 429
    assert admits.check(Request()).status_code == 429


def test_pages_of_operators_are_exempt():
    admits = Admits(max_requests=1, rate_limit=RateLimit(1), exempt=["/healthz"])
    assert admits.check() is None
    for _ in range(5):
        page = Request(path="/healthz")
        assert admits.check(page) is None
        admits.admission.ended(page)
    assert admits.admission.stats()["requests_running"] == 1
    assert admits.check(Request(path="/healthz/x")).status_code == 429


def test_bodies_beyond_the_memory_are_503():
    admits, large = Admits(max_body_bytes_in_flight=MiB), Request(Content_Length=str(MiB))
    assert admits.check(large) is None
    refused = Request(Content_Length="100000")
    assert shown(admits.check(refused)) == (503, "body memory", {"Retry-After": "1"})
    admits.admission.ended(refused)
    assert admits.check(Request(Content_Length="10")) is None
    assert admits.admission.stats() == {"body_bytes": MiB + 10}
    chunked = Request(Transfer_Encoding="chunked")
    assert admits.check(chunked) is None
    body_check = admits.admission.body_check
    assert body_check(chunked, 60000) is None
    assert shown(body_check(chunked, 60000))[:2] == (503, "body memory")
    assert body_check(Request(), 10 ** 9) is None  # It is exempt, or was never checked.


def test_request_that_is_refused_a_place_holds_no_memory():
    """Its body, if it is short, is read and dropped."""
    admits = Admits(max_requests=1, max_body_bytes_in_flight=MiB)
    admits.check()
    assert admits.check(Request(Content_Length="50000")).status_code == 503
    assert admits.admission.stats()["body_bytes"] == 0


def test_body_is_not_checked_without_a_limit_for_memory():
    assert Admits(max_requests=1).admission.body_check is None


class WaitingTest(AsyncTestCase):
    """Requests that wait for a place."""

    def test_waiting_request_gets_the_place_of_one_that_ends(self):
        """And its timer is gone."""
        admits, first = Admits(max_requests=1, max_waiting=1, max_wait=2), Request()
        admits.check(first)
        waits = admits.check()
        assert not waits.done()
        assert admits.check().status_code == 503
        admits.admission.ended(first)
        assert waits.result() is None
        self.io_loop.add_callback(self.stop)
        self.wait()
        assert admits.loop.timers == []

    def test_waiting_ends_after_max_wait(self):
        admits = Admits(max_requests=1, max_waiting=1, max_wait=2, max_body_bytes_in_flight=MiB)
        admits.check()
        waits = admits.check(Request(Content_Length="99"))
        admits.loop.advance(1.9)
        assert not waits.done()
        admits.loop.advance(0.2)
        assert shown(waits.result())[:2] == (503, "overload")
        assert admits.admission.stats() == {
            "requests_running": 1, "requests_waiting": 0, "body_bytes": 0}

    def test_client_that_leaves_while_it_waits_gives_up_its_turn(self):
        admits, first, second = Admits(max_requests=1, max_waiting=1), Request(), Request()
        admits.check(first)
        waits = admits.check(second)
        admits.admission.ended(second)
        admits.admission.ended(first)
        admits.loop.advance(5)
        assert not waits.done()
        assert admits.admission.stats() == {"requests_running": 0, "requests_waiting": 0}

    def test_request_of_the_greedy_tenant_makes_room(self):
        admits = Admits(max_requests=1, max_waiting=2)
        admits.check()
        waiting = [admits.check() for _ in range(2)]
        other = admits.check(Request("10.0.0.9"))
        assert shown(waiting[1].result())[:2] == (503, "overload")
        assert not waiting[0].done() and not other.done()


LIMITS = st.fixed_dictionaries({
    "max_requests": st.none() | st.integers(1, 3),
    "max_requests_per_tenant": st.integers(1, 3),
    "max_waiting": st.integers(0, 4),
    "max_body_bytes_in_flight": st.none() | st.just(MiB),
    "rate_limit": st.none() | st.just(RateLimit(4, burst=3, max_tenants=2)),
})
ACTIONS = st.lists(st.tuples(
    st.sampled_from(["comes", "comes", "ends", "receives", "time"]), st.integers(0, 30),
    st.sampled_from([None, "10", "70000", "900000", "9" * 40, "-5", "x"])), max_size=60)


class PropertiesTest(AsyncTestCase):
    """Whatever happens to requests, in any order."""

    def test_counters_return_to_zero(self):
        @given(LIMITS, ACTIONS)
        def property(limits, actions):
            admits = Admits(**limits)
            admission, under_way = admits.admission, []
            for action, number, length in actions:
                if action == "comes":
                    fields = {} if length is None else {"Content_Length": length}
                    request = Request("10.0.0.%d" % (number % 4), **fields)
                    admission.check(request)
                    under_way.append(request)  # A refused one has to be answered, too.
                elif action == "time":
                    admits.loop.advance(number / 10.0)
                elif under_way:
                    request = under_way[number % len(under_way)]
                    if action == "receives":
                        if admission.body_check is not None:
                            admission.body_check(request, number * 10000)
                    else:
                        admission.ended(request)
                        under_way.remove(request)
                stats = admission.stats()
                assert 0 <= stats["requests_running"] <= len(under_way)
                assert 0 <= stats["requests_waiting"] <= limits["max_waiting"]
                assert stats.get("rate_tenants", 0) <= 2
            for request in under_way:
                admission.ended(request)
            stats = admission.stats()
            assert stats.pop("rate_tenants", None) is None or limits["rate_limit"]
            assert set(stats.values()) == {0}

        property()


@pytest.mark.parametrize("length", ["9" * 5000, "", "1,1", "+5", u"\u0665"])
def test_odd_length_is_no_error(length):
    """The server refuses the request, or the limit does."""
    admits = Admits(max_body_bytes_in_flight=MiB)
    admits.check(Request(Content_Length=length))
    assert admits.admission.stats()["body_bytes"] <= MiB
