from __future__ import absolute_import, division, print_function

import logging

import pytest
import tornado
from raw_server import answering, response, then
from tornado.concurrent import Future

OK = response(b"ok")

pytestmark = pytest.mark.skipif(
    tornado.version_info < (6,), reason="the Futures of Tornado 5.1 cannot be cancelled")

#: Where a fetch can be when it is cancelled: what the server does, and what is asked of it.
PHASES = {
    "resolving": (OK, dict()),
    "shaking hands": (lambda peer: peer.hold(), dict(scheme="https")),
    "waiting for a response": (lambda peer: peer.hold(), dict()),
    "reading a head": (OK[:10], dict()),
    "reading a body": (OK[:-1], dict()),
    "awaiting a callback": (OK[:-1], dict(streaming_callback=lambda piece: Future())),
    "awaiting the last callback": (OK, dict(streaming_callback=lambda piece: Future())),
    "awaiting a body": (lambda peer: peer.hold(),
                        dict(method="POST", body_producer=lambda write: Future())),
    "sending": (lambda peer: peer.gone.wait(0.5), dict(method="POST", body=b"x" * (32 << 20))),
}


@pytest.fixture
def pooled(pooled):
    """A fetch without limits, so that only cancelling can end it."""
    return lambda **options: pooled(
        defaults=dict(connect_timeout=0, request_timeout=0, validate_cert=False), **options)


class SilentResolver(object):
    def resolve(self, host, port, family=0):
        return Future()

    def close(self):
        """Is not asked."""


@pytest.mark.parametrize("name", sorted(PHASES))
def test_cancelling_a_fetch_frees_its_place(serve, pooled, name):
    """Whatever the fetch was at: its connection is closed, and who waits gets the place."""
    step, options = PHASES[name]
    options = dict(options)
    server, other = serve(then(step, lambda peer: peer.hold())), serve(answering(OK))
    client = pooled(max_clients=1, resolver=SilentResolver() if name == "resolving" else None)
    url = options.pop("scheme", "http") + server.url()[len("http"):]
    running = client.begin(url, **options)
    if name == "resolving":
        assert running.cancel()
        client.wait_until(lambda: client.counts()["active"] == 0)
        return
    waiting = client.begin(other.url())
    client.wait_until(lambda: server.accepted)
    assert running.cancel()
    assert client.wait_for(waiting).body == b"ok"
    assert client.counts()["active"] == 0


def test_a_fetch_cancelled_in_the_queue_sends_nothing(serve, pooled):
    """A request cancelled in the queue is never sent."""
    server, client = serve(answering(OK)), pooled(max_clients=1)
    futures = client.begin_all([server.url("/%d" % number) for number in range(3)])
    assert futures[1].cancel()
    client.wait_for(futures[2])
    assert [request.target for request in server.received] == ["/0", "/2"]


def test_a_fetch_cancelled_during_a_redirect_ends(serve, pooled):
    """It is the fetch that is cancelled, wherever it has got to."""
    server = serve(then(response(status=302, reason="Go", headers=[("Location", "/next")]),
                        lambda peer: (peer.read_request(), peer.hold())))
    client = pooled()
    future = client.begin(server.url())
    client.wait_until(lambda: len(server.received) == 2)
    assert future.cancel()
    client.wait_until(lambda: client.counts()["active"] == 0)


def test_a_cancelled_fetch_logs_nothing(serve, pooled, caplog):
    """It was the caller who ended it: no error, and none is told to a Future that is gone."""
    server, client = serve(lambda peer: peer.hold()), pooled()
    future = client.begin(server.url())
    client.wait_until(lambda: server.accepted)
    with caplog.at_level(logging.DEBUG, "tornado"):
        assert future.cancel()
        client.wait_until(lambda: client.counts()["active"] == 0)
    assert caplog.text == ""


class OneLookup(object):
    """A resolver whose lookup ends when a test says so."""

    def resolve(self, host, port, family=0):
        self.lookup = Future()
        return self.lookup


def test_an_error_in_the_round_of_the_cancellation_is_not_logged(pooled, caplog):
    """The fetch fails before the IOLoop has told it that it was cancelled."""
    resolver = OneLookup()
    client = pooled(resolver=resolver)
    future = client.begin("http://host.test/")

    def fail_and_cancel():
        resolver.lookup.set_exception(IOError("no such host"))
        assert future.cancel()

    with caplog.at_level(logging.DEBUG, "tornado"):
        client.run(fail_and_cancel)
        client.wait_until(lambda: client.counts()["active"] == 0)
    assert caplog.text == ""


def test_a_producer_that_fetches_can_be_cancelled(serve, pooled):
    """It is called at once on a kept connection, in the midst of the fetch that it is for."""
    server, other = serve(lambda peer: [peer.send(OK) if request.target == "/" else None
                                        for request in peer.requests()]), serve(answering(OK))
    client = pooled()
    client.fetch(server.url())
    future = client.begin(server.url("/silence"), method="POST", body_producer=(
        lambda write: client.client.fetch(other.url())), headers={"Content-Length": "0"})
    client.wait_until(lambda: len(server.received) == 2)
    assert future.cancel()
    client.wait_until(lambda: client.counts()["active"] == 0)


def test_cancelling_a_done_fetch_does_nothing(serve, pooled):
    """Cancelling too late does nothing; the connection stays."""
    server, client = serve(answering(OK)), pooled()
    future = client.begin(server.url())
    client.wait_for(future)
    assert not future.cancel()
    assert client.fetch(server.url()).body == b"ok"
    assert server.accepted == 1
