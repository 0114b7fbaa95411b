"""Calls of an SDK, and what ends calls from outside: a closed SDK, a closed IOLoop."""

from __future__ import absolute_import, division, print_function

import json
import threading

import pytest
from black_hole import BlackHole
from client_fixtures import new_io_loop, until
from noting_observer import NotingObserver
from raw_server import PATIENCE, Peer, answering, response, then
from tornado import gen

import waterspout


@pytest.fixture
def observer():
    return NotingObserver()


@pytest.fixture
def make_sdk(io_loop, observer, transport):
    made = []

    def make(host, **options):
        made.append(waterspout.BaseSDK(
            host, observers=[observer], transport=transport, **options))
        return made[-1]

    yield make
    for sdk in made:
        io_loop.run_sync(sdk.close)


def test_large_json_in_both_directions(serve, make_sdk, observer, io_loop):
    """Encoded before the call begins, decoded after it is done: one call, with its bytes."""
    content = json.dumps(["x" * 10] * 20000).encode("ascii")
    sdk = make_sdk(serve(answering(response(content))).address)
    payload = {"rows": list(range(50000))}
    assert len(io_loop.run_sync(
        lambda: sdk.fetch_async("POST", "/import/{kind}", path={"kind": "a"}, json=payload),
        timeout=PATIENCE)) == 20000
    name, done = observer.end
    assert name == "call_done" and done.call.name == "POST /import/{kind}"
    assert done.response_bytes == len(content) and done.call.request_bytes > 100000


@pytest.mark.parametrize("uri", ["/a?token=hidden", "/a#token=hidden", "/a#b?token=hidden"])
def test_names_have_no_query_and_no_fragment(serve, make_sdk, observer, io_loop, uri):
    """Either may hold a secret."""
    sdk = make_sdk(serve(answering(response(b"{}"))).address)
    io_loop.run_sync(lambda: sdk.fetch_async("GET", uri), timeout=PATIENCE)
    assert observer.end[1].call.name == "GET /a" and "hidden" not in repr(observer.told)


def test_an_sdk_that_is_closed_under_way(serve, make_sdk, observer, io_loop):
    """Its calls fail, once each; those of another SDK on the same connections go on."""
    server = serve(then(Peer.hold))
    sdk, other = make_sdk(server.address), make_sdk(server.address)

    @gen.coroutine
    def call():
        calls = [sdk.fetch_async("GET", "/a") for _ in range(2)]
        going_on = other.fetch_async("GET", "/b")
        yield until(lambda: len(server.received) == 3)
        sdk.close()
        for each in calls:
            with pytest.raises(waterspout.ConnectionError):
                yield each
        assert observer.ends == ["call_failed"] * 2 and not going_on.done()
        server.hang_up()
        with pytest.raises(waterspout.RequestException):
            yield going_on

    io_loop.run_sync(call, timeout=PATIENCE)
    assert observer.is_balanced()


def test_a_bad_path_argument_is_no_call(make_sdk, observer, io_loop):
    """It is refused before there is one."""
    sdk = make_sdk("127.0.0.1:1")
    with pytest.raises(waterspout.exceptions.InvalidURL):
        io_loop.run_sync(lambda: sdk.fetch_async("GET", "/a/{b}", path={"b": ".."}))
    assert observer.told == []


def test_a_response_that_is_no_json_is_done(serve, make_sdk, observer, io_loop):
    """The call has its response; what the SDK makes of it is another matter."""
    sdk = make_sdk(serve(answering(response(b"<html>"))).address)
    with pytest.raises(ValueError):
        io_loop.run_sync(lambda: sdk.fetch_async("GET", "/a"), timeout=PATIENCE)
    assert observer.ends == ["call_done"]


@pytest.mark.parametrize("transport", ["pooled"], indirect=True)
def test_a_loop_that_is_closed_under_way(serve, observer, transport, io_loop):
    """Such a call never ends; the session goes on, on another IOLoop, and is told of."""
    server = serve(then(Peer.hold))
    session = waterspout.Session(observers=[observer], transport=transport)

    @gen.coroutine
    def begin():
        session.get(server.url())
        yield until(lambda: server.received)

    with new_io_loop() as other:
        other.run_sync(begin, timeout=PATIENCE)
    session.forget_closed_loops()
    answers = serve(answering(response(b"x")))
    io_loop.run_sync(lambda: session.get(answers.url()), timeout=PATIENCE)
    server.hang_up()
    io_loop.run_sync(session.close)
    assert observer.names.count("started") == 2 and observer.ends[:1] == ["call_done"]


@pytest.mark.parametrize("transport", ["pooled"], indirect=True)
def test_a_write_timeout(serve, make_sdk, observer, io_loop):
    """The server takes no byte: failed in the phase of sending, which has the time."""
    tested = threading.Event()
    server = serve(lambda peer: tested.wait(PATIENCE))
    sdk = make_sdk(server.address, timeout=(PATIENCE, 0.15))
    with pytest.raises(waterspout.Timeout):
        io_loop.run_sync(
            lambda: sdk.fetch_async("POST", "/a", data=b"x" * 30000000), timeout=PATIENCE)
    name, failed = observer.end
    assert name == "call_failed" and failed.phase == "send"
    assert failed.exchanges[0].trace.send >= 0.14 and "sent" not in observer.names
    tested.set()


@pytest.mark.parametrize("transport", ["pooled"], indirect=True)
def test_a_connect_timeout(make_sdk, observer, io_loop):
    """The host does not answer: failed while connecting, which has the time."""
    with BlackHole() as hole:
        sdk = make_sdk("%s:%d" % hole.address, timeout=(0.15, PATIENCE))
        with pytest.raises(waterspout.ConnectTimeout):
            io_loop.run_sync(lambda: sdk.fetch_async("GET", "/"), timeout=PATIENCE)
    name, failed = observer.end
    assert name == "call_failed" and failed.phase == "connect"
    assert failed.exchanges[0].trace.connect >= 0.14 and "connected" not in observer.names


def test_a_view_is_observed_as_its_sdk(serve, make_sdk, observer, io_loop):
    """With the context in the call."""
    sdk = make_sdk(serve(answering(response(b"{}"))).address)
    context = waterspout.CallContext("my-id")
    io_loop.run_sync(lambda: sdk.in_context(context).fetch_async("GET", "/a"), timeout=PATIENCE)
    assert observer.end[1].call.context is context
