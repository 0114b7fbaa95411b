"""The two ends of a connection within the process, and what the IOLoop reports of them."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
from tornado import gen
from tornado.ioloop import IOLoop

from waterspout.testing._connections.memory_stream import CAPACITY_BYTES, connected_pair
from waterspout.testing._connections.streams_loop import StreamsLoop

READ, WRITE = IOLoop.READ, IOLoop.WRITE


@pytest.fixture
def pair(io_loop):
    return connected_pair(io_loop)


def turns(io_loop, count=3):
    @gen.coroutine
    def run():
        for _ in range(count):
            yield gen.moment

    io_loop.run_sync(run)


def test_what_is_sent_is_received_in_its_order(pair):
    ours, theirs = pair
    assert theirs.is_silent() and theirs.recv() is None
    assert ours.send(b"abc") == 3
    assert ours.send(memoryview(b"def")) == 3
    assert not theirs.is_silent()
    assert theirs.recv() == b"abcdef"
    assert theirs.recv() is None


def test_it_is_received_into_a_buffer(pair):
    ours, theirs = pair
    room = bytearray(4)
    assert theirs.recv_into(memoryview(room)) is None
    ours.send(b"abcdef")
    assert theirs.recv_into(memoryview(room)) == 4
    assert theirs.recv_into(memoryview(room)) == 2
    assert bytes(room) == b"efcd"
    ours.close()
    assert theirs.recv_into(memoryview(room)) == 0


def test_a_sender_waits_for_a_slow_reader(pair):
    """It takes so much, and then nothing until some was received."""
    ours, theirs = pair
    assert ours.send(b"x" * (CAPACITY_BYTES + 1)) == CAPACITY_BYTES
    assert ours.send(b"x") == 0
    assert len(theirs.recv()) == CAPACITY_BYTES
    assert ours.send(b"x") == 1


def test_the_end_comes_after_what_was_sent(pair):
    """When one end is closed the other can read the rest, and send no more."""
    ours, theirs = pair
    ours.send(b"rest")
    ours.close()
    assert (theirs.recv(), theirs.recv(), theirs.recv()) == (b"rest", b"", b"")
    with pytest.raises(socket.error):
        theirs.send(b"x")


def test_one_side_can_be_ended_alone(pair):
    ours, theirs = pair
    ours.shutdown_write()
    assert theirs.recv() == b""
    assert theirs.send(b"answer") == 6
    assert ours.recv() == b"answer"


def test_an_abort_drops_what_was_not_received(pair):
    ours, theirs = pair
    ours.send(b"lost")
    ours.abort("the reason")
    with pytest.raises(socket.error, match="the reason"):
        theirs.recv()
    assert theirs.recv() == b""


def test_a_function_stands_for_the_end(pair):
    """It is called when the rest was received, and once."""
    ours, theirs = pair
    called = []
    ours.send(b"rest")
    ours.end_with(lambda: called.append(True))
    assert theirs.recv() == b"rest" and not called
    assert theirs.recv() is None and called == [True]
    assert theirs.recv() == b"" and called == [True]


def test_bytes_are_reported_until_they_are_received(io_loop, pair):
    """In later iterations, again and again, and not after they were received."""
    ours, theirs = pair
    seen = []
    StreamsLoop(io_loop).add_handler(theirs, lambda *event: seen.append(event), READ)
    turns(io_loop)
    ours.send(b"x")
    assert seen == []
    turns(io_loop)
    assert set(seen) == {(theirs, READ)} and len(seen) > 1
    theirs.recv()
    del seen[:]
    turns(io_loop)
    assert seen == []


def test_room_is_reported_to_a_sender(io_loop, pair):
    ours, theirs = pair
    loop, seen = StreamsLoop(io_loop), []
    ours.send(b"x" * CAPACITY_BYTES)
    loop.add_handler(ours, lambda *event: seen.append(event), READ | WRITE)
    turns(io_loop)
    assert seen == []
    theirs.recv()
    turns(io_loop)
    assert set(seen) == {(ours, WRITE)}
    loop.update_handler(ours, READ)
    del seen[:]
    turns(io_loop)
    assert seen == []
    theirs.close()
    turns(io_loop)
    assert set(seen) == {(ours, READ)}


def test_nothing_is_reported_after_the_handler_was_removed(io_loop, pair):
    """Not even what was scheduled."""
    ours, theirs = pair
    loop, seen = StreamsLoop(io_loop), []
    loop.add_handler(theirs, lambda *event: seen.append(event), READ)
    ours.send(b"x")
    loop.remove_handler(theirs)
    turns(io_loop)
    assert seen == []


def test_the_rest_is_the_loops_own(io_loop):
    assert StreamsLoop(io_loop).add_callback == io_loop.add_callback
