"""Compressed request bodies: what the application sees of them, and what is refused."""

from __future__ import absolute_import, division, print_function

import gzip
import inspect
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado import gen, http1connection
from tornado.httputil import HTTPHeaders, HTTPInputError, HTTPMessageDelegate, RequestStartLine
from tornado.ioloop import IOLoop

from waterspout._compat import Future, resolve
from waterspout._http_server import decompression
from waterspout._http_server.decompression import DecompressingDelegate

START_LINE = RequestStartLine("POST", "/", "HTTP/1.1")


def compressed(data):
    packed = io.BytesIO()
    with gzip.GzipFile(mode="w", fileobj=packed) as file:
        file.write(data)
    return packed.getvalue()


class Connection(object):
    def __init__(self, max_body_size):
        self.max_body_size = max_body_size


class Delegate(HTTPMessageDelegate):
    """Notes what it is called with; `data_received` returns what `answer()` does.

    Attributes: pieces ([bytes]): of the body; ends ([str]): "finish" or "close".
    """

    def __init__(self):
        self.pieces = []
        self.ends = []
        self.headers = None
        self.answer = lambda: None

    def headers_received(self, start_line, headers):
        self.headers = headers
        return "returned"

    def data_received(self, chunk):
        assert not self.ends
        self.pieces.append(chunk)
        return self.answer()

    def finish(self):
        self.ends.append("finish")

    def on_connection_close(self):
        self.ends.append("close")

    @property
    def body(self):
        return b"".join(self.pieces)


def wrapped(coding="gzip", limit=None, chunk_size=65536):
    delegate, connection = Delegate(), Connection(limit)
    ours = DecompressingDelegate(delegate, connection, chunk_size)
    headers = HTTPHeaders({} if coding is None else {"Content-Encoding": coding})
    assert ours.headers_received(START_LINE, headers) == "returned"
    return ours, delegate, connection


def give(delegate, chunks, finish=True):
    """Call `delegate` as a connection does. Return the text of its refusal, or None."""

    @gen.coroutine
    def call():
        for chunk in chunks:
            waiting = delegate.data_received(chunk)
            if waiting is not None:
                yield waiting
        if finish:
            delegate.finish()

    loop = IOLoop(make_current=False)
    try:
        loop.run_sync(call)
    except HTTPInputError as error:
        return str(error)
    finally:
        loop.close()


def cut(data, sizes):
    """``data`` in pieces of ``sizes``, and then the rest."""
    pieces = []
    for size in sizes:
        pieces.append(data[:size])
        data = data[size:]
    return [piece for piece in pieces + [data] if piece]


@pytest.mark.parametrize("coding", ["gzip", "GZIP"])
def test_a_compressed_body_arrives_decoded(coding):
    """The application can see that it was compressed."""
    ours, delegate, _ = wrapped(coding)
    assert give(ours, [compressed(b"body")]) is None
    assert (delegate.pieces, delegate.ends) == ([b"body"], ["finish"])
    assert dict(delegate.headers) == {"X-Consumed-Content-Encoding": coding}


@pytest.mark.parametrize("coding", [None, "", "identity", "deflate", "x-gzip", "gzip, gzip"])
def test_any_other_body_arrives_as_it_is(coding):
    ours, delegate, _ = wrapped(coding, limit=1)
    delegate.answer = lambda: "a Future"
    assert ours.data_received(b"\x1f\x8b") == "a Future"
    ours.finish()
    assert (delegate.pieces, delegate.ends) == ([b"\x1f\x8b"], ["finish"])
    assert delegate.headers.get("Content-Encoding") == coding


@given(
    st.lists(st.binary(max_size=50).map(lambda data: data * 7), max_size=4),
    st.lists(st.integers(1, 30), max_size=8), st.integers(1, 40))
def test_members_in_any_pieces_are_decoded(members, sizes, chunk_size):
    """Several in a row, cut anywhere; the application gets small pieces."""
    ours, delegate, _ = wrapped(chunk_size=chunk_size)
    assert give(ours, cut(b"".join(map(compressed, members)), sizes)) is None
    assert delegate.body == b"".join(members) and delegate.ends == ["finish"]
    assert all(0 < len(piece) <= chunk_size for piece in delegate.pieces)


@pytest.mark.parametrize("body", [
    b"no gzip", b"\x1f", b"\x1f\x8b", compressed(b"x")[:-1], compressed(b"x")[:-8] + b"12345678",
    compressed(b"x") + b"garbage", compressed(b"x") + b"\0\0", compressed(b"x") * 2 + b"\x1f",
])
@pytest.mark.parametrize("size", [1, 1000])
def test_a_malformed_or_incomplete_body_is_refused(body, size):
    """The application is told that the request ended, and not that it is complete."""
    ours, delegate, _ = wrapped()
    assert "invalid gzip data" in give(ours, cut(body, [size] * len(body)))
    assert "finish" not in delegate.ends


