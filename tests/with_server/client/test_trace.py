"""What each transport's trace knows, and that it is true."""

from __future__ import absolute_import, division, print_function

import threading

import pytest
from client_fixtures import until
from raw_server import PATIENCE, Peer, answering, response, then
from tornado import gen
from tornado.concurrent import Future

PHASES = ("queue", "dns", "connect", "tls", "send", "first_byte", "body")

#: What a transport can see of a new connection to a name; docs/compatibility.md says so too.
SEEN = {
    "pooled": {"queue", "dns", "connect", "send", "first_byte", "body"},
    "tornado": {"queue", "connect", "first_byte", "body"},
    "curl": {"queue", "dns", "connect", "first_byte", "body"},
    "threads": {"queue", "first_byte", "body"},
}


def seen(trace):
    return set(name for name in PHASES if getattr(trace, name) is not None)


def added(trace):
    return sum(getattr(trace, name) or 0.0 for name in PHASES)


def test_the_trace_of_a_new_connection_adds_up(serve, client):
    """The phases that this transport sees add up to the total."""
    server = serve(answering(response(b"x")))
    trace = client.get("http://localhost:%d/" % server.port).trace
    assert seen(trace) == SEEN[client.transport]
    assert added(trace) == pytest.approx(trace.total)
    assert all((getattr(trace, name) or 0.0) >= 0.0 for name in PHASES)
    assert trace.attempts == 1
    assert trace.reused is (None if client.transport == "threads" else False)


def test_the_trace_of_a_kept_connection_has_no_connect_phase(serve, client):
    """Nothing was looked up or connected."""
    server = serve(answering(response(b"x")))
    client.get(server.url())
    trace = client.get(server.url()).trace
    keeps = client.transport in ("pooled", "curl")
    if keeps:
        assert trace.reused is True
        assert seen(trace) <= {"queue", "send", "first_byte", "body"}
    elif client.transport == "tornado":
        assert trace.reused is False


def test_the_time_of_the_head_and_of_the_body(serve, client):
    """A slow head counts to first_byte and elapsed, a slow body to neither."""
    later = threading.Event()
    head, body = response(b"xy")[:-2], b"xy"

    def pause(peer):
        later.wait(0.15)

    answer = client.get(serve(then(pause, head, pause, body)).url())
    trace = answer.trace
    assert trace.first_byte >= 0.14 and trace.body >= 0.14
    assert 0.14 <= answer.elapsed.total_seconds() < trace.total - 0.13


@pytest.mark.parametrize("transport", ["pooled"], indirect=True)
def test_an_answer_before_the_whole_body_had_left(serve, client):
    """Nothing is shorter than nothing: the time of ``send`` is part of that of the head."""
    whole, rest = threading.Event(), []

    def body():
        yield b"one"
        rest.append(Future())
        yield rest[0]
        whole.set()

    server = serve(then(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n",
                        lambda peer: whole.wait(PATIENCE), b"x", Peer.hold))

    @gen.coroutine
    def call():
        answer = client.session.post(server.url(), data=body())
        exchange = answer._exchange
        yield until(lambda: rest and exchange._head is not None)
        rest[0].set_result(b"two")
        raise gen.Return((yield answer))

    trace = client.run(call).trace
    assert trace.send is None and trace.first_byte > 0.0
    assert added(trace) == pytest.approx(trace.total)
    assert all((getattr(trace, name) or 0.0) >= 0.0 for name in PHASES)


def test_the_trace_has_the_time_in_the_queue(serve, make_client):
    """The second of two calls on one connection waits in the queue as long as the first takes."""
    later = threading.Event()

    def behave(peer):
        for _ in peer.requests():
            later.wait(0.15)
            peer.send(response(b"x"))

    client = make_client(max_connections=1, max_workers=1)
    url = serve(behave).url()
    both = client.run(lambda: gen.multi([client.session.get(url) for _ in range(2)]))
    trace = both[1].trace
    assert trace.queue >= 0.14
    assert added(trace) == pytest.approx(trace.total)


def test_a_stale_connection_is_a_second_attempt(serve, make_client):
    """The one that was kept died as the request came; see attempts."""
    client = make_client()
    if client.transport != "pooled":
        pytest.skip("what other clients do inside is their own")
    served = []

    def behave(peer):
        peer.read_request()
        peer.send(response(b"x"))
        served.append(1)
        peer.read_request()
        if len(served) > 1:
            peer.send(response(b"y"))

    server = serve(behave)
    assert client.get(server.url()).trace.attempts == 1
    again = client.get(server.url())
    assert again.content == b"x" and server.accepted == 2
    assert (again.trace.attempts, again.trace.reused) == (2, False)
    assert added(again.trace) == pytest.approx(again.trace.total)
