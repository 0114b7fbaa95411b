"""SDKs that are made for each request and closed behind it share connections and threads.

The server counts its connections; a test of what an SDK sends and gets needs none.
"""

from __future__ import absolute_import, division, print_function

import gc
import threading

import pytest
from client_fixtures import new_io_loop
from raw_server import PATIENCE, answering, response, then
from tornado import gen

import waterspout
from waterspout._compat import resolved
from waterspout.transports import sharing

OK = response(b'{"ok": true}')


@pytest.fixture
def sdks(io_loop):
    """Make SDKs; those that a test leaves open are closed behind it."""
    made = []

    def make(host, **options):
        made.append(waterspout.BaseSDK(host, "1", **options))
        return made[-1]

    yield make
    io_loop.run_sync(lambda: resolved([sdk.close() for sdk in made]))


def wait_until(io_loop, condition):
    @gen.coroutine
    def until():
        while not condition():
            yield gen.sleep(0.002)

    io_loop.run_sync(until, timeout=PATIENCE)


@pytest.mark.parametrize("transport, most", [("pooled", 1), ("curl", 1), ("threads", 2)])
def test_a_hundred_sdks_one_after_the_other(io_loop, serve, transport, most):
    """One connection, where each thread has its own one for each thread, and no more threads."""
    pytest.importorskip({"curl": "pycurl", "threads": "requests"}.get(transport, "tornado"))
    server = serve(answering(OK))
    threads = threading.active_count()

    @gen.coroutine
    def handle():
        sdk = waterspout.BaseSDK(server.address, "1", transport=transport, max_workers=2)
        try:
            data = yield sdk.fetch_async("POST", "/object", json={"a": 1})
        finally:
            sdk.close()
        raise gen.Return(data)

    for _ in range(100):
        assert io_loop.run_sync(handle, timeout=PATIENCE) == {"ok": True}
    assert len(server.received) == 100
    assert server.accepted <= most
    if transport == "threads":
        # The server has a thread for each connection.
        assert threading.active_count() <= threads + most + server.accepted


def test_sdks_at_the_same_time_share_one_limit(io_loop, serve, sdks):
    """A hundred SDKs with ``max_connections=2`` open two connections, not two hundred."""
    server = serve(answering(OK))

    def calls():
        made = [sdks(server.address, max_connections=2) for _ in range(100)]
        return gen.multi([sdk.fetch_async("GET", "/") for sdk in made])

    assert io_loop.run_sync(calls, timeout=PATIENCE) == [{"ok": True}] * 100
    assert server.accepted == 2


def test_sdks_that_share_a_connection_send_headers_of_their_own(io_loop, serve):
    """The transport keeps none of them."""
    server = serve(answering(OK))

    @gen.coroutine
    def handle(number):
        sdk = waterspout.BaseSDK(server.address, "org %d" % (number % 2))
        yield sdk.fetch_async("GET", "/")
        sdk.close()

    for number in range(10):
        io_loop.run_sync(lambda number=number: handle(number), timeout=PATIENCE)
    orgs = [dict(request.headers)["org"] for request in server.received]
    assert orgs == ["org 0", "org 1"] * 5 and server.accepted == 1


@pytest.mark.parametrize("other", [{"max_connections": 3}, {"max_idle": 5}])
def test_other_limits_are_not_shared(io_loop, serve, sdks, other):
    """SDKs that differ in a limit have connections of their own."""
    server = serve(answering(OK))
    for options in ({}, other, {}, other):
        sdk = sdks(server.address, **options)
        io_loop.run_sync(lambda sdk=sdk: sdk.fetch_async("GET", "/"), timeout=PATIENCE)
        io_loop.run_sync(sdk.close)
    assert server.accepted == 2


def test_a_slow_upstream_holds_up_no_other(io_loop, serve, sdks):
    """SDKs of two hosts have limits of their own: one that waits takes no place of the other."""
    go_on = threading.Event()
    slow, quick = serve(then(lambda peer: go_on.wait(PATIENCE), OK)), serve(answering(OK))
    waiting = io_loop.run_sync(lambda: resolved(
        [sdks(slow.address, max_connections=1).fetch_async("GET", "/")]))
    answer = io_loop.run_sync(
        lambda: sdks(quick.address, max_connections=1).fetch_async("GET", "/"), timeout=PATIENCE)
    assert answer == {"ok": True}
    assert not waiting[0].done()
    go_on.set()
    wait_until(io_loop, waiting[0].done)


