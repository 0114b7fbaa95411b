"""Who sets the clock of a machine ends no call and no drain: Python 2's IOLoop goes by it."""

from __future__ import absolute_import, division, print_function

import threading

import pytest
from client_fixtures import Client, until
from raw_server import RawServer, then
from set_clock import loop_with_clock
from tornado import gen
from tornado.concurrent import Future

import waterspout
from waterspout import PooledHTTPClient
from waterspout.service.futures import done_within

#: Seconds that calls may take, and that the clock is set forward by. Both below the patience of
#: the tests, which the IOLoop measures as well.
LIMIT, AHEAD = 10.0, 15.0

#: The server closes the connection afterwards, and says so.
ANSWER = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"

LIMITS = {
    "total": waterspout.ClientTimeout(connect=None, read=None, total=LIMIT),
    "read and pool": waterspout.ClientTimeout(connect=None, read=LIMIT, pool=LIMIT),
    "connect": waterspout.ClientTimeout(connect=LIMIT, read=None),
}


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_setting_the_clock_ends_no_call(transport, name):
    """One that is under way, and one that waits for the other's place."""
    go = threading.Event()

    def slow(peer):
        assert go.wait(30)
        peer.send(ANSWER)

    with loop_with_clock() as (io_loop, clock), RawServer(then(slow)) as server:
        client = Client(io_loop, transport, max_connections=1, max_workers=1)

        @gen.coroutine
        def calls():
            calls = [client.session.get(server.url(), timeout=LIMITS[name]) for _ in range(2)]
            yield until(lambda: server.received)
            yield clock.set_forward(AHEAD)
            assert not any(call.done() for call in calls)
            go.set()
            answers = yield calls
            assert [answer.content for answer in answers] == [b"x", b"x"]

        client.run(calls)
        client.close()


def test_setting_the_clock_ends_no_wait_of_a_hook(transport):
    """``timeout.total`` counts for what a hook waits for, too."""
    with loop_with_clock() as (io_loop, clock), RawServer(then(ANSWER)) as server:
        client = Client(io_loop, transport)
        begun = []

        def hook(answer, **options):
            begun.append(Future())
            return begun[0]

        @gen.coroutine
        def call():
            call = client.session.get(
                server.url(), timeout=LIMITS["total"], hooks={"response": hook})
            yield until(lambda: begun)
            yield clock.set_forward(AHEAD)
            assert not call.done()
            begun[0].set_result(None)
            answer = yield call
            assert answer.content == b"x"

        client.run(call)
        client.close()


def test_setting_the_clock_ends_no_fetch():
    """``request_timeout`` counts while a coroutine takes the body."""
    begun = []

    def take(chunk):
        begun.append(Future())
        return begun[0]

    with loop_with_clock() as (io_loop, clock), RawServer(then(ANSWER)) as server:

        @gen.coroutine
        def fetch():
            client = PooledHTTPClient(force_instance=True)
            fetch = client.fetch(server.url(), streaming_callback=take, request_timeout=LIMIT)
            yield until(lambda: begun)
            yield clock.set_forward(AHEAD)
            assert not fetch.done()
            begun[0].set_result(None)
            answer = yield fetch
            assert answer.code == 200
            client.close()

        io_loop.run_sync(fetch)


def test_setting_the_clock_ends_no_drain():
    """As long as there is time left, and no longer."""
    with loop_with_clock() as (io_loop, clock):

        @gen.coroutine
        def wait():
            future = Future()
            in_time = done_within(LIMIT, future)
            yield gen.moment
            yield clock.set_forward(AHEAD)
            assert not in_time.done()
            future.set_result(None)
            assert (yield in_time)
            assert not (yield done_within(0.001, Future()))

        io_loop.run_sync(wait)
