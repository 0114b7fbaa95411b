"""Random outcomes, cancelled calls and closed sessions, under all policies at once."""

from __future__ import absolute_import, division, print_function

import collections
import random

import pytest
from tornado import gen

import waterspout
from waterspout._compat import FUTURES_CANCEL
from waterspout.testing import FakeClock, MockTransport

HOSTS = ["a.test:1", "b.test:2", "c.test:3"]

#: What a request may meet, and whether the server may have seen it.
OUTCOMES = [
    (lambda on: on.respond(200, json={}), True),
    (lambda on: on.respond(200, json={}, delay=0.7), True),
    (lambda on: on.respond(503), True),
    (lambda on: on.respond(503, headers={"Retry-After": "1"}), True),
    (lambda on: on.respond(404), True),
    (lambda on: on.respond(302, headers={"Location": "/b"}), True),
    (lambda on: on.fail(waterspout.ConnectError), False),
    (lambda on: on.fail(waterspout.ConnectTimeout), False),
    (lambda on: on.fail(waterspout.ReadError, delay=0.2), True),
    (lambda on: on.fail(waterspout.IncompleteBody), True),
    (lambda on: on.never(), True),
]


class Outage(object):
    """Calls of one SDK; what they do is decided by ``seed``.

    Attributes:
        arrivals (Counter): how often each request's id may have reached a server.
        sent (int): requests.
        outcomes (Counter): of the calls, by the class of the error.
    """

    def __init__(self, seed, **retry):
        self._retry = waterspout.Retry(total=3, budget=waterspout.RetryBudget(0.2, 5), **retry)
        self.random = random.Random(seed)
        self.arrivals = collections.Counter()
        self.sent = 0
        self.outcomes = collections.Counter()
        self.mock = MockTransport()
        expectation = self.mock.on(None, match=self._note)
        self._script = [self.random.choice(OUTCOMES) for _ in range(2000)]
        for outcome, _ in self._script:
            outcome(expectation)

    def _note(self, sent):
        _, may_arrive = self._script[self.sent]
        self.sent += 1
        if may_arrive and sent.path == "/a":
            self.arrivals[sent.headers["X-Id"]] += 1
        return True

    def arrivals_of(self, method):
        """How often the requests with ``method`` may have reached a server, each by its id."""
        ids = set(each.headers["X-Id"] for each in self.mock.sent
                  if each.method == method and each.path == "/a")
        return [self.arrivals[each] for each in ids]

    @gen.coroutine
    def run(self, clock, calls=60):
        dice = self.random
        sdk = waterspout.BaseSDK(
            HOSTS, transport=self.mock, timeout=waterspout.ClientTimeout(1, 1, total=20),
            retry=self._retry,
            breaker=waterspout.CircuitBreaker(0.8, minimum_calls=6, window=5, open_seconds=1),
            bulkhead=waterspout.Bulkhead(3, 5, tenant_header="org", max_concurrent_per_tenant=2))
        running = []
        for number in range(calls):
            call = sdk.fetch_async(
                dice.choice(["GET", "POST"]), "/a",
                headers={"X-Id": "%d" % number, "org": dice.choice("xyz")},
                stream=dice.random() < 0.2)
            running.append(call)
            if FUTURES_CANCEL and dice.random() < 0.2:
                dice.choice(running).cancel()
            yield clock.advance(dice.choice([0, 0, 0, 0, 0.1, 0.5]))
        closes = dice.random() < 0.3
        if closes:
            yield sdk.close()
        yield clock.advance(60)
        for call in running:
            assert call.done()
            error = None if call.cancelled() else call.exception()
            assert error is None or isinstance(error, waterspout.RequestException), error
            self.outcomes[type(error).__name__] += 1
            if not call.cancelled() and error is None:
                result = call.result()
                if isinstance(result, waterspout.Response):
                    result.close()
                del result
        del running, call, error
        yield clock.advance(0)
        raise gen.Return(None if closes else sdk.session.stats())


@pytest.mark.parametrize("seed", range(25))
def test_whatever_happens_nothing_is_kept_and_nothing_is_sent_twice(io_loop, seed):
    """Every call ends; places and pending calls are back at zero; no POST may arrive twice; retries
    stay within their budget.
    """
    outage = Outage(seed)

    @gen.coroutine
    def run():
        with FakeClock() as clock:
            raise gen.Return((yield outage.run(clock)))

    stats = io_loop.run_sync(run, timeout=60)
    assert max(outage.arrivals_of("POST")) == 1
    redirects = sum(each.path == "/b" for each in outage.mock.sent)
    # Three hosts with a budget each; a redirect is a message of its own.
    assert outage.sent - redirects <= 60 + 3 * (5 + 0.2 * 60)
    for counts in (stats or {}).values():
        assert (counts["bulkhead_running"], counts["bulkhead_queued"]) == (0, 0)
        assert counts.get("host", {}).get("pending", 0) == 0
    assert outage.outcomes["NoneType"] and outage.sent > 20


def test_the_check_finds_what_is_sent_twice(io_loop):
    """Where the program vouches for every method."""
    twice = 0
    for seed in range(5):
        outage = Outage(seed, allowed_methods=None)

        @gen.coroutine
        def run():
            with FakeClock() as clock:
                yield outage.run(clock)  # noqa: B023

        io_loop.run_sync(run, timeout=60)
        twice += sum(count > 1 for count in outage.arrivals_of("POST"))
    assert twice
