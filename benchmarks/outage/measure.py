"""Make the calls of one scenario in one way, in a process of its own; print the figures as JSON.

    python -m benchmarks.outage.measure SCENARIO WAY SHORT URL CONTROL_URL [URL CONTROL_URL]...

SHORT is how much of the scenario's calls are made: 1 for all.
"""

from __future__ import absolute_import, division, print_function

import json
import sys
from timeit import default_timer as clock

from tornado import gen
from tornado.httpclient import AsyncHTTPClient
from tornado.ioloop import IOLoop

from benchmarks.outage import scenarios
from benchmarks.outage.figures import Call, figures

#: Seconds after the end of a scenario in which its calls must end. They have limits themselves.
_PATIENCE = 20


@gen.coroutine
def measure(scenario, way, urls, controls):
    # type: (Scenario, str, list[str], list[str]) -> Future[dict[str, Any]]
    """Start the scripts, make the calls, and return the figures."""
    client = open_client(scenario, way, urls)
    held = []
    try:
        yield [control(url + "/begin", script) for url, script in zip(controls, scenario.scripts)]
        calls = yield gen.with_timeout(
            IOLoop.current().time() + scenario.seconds + _PATIENCE,
            make_calls(scenario, client, held))
        found = figures(scenario, calls)
        found["held_most"], found["held"] = max(held), held_by(client)
        counts = yield [control(url + "/counts") for url in controls]
        yield [control(url + "/begin", [{}]) for url in controls]
    finally:
        closing = client.close()
        if closing is not None:
            yield closing
    watched = [counts[upstream] for upstream in scenario.watched[:len(counts)]]
    begun = len([call for call in calls if call.upstream in scenario.watched])
    found["load"] = sum(each["requests"] for each in watched) / begun
    found["twice"] = sum(each["twice"] for each in counts)
    raise gen.Return(found)


def open_client(scenario, way, urls):
    # type: (Scenario, str, list[str]) -> Any
    """What has ``call(number, upstream)``, which returns a Future of whether it succeeded."""
    if way == scenarios.PEERS[0]:
        from benchmarks.outage.py3.aiohttp_calls import Client
        return Client(scenario, urls)
    if way == scenarios.PEERS[1]:
        from benchmarks.outage.py3.httpx_calls import Client
        return Client(scenario, urls)
    from benchmarks.outage import ways
    return ways.client(scenario, way, urls)


@gen.coroutine
def make_calls(scenario, client, held):
    # type: (Scenario, Any, list[int]) -> Future[list[Call]]
    """Begin each call at its time, whether or not earlier ones have ended.

    Args:
        held: gets what is held after each beginning.
    """
    count = int(scenario.rate * scenario.seconds)
    running, start = [], clock()
    for number in range(count):
        early = start + number / scenario.rate - clock()
        if early > 0:
            yield gen.sleep(early)
        running.append(timed(client, number, number % len(scenario.scripts), start))
        held.append(held_by(client))
    calls = yield running
    raise gen.Return(calls)


def held_by(client):
    # type: (Any) -> int
    """Connections and places that calls hold, or wait for; 0 for peers, which do not say."""
    return client.held() if hasattr(client, "held") else 0


@gen.coroutine
def timed(client, number, upstream, start):
    # type: (Any, int, int, float) -> Future[Call]
    began = clock()
    succeeded = yield client.call(number, upstream)
    raise gen.Return(Call(began - start, clock() - began, succeeded, upstream))


@gen.coroutine
def control(url, script=None):
    # type: (str, list[dict[str, Any]] | None) -> Future[dict[str, int]]
    options = {} if script is None else dict(method="POST", body=json.dumps(script))
    response = yield AsyncHTTPClient().fetch(url, **options)
    raise gen.Return(json.loads(response.body.decode("utf-8")))


if __name__ == "__main__":
    name, way = sys.argv[1:3]
    scenario = scenarios.named(name)
    scenario = scenario._replace(seconds=scenario.seconds * float(sys.argv[3]))
    urls, controls = sys.argv[4::2], sys.argv[5::2]
    print(json.dumps(IOLoop.current().run_sync(lambda: measure(scenario, way, urls, controls))))
