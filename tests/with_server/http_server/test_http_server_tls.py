"""TLS: client certificates, renewed certificates, and handshakes that never end."""

from __future__ import absolute_import, division, print_function

import os
import shutil
import socket
import ssl

import pytest
import tornado.web
import tornado.websocket
from certificates import AUTHORITY, CLIENT, OTHER_NAME, SERVER, server_context
from noting_delegates import NotingApplication
from raw_responses import ResponseReader
from served_http import BOTH, ServedHTTP, read_until
from serving_apps import application
from tornado import httputil

import waterspout
from waterspout._net import server_handshake

GET = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"


def client_context(certificate=None):
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_CLIENT", ssl.PROTOCOL_SSLv23))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(AUTHORITY)
    if certificate is not None:
        context.load_cert_chain(certificate)
    return context


def connect(server, certificate=None):
    return client_context(certificate).wrap_socket(
        server.connect(), server_hostname="localhost")


@pytest.fixture(params=BOTH, ids=["ours", "tornado"])
def either(request):
    with ServedHTTP(
            application(), request.param, ssl_options={"certfile": SERVER}) as server:
        yield server


def test_requests_are_served_over_tls(either):
    sock = connect(either)
    reader = ResponseReader(sock)
    for _ in range(3):
        sock.sendall(GET)
        assert reader.read().body == b"GET /a "
    sock.sendall(GET + GET + b"GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n")
    assert [reader.read().body for _ in range(3)] == [b"GET /a ", b"GET /a ", b"one two three"]


def test_connection_is_ended_as_tls_demands():
    with ServedHTTP(application(), ssl_options={"certfile": SERVER}) as server:
        sock = connect(server)
        sock.sendall(b"GET /a HTTP/1.0\r\n\r\n")
        reader = ResponseReader(sock)
        assert reader.read().body == b"GET /a "
        assert reader.rest() == b""  # Without close_notify this raises.


@pytest.mark.parametrize("size", [16384, 16385, 65536, 65537, 5000000])
def test_large_bodies_arrive_whole_over_tls(either, size):
    body = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    sock = connect(either)
    reader = ResponseReader(sock)
    for _ in range(2):
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size + body)
        assert reader.read().body == b"POST /a " + body


def test_large_response_waits_for_a_slow_reader_over_tls():
    body = b"0123456789abcdef" * (1024 * 1024)
    app = NotingApplication(finish=lambda delegate: delegate.answer(body))
    with ServedHTTP(app, ssl_options=server_context(SERVER)) as server:
        sock = connect(server)
        sock.sendall(GET + GET)
        plain = connect(server)
        for _ in range(5):  # Meanwhile others are served.
            plain.sendall(b"HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n")
            read_until(plain, b"\r\n\r\n")
        reader = ResponseReader(sock)
        assert reader.read().body == body
        assert reader.read().body == body


def test_protocol_of_a_request_over_tls_is_https(either):
    sock = connect(either)
    sock.sendall(b"GET /protocol HTTP/1.1\r\nHost: a\r\n\r\n")
    assert ResponseReader(sock).read().status == 200


@pytest.mark.parametrize("server_class", BOTH)
def test_certificate_of_the_client_is_given_to_the_application(server_class):
    seen = []

    class Who(tornado.web.RequestHandler):
        def get(self):
            seen.append((self.request.protocol, self.request.get_ssl_certificate(),
                         self.request.get_ssl_certificate(binary_form=True)))

    with ServedHTTP(tornado.web.Application([("/", Who)]), server_class,
                    ssl_options=server_context(SERVER, clients=AUTHORITY)) as server:
        sock = connect(server, CLIENT)
        sock.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert ResponseReader(sock).read().status == 200
    (protocol, certificate, binary), = seen
    assert protocol == "https"
    assert dict(pair[0] for pair in certificate["subject"])["commonName"]
    assert isinstance(binary, bytes) and len(binary) > 100


def test_client_without_the_certificate_that_is_required_is_refused(caplog):
    with ServedHTTP(application(), ssl_options=server_context(SERVER, clients=AUTHORITY)) as server:
        with pytest.raises((ssl.SSLError, socket.error, AssertionError)):
            sock = connect(server)
            sock.sendall(GET)
            ResponseReader(sock).read()
        server.wait_for_stats(connections=0)
        sock = connect(server, CLIENT)
        sock.sendall(GET)
        assert ResponseReader(sock).read().status == 200
    assert len(caplog.records) == 1


