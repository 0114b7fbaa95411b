from __future__ import absolute_import, division, print_function

import threading
import zlib

import pytest
from raw_server import PATIENCE, answering, response, then
from tornado import gen
from tornado.httputil import HTTPOutputError
from tornado.iostream import StreamClosedError
from tornado.simple_httpclient import HTTPStreamClosedError

import waterspout
from waterspout._async_http_client import fetch_exchange as exchange_module

OK = response(b"ok")


def gzipped(data):
    compressor = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def reading_chunks(received):
    """A behaviour: write down the body as it was sent, up to its last chunk, and answer."""

    def behave(peer):
        while True:
            peer.read_request(chunks=False)
            received.append(peer._read_until(b"0\r\n\r\n"))
            peer.send(OK)

    return behave


# Produced request bodies


def test_a_produced_body_without_a_length_is_chunked(serve, pooled):
    """One chunk for each write; none for an empty one, which would end the body."""
    received = []
    server, client = serve(reading_chunks(received)), pooled()

    @gen.coroutine
    def produce(write):
        yield write(b"12345")
        write(b"")
        yield gen.moment
        yield write(b"678")

    for _ in range(2):
        assert client.fetch(server.url(), method="POST", body_producer=produce).code == 200
    assert received == [b"5\r\n12345\r\n3\r\n678\r\n"] * 2
    assert dict(server.received[0].headers)["transfer-encoding"] == "chunked"
    assert server.accepted == 1


def test_a_produced_body_with_a_length_is_not_chunked(serve, pooled):
    """The Content-Length that the caller states is the framing."""
    server, client = serve(answering(OK)), pooled()

    def produce(write):
        write(b"1234")
        write(b"5678")

    for _ in range(2):
        client.fetch(server.url(), method="PUT", headers={"content-length": "8"},
                     body_producer=produce)
    assert [request.body for request in server.received] == [b"12345678"] * 2
    assert "transfer-encoding" not in dict(server.received[0].headers)
    assert server.accepted == 1


@pytest.mark.parametrize("stated", ["7", "9"])
def test_a_produced_body_of_another_length_is_an_error(serve, pooled, stated):
    """Too much or too little: HTTPOutputError, as from Tornado, and the connection is gone."""
    server, client = serve(answering(OK)), pooled()
    with pytest.raises(HTTPOutputError):
        client.fetch(server.url(), method="POST", headers={"Content-Length": stated},
                     body_producer=lambda write: write(b"12345678"))
    assert client.counts()["idle"] == client.counts()["active"] == 0


@pytest.mark.parametrize("stated", ["-1", "+8", "8 8", "8,8", "eight", "", u"\u0668"])
def test_an_invalid_content_length_is_refused(pooled, stated):
    """ValueError, and no connection is made for it."""
    client = pooled()
    with pytest.raises(ValueError):
        client.fetch("http://127.0.0.1:1/", method="POST", headers={"Content-Length": stated},
                     body_producer=lambda write: write(b"12345678"))
    assert client.counts() == {}


def test_a_length_without_a_body_is_refused(pooled):
    """The server would wait for what never comes."""
    client = pooled()
    with pytest.raises(HTTPOutputError):
        client.fetch("http://127.0.0.1:1/", headers={"Content-Length": "8"})
    assert client.counts() == {}


def test_a_transfer_coding_other_than_chunked_is_refused(pooled):
    """The client does not compress; the server would misread the body."""
    with pytest.raises(ValueError):
        pooled().fetch("http://127.0.0.1:1/", method="POST", body=b"x",
                       headers={"Transfer-Encoding": "gzip, chunked"})


def test_a_given_content_length_of_bytes_is_ignored(serve, pooled):
    """What the caller says of it does not matter."""
    server = serve(answering(OK))
    pooled().fetch(server.url(), method="POST", body=b"12",
                   headers={"Content-Length": "9", "Transfer-Encoding": "chunked"})
    assert server.received[0].body == b"12"
    assert "transfer-encoding" not in dict(server.received[0].headers)


@pytest.mark.parametrize("late", [False, True], ids=["at once", "later"])
def test_an_error_of_the_producer_is_raised(serve, pooled, late):
    """The original error; the request that was begun is not finished by anybody."""
    server, client = serve(lambda peer: peer.hold()), pooled()

    @gen.coroutine
    def fails_later(write):
        yield write(b"12")
        raise ZeroDivisionError("mine")

    def fails(write):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError):
        client.fetch(server.url(), method="POST", body_producer=fails_later if late else fails)
    assert client.counts()["active"] == client.counts()["idle"] == 0


