"""An upstream whose streamed body is a bomb, too large, cut short, stalled or nonsense."""

from __future__ import absolute_import, division, print_function

import threading
import zlib

import pytest
from differences import skip_unless_streaming
from raw_server import PATIENCE, answering, response, then

import waterspout
from waterspout._decoding import decompressors
from waterspout.constants import CHUNK_BYTES

MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def can_stream(transport):
    skip_unless_streaming(transport)


@pytest.fixture
def silent():
    """A step of a behaviour: say nothing more until the test ends."""
    over = threading.Event()
    yield lambda peer: over.wait(PATIENCE)
    over.set()


def gzipped(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def pull(client, response, size=None):
    """Every piece to the end; at most two are kept."""
    pieces = response.iter_content(size)
    count = longest = 0
    while True:
        piece = client.run(pieces.next)
        if not piece:
            return count, longest
        count, longest = count + len(piece), max(longest, len(piece))


def fails(client, call):
    """What the call fails with, when all is idle again."""
    with pytest.raises(waterspout.RequestException) as caught:
        client.run(call)
    error = caught.value
    assert (error.phase, error.request.method) == ("read", "GET")
    assert str(error).startswith("GET http://")
    client.wait_until_idle()
    return type(error)


def test_a_streamed_decompression_bomb_comes_in_bounded_pieces(serve, make_client):
    """What takes pieces decides how much it wants: none of them is larger than any."""
    bomb = response(gzipped(b"\0" * (20 * MIB)), headers=[("Content-Encoding", "gzip")])
    client = make_client(max_body_bytes=MIB)
    answer = client.get(serve(answering(bomb)).url(), stream=True)
    assert pull(client, answer) == (20 * MIB, CHUNK_BYTES)


@pytest.mark.parametrize("coding", sorted(decompressors.DECOMPRESSORS))
def test_read_stops_a_decompression_bomb_at_max_body_bytes(serve, make_client, coding):
    """read() keeps all of it, so it stops at max_body_bytes."""
    zstd = decompressors.zstd or decompressors.zstandard
    make = {"br": decompressors.brotli, "zstd": zstd}.get(coding)
    data = b"\0" * (20 * MIB)
    bomb = make.compress(data) if make else zlib.compress(data) if coding == "deflate" else (
        gzipped(data))
    server = serve(answering(response(bomb, headers=[("Content-Encoding", coding)])))
    client = make_client(max_body_bytes=MIB)
    answer = client.get(server.url(), stream=True)
    assert fails(client, answer.read) is waterspout.ResponseTooLarge


@pytest.mark.parametrize("length", [True, False])
def test_a_large_body_is_streamed_but_not_read_into_memory(serve, make_client, length):
    """max_body_bytes is about what is kept: pieces may be as many as they like."""
    body = response(b"a" * (2 * MIB), headers=[("Connection", "close")], length=length)
    server = serve(then(body))
    client = make_client(max_body_bytes=MIB)
    assert pull(client, client.get(server.url(), stream=True), 1000)[0] == 2 * MIB
    answer = client.get(server.url(), stream=True)
    assert fails(client, answer.read) is waterspout.ResponseTooLarge


@pytest.mark.parametrize("coding, body", [
    ("gzip", b"nonsense"), ("gzip", gzipped(b"a" * 1000)[:-1]), ("what", b"a"),
    (", ".join(["gzip"] * 20), b"a"),
], ids=["nonsense", "cut", "unknown", "many"])
def test_a_body_that_cannot_be_decoded_is_an_error(serve, client, coding, body):
    """By the coding's own rules, as of a body that is not streamed."""
    server = serve(answering(response(body, headers=[("Content-Encoding", coding)])))
    answer = client.get(server.url(), stream=True)
    assert fails(client, answer.read) is waterspout.ContentDecodingError


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_body_that_stalls_is_a_read_timeout(serve, make_client, silent, framing):
    """timeout.read counts between two pieces as before the first."""
    head = b"Content-Length: 9999\r\n\r\n" if framing == "length" else (
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n")
    server = serve(then(b"HTTP/1.1 200 OK\r\n" + head + b"piece", silent))
    client = make_client(timeout=(5, 0.3))
    answer = client.get(server.url(), stream=True)
    assert fails(client, answer.read) is waterspout.exceptions.BodyTimeout


def test_the_deadline_holds_for_a_streamed_body(serve, make_client, silent):
    """timeout.total is for the whole call, its streamed body included."""
    server = serve(then(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\npiece", silent))
    client = make_client(timeout=waterspout.ClientTimeout(connect=5, read=2, total=0.3))
    answer = client.get(server.url(), stream=True)
    with pytest.raises(waterspout.DeadlineExceeded):
        client.run(answer.read)
    client.wait_until_idle()


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_body_cut_short_is_an_error(serve, client, framing):
    """What came is no whole body."""
    head = b"Content-Length: 9999\r\n\r\n" if framing == "length" else (
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n")
    server = serve(then(b"HTTP/1.1 200 OK\r\n" + head + b"piece"))
    answer = client.get(server.url(), stream=True)
    assert fails(client, answer.read) is waterspout.exceptions.IncompleteBody


def test_a_closed_session_fails_its_streams(serve, client, silent):
    """A reader that waits is told."""
    server = serve(then(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\npiece", silent))
    answer = client.get(server.url(), stream=True)

    def close():
        reading = answer.read()
        client.session.close()
        return reading

    with pytest.raises(waterspout.ConnectionError):
        client.run(close)