@pytest.mark.parametrize("data", [b"", GET, b"\x16\x03\x01", b"x" * 100000])
def test_handshake_that_never_ends_is_given_up(data, monkeypatch):
    monkeypatch.setattr(server_handshake, "HANDSHAKE_SECONDS", 0.3)
    with ServedHTTP(application(), ssl_options={"certfile": SERVER}) as server:
        silent = server.connect()
        try:
            silent.sendall(data)
        except socket.error:
            pass
        other = connect(server)
        other.sendall(GET)
        assert ResponseReader(other).read().status == 200
        other.close()
        server.wait_for_stats(connections=0)
        try:
            while silent.recv(65536):
                pass
        except socket.error:  # Reset: it was sent more than was read.
            pass


def test_handshakes_count_as_connections(monkeypatch):
    monkeypatch.setattr(server_handshake, "HANDSHAKE_SECONDS", 0.5)
    with ServedHTTP(application(), max_connections=2, ssl_options={"certfile": SERVER}) as server:
        silent = [server.connect() for _ in range(2)]
        server.wait_for_stats(connections=2)
        sock = connect(server)  # Once a handshake was given up.
        sock.sendall(GET)
        assert ResponseReader(sock).read().status == 200
        for each in silent:
            each.close()


def test_room_is_made_when_handshakes_are_cancelled():
    with ServedHTTP(application(), max_connections=2, ssl_options={"certfile": SERVER}) as server:
        silent = [server.connect() for _ in range(2)]
        server.wait_for_stats(connections=2)
        server.call(server.server.close_all_connections)
        sock = connect(server)
        sock.sendall(GET)
        assert ResponseReader(sock).read().status == 200
        assert [each.recv(1) for each in silent] == [b"", b""]


def test_renewed_certificate_is_used_from_the_next_connection_on(tmpdir):
    path = str(tmpdir.join("server.pem"))
    shutil.copy(SERVER, path)
    with ServedHTTP(application(), ssl_options={"certfile": path}) as server:
        first = connect(server)
        shutil.copy(OTHER_NAME, path + ".new")
        os.rename(path + ".new", path)
        second = connect(server)
        assert first.getpeercert()["subject"] != second.getpeercert()["subject"]
        for sock in (first, second):
            sock.sendall(GET)
            assert ResponseReader(sock).read().status == 200


def test_client_that_sends_plain_http_to_tls_does_no_harm():
    with ServedHTTP(application(), ssl_options={"certfile": SERVER}) as server:
        sock = server.connect()
        sock.sendall(GET)
        try:
            ResponseReader(sock).rest()
        except socket.error:
            pass
        server.wait_for_stats(connections=0)


def test_client_that_speaks_tls_to_a_plain_server_is_refused():
    with ServedHTTP(application()) as server:
        with pytest.raises((ssl.SSLError, socket.error)):
            connect(server)
        server.wait_for_stats(refused={"request line": 1})


def test_client_that_ended_tls_gets_no_more_and_frees_the_connection():
    with ServedHTTP(application(), ssl_options={"certfile": SERVER}) as server:
        sock = connect(server)
        sock.sendall(GET)
        assert ResponseReader(sock).read().status == 200
        sock.unwrap().close()
        server.wait_for_stats(connections=0)


def test_refusal_can_be_read_by_a_client_that_sends_on_over_tls():
    with ServedHTTP(application(), max_body_size=1000,
                    ssl_options={"certfile": SERVER}) as server:
        sock = connect(server)
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
        for _ in range(50):
            sock.sendall(b"x" * 65536)
        assert ResponseReader(sock).read().status == 400
        sock.close()
        server.wait_for_stats(connections=0)


class EchoSocket(tornado.websocket.WebSocketHandler):
    def on_message(self, message):
        self.write_message(message)


@pytest.mark.parametrize("server_class", BOTH)
def test_web_socket_over_tls_has_the_frame_that_came_with_the_handshake(server_class):
    with ServedHTTP(tornado.web.Application([("/ws", EchoSocket)]), server_class,
                    ssl_options={"certfile": SERVER}) as server:
        sock = connect(server)
        sock.sendall(
            b"GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            b"\x81\x83\x00\x00\x00\x00one")
        read_until(sock, b"\r\n\r\n")
        assert read_until(sock, b"one") == b"\x81\x03one"
        sock.sendall(b"\x81\x83\x00\x00\x00\x00two")
        assert read_until(sock, b"two") == b"\x81\x03two"


def test_facade_of_a_tls_connection_has_its_socket():
    seen = []

    def callback(request):
        stream = request.connection.stream
        seen.append((isinstance(stream.socket, ssl.SSLSocket), stream.socket.cipher() is not None))
        request.connection.write_headers(
            httputil.ResponseStartLine("HTTP/1.1", 200, "OK"),
            httputil.HTTPHeaders({"Content-Length": "0"}))
        request.connection.finish()

    with ServedHTTP(callback, waterspout.HTTPServer, ssl_options={"certfile": SERVER}) as server:
        sock = connect(server)
        sock.sendall(GET)
        assert ResponseReader(sock).read().status == 200
    assert seen == [(True, True)]
