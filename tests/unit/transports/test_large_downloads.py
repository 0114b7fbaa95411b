"""Large bodies of known length on the pooled transport, over sockets of the test's own."""

from __future__ import absolute_import, division, print_function

import gc
import io
import ssl
import zlib

import pytest
from net_exchanges import Outcome
from net_fakes import OK, Net, reset
from tornado.ioloop import IOLoop

from waterspout._net.body_buffer import LARGE_BYTES
from waterspout.exceptions import BodyTimeout, IncompleteBody, ResponseTooLarge
from waterspout.limits import Limits
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.timeouts import ClientTimeout
from waterspout.transports.pooled import pooled_exchange
from waterspout.transports.pooled.transport import PooledTransport

KIB = 1024
MIB = 1024 * KIB
BODY = bytes(bytearray(range(256))) * (4 * KIB)  # 1 MiB


def head(length, *fields):
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % length] + list(fields)
    return b"\r\n".join(lines) + b"\r\n\r\n"


@pytest.fixture
def net(monkeypatch, current_loop):
    """Bodies above 128 KiB are large here, so that the tests are fast."""
    monkeypatch.setattr(pooled_exchange, "LARGE_BYTES", 128 * KIB)
    with Net() as net:
        monkeypatch.setattr(pooled_exchange, "monotonic", net.loop.clock)
        yield net


@pytest.fixture
def send(net):
    """Send a request; return its outcome and the socket that it went to."""
    transport = PooledTransport(net.loop, Limits(max_body_bytes=10 * MIB))
    transport._pool = net.pool

    def send(method="GET", timeout=None, **arguments):
        outcome = Outcome()
        request = PreparedRequest(method, "http://a.example/", **arguments)
        outcome.exchange = transport.perform(
            request, CallOptions(ClientTimeout.of(timeout)), outcome)
        return outcome, net.streams[-1]

    return send


def pieces(data, size):
    return [data[at:at + size] for at in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1000, 16 * KIB, 64 * KIB, 65 * KIB, 300 * KIB, 2048 * KIB])
def test_a_large_body_arrives_whole_in_pieces_of_any_size(send, net, size):
    """The connection serves the next call."""
    for _ in range(2):
        outcome, server = send()
        server.says(*pieces(head(len(BODY)) + BODY, size))
        assert outcome.told == 1 and outcome.response.content == BODY
        assert type(outcome.response.content) is bytes
    assert len(net.streams) == 1 and not server.closed


@pytest.mark.parametrize("length", [
    64 * KIB, 64 * KIB + 1, 128 * KIB, 128 * KIB + 1, 192 * KIB + 1, 256 * KIB, 256 * KIB + 1])
def test_a_body_of_a_length_at_a_boundary_arrives_whole(send, length):
    """Those of one read, of one allocation, and one byte more; head and body apart."""
    outcome, server = send()
    server.says(head(length), *pieces(BODY[:length], 64 * KIB))
    assert outcome.response.content == BODY[:length]


@pytest.mark.parametrize("surplus", [b"x", OK, b"y" * 100000])
@pytest.mark.parametrize("apart", [True, False])
def test_bytes_after_a_large_body_are_no_response(send, net, surplus, apart):
    """The body is whole; the connection is not used again, so that the next call does not get
    them."""
    outcome, server = send()
    data = [BODY, surplus] if apart else [BODY + surplus]
    server.says(head(len(BODY)), *data)
    assert outcome.response.content == BODY
    if apart:
        assert server.closed
    other, server = send()
    assert len(net.streams) == 2 and net.streams[0].closed
    server.says(OK)
    assert other.response.content == b"ok"


@pytest.mark.parametrize("arrived", [0, 1, 100 * KIB, 300 * KIB, len(BODY) - 1])
@pytest.mark.parametrize("end", [b"", reset(), ssl.SSLEOFError(8, "EOF occurred")],
                         ids=["ended", "reset", "no close_notify"])
def test_a_large_body_cut_short_fails_the_call(send, arrived, end):
    """By an orderly end, a reset or an end of TCP within TLS, wherever it happens; what arrived is
    not taken for whole."""
    outcome, server = send()
    server.says(head(len(BODY)), *pieces(BODY[:arrived], 64 * KIB))
    server.says(end)
    assert outcome.told == 1 and type(outcome.error) is IncompleteBody
    assert outcome.error.phase == "read" and outcome.error.may_have_been_sent
    if end == b"":
        assert "%d of %d body bytes" % (arrived, len(BODY)) in str(outcome.error)
    elif isinstance(end, ssl.SSLError):
        assert "close_notify" in str(outcome.error)
    assert server.closed


def test_tls_may_need_to_write_within_a_large_body(send, net):
    """To change its keys: the connection waits until the socket is writable, then reads on."""
    outcome, server = send()
    server.says(head(len(BODY)), BODY[:300 * KIB])
    server.recv_needs_write = True
    server.loop.fire(server.fd, IOLoop.READ)
    assert net.loop.wants(server.fd) & IOLoop.WRITE
    server.recv_needs_write = False
    server.incoming.append(BODY[300 * KIB:])
    server.loop.fire(server.fd, IOLoop.WRITE | IOLoop.READ)
    assert not net.loop.wants(server.fd) & IOLoop.WRITE
    while not outcome.told:
        server.loop.fire(server.fd, IOLoop.READ)
    assert outcome.response.content == BODY


