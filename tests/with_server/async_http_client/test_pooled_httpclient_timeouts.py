from __future__ import absolute_import, division, print_function

import socket
import threading
import time

import pytest
import tornado
from black_hole import BlackHole
from certificates import server_context
from raw_server import PATIENCE, answering, response, then
from tornado.concurrent import Future
from tornado.httpclient import HTTPRequest
from tornado.simple_httpclient import HTTPTimeoutError

OK = response(b"ok")

#: Seconds that a test waits for a limit to run out.
SHORT = 0.1

#: Seconds after which a limit is late: 50 ms, and what a busy machine takes.
LATE = 2.0

NAMES_STEPS = tornado.version_info >= (6, 6)


def timeout_of(client, url, **options):
    """The text of the HTTPTimeoutError, which came neither early nor late."""
    began = time.time()
    with pytest.raises(HTTPTimeoutError) as caught:
        client.fetch(url, **options)
    took = time.time() - began
    assert SHORT * 0.95 <= took < SHORT + LATE
    assert caught.value.code == 599
    return str(caught.value)


class SilentResolver(object):
    """Looks up names and never finds them."""

    closed = False

    def resolve(self, host, port, family=socket.AF_UNSPEC):
        return Future()

    def close(self):
        self.closed = True


def test_connect_timeout_holds_in_the_queue(serve, pooled):
    """No place came free within connect_timeout; what runs is not disturbed."""
    server, client = serve(then(lambda peer: peer.hold())), pooled(max_clients=1)
    running = client.begin(server.url())
    assert timeout_of(client, server.url(), connect_timeout=SHORT) == "Timeout in request queue"
    assert timeout_of(client, server.url(), request_timeout=SHORT) == "Timeout in request queue"
    assert not running.done()
    assert client.client.queue == []


def test_connect_timeout_holds_while_resolving(pooled):
    """The resolver's silence counts; a resolver of the caller's is asked, and not closed."""
    resolver = SilentResolver()
    client = pooled(resolver=resolver)
    text = timeout_of(client, "http://name.example/", connect_timeout=SHORT)
    assert text == ("Timeout while resolving name.example" if NAMES_STEPS
                    else "Timeout while connecting")
    client.close()
    assert not resolver.closed


def test_connect_timeout_holds_while_connecting(pooled):
    """The server does not answer, not even with a refusal."""
    with BlackHole() as hole:
        text = timeout_of(pooled(), "http://%s:%d/" % hole.address, connect_timeout=SHORT)
        assert text == ("Timeout while connecting to %s:%d" % hole.address if NAMES_STEPS
                        else "Timeout while connecting")


def test_connect_timeout_holds_in_the_tls_handshake(serve, pooled):
    """The server has accepted, and says nothing of TLS; our socket is closed."""
    server = serve(lambda peer: peer.hold())
    text = timeout_of(pooled(), "https://%s/" % server.address, connect_timeout=SHORT,
                      validate_cert=False)
    assert text == ("Timeout during TLS handshake with %s" % server.address if NAMES_STEPS
                    else "Timeout while connecting")
    assert server._peers[0].gone.wait(LATE)


def test_connect_timeout_holds_while_tunnelling(serve, pooled):
    """The proxy has accepted, and does not answer."""
    proxy = serve(lambda peer: peer.hold())
    text = timeout_of(pooled(), "https://name.example/", connect_timeout=SHORT,
                      proxy_host="127.0.0.1", proxy_port=proxy.port)
    assert text == "Timeout while connecting"
    assert proxy._peers[0].gone.wait(LATE)


@pytest.mark.parametrize("limits", [
    dict(request_timeout=SHORT),
    dict(request_timeout=SHORT, connect_timeout=0),
    dict(request_timeout=SHORT, connect_timeout=30),
], ids=["request", "no connect", "long connect"])
@pytest.mark.parametrize("said", [b"", OK[:20], OK[:-1]], ids=["nothing", "half a head", "a body"])
def test_request_timeout_runs_until_the_last_byte(serve, pooled, limits, said):
    """From leaving the queue to the last byte, whatever comes in between."""
    server = serve(then(said, lambda peer: peer.hold()))
    assert timeout_of(pooled(), server.url(), **limits) == "Timeout during request"
    assert server._peers[0].gone.wait(LATE)


