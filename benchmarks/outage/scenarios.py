"""The scenarios: what the upstreams do, which calls are made, and in which ways."""

from __future__ import absolute_import, division, print_function

import collections

#: ``scripts`` has one script for each upstream (see `upstream`). Each upstream gets its share of
#: ``rate`` calls per second in turn. ``marks`` are moments (seconds after the start) that figures
#: need, by their names. ``watched`` are the upstreams of the calls that the table shows.
Scenario = collections.namedtuple(
    "Scenario", "name title method scripts rate seconds ways marks watched does")

PEERS = ("aiohttp, aiohttp-retry", "httpx, tenacity")

#: Seconds that a call may take in all, of any client.
TOTAL = 1.0

#: Connections of a session where that matters, and of them to one upstream.
CONNECTIONS, OF_ONE = 20, 10

SCENARIOS = (
    Scenario(
        "slow", "10 % of the answers are slow", "GET",
        [[{"slow": 0.1, "slow_seconds": 0.5}]], 100, 1.5,
        ("no policy", "retry, budget, deadline") + PEERS, {}, (0,),
        "A tenth of the answers takes 0.5 s, the others 2 ms. With a policy an attempt has 0.1 s."),
    Scenario(
        "errors", "50 % of the answers are errors", "GET",
        [[{"errors": 0.5}]], 100, 2.0,
        ("no policy", "retry, no budget", "retry, budget", "retry, budget, circuit breaker")
        + PEERS, {}, (0,),
        "Half of the answers are 503."),
    Scenario(
        "black-hole", "another upstream is a black hole", "GET",
        [[{"seconds": 1.6, "work": 0.05}, {"silent": True}], [{"work": 0.05}]], 200, 3.4,
        ("no policy", "bulkhead, pool limits, deadline") + PEERS, {"warm": 0.4, "hole": 1.6}, (1,),
        "Two upstreams answer in 50 ms, both called through one session with %d connections. After "
        "1.6 s one of them accepts connections and requests, and answers nothing. The row is about "
        "the calls to the other one." % CONNECTIONS),
    Scenario(
        "flapping", "good and bad phases", "GET",
        [[{"seconds": 1.0}, {"seconds": 1.0, "errors": 1.0}] * 2], 100, 3.0,
        ("no policy", "retry, budget", "retry, budget, circuit breaker") + PEERS, {}, (0,),
        "One second of good answers, one of 503, and so on."),
    Scenario(
        "bad-host", "one bad host of three", "GET",
        [[{}], [{}], [{"errors": 1.0}]], 120, 3.6,
        ("no policy", "balancer", "balancer, retry, budget") + PEERS, {"learned": 2.0}, (0, 1, 2),
        "Three hosts, one of which answers each request with 503. Without a balancer the caller "
        "takes them in turn."),
    Scenario(
        "restart", "the upstream restarts", "GET",
        [[{"seconds": 0.4}, {"seconds": 0.9, "closed": True}, {}]], 80, 4.5,
        ("no policy", "retry, budget, circuit breaker", "circuit breaker, open for 30 s") + PEERS,
        {"back": 1.3}, (0,),
        "The port is closed for 0.9 s, all connections with it. Then it is back."),
    Scenario(
        "posts", "POSTs: errors and cut connections", "POST",
        [[{"errors": 0.3, "cut": 0.2}]], 60, 1.5,
        ("no policy", "retry, budget", "retry of any method", "retry with a key") + PEERS, {}, (0,),
        "The upstream does what a POST asks for, then answers 503 (30 %) or closes the connection "
        "(20 %). A POST that came again, and was done again, is counted as done twice. The "
        "upstream knows Idempotency-Key."),
)

NAMES = tuple(scenario.name for scenario in SCENARIOS)


def named(name):
    # type: (str) -> Scenario
    """Raises KeyError: there is no such scenario."""
    return {scenario.name: scenario for scenario in SCENARIOS}[name]


def of_peer(way):
    # type: (str) -> bool
    return way in PEERS
