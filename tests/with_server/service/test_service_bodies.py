"""Request bodies: the limit of their length, and responses that clients can read."""

from __future__ import absolute_import, division, print_function

import pytest
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp
from waterspout.service._server.body_limit import LINGER_BYTES

from waterspout import service
from waterspout.service._server import server

LIMIT = 1000


class LengthHandler(service.JSONHandler):
    def post(self):
        self.write_json({"bytes": len(self.body)})


class RefusingHandler(LengthHandler):
    """Refuses in `prepare`, where Tornado has not read the body yet."""

    def prepare(self):
        raise service.Refusal(401, "who are you?")


@pytest.fixture
def served():
    routes = [("/length", LengthHandler), ("/refusing", RefusingHandler)]
    with ServedApp(lambda: service.Application(routes, max_body_bytes=LIMIT)) as served:
        yield served


@pytest.fixture
def connection(served):
    with served.connect() as connection:
        yield connection


def chunked(path, *chunks):
    head = "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" % path
    body = b"".join(b"%x\r\n" % len(chunk) + chunk + b"\r\n" for chunk in chunks)
    return head.encode() + body + b"0\r\n\r\n"


@pytest.mark.parametrize("length", [0, 1, LIMIT - 1, LIMIT])
def test_body_within_the_limit_arrives_whole(connection, length):
    """A body of exactly the limit is accepted, with Content-Length and chunked."""
    assert connection.post("/length", b"x" * length).json == {"bytes": length}
    connection.send(chunked("/length", *[b"x"] * length))
    assert connection.read_answer().json == {"bytes": length}


def test_body_over_the_limit_is_413(connection):
    """One byte more is refused, with both framings; the connection stays usable."""
    for _ in range(2):
        assert connection.post("/length", b"x" * (LIMIT + 1)).status == 413
        connection.send(chunked("/length", b"x" * LIMIT, b"x"))
        answer = connection.read_answer()
        assert answer.status == 413
        assert answer.json == {"error": "the body is longer than the 1000 bytes accepted here"}
    assert connection.post("/length", b"x").json == {"bytes": 1}


def test_client_that_sends_all_before_it_reads_gets_its_413(connection):
    """A body far over the limit is read and dropped, so the connection is not reset."""
    body = b"x" * (8 * 1024 * 1024)
    assert connection.post("/length", body).status == 413
    connection.send(chunked("/length", body))
    assert connection.read_answer().status == 413
    assert connection.post("/length", b"x").status == 200


def test_client_that_leaves_during_an_upload_is_not_in_flight(served):
    """An incomplete request stops counting when its connection ends."""
    with served.connect() as connection:
        connection.send(request_bytes("POST", "/length", b"x" * 500)[:-1])
        wait_until(lambda: served.application.requests_in_flight == 1)
    wait_until(lambda: served.application.requests_in_flight == 0)


def test_endless_body_is_413_and_the_connection_closes(connection):
    """Beyond `LINGER_BYTES` the response is sent at once."""
    head = "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (
        LIMIT + LINGER_BYTES + 1
    )
    connection.send(head.encode())
    answer = connection.read_answer()
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert connection.is_closed_by_peer()


def test_endless_chunked_body_is_413_and_the_connection_closes(connection):
    """The same without a Content-Length."""
    connection.send(b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    try:
        for _ in range(LINGER_BYTES // 0x100000 + 100):
            connection.send(chunk)
    except EnvironmentError:
        return  # A client that never stops sending may lose the response.
    raise AssertionError("it took all of it")


def test_expecting_client_is_refused_before_it_sends(connection):
    """curl sends Expect: 100-continue with large bodies; the refusal saves sending them."""
    head = "POST /length HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    connection.send((head % (LIMIT + 1)).encode())
    assert connection.read_answer().status == 413
    assert connection.is_closed_by_peer()


def test_expecting_client_gets_100_continue(connection):
    """For a length within the limit."""
    connection.send(
        b"POST /length HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
    )
    assert connection.read_answer().status == 100
    connection.send(b"x")
    assert connection.read_answer().json == {"bytes": 1}


def test_early_refusal_waits_for_the_body(connection):
    """A handler that refuses in prepare() does not reset a client that is still sending."""
    body = b"x" * LIMIT
    head = request_bytes("POST", "/refusing", body)[: -len(body)]
    connection.send(head)
    connection.send(body[:500])
    connection.send(body[500:])
    answer = connection.read_answer()
    assert (answer.status, answer.json) == (401, {"error": "who are you?"})
    assert connection.post("/length", b"x").status == 200


def test_body_that_arrives_byte_by_byte_is_complete(connection):
    """No byte is lost."""
    for byte in request_bytes("POST", "/length", b"xyz").decode():
        connection.send(byte.encode())
    assert connection.read_answer().json == {"bytes": 3}


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 3\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: identity",
        b"Transfer-Encoding: chunked, identity",
        b"Content-Length: 3\r\nContent-Length: 4",
        b"Content-Length: +3",
        b"Content-Length: 3 3",
        b"Host: another",
    ],
)
def test_ambiguous_framing_is_refused_and_the_connection_closed(connection, head):
    """The bytes after such a head may be a smuggled request, so they are not read as one."""
    smuggled = request_bytes("POST", "/length", b"")
    connection.send(b"POST /length HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n" + smuggled)
    answer = connection.read_answer()
    assert answer.status == 400
    try:
        assert connection.is_closed_by_peer()
    except EnvironmentError:
        pass  # The server did not read everything, so the kernel may send a reset.


def test_connection_is_closed_when_a_body_takes_too_long(monkeypatch):
    """After `BODY_TIMEOUT`, without a reset."""
    monkeypatch.setattr(server, "BODY_TIMEOUT", 0.05)
    with ServedApp(lambda: service.Application([("/length", LengthHandler)])) as served:
        with served.connect() as connection:
            connection.send(request_bytes("POST", "/length", b"x" * 10)[:-1])
            assert connection.read_answer() is None
        wait_until(lambda: served.application.requests_in_flight == 0)


def test_idle_connection_is_closed_after_the_timeout(monkeypatch):
    """Before the first request and after any other."""
    monkeypatch.setattr(server, "IDLE_TIMEOUT", 0.05)
    with ServedApp(lambda: service.Application([("/length", LengthHandler)])) as served:
        with served.connect() as silent, served.connect() as connection:
            assert connection.post("/length", b"x").status == 200
            assert connection.is_closed_by_peer()
            assert silent.is_closed_by_peer()


@pytest.mark.parametrize(
    "size", ["-2", "+2", "0x2", "2_0", "zz", "", " 2", "2 ", "2 ;a=b", "f" * 16]
)
def test_bad_chunk_sizes_are_refused(connection, size):
    """Tornado 5.1 accepts most of them, and loops forever on a negative one."""
    head = b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection.send(head + size.encode() + b"\r\nxx\r\n0\r\n\r\n")
    assert connection.read_answer().status == 400


def test_chunk_that_is_longer_than_its_size_is_refused(connection):
    """A chunk must end with a line break, or the two sides disagree."""
    head = b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection.send(head + b"1\r\nxxx\r\n0\r\n\r\n")
    assert connection.read_answer().status == 400