def test_a_part_that_leaves_the_socket_empty_is_received_once(send, monkeypatch):
    """No call of the system only finds that there is no more."""
    outcome, server = send()
    server.says(head(len(BODY)) + BODY[:1000])
    calls = []
    receive = server.recv  # Which the fake recv_into calls, too.
    monkeypatch.setattr(server, "recv", lambda: calls.append(None) or receive())
    server.says(BODY[1000:31000])
    assert len(calls) == 1


def test_the_read_timeout_begins_again_with_each_part_of_a_large_body(send, net):
    """Silence within it fails the call."""
    outcome, server = send(timeout=5)
    server.says(head(len(BODY)))
    for piece in pieces(BODY[:500 * KIB], 100 * KIB):
        net.loop.advance(4)
        server.says(piece)
    assert not outcome.told
    net.loop.advance(5.1)
    assert type(outcome.error) is BodyTimeout and server.closed


def test_a_cancelled_large_download_closes_its_connection(send):
    """What comes later is not read."""
    outcome, server = send()
    server.says(head(len(BODY)), BODY[:500 * KIB])
    outcome.exchange.cancel()
    assert server.closed and not outcome.told


@pytest.mark.parametrize("length", [2, len(BODY)])
def test_informational_heads_of_their_own_come_before_a_body_of_any_size(send, length):
    """Nothing is known of the body yet."""
    outcome, server = send()
    for _ in range(2):
        server.says(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
    server.says(head(length) + BODY[:1], BODY[1:length])
    assert outcome.response.content == BODY[:length] and not server.closed


def test_an_announced_length_over_the_limit_is_refused_before_the_body(send):
    """Nothing of it is read."""
    outcome, server = send()
    server.says(head(11 * MIB), BODY)
    assert type(outcome.error) is ResponseTooLarge and server.closed


def test_the_response_to_head_has_no_body_whatever_it_announces(send):
    """The connection serves the next call."""
    outcome, server = send("HEAD")
    server.says(head(len(BODY)))
    assert outcome.response.content == b"" and not server.closed


def test_a_large_compressed_body_is_decoded(send):
    """Its Content-Length is that of the compressed bytes."""
    packed = zlib.compress(BODY[:600 * KIB], 0)
    outcome, server = send()
    server.says(head(len(packed), b"Content-Encoding: deflate"), *pieces(packed, 100 * KIB))
    assert outcome.response.content == BODY[:600 * KIB]


def test_a_large_response_that_comes_during_the_upload_arrives_whole(send, net):
    """Its end comes after the end of the request."""
    net.connector.prepare = lambda stream: setattr(stream, "room", 0)
    outcome, server = send("POST", data=b"b" * 300 * KIB)
    server.takes(1000)
    server.says(head(len(BODY)), BODY[:300 * KIB])
    server.takes(None)
    server.says(BODY[300 * KIB:])
    assert outcome.response.content == BODY


@pytest.fixture
def traced():
    """tracemalloc.get_traced_memory; what the cyclic collector would free later counts, too."""
    tracemalloc = pytest.importorskip("tracemalloc")
    gc.disable()
    tracemalloc.start()
    yield tracemalloc.get_traced_memory
    tracemalloc.stop()
    gc.enable()


@pytest.mark.skipif(not hasattr(io.BytesIO, "getbuffer"), reason="py2: pieces are joined instead")
def test_a_body_of_9_mib_is_in_memory_once(send, monkeypatch, traced):
    """Also for the moment in which it becomes content."""
    monkeypatch.setattr(pooled_exchange, "LARGE_BYTES", LARGE_BYTES)
    outcome, server = send()
    server.says(head(9 * MIB), *[BODY] * 9)
    while not outcome.told:
        server.loop.fire(server.fd, IOLoop.READ)
    assert traced()[1] < 12 * MIB
    assert outcome.response.content == BODY * 9


def test_an_idle_connection_holds_nothing_of_a_large_body(send, traced):
    """Its memory is free once the response is."""
    outcome, server = send()
    server.says(head(len(BODY)), *pieces(BODY, 300 * KIB))
    assert outcome.response.content == BODY and not server.closed
    outcome.exchange = outcome.response = None  # Which refers to the outcome.
    assert traced()[0] < len(BODY) // 2


def test_a_cancelled_large_download_frees_its_memory(send, traced):
    """Without the help of the cyclic collector."""
    outcome, server = send()
    server.says(head(len(BODY)), BODY[:900 * KIB])
    assert traced()[0] > 900 * KIB
    outcome.exchange.cancel()
    outcome.exchange = None
    assert traced()[0] < len(BODY) // 2


def test_one_connection_does_not_occupy_the_loop(send):
    """A server that sends fast is read for a part of its body; then the others have their turn."""
    outcome, server = send()
    server.says(head(2 * len(BODY)))
    server.incoming.extend(pieces(BODY + BODY, 64 * KIB))
    server.loop.fire(server.fd, IOLoop.READ)
    assert not outcome.told and server.incoming
    while not outcome.told:
        server.loop.fire(server.fd, IOLoop.READ)
    assert outcome.response.content == BODY + BODY