def test_an_incomplete_body_closes_the_request():
    """The connection calls nothing after `finish`, so that this must be done there."""
    ours, delegate, _ = wrapped()
    assert "incomplete" in give(ours, [compressed(b"body")[:-1]])
    assert (delegate.pieces, delegate.ends) == ([b"body"], ["close"])


def test_the_connections_end_is_passed_on():
    ours, delegate, _ = wrapped()
    ours.on_connection_close()
    assert delegate.ends == ["close"]


def test_the_limit_counts_decoded_bytes():
    """Of all members together."""
    for size in (100, 101):
        ours, delegate, _ = wrapped(limit=100, chunk_size=10)
        refusal = give(ours, [compressed(b"x" * 60) + compressed(b"x" * (size - 60))])
        assert len(delegate.body) == 100
        assert refusal is None if size == 100 else "decompressed body too large" in refusal


def test_the_application_may_change_the_limit():
    """For one request, until the body is there."""
    ours, delegate, connection = wrapped(limit=1)
    connection.max_body_size = 1000
    assert give(ours, [compressed(b"x" * 1000)]) is None and len(delegate.body) == 1000


def test_a_bomb_is_not_decoded_beyond_the_limit():
    """A megabyte of gzip that holds a gigabyte."""
    ours, delegate, _ = wrapped(limit=1000000)
    assert "too large" in give(ours, [compressed(b"\0" * 64000000)] * 16)
    assert len(delegate.body) <= 1000000


def test_zlib_gets_little_at_a_time(monkeypatch):
    """It copies the input after the end of a member, and 3,000 empty members are 64 KB."""
    sizes = []

    class Noting(decompression.ZlibDecompressor):
        def decompress(self, data, room):
            sizes.append(len(data))
            return super(Noting, self).decompress(data, room)

    monkeypatch.setattr(decompression, "ZlibDecompressor", Noting)
    ours, delegate, _ = wrapped()
    assert give(ours, [compressed(b"") * 3000]) is None and delegate.body == b""
    assert len(sizes) >= 3000 and max(sizes) <= 16384


def test_a_delegate_that_waits_holds_the_next_piece():
    """Back-pressure: no piece is decoded until the Future is done."""
    ours, delegate, _ = wrapped(chunk_size=1)
    holds = []

    def answer():
        holds.append(Future())
        return holds[-1]

    @gen.coroutine
    def check():
        delegate.answer = answer
        giving = ours.data_received(compressed(b"abc"))
        for expected in ([b"a"], [b"a", b"b"], [b"a", b"b", b"c"]):
            assert delegate.pieces == expected and not giving.done()
            resolve(holds[-1], None)
            for _ in range(5):
                yield gen.moment
        yield giving

    loop = IOLoop(make_current=False)
    loop.run_sync(check)
    loop.close()


def tornados(delegate, limit, chunk_size):
    return http1connection._GzipMessageDelegate(delegate, chunk_size, limit)


def takes_limit():
    """Whether the installed Tornado limits decoded bytes, as 6.6 does."""
    return "max_body_size" in inspect.getsource(http1connection._GzipMessageDelegate)


@pytest.mark.skipif(not takes_limit(), reason="Tornado 6.6")
@given(
    st.lists(st.one_of(
        st.binary(max_size=60).map(compressed), st.binary(max_size=3),
        st.binary(min_size=1, max_size=60).map(lambda data: compressed(data)[:-3])), max_size=3),
    st.lists(st.integers(1, 30), max_size=6), st.integers(1, 20), st.integers(1, 100))
def test_a_body_ends_as_with_tornado(parts, sizes, chunk_size, limit):
    """With the same bytes, or refused: for which fault, if there are several, may differ."""
    results = []
    for make in (tornados, lambda delegate, limit, chunk_size: DecompressingDelegate(
            delegate, Connection(limit), chunk_size)):
        delegate = Delegate()
        made = make(delegate, limit, chunk_size)
        made.headers_received(START_LINE, HTTPHeaders({"Content-Encoding": "gzip"}))
        refusal = give(made, cut(b"".join(parts), sizes))
        assert len(delegate.body) <= limit and (refusal is None) == ("finish" in delegate.ends)
        results.append(delegate.body if refusal is None else "refused")
    assert results[0] == results[1]
