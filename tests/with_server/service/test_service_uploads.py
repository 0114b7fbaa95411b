"""Bodies that handlers read while they arrive, on each HTTP server: bytes and when they come."""

from __future__ import absolute_import, division, print_function

import logging
import socket
from functools import partial

import pytest
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp
from tornado import gen
from tornado.iostream import StreamClosedError
from tornado.locks import Event

from waterspout import service

KiB = 1024
MiB = KiB * KiB


class UploadHandler(service.StreamingHandler):
    """Counts the bytes; notes what it has read, and how reading ended."""

    seen = None  # A list, for each test.
    max_body_bytes = 100 * MiB

    @gen.coroutine
    def put(self):
        count = 0
        self.seen.append("begins")
        try:
            while True:
                chunk = yield self.read_chunk()
                if not chunk:
                    break
                count += len(chunk)
                self.seen.append(count)
        except Exception as error:
            self.seen.append(type(error))
            raise
        assert (yield self.read_chunk()) == b""
        self.write_json({"bytes": count})

    get = put

    def on_finish(self):
        self.seen.append("ends")


class LazyHandler(UploadHandler):
    """Reads when the test says so."""

    go = None

    @gen.coroutine
    def put(self):
        yield self.go.wait()
        yield super(LazyHandler, self).put()


class EarlyHandler(UploadHandler):
    """Answers before it has read anything."""

    def put(self):
        raise service.Refusal(409, "not this one")


class LaterHandler(UploadHandler):
    """Answers after the first piece."""

    @gen.coroutine
    def put(self):
        yield self.read_chunk()
        self.write_json("enough")


class PreparedHandler(UploadHandler):
    """Has a coroutine of its own before its method."""

    @gen.coroutine
    def prepare(self):
        yield gen.moment
        self.seen.append("prepared")


class SmallHandler(UploadHandler):
    max_body_bytes = 10


class ImpatientHandler(UploadHandler):
    chunk_timeout = 0.05


class EchoHandler(service.JSONHandler):
    def post(self):
        self.write_json({"bytes": len(self.body)})


HANDLERS = [UploadHandler, LazyHandler, EarlyHandler, LaterHandler, PreparedHandler, SmallHandler,
            ImpatientHandler]


def make_app(**keywords):
    LazyHandler.go = Event()
    routes = [("/" + each.__name__[:-len("Handler")].lower(), each) for each in HANDLERS]
    return service.Application(routes + [("/echo", EchoHandler)], max_body_bytes=MiB, **keywords)


@pytest.fixture
def seen(monkeypatch):
    monkeypatch.setattr(UploadHandler, "seen", [])
    return UploadHandler.seen


@pytest.fixture
def served(serve, seen):
    with serve(make_app) as served:
        yield served
        wait_until(lambda: served.application.requests_in_flight == 0, "the end of all requests")


HEAD = b"PUT /%s HTTP/1.1\r\nHost: x\r\n"


