"""The ways to make the calls of a scenario with Waterspout: without policies, and with them."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from benchmarks.outage.scenarios import CONNECTIONS, OF_ONE, TOTAL
from waterspout import (
    Balancer,
    BaseSDK,
    Bulkhead,
    CircuitBreaker,
    ClientTimeout,
    Deadline,
    RequestException,
    Retry,
    RetryBudget,
    Session,
)

_TIMEOUT = ClientTimeout(total=TOTAL)
_BREAKER = CircuitBreaker(minimum_calls=20, window=2.0, open_seconds=2.0)

#: (scenario, way) -> keywords of the session. Those that are not here have none.
_KEYWORDS = {
    # A tenth is slow: a budget of a tenth would not do for the retries that are slow, too.
    ("slow", "retry, budget, deadline"): dict(
        timeout=ClientTimeout(read=0.1, total=TOTAL),
        retry=Retry(backoff_factor=0.01, budget=RetryBudget(ratio=0.2))),
    ("errors", "retry, no budget"): dict(retry=Retry(backoff_factor=0.02, budget=None)),
    ("errors", "retry, budget"): dict(retry=Retry(backoff_factor=0.02)),
    ("errors", "retry, budget, circuit breaker"): dict(
        retry=Retry(backoff_factor=0.02), breaker=_BREAKER),
    ("black-hole", "no policy"): dict(max_connections=CONNECTIONS),
    ("black-hole", "bulkhead, pool limits, deadline"): dict(
        max_connections=CONNECTIONS, max_connections_per_origin=OF_ONE,
        bulkhead=Bulkhead(max_concurrent=OF_ONE, max_queued=OF_ONE, max_wait=0.1)),
    ("flapping", "retry, budget"): dict(retry=Retry(backoff_factor=0.02)),
    ("flapping", "retry, budget, circuit breaker"): dict(
        retry=Retry(backoff_factor=0.02),
        breaker=CircuitBreaker(minimum_calls=20, window=1.0, open_seconds=0.2)),
    ("bad-host", "balancer"): dict(balancer=Balancer()),
    ("bad-host", "balancer, retry, budget"): dict(
        balancer=Balancer(), retry=Retry(backoff_factor=0.02)),
    ("restart", "retry, budget, circuit breaker"): dict(
        retry=Retry(backoff_factor=0.02), breaker=_BREAKER),
    ("restart", "circuit breaker, open for 30 s"): dict(
        breaker=CircuitBreaker(minimum_calls=20, window=2.0, open_seconds=30.0)),
    ("posts", "retry, budget"): dict(retry=Retry(backoff_factor=0.02)),
    ("posts", "retry of any method"): dict(
        retry=Retry(backoff_factor=0.02, allowed_methods=None)),
    ("posts", "retry with a key"): dict(
        retry=Retry(backoff_factor=0.02, idempotency_header="Idempotency-Key")),
}


def client(scenario, way, urls):
    # type: (Scenario, str, list[str]) -> Client | SDKClient
    keywords = dict(dict(timeout=_TIMEOUT), **_KEYWORDS.get((scenario.name, way), {}))
    if "balancer" in keywords:
        return SDKClient(urls, keywords)
    return Client(scenario.method, urls, keywords, "deadline" in way)


class Client(object):
    """One session for all upstreams; `call` returns a Future of whether it was answered by 200."""

    def __init__(self, method, urls, keywords, has_deadline):
        self._method = method
        self._urls = urls
        self._session = Session(**keywords)
        self._has_deadline = has_deadline

    @gen.coroutine
    def call(self, number, upstream):
        # type: (int, int) -> Future[bool]
        keywords = {"deadline": Deadline.after(TOTAL)} if self._has_deadline else {}
        if self._method == "POST":
            keywords.update(headers={"X-Post": "%d" % number}, json={"number": number})
        try:
            response = yield self._session.request(
                self._method, self._urls[upstream] + "/call", **keywords)
        except RequestException:
            raise gen.Return(False)
        raise gen.Return(response.status_code == 200)

    def held(self):
        # type: () -> int
        """Connections and places that calls hold, or wait for."""
        return held(self._session.stats())

    def close(self):
        return self._session.close()


class SDKClient(object):
    """One SDK with all hosts; the balancer chooses."""

    def __init__(self, urls, keywords):
        self._sdk = BaseSDK(urls, **keywords)

    @gen.coroutine
    def call(self, number, upstream):
        # type: (int, int) -> Future[bool]
        try:
            yield self._sdk.fetch_async("GET", "/call")
        except RequestException:
            raise gen.Return(False)
        raise gen.Return(True)

    def held(self):
        # type: () -> int
        return held(self._sdk.session.stats())

    def close(self):
        return self._sdk.close()


def held(stats):
    # type: (dict[str, dict[str, Any]]) -> int
    return sum(counts.get(name, 0) for counts in stats.values()
               for name in ("active", "queued", "bulkhead_running", "bulkhead_queued"))
