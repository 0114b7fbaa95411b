"""The buffer that a large body is received into."""

from __future__ import absolute_import, division, print_function

import io

import pytest
from fake_loop import FakeLoop
from net_fakes import FakeStream, reset

from waterspout._net.body_buffer import FIRST_BYTES, BodyBuffer

pytestmark = pytest.mark.skipif(
    not hasattr(io.BytesIO, "getbuffer"), reason="py2: pieces are joined instead")

MIB = 1024 * 1024
BODY = bytes(bytearray(range(256))) * (12 * MIB // 1024)  # 3 MiB


@pytest.fixture
def stream():
    return FakeStream(FakeLoop(), 1)


def fill(buffer, stream, length):
    """Receive until ``length`` bytes have come."""
    while length:
        length -= buffer.receive(stream, length)


@pytest.mark.parametrize("piece", [997, 64 * 1024, MIB, len(BODY)])
def test_a_body_is_what_was_received(stream, piece):
    """For pieces of any size."""
    stream.incoming.extend(BODY[at:at + piece] for at in range(0, len(BODY), piece))
    buffer = BodyBuffer(len(BODY))
    fill(buffer, stream, len(BODY))
    content = b"".join(buffer)
    assert type(content) is bytes and content == BODY
    assert b"".join(buffer) is content  # No copy.


def test_bytes_received_otherwise_stand_in_their_place(stream):
    """Before, between and after those that the buffer receives itself."""
    parts = [BODY[:100], BODY[100:MIB], BODY[MIB:MIB + 7], BODY[MIB + 7:-50], BODY[-50:]]
    buffer = BodyBuffer(len(BODY))
    for number, part in enumerate(parts):
        if number % 2:
            stream.incoming.append(part)
            fill(buffer, stream, len(part))
        else:
            buffer.append(part)
    assert b"".join(buffer) == BODY


def test_no_more_than_asked_for_is_received(stream):
    """The rest stays in the socket."""
    stream.incoming.append(BODY)
    buffer = BodyBuffer(len(BODY))
    assert buffer.receive(stream, 70000) == 70000
    assert b"".join(stream.incoming) == BODY[70000:]


def test_a_fast_server_is_received_from_in_parts(stream):
    """Of 256 KiB at most, however much is there, so that other connections have their turn."""
    stream.incoming.append(BODY)
    buffer = BodyBuffer(10 * MIB)
    buffer.append(b"x" * MIB)
    assert buffer.receive(stream, 9 * MIB - 1) == 256 * 1024


def test_memory_follows_what_has_arrived(stream):
    """And not what was announced, which is a terabyte here."""
    tracemalloc = pytest.importorskip("tracemalloc")
    tracemalloc.start()
    try:
        buffer = BodyBuffer(1024 ** 4)
        arrived = 0
        for size in (1, MIB // 8, MIB, MIB):
            stream.incoming.append(b"x" * size)
            fill(buffer, stream, size)
            arrived += size
            held = tracemalloc.get_traced_memory()[0]
            assert held < FIRST_BYTES + 4 * arrived + 64 * 1024
    finally:
        tracemalloc.stop()


def test_an_end_and_nothing_yet_are_told_apart(stream):
    """0 for the end, None for nothing yet; both leave the buffer as it is."""
    buffer = BodyBuffer(MIB)
    buffer.append(b"x")
    assert buffer.receive(stream, MIB - 1) is None
    stream.incoming.append(b"")
    assert buffer.receive(stream, MIB - 1) == 0


def test_an_error_of_the_socket_leaves_the_buffer_usable(stream):
    """It is raised as it is."""
    buffer = BodyBuffer(MIB)
    error = reset()
    stream.incoming.append(error)
    with pytest.raises(type(error)) as raised:
        buffer.receive(stream, MIB)
    assert raised.value is error
    buffer.append(b"x" * MIB)
    assert b"".join(buffer) == b"x" * MIB