def test_a_producer_that_writes_text_is_refused(serve, pooled):
    """Text is refused where it is written, not deep in the loop."""
    server = serve(lambda peer: peer.hold())
    with pytest.raises(TypeError):
        pooled().fetch(server.url(), method="POST", body_producer=lambda write: write(u"text"))


def test_an_early_response_ends_the_sending(serve, pooled):
    """The server refuses what it has not read: the producer is told, the response is given."""
    refusal = response(b"too large", status=413, reason="Too Large")
    server, client = serve(then(refusal, lambda peer: peer.hold())), pooled()
    ended = []

    @gen.coroutine
    def produce(write):
        try:
            while True:
                yield write(b"x" * 65536)
        except StreamClosedError:
            ended.append(True)
            raise

    answer = client.fetch(server.url(), method="POST", body_producer=produce, raise_error=False)
    assert (answer.code, answer.body) == (413, b"too large")
    client.wait_until(lambda: ended)
    assert client.counts()["idle"] == 0


def test_a_write_waits_for_the_socket(serve, pooled):
    """A producer that waits for its writes holds no more than the socket's buffer."""
    go_on = threading.Event()

    def behave(peer):
        head = peer._read_until(b"\r\n\r\n")
        assert head.startswith(b"POST")
        assert go_on.wait(PATIENCE)
        left = 64 * 65536 * 16 - len(peer._buffer)
        while left:
            left -= len(peer._sock.recv(min(left, 1 << 20)))
        peer.send(OK)

    server, other, client = serve(behave), serve(answering(OK)), pooled()
    written = []

    @gen.coroutine
    def produce(write):
        for _ in range(64):
            yield write(b"x" * (65536 * 16))
            written.append(True)

    future = client.begin(server.url(), method="POST", body_producer=produce,
                          headers={"Content-Length": str(64 * 65536 * 16)})
    client.wait_until(lambda: written)
    client.fetch(other.url())  # Whatever could be written by now has been.
    assert len(written) < 32
    go_on.set()
    assert client.wait_for(future).code == 200
    assert len(written) == 64


# Expect: 100-continue

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def expecting(received, first):
    """A behaviour: read the head, say ``first``, read a body of four bytes, answer."""

    def behave(peer):
        received.append(peer._read_until(b"\r\n\r\n"))
        received.append(peer._buffer)
        peer.send(first)
        while len(peer._buffer) < 4:
            peer._fill()
        received.append(peer._buffer)
        peer.send(OK)

    return behave


@pytest.mark.parametrize("body", [
    dict(body=b"1234"),
    dict(body_producer=lambda write: write(b"1234"), headers={"Content-Length": "4"}),
], ids=["bytes", "produced"])
@pytest.mark.parametrize("first", [CONTINUE, b""], ids=["asked for", "unasked"])
def test_the_body_waits_for_100_continue(serve, pooled, monkeypatch, body, first):
    """It is held back until the server asks for it, or for a second if it does not."""
    monkeypatch.setattr(exchange_module, "CONTINUE_SECONDS", 30.0 if first else 0.05)
    received = []
    server = serve(expecting(received, first))
    answer = pooled().fetch(server.url(), method="POST", expect_100_continue=True, **body)
    assert answer.code == 200
    head, early, late = received
    assert b"\r\nExpect: 100-continue\r\n" in head + b"\r\n"
    assert (early, late) == (b"", b"1234")


def test_a_final_response_to_the_head_ends_a_fetch_without_a_body(serve, pooled):
    """A final answer to the head alone: the body is not even begun."""
    server = serve(then(response(status=417, reason="No"), lambda peer: peer.hold()))
    begun = []
    answer = pooled().fetch(server.url(), method="POST", body_producer=begun.append,
                            expect_100_continue=True, raise_error=False)
    assert (answer.code, begun) == (417, [])


def test_expect_is_not_sent_without_a_body(serve, pooled):
    """RFC 9110 section 10.1.1: a request without a body must not ask."""
    server = serve(answering(OK))
    pooled().fetch(server.url(), expect_100_continue=True)
    assert "expect" not in dict(server.received[0].headers)


# Response bodies that are not whole, or too much