def test_closing_one_ends_its_own_calls_only(io_loop, serve, transport):
    """The calls of another SDK on the same transport get their answers."""
    go_on = threading.Event()
    server = serve(lambda peer: [
        (go_on.wait(PATIENCE), peer.send(OK)) for _ in peer.requests()])
    one, other = [waterspout.BaseSDK(server.address, "1", transport=transport) for _ in range(2)]

    def begin():
        calls = [sdk.fetch_async("GET", "/") for sdk in (one, other)]
        one.close()
        return resolved(calls)

    ended, kept = io_loop.run_sync(begin)
    wait_until(io_loop, ended.done)
    assert type(ended.exception()) is waterspout.exceptions.ConnectionError
    assert "closed" in str(ended.exception())
    assert not kept.done()
    go_on.set()
    wait_until(io_loop, kept.done)
    assert kept.result() == {"ok": True}
    io_loop.run_sync(other.close)


def test_a_call_that_waits_for_its_turn_is_ended_too(io_loop, serve, transport):
    """It takes no place any more, and the next one gets it."""
    go_on = threading.Event()
    server = serve(lambda peer: [
        (go_on.wait(PATIENCE), peer.send(OK)) for _ in peer.requests()])
    limits = {"max_connections": 1, "max_workers": 1}
    one, two, three = [
        waterspout.BaseSDK(server.address, "1", transport=transport, **limits) for _ in range(3)]

    def begin():
        calls = [sdk.fetch_async("GET", "/") for sdk in (one, two, three)]
        two.close()
        return resolved(calls)

    first, ended, last = io_loop.run_sync(begin)
    wait_until(io_loop, ended.done)
    assert type(ended.exception()) is waterspout.exceptions.ConnectionError
    go_on.set()
    wait_until(io_loop, lambda: first.done() and last.done())
    assert (first.result(), last.result()) == ({"ok": True}, {"ok": True})
    assert len(server.received) == 2
    io_loop.run_sync(lambda: gen.multi([one.close(), three.close()]))


def test_a_closed_sdk_refuses_calls(io_loop, serve, sdks):
    """Also while another one keeps the connections."""
    server = serve(answering(OK))
    one, other = sdks(server.address), sdks(server.address)
    for sdk in (one, other):
        io_loop.run_sync(lambda sdk=sdk: sdk.fetch_async("GET", "/"), timeout=PATIENCE)
    for _ in range(2):
        io_loop.run_sync(one.close)
    with pytest.raises(waterspout.exceptions.SessionClosed):
        io_loop.run_sync(lambda: one.fetch_async("GET", "/"))
    io_loop.run_sync(lambda: other.fetch_async("GET", "/"), timeout=PATIENCE)
    assert server.accepted == 1


def test_connections_are_closed_after_the_last_sdk(io_loop, serve):
    """After ``max_idle`` seconds without one, and the server sees it."""
    hung_up = threading.Event()

    def behave(peer):
        for _ in peer.requests():
            peer.send(OK)
        hung_up.set()

    server = serve(behave)
    sdk = waterspout.BaseSDK(server.address, "1", max_idle=0.05)
    io_loop.run_sync(lambda: sdk.fetch_async("GET", "/"), timeout=PATIENCE)
    io_loop.run_sync(sdk.close)
    wait_until(io_loop, hung_up.is_set)


def test_threads_end_after_the_last_sdk(io_loop, serve):
    """The ``threads`` transport leaves none behind once no SDK uses it for a while."""
    pytest.importorskip("requests")
    server = serve(lambda peer: [peer.send(OK) for _ in peer.requests()])
    before = set(threading.enumerate())
    sdk = waterspout.BaseSDK(server.address, "1", transport="threads")
    sdk.session.limits.max_idle = 0.05
    io_loop.run_sync(lambda: sdk.fetch_async("GET", "/"), timeout=PATIENCE)
    started = set(threading.enumerate()) - before
    assert any("ThreadPoolExecutor" in thread.name for thread in started)
    io_loop.run_sync(sdk.close)
    wait_until(io_loop, lambda: not any(
        "ThreadPoolExecutor" in thread.name and thread.is_alive() for thread in started))