def test_request_timeout_holds_while_sending(serve, pooled):
    """The server takes no more of the body."""
    done = threading.Event()
    server = serve(lambda peer: done.wait(PATIENCE))
    try:
        assert timeout_of(pooled(), server.url(), method="POST", body=b"x" * (64 << 20),
                          request_timeout=SHORT) == "Timeout during request"
    finally:
        done.set()


def test_request_timeout_holds_while_a_body_is_produced(serve, pooled):
    """The producer is ours to wait for, but no longer than the request may take."""
    server = serve(lambda peer: peer.hold())
    assert timeout_of(pooled(), server.url(), method="POST", request_timeout=SHORT,
                      body_producer=lambda write: Future()) == "Timeout during request"


MOVED = response(status=302, reason="Go", headers=[("Location", "/next")])


def test_redirects_share_one_deadline(serve, pooled):
    """request_timeout is for the fetch: a server that redirects again and again ends at it."""
    server, client = serve(answering(MOVED)), pooled()
    with pytest.raises(HTTPTimeoutError):
        client.fetch(server.url(), request_timeout=5 * SHORT, max_redirects=10 ** 9)
    assert len(server.received) > 1
    assert client.fetch(serve(answering(OK)).url(), request_timeout=30).body == b"ok"


def test_the_deadline_counts_where_a_redirect_leads(serve, pooled):
    """Also in the queue there, and while the next server is connected to."""
    waiting = serve(lambda peer: peer.hold())
    server = serve(answering(MOVED))
    client = pooled(max_clients=1)
    first = client.begin(server.url(), request_timeout=SHORT, max_redirects=1)
    client.begin(waiting.url(), request_timeout=30)
    with pytest.raises(HTTPTimeoutError):
        client.wait_for(first)
    with BlackHole() as hole:
        server = serve(answering(response(
            status=302, headers=[("Location", "http://%s:%d/" % hole.address)])))
        timeout_of(pooled(), server.url(), connect_timeout=30, request_timeout=SHORT)


def test_connecting_has_its_own_time_at_each_redirect(serve, pooled):
    """Each hop has its connect_timeout, within one request_timeout."""
    with BlackHole() as hole:
        server = serve(answering(response(
            status=302, headers=[("Location", "http://%s:%d/" % hole.address)])))
        timeout_of(pooled(), server.url(), connect_timeout=SHORT, request_timeout=30)


@pytest.mark.parametrize("none", [
    dict(connect_timeout=0), dict(request_timeout=0), dict(connect_timeout=0, request_timeout=0),
])
def test_a_timeout_of_zero_is_no_limit(serve, pooled, none):
    """In the queue as well."""
    server, client = serve(answering(OK)), pooled(max_clients=1)
    for future in client.begin_all([server.url()] * 3, **none):
        assert client.wait_for(future).body == b"ok"


def test_a_timeout_of_zero_is_no_limit_for_redirects(serve, pooled):
    """Each of them goes on without one."""
    server = serve(answering(MOVED, MOVED, OK))
    assert pooled().fetch(server.url(), request_timeout=0).body == b"ok"


def test_a_kept_connection_is_not_used_after_a_timeout(serve, pooled):
    """Late bytes belong to no other fetch."""
    server = serve(lambda peer: [peer.send(OK) if request.target == "/" else None
                                 for request in peer.requests()])
    client = pooled()
    client.fetch(server.url())
    timeout_of(client, server.url("/silence"), request_timeout=SHORT)
    assert client.counts() == {"active": 0, "idle": 0, "queued": 0, "opened": 1, "reused": 1}
    client.fetch(server.url())
    assert server.accepted == 2


def test_a_timeout_in_the_queue_has_no_start_time(serve, pooled):
    """599 as Tornado has it where errors are responses: nothing was begun."""
    server, client = serve(then(lambda peer: peer.hold())), pooled(max_clients=1)
    client.begin(server.url())
    seen = []
    request = HTTPRequest(server.url(), connect_timeout=SHORT, request_timeout=30)
    client.run(lambda: client.client.fetch_impl(request, seen.append))
    client.wait_until(lambda: seen)
    assert (seen[0].code, seen[0].start_time) == (599, None)
    assert seen[0].request_time >= SHORT * 0.95


def test_tls_steps_are_timed(serve, pooled):
    """``appconnect`` is when the handshake was done, by libcurl's name."""
    server = serve(answering(OK), tls=server_context())
    info = pooled().fetch(server.url(), validate_cert=False).time_info
    assert info["connect"] <= info["appconnect"] <= info["starttransfer"]
