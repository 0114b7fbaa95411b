"""Request bodies: the limit of their length, and responses that clients can read."""

from __future__ import absolute_import, division, print_function

import pytest
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp

from waterspout import service
from waterspout._net.lingering import LINGERING_BYTES
from waterspout.service._server import draining_server

LIMIT = 1000


class LengthHandler(service.JSONHandler):
    def post(self):
        self.write_json({"bytes": len(self.body)})


class RefusingHandler(LengthHandler):
    """Refuses in `prepare`, where Tornado has not read the body yet."""

    def prepare(self):
        raise service.Refusal(401, "who are you?")


def make_app():
    routes = [("/length", LengthHandler), ("/refusing", RefusingHandler)]
    return service.Application(routes, max_body_bytes=LIMIT)


@pytest.fixture
def served():
    """On waterspout's HTTP server."""
    with ServedApp(make_app) as served:
        yield served


@pytest.fixture
def on_both(http_server):
    """On each HTTP server, for what both promise."""
    with ServedApp(make_app, http_server=http_server) as served:
        yield served


@pytest.fixture
def connection(served):
    with served.connect() as connection:
        yield connection


@pytest.fixture
def connection_to_both(on_both):
    with on_both.connect() as connection:
        yield connection


def chunked(path, *chunks):
    head = "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" % path
    body = b"".join(b"%x\r\n" % len(chunk) + chunk + b"\r\n" for chunk in chunks)
    return head.encode() + body + b"0\r\n\r\n"


@pytest.mark.parametrize("length", [0, 1, LIMIT - 1, LIMIT])
def test_body_within_the_limit_arrives_whole(connection_to_both, length):
    """A body of exactly the limit is accepted, with Content-Length and chunked."""
    connection = connection_to_both
    assert connection.post("/length", b"x" * length).json == {"bytes": length}
    connection.send(chunked("/length", *[b"x"] * length))
    assert connection.read_answer().json == {"bytes": length}


@pytest.mark.parametrize(
    "request_of", [
        lambda body: request_bytes("POST", "/length", body), lambda body: chunked("/length", body)
    ], ids=["Content-Length", "chunked"],
)  # fmt: skip
@pytest.mark.parametrize("length", [LIMIT + 1, 8 * 1024 * 1024])
def test_client_that_sends_all_before_it_reads_gets_its_413(on_both, request_of, length):
    """One byte more than the limit or a lot more, with both framings: there is no reset."""
    with on_both.connect() as connection:
        connection.send(request_of(b"x" * length))
        answer = connection.read_answer()
        assert answer.status == 413
        assert answer.json == {"error": "the body is longer than the 1000 bytes accepted here"}


def test_connection_closes_after_413(connection):
    """The rest of the body is not read as another request."""
    connection.send(request_bytes("POST", "/length", b"x" * LIMIT + b"\r\n"))
    connection.send(request_bytes("POST", "/length", b"x"))
    answer = connection.read_answer()
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert connection.is_closed_by_peer()


def test_client_that_leaves_during_an_upload_is_not_in_flight(on_both):
    """An incomplete request stops counting when its connection ends."""
    with on_both.connect() as connection:
        connection.send(request_bytes("POST", "/length", b"x" * 500)[:-1])
        wait_until(lambda: on_both.application.requests_in_flight == 1)
    wait_until(lambda: on_both.application.requests_in_flight == 0)


def test_long_body_is_413_before_it_is_sent(connection):
    """Its Content-Length is enough."""
    connection.send(b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
    answer = connection.read_answer()
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert connection.is_closed_by_peer()


def test_endless_chunked_body_is_413_and_the_connection_closes(connection):
    """The same without a Content-Length."""
    connection.send(b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    try:
        for _ in range(LINGERING_BYTES // 0x100000 + 100):
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


def test_expecting_client_gets_100_continue(connection_to_both):
    """For a length within the limit."""
    connection = connection_to_both
    connection.send(
        b"POST /length HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
    )
    assert connection.read_answer().status == 100
    connection.send(b"x")
    assert connection.read_answer().json == {"bytes": 1}


def test_early_refusal_waits_for_the_body(connection_to_both):
    """A handler that refuses in prepare() does not reset a client that is still sending."""
    connection = connection_to_both
    body = b"x" * LIMIT
    head = request_bytes("POST", "/refusing", body)[: -len(body)]
    connection.send(head)
    connection.send(body[:500])
    connection.send(body[500:])
    answer = connection.read_answer()
    assert (answer.status, answer.json) == (401, {"error": "who are you?"})
    assert connection.post("/length", b"x").status == 200


def test_body_that_arrives_byte_by_byte_is_complete(connection_to_both):
    """No byte is lost."""
    connection = connection_to_both
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
    assert connection.is_closed_by_peer()


def test_connection_is_closed_when_a_body_takes_too_long(monkeypatch, http_server):
    """After `BODY_TIMEOUT`, without a reset; waterspout's server says why."""
    monkeypatch.setattr(draining_server, "BODY_TIMEOUT", 0.05)
    with ServedApp(make_app, http_server=http_server) as served:
        with served.connect() as connection:
            connection.send(request_bytes("POST", "/length", b"x" * 10)[:-1])
            answer = connection.read_answer()
            if http_server == "waterspout":
                assert answer.status == 408
                assert answer.json == {"error": "the body did not arrive in time"}
                assert connection.is_closed_by_peer()
            else:
                assert answer is None
        wait_until(lambda: served.application.requests_in_flight == 0)


def test_idle_connection_is_closed_after_the_timeout(monkeypatch, http_server):
    """Before the first request and after any other; no response is sent."""
    monkeypatch.setattr(draining_server, "IDLE_TIMEOUT", 0.05)
    with ServedApp(make_app, http_server=http_server) as served:
        with served.connect() as silent, served.connect() as connection:
            assert connection.post("/length", b"x").status == 200
            assert connection.is_closed_by_peer()
            assert silent.is_closed_by_peer()


@pytest.mark.parametrize(
    "size", ["-2", "+2", "0x2", "2_0", "zz", "", " 2", "2 ", "2 ;a=b", "f" * 100]
)
def test_bad_chunk_sizes_are_refused(connection, size):
    """Other servers read some of them as another number."""
    head = b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection.send(head + size.encode() + b"\r\nxx\r\n0\r\n\r\n")
    assert connection.read_answer().status == 400


def test_huge_chunk_is_413(connection):
    """Its size does not overflow."""
    connection.send(b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + b"f" * 16 + b"\r\nxx")
    assert connection.read_answer().status == 413


def test_chunk_that_is_longer_than_its_size_is_refused(connection):
    """A chunk must end with a line break, or the two sides disagree."""
    head = b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection.send(head + b"1\r\nxxx\r\n0\r\n\r\n")
    assert connection.read_answer().status == 400