def test_each_shared_transport_has_its_own_max_idle(io_loop, serve):
    """An SDK with a short ``max_idle`` does not wait for the time of one that was closed before."""
    pytest.importorskip("requests")
    server = serve(lambda peer: [peer.send(OK) for _ in peer.requests()])
    for max_idle in (3600, 0.05):
        before = set(threading.enumerate())
        sdk = waterspout.BaseSDK(server.address, "1", transport="threads")
        sdk.session.limits.max_idle = max_idle
        io_loop.run_sync(lambda sdk=sdk: sdk.fetch_async("GET", "/"), timeout=PATIENCE)
        io_loop.run_sync(sdk.close)
    (short,) = started_since(before)
    wait_until(io_loop, lambda: not short.is_alive())


def test_a_dropped_sdk_needs_no_close(io_loop, serve):
    """Its threads end as those of one that was closed, once its call has ended."""
    pytest.importorskip("requests")
    server = serve(lambda peer: [peer.send(OK) for _ in peer.requests()])
    before = set(threading.enumerate())

    def call():
        sdk = waterspout.BaseSDK(server.address, "1", transport="threads")
        sdk.session.limits.max_idle = 0.05
        return sdk.fetch_async("GET", "/")

    assert io_loop.run_sync(call, timeout=PATIENCE) == {"ok": True}
    (thread,) = started_since(before)
    # Again each time: what ends the call may still refer to the SDK for some turns of the loop.
    wait_until(io_loop, lambda: gc.collect() >= 0 and not thread.is_alive())


def started_since(before):
    """The threads of executors that are not in ``before``."""
    return [thread for thread in set(threading.enumerate()) - before
            if "ThreadPoolExecutor" in thread.name]


def test_few_unused_transports_are_kept(io_loop, serve):
    """SDKs of many hosts, closed, hold a bounded number of connections; the oldest go first."""
    servers = [serve(answering(OK)) for _ in range(sharing.MAX_UNUSED + 2)]
    for server in servers:
        sdk = waterspout.BaseSDK(server.address, "1")
        io_loop.run_sync(lambda sdk=sdk: sdk.fetch_async("GET", "/"), timeout=PATIENCE)
        io_loop.run_sync(sdk.close)
    for server in (servers[-1], servers[2], servers[0]):
        sdk = waterspout.BaseSDK(server.address, "1")
        io_loop.run_sync(lambda sdk=sdk: sdk.fetch_async("GET", "/"), timeout=PATIENCE)
        io_loop.run_sync(sdk.close)
    assert (servers[-1].accepted, servers[2].accepted, servers[0].accepted) == (1, 1, 2)


def test_each_loop_has_its_own(serve):
    """Nothing of a closed loop is used on the next one, and it is closed then."""
    server = serve(answering(OK))
    for count in (1, 2):
        with new_io_loop() as io_loop:
            sdk = waterspout.BaseSDK(server.address, "1")
            io_loop.run_sync(lambda sdk=sdk: sdk.fetch_async("GET", "/"), timeout=PATIENCE)
            io_loop.run_sync(sdk.close)
        assert server.accepted == count


def test_a_fork_has_its_own(io_loop, serve, monkeypatch):
    """What the parent kept is not used by its child, nor closed."""
    server = serve(answering(OK))

    def call_as(pid):
        with monkeypatch.context() as patched:
            patched.setattr("os.getpid", lambda: pid)
            return waterspout.BaseSDK(server.address, "1").fetch_async("GET", "/")

    for pid, connections in [(1, 1), (1, 1), (2, 2), (2, 2)]:
        io_loop.run_sync(lambda pid=pid: call_as(pid), timeout=PATIENCE)
        assert server.accepted == connections


def test_a_user_defined_transport_is_not_shared(io_loop):
    """It is closed with its SDK."""
    closed = []

    class Transport(object):
        def send(self, request, options):
            raise AssertionError("not called")

        def close(self):
            closed.append(self)
            return resolved(None)

    transport = Transport()
    sdk = waterspout.BaseSDK("127.0.0.1:1", "1", transport=transport)
    io_loop.run_sync(lambda: resolved(sdk.session._transports.of(io_loop)))
    io_loop.run_sync(sdk.close)
    assert closed == [transport]


def test_stats_show_what_is_shared(io_loop, serve, sdks):
    """`Session.stats` of one SDK counts the connections of all that share them."""
    server = serve(answering(OK))
    one, other = sdks(server.address), sdks(server.address)
    for sdk in (one, other):
        io_loop.run_sync(lambda sdk=sdk: sdk.fetch_async("GET", "/"), timeout=PATIENCE)

    (counts,) = io_loop.run_sync(lambda: resolved(one.session.stats())).values()
    assert (counts["opened"], counts["reused"]) == (1, 1)
