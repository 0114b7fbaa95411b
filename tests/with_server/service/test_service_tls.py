"""A service over TLS, on both servers: requests, refusals, stops, and clients that misbehave.

With sockets, since it is TLS that is tested.
"""

from __future__ import absolute_import, division, print_function

import functools
import logging
import socket
import ssl
import threading

import pytest
from certificates import AUTHORITY, CLIENT, SERVER
from programs import wait_until
from raw_client import RawConnection, request_bytes
from raw_server import start_thread
from tls_clients import client_context
from tornado import gen
from tornado.concurrent import Future

from waterspout import service
from waterspout._net import server_handshake
from waterspout.service._server import draining_server

BIG = 4 * 1024 * 1024


class EchoHandler(service.JSONHandler):
    json_object_type = None

    def get(self):
        self.write_json(self.request.protocol)

    def post(self):
        self.write_json(len(self.body))


class WaitHandler(service.JSONHandler):
    """Answers with ``BIG`` bytes when the test tells it."""

    future = None

    @gen.coroutine
    def get(self):
        WaitHandler.future = Future()
        yield WaitHandler.future
        self.write_json("x" * BIG)


def make_app(**options):
    WaitHandler.future = None
    return service.Application(
        [("/", EchoHandler), ("/wait", WaitHandler)],
        ssl_options=functools.partial(service.server_tls, SERVER, **options),
        max_body_bytes=BIG)


def is_ended(connection):
    try:
        return connection.is_closed_by_peer()
    except ssl.SSLError:  # Tornado ends TCP, but not TLS before.
        return True


@pytest.fixture
def served(serve, caplog):
    caplog.set_level(logging.INFO, "tornado.access")
    with serve(make_app) as served:
        yield served


def test_requests_are_served_and_logged(served, caplog):
    """Several on one connection; their scheme is https."""
    with served.connect(client_context()) as connection:
        for _ in range(2):
            assert connection.get("/").json == "https"
        assert connection.post("/", b"x" * BIG).json == BIG
        assert connection.get("/nowhere").status == 404

    def access_log():
        return [each.getMessage() for each in caplog.records if each.name == "tornado.access"]

    wait_until(lambda: len(access_log()) == 4, "the access log")
    lines = access_log()
    assert [line.split(" 127")[0].split(" (")[0] for line in lines] == [
        "200 GET /", "200 GET /", "200 POST /", "404 GET /nowhere"]
    assert all("(127.0.0.1)" in line for line in lines)


@pytest.mark.parametrize("make", [
    lambda: service.server_tls(SERVER), lambda: {"certfile": SERVER}])
def test_an_ssl_context_and_a_dict_are_taken_as_well(serve, make):
    """A context is best made before a fork; a dict is what Tornado's server takes."""
    options = make()
    with serve(lambda: service.Application([("/", EchoHandler)], ssl_options=options)) as served:
        with served.connect(client_context()) as connection:
            assert connection.get("/").json == "https"


@pytest.mark.parametrize("options", [True, "server.pem", 443, []])
def test_other_ssl_options_are_a_type_error(options):
    with pytest.raises(TypeError):
        service.Application([], ssl_options=options)


def test_http_1_1_is_agreed_on_and_compression_is_not(served):
    """A client that can speak HTTP/2, too, gets HTTP/1.1."""
    with served.connect(client_context(protocols=["h2", "http/1.1"])) as connection:
        assert connection.socket.selected_alpn_protocol() == "http/1.1"
        assert connection.socket.compression() is None
        assert connection.get("/").status == 200
    with served.connect(client_context(protocols=["h2"])) as connection:
        assert connection.get("/").status == 200


