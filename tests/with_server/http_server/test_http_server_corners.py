"""Situations in which two things happen at once."""

from __future__ import absolute_import, division, print_function

import gc
import socket

import pytest
import tornado.web
from certificates import SERVER
from gates import Gate
from noting_delegates import NotingApplication
from raw_responses import ResponseReader
from served_http import ServedHTTP, read_until
from serving_apps import application
from tornado import gen, httputil

from waterspout._compat import PY2
from waterspout._http_server import connection as connection_module

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"


def stream(delegate):
    """Answer with a chunked response, which does not close the connection."""
    delegate.connection.write_headers(
        httputil.ResponseStartLine("HTTP/1.1", 200, "OK"), httputil.HTTPHeaders(), b"early")
    delegate.connection.finish()


@pytest.mark.parametrize("step, data", [
    ("headers_received", GET), ("headers_received", POST), ("data_received", POST)])
def test_future_of_a_request_that_was_answered_at_once_is_not_waited_for(step, data, caplog):
    gate = Gate()

    def answer(delegate, *chunk):
        stream(delegate)
        return gate()

    with ServedHTTP(NotingApplication(**{step: answer})) as server:
        sock = server.connect()
        sock.sendall(data)
        reader = ResponseReader(sock)
        assert reader.read().body == b"early"
        if data is GET:
            sock.sendall(GET)
            assert reader.read().body == b"early"
        server.call(gate.open)
        sock.close()
        server.wait_for_stats(connections=0, active=0)
    assert caplog.records == []


@pytest.mark.parametrize("step, data", [
    ("headers_received", GET), ("finish", GET), ("data_received", POST)])
def test_refusal_after_a_whole_response_sends_no_second_one(step, data):
    def answer(delegate, *chunk):
        stream(delegate)
        raise httputil.HTTPInputError("too late")

    with ServedHTTP(NotingApplication(**{step: answer})) as server:
        sock = server.connect()
        sock.sendall(data)
        assert sock.recv(65536).count(b"HTTP/1.1 ") == 1
        assert b"HTTP/1.1" not in ResponseReader(sock).rest()


def test_client_that_ended_its_side_before_prepare_has_ended_gets_its_answer():
    gate = Gate()

    @tornado.web.stream_request_body
    class Prepared(tornado.web.RequestHandler):
        def prepare(self):
            return gate()

        def data_received(self, chunk):
            pass

        def get(self):
            self.write("got")

    with ServedHTTP(tornado.web.Application([("/", Prepared)])) as server:
        sock = server.connect()
        sock.sendall(GET)
        sock.shutdown(socket.SHUT_WR)
        future = gate.wait()
        server.wait_for(lambda: [each.has_ended for each in server.server._connections] == [True])
        server.resolve(future)
        reader = ResponseReader(sock)
        assert reader.read().body == b"got"
        assert reader.rest() == b""


@pytest.mark.parametrize("step", ["headers_received", "data_received"])
def test_connection_is_closed_when_a_method_returns_what_cannot_be_awaited(step):
    with ServedHTTP(NotingApplication(**{step: lambda delegate, *chunk: 5})) as server:
        assert server.exchange(POST) == b""
        server.wait_for_stats(connections=0, active=0)


def test_keep_alive_that_was_promised_is_kept_when_it_is_turned_off_meanwhile():
    gate = Gate()

    class Slow(tornado.web.RequestHandler):
        @gen.coroutine
        def get(self):
            self.write("one ")
            yield self.flush()
            yield gate()
            self.write("two")

    with ServedHTTP(tornado.web.Application([("/", Slow)])) as server:
        sock = server.connect()
        sock.sendall(GET)
        future = gate.wait()
        server.server.conn_params.no_keep_alive = True
        server.resolve(future)
        reader = ResponseReader(sock)
        assert "connection" not in reader.read().headers
        sock.sendall(GET)  # It may, since the response did not say close.
        server.resolve(gate.wait())
        response = reader.read()
        assert (response.headers["connection"], response.body) == ("close", b"one two")
        assert reader.rest() == b""


