"""patch_fetch: whose fetches are answered, from when until when, and by whom."""

from __future__ import absolute_import, division, print_function

import gc
import weakref

import pytest
from client_fixtures import until
from echo_app import echo_app
from raw_server import PATIENCE, answering, response
from tornado import gen, web
from tornado.concurrent import Future
from tornado.httpclient import AsyncHTTPClient
from tornado.testing import AsyncTestCase, gen_test

import waterspout
from waterspout import PooledHTTPClient
from waterspout.testing import AppTransport, patch_fetch


class Saying(web.RequestHandler):

    def initialize(self, word):
        self.word = word

    def get(self):
        self.write(self.word)


def saying(word):
    """A transport whose every response is ``word``."""
    return AppTransport(web.Application([("/.*", Saying, {"word": word})]))


@pytest.fixture
def client(io_loop):
    clients = []

    def make():
        clients.append(PooledHTTPClient(force_instance=True, max_clients=2))

    io_loop.run_sync(make)
    yield clients[0]
    clients[0].close()


def fetch(io_loop, client, url="http://a.test/"):
    return io_loop.run_sync(lambda: client.fetch(url), timeout=PATIENCE).body


def test_while_it_is_active(io_loop, client, serve):
    """A client made before; before and after the patch it goes to the network."""
    server = serve(answering(response(b"network")))
    assert fetch(io_loop, client, server.url()) == b"network"
    with patch_fetch(saying("app")):
        assert fetch(io_loop, client, server.url()) == b"app"
    assert fetch(io_loop, client, server.url()) == b"network"
    assert client.stats()["http://127.0.0.1:%d" % server.port]["opened"] == 1


def test_started_and_stopped_by_hand(io_loop, client):
    """``start()`` returns the transport, and ``stop()`` may be called twice."""
    transport = saying("app")
    patch = patch_fetch(transport)
    patch.stop()
    assert patch.start() is transport
    assert fetch(io_loop, client) == b"app"
    with pytest.raises(RuntimeError, match="begun already"):
        patch.start()
    patch.stop()
    patch.stop()
    patch.start()
    assert fetch(io_loop, client) == b"app"
    patch.stop()


def test_its_value_is_the_transport():
    transport = saying("app")
    with patch_fetch(transport) as given:
        assert given is transport


def test_nothing_is_left_behind():
    """The class is as it was before, also after an error."""
    before = vars(PooledHTTPClient)["fetch_impl"]
    with pytest.raises(KeyError), patch_fetch(saying("app")):
        assert vars(PooledHTTPClient)["fetch_impl"] is not before
        raise KeyError
    assert vars(PooledHTTPClient)["fetch_impl"] is before


def test_the_innermost_answers(io_loop, client):
    with patch_fetch(saying("outer")):
        assert fetch(io_loop, client) == b"outer"
        with patch_fetch(saying("inner")):
            assert fetch(io_loop, client) == b"inner"
        assert fetch(io_loop, client) == b"outer"


def test_the_outer_one_may_end_first(io_loop, client, serve):
    server = serve(answering(response(b"network")))
    outer, inner = patch_fetch(saying("outer")), patch_fetch(saying("inner"))
    outer.start()
    inner.start()
    assert fetch(io_loop, client) == b"inner"
    outer.stop()
    assert fetch(io_loop, client) == b"inner"
    inner.stop()
    assert fetch(io_loop, client, server.url()) == b"network"


def test_a_configured_client(io_loop):
    """As programs make it, within the code under test."""
    AsyncHTTPClient.configure("waterspout.PooledHTTPClient")
    try:
        with patch_fetch(saying("app")):
            assert io_loop.run_sync(
                lambda: AsyncHTTPClient().fetch("http://a.test/")).body == b"app"
    finally:
        AsyncHTTPClient.configure(None)


def test_a_subclass(io_loop):
    class Own(PooledHTTPClient):
        def fetch_impl(self, request, callback):
            request.headers["X-Own"] = "1"
            super(Own, self).fetch_impl(request, callback)

    def run():
        return Own(force_instance=True).fetch("http://a.test/")

    with patch_fetch(AppTransport(echo_app())):
        assert b'"X-Own", "1"' in io_loop.run_sync(run).body


def test_sessions_are_not_affected(io_loop, serve):
    server = serve(answering(response(b"network")))
    session = waterspout.Session()
    with patch_fetch(saying("app")):
        assert io_loop.run_sync(lambda: session.get(server.url())).content == b"network"
    io_loop.run_sync(session.close)


def test_a_fetch_that_has_begun_goes_on(io_loop, client):
    """Also one that still waits for a connection when the patch ends."""
    class Slow(web.RequestHandler):
        @gen.coroutine
        def get(self):
            started.append(True)
            yield released[0]
            self.write("app")

    started, released = [], []

    @gen.coroutine
    def run():
        released.append(Future())
        with patch_fetch(AppTransport(web.Application([("/", Slow)]))):
            fetches = [client.fetch("http://a.test/") for _ in range(3)]
            assert len(client.queue) == 1
            yield until(lambda: len(started) == 2)
        released[0].set_result(None)
        responses = yield fetches
        raise gen.Return([each.body for each in responses])

    assert io_loop.run_sync(run, timeout=PATIENCE) == [b"app"] * 3


def test_a_forwarded_fetch_that_has_begun_goes_on(io_loop, client):
    """The same with a transport of one's own."""
    class Slow(object):
        def __init__(self):
            self.sent = []

        @gen.coroutine
        def send(self, request, options):
            self.sent.append(request)
            yield released[0]
            raise gen.Return(waterspout.Response(
                request, 200, "OK", waterspout.Headers(), b"own"))

        def close(self):
            pass

    transport, released = Slow(), []

    @gen.coroutine
    def run():
        released.append(Future())
        with patch_fetch(transport):
            fetches = [client.fetch("http://a.test/") for _ in range(3)]
            yield until(lambda: len(transport.sent) == 2)
        released[0].set_result(None)
        responses = yield fetches
        raise gen.Return([each.body for each in responses])

    assert io_loop.run_sync(run, timeout=PATIENCE) == [b"own"] * 3


def test_a_client_is_not_kept(io_loop):
    """It can be collected while the patch is active."""
    def make():
        client = PooledHTTPClient(force_instance=True)
        references.append(weakref.ref(client))
        return client.fetch("http://a.test/")

    references = []
    with patch_fetch(saying("app")):
        io_loop.run_sync(make)
        gc.collect()
        assert references[0]() is None


@pytest.mark.parametrize("transport", [None, "pooled", object(), echo_app()])
def test_what_is_no_transport_is_refused(transport):
    with pytest.raises(TypeError, match="transport"):
        patch_fetch(transport)


class UnderTornadosTestCase(AsyncTestCase):

    @gen_test
    def test_each_loop_has_its_own(self):
        with patch_fetch(SHARED):
            answer = yield PooledHTTPClient().fetch("http://a.test/")
        self.assertEqual(answer.body, b"shared")

    test_another_loop = test_each_loop_has_its_own


SHARED = saying("shared")
