"""Clients that are closed, let go of, or outlived by what they began; IOLoops that end."""

from __future__ import absolute_import, division, print_function

import gc
import threading
import warnings
import weakref

import pytest
from client_fixtures import new_io_loop, until
from leftovers import open_descriptors
from raw_server import PATIENCE, answering, response
from tornado import gen
from tornado.httpclient import AsyncHTTPClient
from tornado.ioloop import IOLoop
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from waterspout import PooledHTTPClient
from waterspout._async_http_client import leases
from waterspout._net.connection import Connection
from waterspout.exceptions import ConnectError

OK = response(b"ok")


@pytest.fixture(autouse=True)
def no_collection():
    """What is let go of goes at once, without the help of the cycle collector."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(params=[SimpleAsyncHTTPClient, PooledHTTPClient])
def kind(request):
    """Tornado's client, and ours: what both do alike."""
    AsyncHTTPClient.configure(request.param)
    yield request.param
    AsyncHTTPClient.configure(None)


@pytest.fixture
def configured():
    AsyncHTTPClient.configure(PooledHTTPClient)
    yield
    AsyncHTTPClient.configure(None)


class Gate(object):
    """A behaviour: answers ``/held`` once it is opened, other requests at once."""

    def __init__(self):
        self._opened = threading.Event()
        self.open = self._opened.set

    def __call__(self, peer):
        for request in peer.requests():
            if request.target == "/held":
                self._opened.wait(PATIENCE)
            peer.send(OK)


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.open()


@pytest.fixture
def server(serve, gate):
    """Answers everything, but ``/held`` only once the gate is open."""
    return serve(gate)


def run(io_loop, function):
    return io_loop.run_sync(function, timeout=PATIENCE)


@pytest.fixture
def on_loop(io_loop):
    """Run the generator function that this decorates on the IOLoop, at once."""
    return lambda function: run(io_loop, gen.coroutine(function))


def gone(server):
    """How many connections the server has seen closed."""
    return sum(peer.gone.is_set() for peer in server._peers)


# A client that nothing refers to


def test_a_client_for_each_fetch_leaves_nothing_open(serve, io_loop):
    """As jupyter-server-proxy does it: never closed. Each goes with its connection and threads."""
    server, before, threads = serve(answering(OK)), open_descriptors(), threading.active_count()

    @gen.coroutine
    def main():
        for number in range(30):
            yield PooledHTTPClient(force_instance=True).fetch(
                server.url().replace("127.0.0.1", "localhost"))
            yield until(lambda number=number: gone(server) == number + 1)
        yield until(lambda: open_descriptors() <= before)

    run(io_loop, main)
    server.close()
    # The server's own threads have ended with its connections.
    run(io_loop, lambda: until(lambda: threading.active_count() <= threads))


def test_fetches_under_way_end_before_their_connections_close(server, on_loop, gate):
    """What is idle is closed at once; the others are, when their fetches have ended."""
    @on_loop
    def main():
        client = PooledHTTPClient(force_instance=True)
        yield [client.fetch(server.url()) for _ in range(3)]
        assert server.accepted == 3
        held = client.fetch(server.url("/held"))
        yield until(lambda: len(server.received) == 4)
        del client
        yield until(lambda: gone(server) == 2)
        assert not held.done()
        gate.open()
        answer = yield held
        assert answer.body == b"ok"
        yield until(lambda: gone(server) == 3)


def test_queued_fetches_of_a_dropped_client_are_performed(server, on_loop):
    """The queue of a client that is gone is served to its end, on the same connection."""
    @on_loop
    def main():
        client = PooledHTTPClient(force_instance=True, max_clients=1)
        futures = [client.fetch(server.url()) for _ in range(5)]
        del client
        answers = yield futures
        assert [answer.body for answer in answers] == [b"ok"] * 5
        yield until(lambda: gone(server) == 1)

    assert server.accepted == 1


def test_redirects_of_a_dropped_client_are_followed(serve, on_loop):
    """A fetch is under way until its last response has come."""
    server = serve(answering(*[response(status=302, reason="Found",
                                        headers=[("Location", "/next")])] * 2 + [OK]))

    @on_loop
    def main():
        answer = yield PooledHTTPClient(force_instance=True).fetch(server.url())
        assert answer.body == b"ok"
        yield until(lambda: gone(server) == server.accepted)


def test_a_client_is_not_kept_alive_by_fetches_or_connections(server, on_loop, gate):
    """Neither its fetches, while they run and when they are done, nor its connections."""
    @on_loop
    def main():
        client = PooledHTTPClient(force_instance=True)
        yield client.fetch(server.url())
        held = client.fetch(server.url("/held"))
        reference = weakref.ref(client)
        del client
        assert reference() is None
        gate.open()
        yield held