def test_connection_is_freed_when_the_client_has_left_and_the_application_gives_up(monkeypatch):
    monkeypatch.setattr(connection_module, "DEPARTED_SECONDS", 0.2)
    requests = []

    def callback(request):
        requests.append(request)
        request.connection.set_close_callback(lambda: requests.remove(request))

    with ServedHTTP(callback) as server:
        sock = server.connect()
        sock.sendall(GET)
        server.wait_for(lambda: requests)
        sock.close()
        server.wait_for(lambda: not requests)
        server.wait_for_stats(connections=0, active=0)


@pytest.mark.parametrize("send", [b"", b"\x16\x03"], ids=["nothing", "a part of a hello"])
def test_client_that_leaves_within_the_handshake_is_not_logged_as_a_fault(send, caplog):
    """Load balancers look whether a port is open, every few seconds."""
    with ServedHTTP(application(), ssl_options={"certfile": SERVER}) as server:
        sock = server.connect()
        server.wait_for_stats(connections=1)
        sock.sendall(send)
        sock.close()
        server.wait_for_stats(connections=0)
    assert [record for record in caplog.records if record.levelname != "INFO"] == []


@pytest.mark.parametrize("framing", [
    b"Content-Length: 60000\r\n\r\n" + b"x" * 60000,
    b"Transfer-Encoding: chunked\r\n\r\nea60\r\n" + b"x" * 60000 + b"\r\n0\r\n\r\n",
], ids=["length", "chunked"])
@pytest.mark.skipif(PY2, reason="objects do not tell their size")
def test_idle_connection_keeps_nothing_of_the_last_body(framing):
    app = NotingApplication(finish=lambda delegate: delegate.answer(b"ok"))
    with ServedHTTP(app) as server:
        sock = server.connect()
        sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\n" + framing)
        assert ResponseReader(sock).read().body == b"ok"
        del app.delegates[:]
        server.wait_for_stats(active=0)

        def kept():
            connection, = server.server._connections
            return sum(len(part) for part in gc.get_referents(connection.wire)
                       if isinstance(part, (bytes, bytearray)))

        assert server.call(kept) < 1000


def test_two_requests_in_flight_on_one_connection_never_share_a_response():
    gate = Gate()
    with ServedHTTP(application(gate)) as server:
        sock = server.connect()
        sock.sendall(b"POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
                     b"POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\ntwo")
        first = gate.wait()
        server.resolve(first)
        reader = ResponseReader(sock)
        assert reader.read().body == b"one"
        server.resolve(gate.wait())
        assert reader.read().body == b"two"


def test_client_that_resets_with_many_responses_waiting_harms_no_other():
    gate = Gate()
    with ServedHTTP(application(gate)) as server:
        socks = [server.connect() for _ in range(40)]
        for sock in socks:
            sock.sendall(b"GET /late HTTP/1.1\r\nHost: a\r\n\r\n" + GET)
        server.wait_for_stats(active=40)
        for sock in socks[::2]:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            sock.close()
        server.call(gate.open)
        for sock in socks[1::2]:
            reader = ResponseReader(sock)
            assert reader.read().body == b"late"
            assert reader.read().body == b"GET / "
            sock.close()
        server.wait_for_stats(connections=0, active=0)


def test_response_larger_than_the_batch_follows_a_small_one_in_order():
    """With many requests at once small responses are collected."""
    gate = Gate()

    class Mixed(tornado.web.RequestHandler):
        @gen.coroutine
        def get(self):
            yield gate()
            self.write(b"s" * 10)
            self.flush()
            self.write(b"L" * 200000)
            self.flush()
            self.write(b"e" * 10)

    with ServedHTTP(tornado.web.Application([("/", Mixed)])) as server:
        socks = [server.connect() for _ in range(30)]
        for sock in socks:
            sock.sendall(GET)
        server.wait_for_stats(active=30)
        server.call(gate.open)
        for sock in socks:
            assert ResponseReader(sock).read().body == b"s" * 10 + b"L" * 200000 + b"e" * 10


def test_connection_that_was_kept_for_early_hints_is_read_on():
    with ServedHTTP(application()) as server:
        sock = server.connect()
        for _ in range(3):
            sock.sendall(b"GET /hints HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b" 103 " in read_until(sock, b"\r\n\r\n")
            read_until(sock, b"final")