@pytest.mark.parametrize("ciphers", ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA"])
def test_weak_ciphers_are_refused(served, ciphers):
    """Without forward secrecy, or without authenticated encryption."""
    with pytest.raises((ssl.SSLError, socket.error)):
        served.connect(client_context(ciphers=ciphers))
    with served.connect(client_context(ciphers="ECDHE-ECDSA-AES128-GCM-SHA256")) as connection:
        assert connection.get("/").status == 200
        assert connection.socket.version() == "TLSv1.2"


def test_tls_1_2_is_refused_where_1_3_is_demanded(serve):
    with serve(functools.partial(make_app, min_version="1.3")) as served:
        with pytest.raises((ssl.SSLError, socket.error)):
            served.connect(client_context(ciphers="ECDHE+AESGCM"))
        with served.connect(client_context()) as connection:
            assert connection.socket.version() == "TLSv1.3"
            assert connection.get("/").status == 200


def test_client_of_plain_http_is_closed_with_one_line_in_the_log(served, caplog):
    """The commonest mistake; it is no traceback."""
    with served.connect() as connection:
        connection.send(request_bytes("GET", "/"))
        try:
            assert connection.socket.recv(1) == b""
        except socket.error:
            pass  # A reset.
    wait_until(lambda: caplog.records, "the line")
    with served.connect(client_context()) as connection:
        assert connection.get("/").status == 200
    lines = [record for record in caplog.records if record.name != "tornado.access"]
    (line,) = lines
    assert line.levelno == logging.WARNING and line.exc_info is None
    assert "SSL Error" in line.getMessage() and "127.0.0.1" in line.getMessage()


@pytest.mark.parametrize("data", [b"", b"\x16\x03\x01"])
def test_handshake_that_never_ends_is_given_up(serve, data, monkeypatch):
    """Others are served meanwhile."""
    monkeypatch.setattr(server_handshake, "HANDSHAKE_SECONDS", 0.3)
    monkeypatch.setattr(draining_server, "IDLE_TIMEOUT", 0.3)  # Tornado's server has only that.
    with serve(make_app) as served:
        with served.connect() as silent:
            silent.send(data)
            with served.connect(client_context()) as connection:
                assert connection.get("/").status == 200
            assert silent.socket.recv(1) == b""


def test_client_certificate_is_demanded(serve):
    """Refused in the handshake: no request is read."""
    with serve(functools.partial(make_app, client_ca=AUTHORITY)) as served:
        with pytest.raises((ssl.SSLError, socket.error, AssertionError, AttributeError)):
            with served.connect(client_context()) as connection:
                assert connection.get("/").status
        with served.connect(client_context(CLIENT)) as connection:
            assert connection.get("/").status == 200


def test_client_certificate_may_be_optional(serve):
    with serve(functools.partial(
            make_app, client_ca=AUTHORITY, client_cert="optional")) as served:
        for certificate in (None, CLIENT):
            with served.connect(client_context(certificate)) as connection:
                assert connection.get("/").status == 200


def test_refusal_of_a_long_body_can_be_read(served):
    """The server reads on for a while, or the client would only see a reset."""
    with served.connect(client_context()) as connection:
        connection.send(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (4 * BIG))
        for _ in range(64):
            connection.send(b"x" * (BIG // 16))
        assert connection.read_answer().status == 413


def test_response_in_flight_is_sent_to_its_last_byte_at_a_stop(served):
    """Connections without a request are closed meanwhile."""
    with served.connect(client_context()) as idle, served.connect(client_context()) as busy:
        assert idle.get("/").status == 200
        busy.send(request_bytes("GET", "/wait"))
        wait_until(lambda: WaitHandler.future, "the request's start")
        served.stop()
        wait_until(lambda: served.application.draining, "draining")
        assert is_ended(idle)
        served.call(lambda: WaitHandler.future.set_result(None))
        answer = busy.read_answer()
        assert answer.headers["connection"] == "close"
        assert len(answer.body) == BIG + 2
        assert is_ended(busy)


def test_connections_that_wait_at_a_stop_are_answered(served):
    """Their handshakes begin when the server stops."""
    busy, go_on = threading.Event(), threading.Event()

    def hold_the_loop():
        busy.set()
        go_on.wait(30)
        served.server.stop()  # Before the IOLoop looks at the listening socket again.

    statuses = []

    def ask(sock):
        with RawConnection.of(client_context().wrap_socket(sock)) as connection:
            statuses.append(connection.get("/").status)

    with served.connect(client_context()) as waiting:
        # The drain waits for this request, so a slow machine has time for the handshakes.
        waiting.send(request_bytes("GET", "/wait"))
        wait_until(lambda: WaitHandler.future, "the request's start")
        served.call(hold_the_loop)
        assert busy.wait(30)
        sockets = [socket.create_connection(("127.0.0.1", served.port), 30) for _ in range(10)]
        served.stop()
        go_on.set()
        threads = [start_thread(functools.partial(ask, sock)) for sock in sockets]
        for thread in threads:
            thread.join(30)
        served.call(lambda: WaitHandler.future.set_result(None))
        assert waiting.read_answer().status == 200
    assert statuses == [200] * 10
