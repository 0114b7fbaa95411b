"""A body that is pulled: paused, decoded when it is asked for, closed; with no connection."""

from __future__ import absolute_import, division, print_function

import gc
import gzip
import io

import pytest

from waterspout._compat import monotonic
from waterspout._decoding.body_stream import BodyStream
from waterspout.constants import STREAM_BUFFER_BYTES
from waterspout.exceptions import (
    ContentDecodingError,
    ReadError,
    ResponseTooLarge,
    StreamClosed,
)
from waterspout.limits import Limits


class Source(object):
    """The exchange that fills a stream; notes what it is told."""

    reading = None

    def __init__(self):
        self.told = []

    def pause(self):
        self.told.append("pause")

    def resume(self):
        self.told.append("resume")

    def cancel(self):
        self.told.append("cancel")

    def failure(self, error_class, what, cause=None):
        return error_class(what)


@pytest.fixture
def source(current_loop):
    return Source()


@pytest.fixture
def stream(source):
    return BodyStream(source, None, Limits(max_body_bytes=100))


def zipped(data):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(data)
    return packed.getvalue()


def test_pieces_are_read_as_they_come(stream):
    """``b""`` is the end, again and again."""
    stream.feed(b"1")
    stream.feed(b"2")
    stream.end()
    assert [stream.read().result() for _ in range(4)] == [b"1", b"2", b"", b""]


def test_a_reader_waits_for_the_next_piece(stream, source):
    """One read at a time: another one meanwhile is the same. The exchange keeps the stream."""
    reading = stream.read()
    assert not reading.done() and stream.read() is reading and source.reading is stream
    stream.feed(b"1")
    assert reading.result() == b"1" and source.reading is None
    last = stream.read()
    stream.end()
    assert last.result() == b""


def test_the_server_pauses_while_the_reader_is_slow(stream, source):
    """From so many bytes on, until all of them were read."""
    half = b"x" * (STREAM_BUFFER_BYTES // 2)
    stream.feed(half)
    assert source.told == []
    stream.feed(half)
    stream.feed(b"more")
    assert source.told == ["pause"]
    stream.read()
    stream.read()
    assert source.told == ["pause"]
    stream.read()
    assert source.told == ["pause", "resume"]


def test_an_error_follows_what_came_before_it(stream):
    """It is raised each time."""
    error = ReadError("reset")
    stream.feed(b"1")
    stream.fail(error)
    stream.fail(ReadError("later"))
    assert stream.read().result() == b"1"
    assert [stream.read().exception() for _ in range(2)] == [error, error]


def test_an_error_ends_a_read_that_waits(stream):
    """At once."""
    reading, error = stream.read(), ReadError("reset")
    stream.fail(error)
    assert reading.exception() is error


def test_a_body_is_decoded_as_it_is_read(source):
    """By its Content-Encoding."""
    stream = BodyStream(source, "gzip", Limits())
    data = zipped(b"body")
    for at in range(len(data)):
        stream.feed(data[at:at + 1])
    stream.end()
    pieces = []
    while not pieces or pieces[-1]:
        pieces.append(stream.read().result())
    assert b"".join(pieces) == b"body"


@pytest.mark.parametrize("data", [b"not gzip", zipped(b"body" * 100)[:-9]])
def test_a_body_that_is_not_in_its_coding_is_an_error(source, data):
    """Wrong from the start, or cut short."""
    stream = BodyStream(source, "gzip", Limits())
    stream.feed(data)
    stream.end()
    while True:
        reading = stream.read()
        if reading.exception() is not None:
            break
        assert reading.result()
    assert type(reading.exception()) is ContentDecodingError


def test_a_body_that_cannot_be_decoded_ends_its_exchange(source):
    """The rest is not wanted."""
    stream = BodyStream(source, "gzip", Limits())
    stream.feed(b"not gzip")
    assert type(stream.read().exception()) is ContentDecodingError
    assert source.told == ["cancel"]
    stream.feed(b"more")
    assert type(stream.read().exception()) is ContentDecodingError


def test_the_whole_of_a_body_is_its_pieces_joined(source, current_loop):
    """Without recursion, however many they are; ``keep`` gets it before the reader."""
    kept = []
    stream = BodyStream(source, None, Limits())
    for _ in range(5000):
        stream.feed(b"x")
    whole = stream.read_all(kept.append)
    stream.end()
    assert current_loop.run_sync(lambda: whole) == b"x" * 5000 and kept == [b"x" * 5000]


def test_a_whole_body_has_a_limit(stream, source, current_loop):
    """``max_body_bytes``: the exchange ends when it is passed."""
    whole = stream.read_all(lambda content: None)
    stream.feed(b"x" * 101)
    with pytest.raises(ResponseTooLarge, match="the body is more than 100 bytes"):
        current_loop.run_sync(lambda: whole)
    assert source.told == ["cancel"]


def test_closing_a_stream_ends_its_exchange(stream, source):
    """Once; a read that waits fails, and so does one that comes."""
    reading = stream.read()
    stream.close()
    stream.close()
    assert source.told == ["cancel"]
    assert type(reading.exception()) is type(stream.read().exception()) is StreamClosed


def test_closing_a_stream_that_has_ended_keeps_its_connection(stream, source):
    """All of the body came; what was not read is still there."""
    stream.feed(b"1")
    stream.end()
    stream.close()
    assert source.told == [] and stream.read().result() == b"1"


def test_a_drop_is_told_on_the_loop(source, current_loop):
    """At once, whichever thread collects it, the exchange ends; functions are called later."""
    stream, told, later = BodyStream(source, None, Limits()), [], []
    stream.when_ended(lambda *args: told.append(args), lambda *args: later.append(args))
    del stream
    gc.collect()
    assert source.told == ["cancel"] and told == []
    [(function, ended, error)] = later
    function(ended, error)
    assert told == [(ended, error)] and type(error) is StreamClosed and ended <= monotonic()


@pytest.mark.parametrize("how", ["end", "fail", "close"])
def test_another_end_is_told_at_once(source, stream, how):
    """It comes on the loop."""
    told = []
    stream.when_ended(lambda ended, error: told.append(type(error)), None)
    if how == "fail":
        stream.fail(ReadError("cut"))
    else:
        getattr(stream, how)()
    assert told == [{"end": type(None), "fail": ReadError, "close": StreamClosed}[how]]
    del stream


def test_a_stream_that_is_dropped_ends_its_exchange(source, current_loop):
    """A response that was never read, nor closed."""
    stream = BodyStream(source, None, Limits())
    del stream
    gc.collect()
    assert source.told == ["cancel"]