CUT_SHORT = {
    "by length": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok",
    "in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok",
    "without last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
    "in the head": b"HTTP/1.1 200 OK\r\nContent-",
}


@pytest.mark.parametrize("name", sorted(CUT_SHORT))
@pytest.mark.parametrize("streams", [False, True], ids=["buffered", "streamed"])
def test_a_body_cut_short_is_an_error(serve, pooled, name, streams):
    """It is never passed off as a whole one; the error's cause says how much is missing."""
    server = serve(then(CUT_SHORT[name]))
    pieces = []
    with pytest.raises(HTTPStreamClosedError) as caught:
        pooled().fetch(server.url(), streaming_callback=pieces.append if streams else None)
    cause = caught.value.__cause__
    assert isinstance(cause, waterspout.ReadError)
    assert "closed" in str(cause) and str(caught.value) == "Connection closed: %s" % cause
    assert b"".join(pieces) in (b"ok", b"")


def test_a_reset_raises_the_original_oserror(serve, pooled):
    """The original OSError, as from Tornado's own client."""
    server = serve(then(CUT_SHORT["by length"], lambda peer: peer.reset()))
    with pytest.raises(EnvironmentError):
        pooled().fetch(server.url())


BROKEN_GZIP = {
    "cut short": gzipped(b"hello " * 1000)[:-1],
    "no gzip": b"hello",
}


@pytest.mark.parametrize("name", sorted(BROKEN_GZIP))
def test_broken_gzip_is_an_error(serve, pooled, name):
    """Whole as HTTP has it, but not what it says; the cause says what is wrong."""
    server = serve(answering(response(BROKEN_GZIP[name], headers=[("Content-Encoding", "gzip")])))
    with pytest.raises(HTTPStreamClosedError) as caught:
        pooled().fetch(server.url())
    assert isinstance(caught.value.__cause__, waterspout.ContentDecodingError)
    assert str(caught.value).startswith("Connection closed: the ")
    assert "gzip" in str(caught.value)


def test_gzip_members_in_a_row_are_one_body(serve, pooled):
    """RFC 1952 section 2.2; and the headers say what was undone, as Tornado's do."""
    body = gzipped(b"a" * 70000) + gzipped(b"b")
    server = serve(answering(response(body, headers=[("Content-Encoding", "GZip")])))
    answer = pooled().fetch(server.url())
    assert answer.body == b"a" * 70000 + b"b"
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["X-Consumed-Content-Encoding"] == "GZip"


def test_a_coding_that_was_not_offered_is_not_decoded(serve, pooled):
    """They were not offered, so the caller gets what was sent."""
    for coding in ("deflate", "gzip, gzip", "br"):
        server = serve(answering(response(b"coded", headers=[("Content-Encoding", coding)])))
        answer = pooled().fetch(server.url())
        assert (answer.body, answer.headers["Content-Encoding"]) == (b"coded", coding)


RAW_DEFLATE = zlib.compress(b"a" * 70000)[2:-4]


@pytest.mark.parametrize("accepted", [
    "deflate", "gzip, deflate, br", "gzip;q=0.5,Deflate;q=0.5", "gzip, deflate ; q=0.001",
])
@pytest.mark.parametrize("body", [zlib.compress(b"a" * 70000), RAW_DEFLATE], ids=["zlib", "raw"])
@pytest.mark.parametrize("streams", [False, True], ids=["buffered", "streamed"])
def test_deflate_is_decoded_where_it_was_offered(serve, pooled, accepted, body, streams):
    """The caller's Accept-Encoding names it, so it is offered, and undone like gzip."""
    moved = response(b"", status=302, headers=[("Location", "/next")])
    server = serve(answering(moved, response(body, headers=[("Content-Encoding", "Deflate")])))
    pieces = []
    answer = pooled().fetch(server.url(), headers={"Accept-Encoding": accepted},
                            streaming_callback=pieces.append if streams else None)
    assert (b"".join(pieces) if streams else answer.body) == b"a" * 70000
    assert answer.headers["X-Consumed-Content-Encoding"] == "Deflate"
    for request in server.received:
        assert dict(request.headers)["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize("accepted", [
    "gzip", "br, x-deflate", "gzip, deflate;q=0", "deflate; q=0.0"])
