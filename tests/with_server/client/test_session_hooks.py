"""Hooks, on every transport."""

from __future__ import absolute_import, division, print_function

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from raw_server import PATIENCE, answering, response
from tornado import gen
from tornado.concurrent import Future

import waterspout


class Oops(Exception):
    pass


@pytest.fixture
def server(serve):
    """/from leads to /to."""

    def behave(peer):
        for request in peer.requests():
            if request.target == "/from":
                peer.send(response(b"moved", status=302, headers=[("Location", "/to")]))
            else:
                peer.send(response(b"arrived"))

    return serve(behave)


def noting(seen):
    def hook(answer, *args, **kwargs):
        assert args == ()
        seen.append((answer.status_code, answer.url.rpartition("/")[2], kwargs))

    return hook


def test_a_hook_gets_every_response(server, client):
    """Redirects included, with requests' keywords."""
    seen = []
    client.get(server.url("/from"), hooks={"response": noting(seen)}, timeout=7)
    assert [each[:2] for each in seen] == [(302, "from"), (200, "to")]
    keywords = seen[0][2]
    assert sorted(keywords) == ["cert", "proxies", "stream", "timeout", "verify"]
    assert (keywords["stream"], keywords["verify"], keywords["cert"]) == (False, True, None)
    assert keywords["timeout"] == waterspout.ClientTimeout.of(7)


def test_hooks_run_in_order_and_may_replace_the_response(server, client):
    """Each gets what the one before made of it; None leaves it as it is."""
    replaced = []

    def first(answer, **kwargs):
        replaced.append(waterspout.Response(answer.request, 200, "OK", answer.headers, b"other"))
        return replaced[0]

    def second(answer, **kwargs):
        assert answer is replaced[0]

    hooks = {"response": [first, second]}
    assert client.get(server.url("/to"), hooks=hooks).content == b"other"
    assert hooks == {"response": [first, second]}


def test_a_hook_may_end_a_chain_of_redirects(server, client):
    """What it makes of a redirect decides whether there is one."""
    def hook(answer, **kwargs):
        return waterspout.Response(answer.request, 200, "OK", answer.headers, b"enough")

    assert client.get(server.url("/from"), hooks={"response": hook}).content == b"enough"
    assert len(server.received) == 1


def test_hooks_of_a_session_run_for_calls_without_any(server, client):
    """Run for every call that brings none of its own; a list or one callable."""
    session, own, call = client.session, [], []
    session.hooks["response"].append(noting(own))
    client.get(server.url("/to"))
    client.get(server.url("/to"), hooks={"response": noting(call)})
    client.get(server.url("/to"), hooks={})
    client.get(server.url("/to"), hooks={"response": []})
    assert (len(own), len(call)) == (3, 1)
    session.hooks = {"response": noting(own)}
    client.get(server.url("/to"))
    session.hooks = None
    client.get(server.url("/to"))
    assert (len(own), len(call)) == (4, 1)


def test_hooks_of_a_prepared_request():
    """register_hook and deregister_hook, of Request and PreparedRequest."""
    for made in (waterspout.Request("GET", "http://host/"),
                 waterspout.PreparedRequest("GET", "http://host/")):
        assert made.hooks == {"response": []}
        made.register_hook("response", [len, repr])
        made.register_hook("response", str)
        assert made.hooks == {"response": [len, repr, str]}
        assert made.deregister_hook("response", repr)
        assert not made.deregister_hook("response", repr)
        assert made.hooks == {"response": [len, str]}
        with pytest.raises(ValueError):
            made.register_hook("request", len)
        with pytest.raises(TypeError):
            made.register_hook("response", "len")
    assert waterspout.Request("GET", "http://host/", hooks={"response": len}).prepare().hooks == {
        "response": [len]}


def test_hooks_of_a_prepared_request_run(server, client):
    """Its own, or the session's where it has none; or none where no session prepared it."""
    own, call = [], []
    session, ours = client.session, noting(own)
    session.hooks["response"].append(ours)
    plain = waterspout.Request("GET", server.url("/to"))
    hooked = waterspout.Request("GET", server.url("/to"), hooks={"response": noting(call)})
    assert session.prepare_request(plain).hooks == {"response": [ours]}
    assert session.prepare_request(hooked).hooks == hooked.hooks
    for prepared in (session.prepare_request(plain), session.prepare_request(hooked),
                     plain.prepare(), hooked.prepare()):
        client.run(partial(session.send, prepared))
    assert (len(own), len(call)) == (1, 2)