def test_handler_runs_when_the_head_has_arrived(served, seen):
    """And gets each piece as it comes; the connection can be used again."""
    with served.connect() as connection:
        connection.send(b"PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        wait_until(lambda: seen == ["begins"])
        connection.send(b"1234")
        wait_until(lambda: seen[-1] == 4)
        connection.send(b"567890")
        assert connection.read_answer().json == {"bytes": 10}
        wait_until(lambda: seen[-1] == "ends")
        assert seen == ["begins", 4, 10, "ends"]
        assert connection.post("/echo", b"abc").json == {"bytes": 3}


def test_large_body_comes_in_pieces_beyond_the_limit_of_the_application(served, seen):
    with served.connect() as connection:
        connection.send(request_bytes("PUT", "/upload", b"x" * 20 * MiB))
        assert connection.read_answer().json == {"bytes": 20 * MiB}
    assert len(seen) > 100


def test_body_in_chunks_is_read(served):
    with served.connect() as connection:
        connection.send(b"PUT /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.send((b"10000\r\n" + b"x" * 65536 + b"\r\n") * 50 + b"0\r\n\r\n")
        assert connection.read_answer().json == {"bytes": 50 * 65536}
        assert connection.get("/upload").json == {"bytes": 0}


@pytest.mark.parametrize("method, body", [("GET", None), ("PUT", b""), ("PUT", None)])
def test_request_without_a_body_has_an_empty_stream(served, method, body):
    with served.connect() as connection:
        for _ in range(2):
            connection.send(request_bytes(method, "/upload", body))
            assert connection.read_answer().json == {"bytes": 0}


def test_other_handlers_get_whole_bodies(served):
    """With the limit of the application."""
    with served.connect() as connection:
        assert connection.post("/echo", b"x" * MiB).json == {"bytes": MiB}
        assert connection.post("/echo", b"x" * (MiB + 1)).status == 413


def test_handler_with_prepare_reads_its_body(served, seen):
    with served.connect() as connection:
        connection.send(request_bytes("PUT", "/prepared", b"x" * MiB))
        assert connection.read_answer().json == {"bytes": MiB}
    assert seen[:2] == ["prepared", "begins"]


def test_server_reads_no_further_than_the_handler(served):
    """A client that sends faster has to wait: its socket takes no more."""
    with served.connect() as connection:
        connection.send(b"PUT /lazy HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
                        % (60 * MiB))
        connection.socket.settimeout(0.3)
        sent = 0
        with pytest.raises(socket.timeout):
            while sent < 60 * MiB:
                sent += connection.socket.send(b"x" * min(MiB, 60 * MiB - sent))
        connection.socket.settimeout(30)
        served.call(LazyHandler.go.set)
        connection.send(b"x" * (60 * MiB - sent))
        assert connection.read_answer().json == {"bytes": 60 * MiB}


def test_client_gets_100_when_the_handler_reads(served, seen):
    with served.connect() as connection:
        connection.send(b"PUT /lazy HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                        b"Content-Length: 3\r\n\r\n")
        wait_until(lambda: served.application.requests_in_flight == 1)
        connection.socket.settimeout(0.1)
        with pytest.raises(socket.timeout):
            connection.socket.recv(1)
        connection.socket.settimeout(30)
        served.call(LazyHandler.go.set)
        assert connection.read_answer().status == 100
        connection.send(b"abc")
        assert connection.read_answer().json == {"bytes": 3}


def test_client_gets_an_early_answer_and_no_100(served):
    with served.connect() as connection:
        connection.send(b"PUT /early HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                        b"Content-Length: 3\r\n\r\n")
        assert connection.read_answer().json == {"error": "not this one"}


@pytest.mark.parametrize("path, status, body", [
    ("/early", 409, {"error": "not this one"}), ("/later", 200, "enough")])
def test_client_that_is_still_sending_gets_an_early_answer(served, path, status, body):
    """It reads when it has sent everything, and gets no reset."""
    with served.connect() as connection:
        connection.send(request_bytes("PUT", path, b"x" * 20 * MiB))
        answer = connection.read_answer()
        assert (answer.status, answer.json) == (status, body)


def test_early_answer_does_not_wait_for_the_rest(served):
    with served.connect() as connection:
        connection.send(b"PUT /later HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
        assert connection.read_answer().json == "enough"


def test_body_that_says_it_is_too_long_is_refused_before_the_handler_runs(served, seen):
    with served.connect() as connection:
        connection.send(request_bytes("PUT", "/small", b"x" * 11))
        answer = connection.read_answer()
        assert (answer.status, answer.json) == (413, {
            "error": "the body is longer than the 10 bytes accepted here"})
    assert seen == []
    assert served.application.refused == {"body size": 1}


def test_chunked_body_that_is_too_long_is_refused_while_it_is_read(served, seen):
    """The handler is told, and its answer is a 413 unless it says something else."""
    with served.connect() as connection:
        connection.send(b"PUT /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.send(b"8\r\nxxxxxxxx\r\n")
        wait_until(lambda: seen and seen[-1] == 8)
        connection.send(b"8\r\nxxxxxxxx\r\n0\r\n\r\n")
        answer = connection.read_answer()
        assert (answer.status, answer.json) == (413, {
            "error": "the body is longer than the 10 bytes accepted here"})
    wait_until(lambda: seen[-1] == "ends")
    assert seen == ["begins", 8, service.Refusal, "ends"]
    assert served.application.refused == {"body size": 1}


def test_client_that_sends_too_slowly_is_408(served, seen, caplog):
    caplog.set_level(logging.INFO, logger="tornado.access")
    with served.connect() as connection:
        connection.send(b"PUT /impatient HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
        answer = connection.read_answer()
        assert (answer.status, answer.json) == (408, {"error": "the body did not arrive in time"})
    wait_until(lambda: seen[-1] == "ends")
    assert seen[-2:] == [service.Refusal, "ends"]
    assert "refused by the server (body time)" in caplog.text


def test_handler_is_told_that_the_client_has_left(served, seen, caplog):
    caplog.set_level(logging.INFO, logger="tornado.access")
    with served.connect() as connection:
        connection.send(b"PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
        wait_until(lambda: seen and seen[-1] == 4)
    wait_until(lambda: seen[-1] == "ends")
    assert seen == ["begins", 4, StreamClosedError, "ends"]
    (line,) = [r.getMessage() for r in caplog.records if r.name == "tornado.access"]
    assert line.startswith("499 PUT /upload") and "the client left after" in line


def test_malformed_body_is_refused_while_it_is_read(seen):
    """On waterspout's server; Tornado's closes the connection."""
    with ServedApp(make_app) as served, served.connect() as connection:
        connection.send(b"PUT /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                        b"4\r\nhalf\r\n")
        wait_until(lambda: seen and seen[-1] == 4)
        connection.send(b"nonsense\r\n")
        answer = connection.read_answer()
        assert (answer.status, answer.json) == (400, {"error": "the body is not in valid chunks"})
        assert connection.is_closed_by_peer()
        wait_until(lambda: seen == ["begins", 4, service.Refusal, "ends"])
        assert served.application.refused == {"chunk": 1}
        assert served.application.requests_in_flight == 0


def test_page_of_another_origin_is_refused_and_no_handler_runs(served, seen):
    with served.connect() as connection:
        connection.send(request_bytes(
            "PUT", "/upload", b"x" * 1000, [("Sec-Fetch-Site", "cross-site")]))
        assert connection.read_answer().status == 403
    assert seen == []


def test_upload_counts_for_places_and_not_for_memory(serve, seen):
    overload = service.Overload(max_requests=5, max_body_bytes_in_flight=MiB)
    with serve(lambda: make_app(overload=overload)) as served, served.connect() as connection:
        connection.send(request_bytes("PUT", "/upload", b"x" * 5 * MiB))
        assert connection.read_answer().json == {"bytes": 5 * MiB}
        wait_until(lambda: served.application.admission.stats() == {
            "requests_running": 0, "requests_waiting": 0, "body_bytes": 0})


def test_uploads_are_finished_when_the_service_stops(serve, seen):
    with serve(make_app) as served, served.connect() as connection:
        connection.send(b"PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf")
        wait_until(lambda: seen and seen[-1] == 4)
        served.stop()
        connection.send(b"half")
        answer = connection.read_answer()
        assert answer.json == {"bytes": 8} and answer.headers["connection"] == "close"


def test_json_is_not_read_of_a_stream(serve):
    class Confused(service.StreamingHandler):
        def put(self):
            self.write_json(self.read_json_object())

    with serve(lambda: service.Application([("/", Confused)])) as served:
        with served.connect() as connection:
            connection.send(request_bytes("PUT", "/", b"{}"))
            assert connection.read_answer().status == 500


def test_route_that_is_added_later_may_stream(serve, seen):
    def make():
        application = service.Application([("/echo", EchoHandler)])
        application.add_handlers("x", [("/upload", UploadHandler)])
        return application

    with serve(make) as served, served.connect() as connection:
        connection.send(b"PUT /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")
        wait_until(lambda: seen == ["begins"])
        connection.send(b"1234")
        assert connection.read_answer().json == {"bytes": 4}


def test_access_log_has_the_bytes_of_a_stream(serve, seen, caplog):
    """null where the handler has answered before the end."""
    caplog.set_level("INFO", logger="tornado.access")
    app = partial(make_app, access_log=service.AccessLog(details=True))
    with serve(app) as served, served.connect() as connection:
        connection.send(request_bytes("PUT", "/upload", b"x" * MiB))
        assert connection.read_answer().json == {"bytes": MiB}
        connection.send(HEAD % b"early" + b"Content-Length: 100000000\r\n\r\n")
        assert connection.read_answer().status == 409
        wait_until(lambda: len(caplog.records) == 2, "two lines")
    lines = [record.getMessage() for record in caplog.records]
    assert " in=%d " % MiB in lines[0]
    assert " in=" not in lines[1]