def test_deflate_that_was_not_offered_is_not_decoded(serve, pooled, accepted):
    """Accept-Encoding does not name it either."""
    body = zlib.compress(b"hello")
    server = serve(answering(response(body, headers=[("Content-Encoding", "deflate")])))
    answer = pooled().fetch(server.url(), headers={"Accept-Encoding": accepted})
    assert dict(server.received[0].headers)["accept-encoding"] == "gzip"
    assert (answer.body, answer.headers["Content-Encoding"]) == (body, "deflate")


@pytest.mark.parametrize("body, error", [
    (b"hello", waterspout.ContentDecodingError),
    (zlib.compress(b"hello" * 1000)[:-1], waterspout.ContentDecodingError),
    (zlib.compress(b"\0" * (20 << 20)), waterspout.exceptions.ResponseTooLarge),
], ids=["no deflate", "cut short", "bomb"])
def test_bad_deflate_is_an_error(serve, pooled, body, error):
    """As bad gzip is."""
    server = serve(answering(response(body, headers=[("Content-Encoding", "deflate")])))
    with pytest.raises(HTTPStreamClosedError) as caught:
        pooled(max_body_size=1 << 20).fetch(server.url(), headers={"Accept-Encoding": "deflate"})
    assert isinstance(caught.value.__cause__, error)


@pytest.mark.parametrize("coding, body", [
    ("gzip", gzipped(b"hello")), ("deflate", zlib.compress(b"hello")),
])
def test_nothing_is_decoded_with_decompress_response_false(serve, pooled, coding, body):
    """With decompress_response=False the caller's Accept-Encoding is sent, and nothing undone."""
    server = serve(answering(response(body, headers=[("Content-Encoding", coding)])))
    client = pooled()
    answer = client.fetch(server.url(), decompress_response=False)
    assert "accept-encoding" not in dict(server.received[0].headers)
    assert answer.body == body
    answer = client.fetch(server.url(), decompress_response=False,
                          headers={"Accept-Encoding": coding})
    assert dict(server.received[1].headers)["accept-encoding"] == coding
    assert answer.body == body


@pytest.mark.parametrize("streams", [False, True], ids=["buffered", "streamed"])
def test_a_gzip_bomb_is_refused(serve, pooled, streams):
    """Twenty kilobytes that would be twenty megabytes end at max_body_size."""
    bomb = response(gzipped(b"\0" * (20 << 20)), headers=[("Content-Encoding", "gzip")])
    server, client = serve(answering(bomb, OK)), pooled(max_body_size=1 << 20)
    sizes = []
    with pytest.raises(HTTPStreamClosedError) as caught:
        client.fetch(server.url(), streaming_callback=(
            lambda piece: sizes.append(len(piece))) if streams else None)
    assert isinstance(caught.value.__cause__, waterspout.ResponseTooLarge)
    assert sum(sizes) <= 1 << 20
    assert client.fetch(server.url()).body == b"ok"


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_a_body_over_the_limit_is_refused(serve, pooled, framing):
    """However it is framed; one of exactly max_body_size is fine."""
    head = b"HTTP/1.1 200 OK\r\n"

    def framed(body):
        if framing == "length":
            return head + b"Content-Length: %d\r\n\r\n" % len(body) + body
        if framing == "chunked":
            return head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (
                len(body), body)
        return head + b"\r\n" + body

    client = pooled(max_body_size=1000)
    assert client.fetch(serve(then(framed(b"x" * 1000))).url()).body == b"x" * 1000
    with pytest.raises(HTTPStreamClosedError) as caught:
        client.fetch(serve(then(framed(b"x" * 1001))).url())
    assert isinstance(caught.value.__cause__, waterspout.ResponseTooLarge)


# Responses that bend the rules

BENT = [
    b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 103 Hints\r\nContent-Length: 5\r\n\r\n" + OK,
    b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    b"HTTP/1.0 200 OK\r\nServer: x\r\nContent-Type: text/plain\nContent-Length: 2\n\nok",
    b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2\r\nok\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2  \r\nok\r\n0\r\n\r\n",
]


@pytest.mark.parametrize("reply", BENT)
def test_a_response_that_bends_the_rules_is_the_last_on_its_connection(serve, pooled, reply):
    """Every client reads it, so do we; the connection is closed, whatever may follow."""
    server, client = serve(answering(reply, OK)), pooled()
    answer = client.fetch(server.url(), raise_error=False)
    assert answer.code in (200, 204, 304)
    assert answer.body == (b"ok" if answer.code == 200 else b"")
    assert client.fetch(server.url()).body == b"ok"
    assert server.accepted == 2
