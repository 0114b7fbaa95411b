"""The connection of the soak's clients, with a server that misbehaves: its subject is bytes."""

from __future__ import absolute_import, division, print_function

import asyncio
import socket
import struct
import threading

import pytest

from benchmarks.soak import outcomes
from benchmarks.soak.py3.clients import Lane, Load
from benchmarks.soak.py3.connection import FAST, Connection, Failure, Pace

REQUEST = b"POST /cmdb/search/HOST HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@pytest.fixture
def served():
    """Start a server that has a function answer each connection; returns its address."""
    listeners = []

    def start(answer):
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=_serve, args=(listener, answer), daemon=True).start()
        return listener.getsockname()

    yield start
    for listener in listeners:
        listener.close()


def _serve(listener, answer):
    while True:
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        peer.settimeout(30)
        with peer:
            answer(peer)


def receive(peer):
    """Read one request."""
    data = b""
    while not data.endswith(b"{}"):
        piece = peer.recv(65536)
        if not piece:
            return data
        data += piece
    return data


def exchange(address, pace=FAST):
    async def run():
        connection = Connection(address, pace)
        try:
            await connection.open()
            return await connection.exchange(REQUEST)
        finally:
            connection.close()

    return asyncio.run(asyncio.wait_for(run(), 30))


def failure(address):
    with pytest.raises(Failure) as caught:
        exchange(address)
    return caught.value.kind


def test_an_answer_is_read_with_its_length(served):
    def answer(peer):
        receive(peer)
        peer.sendall(ANSWER)

    found = exchange(served(answer))
    assert (found.status, found.body, found.close) == (200, b"hello", False)


def test_an_answer_in_chunks_is_read_and_the_end_of_the_connection_noticed(served):
    def answer(peer):
        receive(peer)
        peer.sendall(b"HTTP/1.1 502 Bad\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                     b"3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\n\r\n")

    found = exchange(served(answer))
    assert (found.status, found.body, found.close) == (502, b"hello", True)


def test_a_slow_client_sends_in_pieces_and_gets_the_same_answer(served):
    requests = []

    def answer(peer):
        requests.append(receive(peer))
        peer.sendall(ANSWER)

    assert exchange(served(answer), Pace(7, 2, 0.001, 4096)).body == b"hello"
    assert requests == [REQUEST]


@pytest.mark.parametrize("sent", [b"", ANSWER[:20], ANSWER[:-1]])
def test_a_connection_that_is_closed_before_the_whole_answer_is_lost(served, sent):
    def answer(peer):
        receive(peer)
        peer.sendall(sent)

    assert failure(served(answer)) == outcomes.LOST


def test_a_connection_that_is_reset_counts_as_reset(served):
    def answer(peer):
        receive(peer)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert failure(served(answer)) == outcomes.RESET


def test_a_port_on_which_nothing_listens_counts_as_refused():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    assert failure(address) == outcomes.REFUSED


@pytest.mark.parametrize("sent", [b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", ANSWER + b"more"])
def test_an_answer_that_is_none_counts_as_wrong(served, sent):
    def answer(peer):
        receive(peer)
        peer.sendall(sent)

    assert failure(served(answer)) == outcomes.WRONG


def load(address, until):
    """Run one client until there are so many requests; return the load."""
    async def run():
        lane = Lane("direct", address, {"kept": 1})
        found = Load([lane], "tag-", asyncio.get_running_loop().time)
        running = asyncio.ensure_future(found.run())
        while len(found.requests) < until:
            await asyncio.sleep(0.01)
        found.end()
        await running
        return found

    return asyncio.run(asyncio.wait_for(run(), 30))


def read_one(peer):
    """Read a request by its length; return its id, or None at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = peer.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields[b"Content-Length"]):
        body += peer.recv(65536)
    return fields[b"X-Request-ID"]


def test_no_client_sends_a_request_again(served):
    """Each id arrives once, although all of them fail."""
    seen = []

    def answer(peer):
        seen.append(read_one(peer))

    found = load(served(answer), 4)
    assert {one.outcome for one in found.requests} == {outcomes.LOST}
    assert len(set(seen)) == len(seen) == len(found.requests)
    assert found.doubtful == len(found.requests) and found.stored == 0


def test_a_connection_that_the_server_closes_between_two_requests_is_no_failure(served):
    body = b'{"data": {"data": {"insert_count": 1, "update_count": 0, "list": []}}}'

    def answer(peer):
        read_one(peer)
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    found = load(served(answer), 5)
    assert {one.outcome for one in found.requests} <= {outcomes.ANSWERED, outcomes.WRONG}
    assert found.stored >= 1