def test_a_client_in_a_cycle_goes_with_the_cycle(server, on_loop):
    """The collector finds it; on Python 2.7 as well, nothing is uncollectable."""
    gc.collect()
    before = len(gc.garbage)  # Handlers that other tests cut off.

    @on_loop
    def main():
        client = PooledHTTPClient(force_instance=True)
        client.itself = client
        yield client.fetch(server.url())
        del client
        gc.collect()
        yield until(lambda: gone(server) == 1)

    assert gc.garbage[before:] == []


def test_a_client_may_be_dropped_on_any_thread(serve, on_loop, monkeypatch):
    """The connection is closed on the thread of its IOLoop, not where the client went."""
    server, closed_on, close = serve(answering(OK)), [], Connection.close

    def recording(connection):
        closed_on.append(threading.current_thread())
        close(connection)

    monkeypatch.setattr(Connection, "close", recording)

    @on_loop
    def main():
        clients = [PooledHTTPClient(force_instance=True)]
        yield clients[0].fetch(server.url())
        thread = threading.Thread(target=clients.pop)
        thread.start()
        thread.join()
        assert closed_on == []
        yield until(lambda: gone(server) == 1)

    assert closed_on == [threading.current_thread()]


@pytest.mark.parametrize("order", ["loop first", "client first"])
@pytest.mark.parametrize("on", ["this thread", "another thread"])
def test_a_client_may_be_dropped_before_or_after_its_loop_is_closed(serve, order, on):
    """There is no thread to close it on any more: it is closed where it goes, in silence."""
    server, before = serve(answering(OK)), open_descriptors()
    clients = []
    io_loop = IOLoop(make_current=False)
    run(io_loop, lambda: clients.append(PooledHTTPClient(force_instance=True)))
    run(io_loop, lambda: clients[0].fetch(server.url()))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        steps = [io_loop.close, clients.pop]
        if order == "client first":
            steps.reverse()
        for step in steps:
            if on == "another thread" and step is not io_loop.close:
                thread = threading.Thread(target=step)
                thread.start()
                thread.join()
            else:
                step()
    del step, steps
    server.close()
    assert open_descriptors() <= before


def test_a_client_whose_fetch_failed_is_freed(on_loop):
    """A client whose only connection was never made goes as quietly."""
    @on_loop
    def main():
        client = PooledHTTPClient(force_instance=True)
        fetch = client.fetch("http://127.0.0.1:1/")
        pool = weakref.ref(client._engine.pool)
        del client
        with pytest.raises((IOError, ConnectError)):
            yield fetch
        del fetch
        gc.collect()  # The error has a traceback, which has frames.
        yield gen.moment
        gc.collect()
        assert pool() is None


# close()


@pytest.mark.parametrize("force", [True, False], ids=["its own", "the loop's"])
def test_closing_a_client_lets_fetches_under_way_finish(server, on_loop, kind, force, gate):
    """flower closes the loop's client after each call: the calls of others go on to their end."""
    @on_loop
    def main():
        client = AsyncHTTPClient(force_instance=force)
        futures = [client.fetch(server.url("/held")) for _ in range(12)]  # 10 run, 2 wait.
        yield until(lambda: len(server.received) == 10)
        client.close()
        client.close()
        with pytest.raises(RuntimeError):
            client.fetch(server.url())
        gate.open()
        answers = yield futures
        assert [answer.body for answer in answers] == [b"ok"] * 12


def test_closing_an_own_client_closes_its_connections(server, on_loop, gate):
    """Idle ones at once, the others when their fetches have ended."""
    @on_loop
    def main():
        client = PooledHTTPClient(force_instance=True)
        yield client.fetch(server.url())
        yield [client.fetch(server.url()) for _ in range(2)]
        held = client.fetch(server.url("/held"))
        yield until(lambda: len(server.received) == 4)
        client.close()
        yield until(lambda: gone(server) == 1)
        gate.open()
        yield held
        yield until(lambda: gone(server) == 2)
        assert "0 active, 0 idle, 0 queued, closed" in repr(client)


def test_the_next_client_takes_the_connections_over(server, on_loop, configured):
    """A program that closes the loop's client after each call reuses its connection as well."""
    @on_loop
    def main():
        for _ in range(20):
            client = AsyncHTTPClient()
            try:
                answer = yield client.fetch(server.url())
                assert answer.body == b"ok"
            finally:
                client.close()

    assert server.accepted == 1


def test_max_clients_holds_across_clients(server, on_loop, configured, gate):
    """What the closed one has under way counts for the next one."""
    AsyncHTTPClient.configure(PooledHTTPClient, max_clients=2)

    @on_loop
    def main():
        futures = []
        for _ in range(4):
            client = AsyncHTTPClient()
            futures.append(client.fetch(server.url("/held")))
            client.close()
        yield until(lambda: len(server.received) == 2)
        gate.open()
        yield futures

    assert server.accepted == 2


