"""Keywords in combination: streams, files, deadlines, redirects, and sending again."""

from __future__ import absolute_import, division, print_function

import gc
import io
import threading
import weakref

import pytest
from differences import skip_unless_streaming
from raw_server import PATIENCE, answering, response, then
from tornado import gen

import waterspout
from waterspout._compat import resolved

CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"


def test_a_stream_that_is_waited_for_is_kept(serve, client):
    """Also where nothing else leads to the coroutine that waits."""
    skip_unless_streaming(client.transport)
    go_on = threading.Event()
    server = serve(then(CHUNKED_HEAD, lambda peer: go_on.wait(PATIENCE), b"3\r\ndef\r\n0\r\n\r\n"))
    got = []

    @gen.coroutine
    def consume():
        answer = yield client.session.get(server.url(), stream=True)
        pieces = answer.iter_content()
        while not got or got[-1]:
            got.append((yield pieces.next()))

    client.run(lambda: resolved(client.io_loop.spawn_callback(consume)))
    client.wait_until(lambda: got == [b"abc"])
    gc.collect()
    go_on.set()
    client.wait_until(lambda: got == [b"abc", b"def", b""])


def test_a_session_closed_beneath_a_stream_leaves_nothing(serve, client):
    """The server sees its connection closed, on every transport."""
    skip_unless_streaming(client.transport)
    peers, closed = [], threading.Event()

    def go_on(peer):
        if client.transport == "threads":  # Its thread is in a read, until something comes.
            closed.wait(PATIENCE)
            peer.send(b"3\r\ndef\r\n")
        peer.hold()

    server = serve(then(peers.append, CHUNKED_HEAD, go_on))
    answer = client.get(server.url(), stream=True)
    assert client.run(answer.iter_content().next) == b"abc"
    client.run(client.session.close)
    del answer
    closed.set()
    client.wait_until(lambda: peers[0].gone.is_set())


def test_a_request_sent_later_has_a_deadline_of_its_own(serve, client):
    """``response.next`` of a call whose time is up can still be sent."""
    totals = []
    server = serve(answering(response(status=302, headers=[("Location", "/to")]), response(b"x")))
    first = client.get(
        server.url(), allow_redirects=False, timeout=waterspout.ClientTimeout(total=PATIENCE))
    following = first.next
    following.register_hook(
        "response", lambda response, **options: totals.append(options["timeout"].total))
    answer = client.run(lambda: client.session.send(following, timeout=PATIENCE))
    assert answer.content == b"x" and totals == [None]


@pytest.mark.parametrize("how", ["data", "files"])
def test_a_prepared_file_may_be_sent_twice(serve, client, how):
    """One after the other: each from where the file stood."""
    server = serve(answering(response(b"x")))
    file = io.BytesIO(b"0123456789")
    file.seek(2)
    keywords = {"data": file} if how == "data" else {"files": {"name": file}}
    prepared = client.session.prepare_request(
        waterspout.Request("POST", server.url(), **keywords))
    for _ in range(2):
        client.run(lambda: client.session.send(prepared))
    first, second = server.received
    assert first.body == second.body and b"23456789" in second.body


def test_a_get_after_a_post_sends_no_expect(serve, client):
    """RFC 9110 section 10.1.1: no Expect without content."""
    server = serve(answering(response(status=303, headers=[("Location", "/to")]), response(b"x")))
    client.post(server.url(), headers={"Expect": "100-continue"})
    assert "expect" not in dict(server.received[1].headers)


def test_the_error_of_a_closed_session_shows_no_secret(client):
    """Of the call that came too late."""
    client.run(client.session.close)
    with pytest.raises(waterspout.SessionClosed) as caught:
        client.session.get("http://user:secret@127.0.0.1/?token=secret")
    assert "secret" not in str(caught.value)


def test_calls_that_gave_up_waiting_are_not_kept(serve, make_client):
    """However many, while one that never ends has the only place."""
    over = threading.Event()
    server = serve(then(lambda peer: over.wait(PATIENCE)))
    client = make_client(max_connections=1, max_workers=1)

    @gen.coroutine
    def calls():
        client.session.get(server.url())
        references = []
        for _ in range(10):
            call = client.session.get(
                server.url(), timeout=waterspout.ClientTimeout(pool=0.001, connect=None, read=None))
            with pytest.raises(waterspout.PoolTimeout):
                yield call
            references.append(weakref.ref(call))
            del call
        gc.collect()
        raise gen.Return(sum(reference() is not None for reference in references))

    try:
        assert client.run(calls) <= 1
    finally:
        over.set()