def test_an_invalid_hook_is_refused_at_once(client):
    """An event that there is not; what cannot be called."""
    with pytest.raises(ValueError):
        client.get("http://127.0.0.1:1/", hooks={"reponse": len})
    with pytest.raises(TypeError):
        client.get("http://127.0.0.1:1/", hooks={"response": ["len"]})


@pytest.mark.parametrize("path", ["/from", "/to"])
def test_a_hook_that_fails_fails_the_call(server, client, path):
    """With its own error; nothing is held, and the next call is served."""

    def hook(answer, **kwargs):
        if answer.url.endswith(path):
            raise Oops()

    with pytest.raises(Oops):
        client.get(server.url("/from"), hooks={"response": hook})
    client.wait_until_idle()
    assert client.get(server.url("/from")).content == b"arrived"


def test_a_hook_that_fails_closes_a_stream(serve, io_loop, servers):
    """The connection is given up although the error, and all that it knows, is kept."""
    from client_fixtures import Client

    def endless(peer):
        peer.read_request()
        peer.send(response(b"begin", headers=[("Content-Length", "100")], length=False))
        peer.hold()
        gone.append(peer.gone.is_set())

    def hook(answer, stream, **kwargs):
        assert stream is True
        kept.append(answer)
        raise Oops()

    gone, kept = [], []
    client = Client(io_loop, "pooled")
    try:
        server = serve(endless)
        with pytest.raises(Oops) as caught:
            client.get(server.url(), stream=True, hooks={"response": hook}, timeout=600)
        client.wait_until_idle()
        client.wait_until(lambda: gone == [True])
        assert caught is not None
    finally:
        client.close()


def test_a_hook_gets_a_stream_at_its_head(serve, io_loop):
    """The body is still to be read, by the hook's caller."""
    from client_fixtures import Client

    client, seen = Client(io_loop, "pooled"), []
    try:
        server = serve(answering(response(b"whole")))
        answer = client.get(server.url(), stream=True, hooks={"response": noting(seen)})
        assert seen[0][2]["stream"] is True
        assert client.run(answer.read) == b"whole"
    finally:
        client.close()


def test_a_hook_may_return_a_future(server, client):
    """What it returns is waited for, on 2.7 as well: a Future, of a replacement, None or error."""
    futures = []

    @gen.coroutine
    def hook(answer, **kwargs):
        futures.append(answer.status_code)
        yield gen.moment
        if answer.status_code == 200:
            raise gen.Return(waterspout.Response(answer.request, 200, "OK", answer.headers, b"new"))

    @gen.coroutine
    def failing(answer, **kwargs):
        yield gen.moment
        raise Oops()

    assert client.get(server.url("/from"), hooks={"response": hook}).content == b"new"
    assert futures == [302, 200]
    with pytest.raises(Oops):
        client.get(server.url("/from"), hooks={"response": failing})
    client.wait_until_idle()


@pytest.mark.parametrize("path", ["/from", "/to"])
def test_the_deadline_holds_while_a_hook_waits(server, client, path):
    """``timeout.total`` is for the whole call. The hook's own Future is left alone: others wait."""
    waited = []

    def hook(answer, **kwargs):
        waited.append(Future())
        return waited[0] if answer.url.endswith(path) else None

    error = client.error_of("GET", server.url("/from"), hooks={"response": hook},
                            timeout=waterspout.ClientTimeout(total=0.2))
    assert (type(error), error.phase) == (waterspout.DeadlineExceeded, "read")
    assert error.request.url.endswith(path)
    client.wait_until_idle()
    assert not waited[0].done()


def test_a_hook_may_wait_for_a_thread(server, client):
    """What it does behind it, it does in the IOLoop's thread again."""
    seen, executor, later = [], ThreadPoolExecutor(1), threading.Event()

    def hook(answer, **kwargs):
        seen.append(threading.current_thread())
        client.io_loop.add_callback(later.set)
        return executor.submit(lambda: later.wait(PATIENCE) and None)

    client.get(server.url("/from"), hooks={
        "response": [hook, lambda answer, **kwargs: seen.append(threading.current_thread())]})
    assert set(seen) == {threading.current_thread()} and len(seen) == 4
    executor.shutdown()


def test_a_hook_may_make_a_call_of_the_session(server, client):
    """To log in, say, on the way of another call."""

    @gen.coroutine
    def hook(answer, **kwargs):
        other = yield client.session.get(server.url("/to"))
        assert other.content == b"arrived"

    assert client.get(server.url("/from"), hooks={"response": hook}).content == b"arrived"
    assert len(server.received) == 4