@pytest.mark.parametrize("other", [
    dict(max_clients=3), dict(max_body_size=5), dict(max_header_size=5000),
    dict(hostname_mapping={"a": "b"})], ids=lambda options: list(options)[0])
def test_a_client_with_other_options_gets_its_own(server, on_loop, configured, other):
    """Limits and names are those of the client that is asked."""
    @on_loop
    def main():
        for options in ({}, other, {}, other):
            AsyncHTTPClient.configure(PooledHTTPClient, **options)
            client = AsyncHTTPClient()
            yield client.fetch(server.url())
            client.close()

    assert server.accepted == 2


def test_a_client_of_its_own_takes_nothing_over(server, on_loop, configured):
    """force_instance asks for a client that shares nothing."""
    @on_loop
    def main():
        for force in (False, True):
            client = AsyncHTTPClient(force_instance=force)
            yield client.fetch(server.url())
            client.close()

    assert server.accepted == 2


def test_without_a_next_client_the_connections_are_closed_soon(
        server, on_loop, configured, monkeypatch):
    """After `LINGER_SECONDS`; and a client that comes later begins with none."""
    monkeypatch.setattr(leases, "LINGER_SECONDS", 0.02)

    @on_loop
    def main():
        for number in (1, 2):
            client = AsyncHTTPClient()
            yield client.fetch(server.url())
            client.close()
            yield until(lambda number=number: gone(server) == number)

    assert server.accepted == 2


def test_the_time_to_linger_starts_again_with_each_new_client(
        serve, on_loop, configured, monkeypatch, io_loop):
    """The timer of an earlier close does not close what a client has taken over since."""
    server, clock = serve(answering(OK)), [0.0]
    monkeypatch.setattr(leases, "monotonic", lambda: clock[0])
    timers = []

    @on_loop
    def main():
        client = AsyncHTTPClient()
        yield client.fetch(server.url())
        monkeypatch.setattr(
            io_loop, "call_later", lambda seconds, callback: timers.append((seconds, callback)))
        client.close()
        monkeypatch.undo()
        monkeypatch.setattr(leases, "monotonic", lambda: clock[0])
        (seconds, time_is_up), = timers
        assert seconds == leases.LINGER_SECONDS
        client = AsyncHTTPClient()
        yield client.fetch(server.url())
        clock[0] = seconds
        time_is_up()
        yield client.fetch(server.url())
        assert server.accepted == 1
        client.close()


# The end of the IOLoop


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "left"])
@pytest.mark.parametrize("all_fds", [False, True])
def test_a_loop_that_is_closed_leaves_nothing_open(serve, configured, closed, all_fds):
    """Connections that wait for the next client end with the loop. Those of a client that was not
    closed, which Tornado keeps for as long as the program runs, end when the next one is made.
    """
    server, before = serve(answering(OK)), open_descriptors()

    @gen.coroutine
    def main():
        client = AsyncHTTPClient()
        yield client.fetch(server.url())
        if closed:
            client.close()

    for _ in range(5):
        io_loop = IOLoop(make_current=False)
        run(io_loop, main)
        io_loop.close(all_fds=all_fds)
    if not closed:
        with new_io_loop() as io_loop:
            run(io_loop, main)
            run(io_loop, lambda: AsyncHTTPClient().close())
    del io_loop
    server.close()
    assert open_descriptors() <= before


def test_a_loop_closed_during_a_fetch_leaves_nothing_open(serve, configured):
    """The client goes after its loop: nothing is told to the fetch, and nothing stays open."""
    server, before = serve(lambda peer: peer.hold()), open_descriptors()
    clients = []
    io_loop = IOLoop(make_current=False)

    @gen.coroutine
    def main():
        clients.append(PooledHTTPClient(force_instance=True, max_clients=1))
        clients[0].fetch(server.url())
        clients[0].fetch(server.url(), method="POST", body_producer=lambda write: gen.sleep(9))
        yield until(lambda: server.accepted)

    run(io_loop, main)
    io_loop.close()
    clients.pop()
    server.close()
    assert open_descriptors() <= before


def test_a_loop_closed_during_a_fetch_frees_a_client_that_only_the_fetch_knows(serve):
    """What waits for the fetch holds the client: the collector finds them, on 2.7 as well."""
    gc.collect()
    garbage = len(gc.garbage)  # Handlers that other tests cut off.
    server, before = serve(lambda peer: peer.hold()), open_descriptors()
    io_loop = IOLoop(make_current=False)

    @gen.coroutine
    def call():
        client = PooledHTTPClient(force_instance=True)
        yield client.fetch(server.url())

    @gen.coroutine
    def main():
        call()
        yield until(lambda: server.accepted)

    run(io_loop, main)
    io_loop.close()
    del io_loop
    gc.collect()
    assert gc.garbage[garbage:] == []
    server.close()
    assert open_descriptors() <= before
