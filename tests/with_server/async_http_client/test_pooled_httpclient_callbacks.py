from __future__ import absolute_import, division, print_function

import logging
import threading

import pytest
from raw_server import answering, response, then
from tornado import gen
from tornado.concurrent import Future
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError

OK = response(b"ok")

#: More than the sockets of a connection hold between them.
LARGE = 64 << 20


def sending(size, sent):
    """A behaviour: answer with ``size`` bytes and set ``sent`` when the last one was taken."""

    def behave(peer):
        peer.read_request()
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        # A MiB, no two lines alike.
        block = b"".join(b"%07d\n" % number for number in range(1 << 17))
        for _ in range(size >> 20):
            peer.send(block)
        sent.set()

    return behave


def test_a_streaming_callback_gets_the_body_in_order(serve, pooled):
    """All of the body goes to the callback, once."""
    sent, pieces = threading.Event(), []
    server = serve(sending(4 << 20, sent))
    answer = pooled().fetch(server.url(), streaming_callback=pieces.append)
    body = b"".join(pieces)
    assert len(body) == 4 << 20
    assert body[:1 << 20] * 4 == body
    assert answer.body == b""
    assert len(pieces) > 4


def test_nothing_is_read_while_a_callback_is_awaited(serve, pooled):
    """The server has to wait, however much it has to send; then all of it comes, in order."""
    sent, total, held = threading.Event(), [0], []
    server, other, client = serve(sending(LARGE, sent)), serve(answering(OK)), pooled()

    def callback(piece):
        total[0] += len(piece)
        if len(held) < 3:
            held.append(Future())
            return held[-1]

    future = client.begin(server.url(), streaming_callback=callback)
    for number in range(3):
        client.wait_until(lambda number=number: len(held) > number)
        before = total[0]
        for _ in range(100):  # Rounds enough to read all of it.
            client.fetch(other.url())
        assert (total[0], len(held)) == (before, number + 1)
        assert not sent.is_set()
        client.run(lambda number=number: held[number].set_result(None))
    client.wait_for(future)
    assert total == [LARGE]


def test_a_fetch_is_done_when_its_last_callback_is(serve, pooled):
    """The fetch is done when the last callback is; its connection serves others before."""
    server, client, held, pieces = serve(answering(OK)), pooled(), [], []

    def callback(piece):
        pieces.append(piece)
        held.append(Future())
        return held[-1]

    future = client.begin(server.url(), streaming_callback=callback)
    client.wait_until(lambda: held)
    assert client.fetch(server.url()).body == b"ok"
    assert server.accepted == 1
    assert not future.done()
    client.run(lambda: held[0].set_result(None))
    client.wait_for(future)
    assert pieces == [b"ok"]


def test_a_result_of_a_callback_that_is_not_awaitable_is_ignored(serve, pooled, tmpdir):
    """``file.write`` returns a number, which cannot be awaited."""
    server = serve(answering(OK))
    path = tmpdir.join("body")
    with path.open("wb") as file:
        pooled().fetch(server.url(), streaming_callback=file.write)
    assert path.read_binary() == b"ok"


def test_coroutine_callbacks_run_one_after_the_other(serve, pooled):
    """The next piece is given when the coroutine of the one before has ended."""
    chunks = b"".join(b"1\r\n%d\r\n" % number for number in range(10))
    server = serve(answering(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"))
    running, pieces = [], []

    @gen.coroutine
    def callback(piece):
        running.append(piece)
        assert len(running) == 1
        yield gen.moment
        pieces.append(running.pop())

    pooled().fetch(server.url(), streaming_callback=callback)
    assert b"".join(pieces) == b"0123456789"


@pytest.mark.parametrize("option, late", [
    ("header_callback", False), ("streaming_callback", False), ("streaming_callback", True),
])
def test_an_error_of_a_callback_is_logged_and_ends_the_fetch(
        serve, pooled, caplog, option, late):
    """As with Tornado's own client; the connection is not reused."""
    server, client = serve(then(OK[:-1], lambda peer: peer.hold())), pooled()

    @gen.coroutine
    def fails_later(data):
        yield gen.moment
        raise ZeroDivisionError("mine")

    def fails(data):
        raise ZeroDivisionError("mine")

    with caplog.at_level(logging.ERROR, "tornado.application"):
        with pytest.raises(HTTPStreamClosedError):
            client.fetch(server.url(), **{option: fails_later if late else fails})
    [record] = [each for each in caplog.records if each.name == "tornado.application"]
    assert record.getMessage() == "Uncaught exception"
    assert record.exc_info[0] is ZeroDivisionError
    assert client.counts()["idle"] == client.counts()["active"] == 0


@pytest.mark.parametrize("whole", [False, True], ids=["while more comes", "after the last byte"])
def test_a_callback_that_never_ends_is_ended_by_request_timeout(serve, pooled, whole):
    """The request_timeout is for all of it."""
    server = serve(then(OK if whole else OK[:-1], lambda peer: peer.hold()))
    client = pooled()
    with pytest.raises(HTTPTimeoutError) as caught:
        client.fetch(server.url(), request_timeout=0.2, streaming_callback=lambda piece: Future())
    assert str(caught.value) == "Timeout during request"
    assert client.counts()["active"] == 0


def test_header_lines_come_before_the_body(serve, pooled):
    """Start line, headers as Tornado normalises their names, the empty line; then the body."""
    server = serve(answering(response(b"ok", reason="Fine", headers=[("x-a", "1"), ("X-A", "2")])))
    calls = []
    answer = pooled().fetch(server.url(), header_callback=calls.append,
                            streaming_callback=calls.append)
    assert calls[0] == "HTTP/1.1 200 Fine\r\n"
    assert sorted(calls[1:-2]) == ["Content-Length: 2\r\n", "X-A: 1\r\n", "X-A: 2\r\n"]
    assert calls[-2:] == ["\r\n", b"ok"]
    assert answer.headers["X-A"] == "1,2"


def test_header_callbacks_do_not_get_informational_responses(serve, pooled):
    """Early hints are not the response."""
    server = serve(answering(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK))
    lines = []
    answer = pooled().fetch(server.url(), header_callback=lines.append)
    assert "Link" not in answer.headers
    assert lines[0] == "HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize("option", ["streaming_callback", "header_callback", "body_producer"])
def test_callbacks_run_in_the_context_of_their_fetch(serve, pooled, option):
    """A connection is made in one caller's context and used in another's."""
    contextvars = pytest.importorskip("contextvars")
    server, client = serve(answering(OK)), pooled(max_clients=1)
    caller = contextvars.ContextVar("caller", default="none")
    seen = []

    def fetch_as(name):
        caller.set(name)
        options = {option: lambda data: seen.append((name, caller.get()))}
        if option == "body_producer":
            options.update(method="POST", headers={"Content-Length": "0"})
        return client.client.fetch(server.url(), **options)

    futures = client.run(lambda: [
        contextvars.copy_context().run(fetch_as, name) for name in ("first", "second", "third")])
    for future in futures:
        client.wait_for(future)
    assert server.accepted == 1
    assert set(seen) == {("first", "first"), ("second", "second"), ("third", "third")}
