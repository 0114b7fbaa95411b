"""Time limits: for the head, the body, an idle connection, and a client that does not read."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
from gates import Gate
from noting_delegates import NotingApplication
from raw_responses import ResponseReader
from served_http import BOTH, ServedHTTP
from serving_apps import application
from tornado import httputil
from tornado.concurrent import Future

import waterspout

GET = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize("server_class", BOTH)
def test_idle_connection_is_closed_silently(server_class, caplog):
    caplog.set_level("INFO", "waterspout")
    caplog.set_level("INFO", "tornado.general")
    with ServedHTTP(application(), server_class, idle_connection_timeout=0.2) as server:
        sock = server.connect()
        assert ResponseReader(sock).rest() == b""
        sock = server.connect()
        reader = ResponseReader(sock)
        for _ in range(2):
            sock.sendall(GET)
            assert reader.read().status == 200
        assert reader.rest() == b""
    assert caplog.records == []


def test_connection_with_a_slow_handler_is_not_idle():
    gate = Gate()
    with ServedHTTP(application(gate), idle_connection_timeout=0.2) as server:
        sock = server.connect()
        sock.sendall(b"GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        future = gate.wait()
        assert ResponseReader(server.connect()).rest() == b""  # So much time has passed.
        server.resolve(future)
        assert ResponseReader(sock).read().body == b"late"


@pytest.mark.parametrize("start", [b"G", GET[:-2], b"GET /a HTTP/1.1\r\nHost: a\r\nX: "])
def test_slow_head_is_answered_with_408(start, monkeypatch):
    monkeypatch.setattr(waterspout.HTTPServer, "head_timeout", 0.2)
    with ServedHTTP(application()) as server:
        for before in (b"", GET):
            sock = server.connect()
            reader = ResponseReader(sock)
            sock.sendall(before + start)
            if before:
                assert reader.read().status == 200
            assert reader.read().status == 408
            assert reader.rest() == b""
            sock.close()
        server.wait_for_stats(connections=0, active=0, refused={"head time": 2})


def test_head_in_single_bytes_does_not_get_more_time(monkeypatch):
    monkeypatch.setattr(waterspout.HTTPServer, "head_timeout", 0.3)
    with ServedHTTP(application()) as server:
        sock = server.connect()
        sock.settimeout(0.01)
        sent, data = 0, b""
        while not data:
            sock.sendall(b"GET /aaaaaaaaa"[sent:sent + 1] or b"a")
            sent += 1
            assert sent < 3000
            try:
                data = sock.recv(65536)
            except socket.timeout:
                pass
        assert data.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("server_class", BOTH)
def test_slow_body_ends_the_connection_with_a_log_line(server_class, caplog):
    caplog.set_level("INFO", "tornado.general")
    with ServedHTTP(application(), server_class, body_timeout=0.2) as server:
        sock = server.connect()
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo")
        assert ResponseReader(sock).rest() == b""
    assert [record.getMessage() for record in caplog.records] == [
        "Timeout reading body from 127.0.0.1"]


def test_body_in_single_bytes_does_not_get_more_time():
    with ServedHTTP(application(), body_timeout=0.3) as server:
        sock = server.connect()
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
        sock.settimeout(0.01)
        data = None
        for _ in range(3000):
            try:
                sock.sendall(b"x")
                data = sock.recv(65536)
                break
            except socket.timeout:
                pass
            except socket.error:  # The connection is closed, with the byte unread.
                data = b""
                break
        assert data == b""


def test_body_timeout_ends_a_request_whose_delegate_waits_before_the_body():
    """As in Tornado, the time in which the application holds the request counts."""
    app = NotingApplication(headers_received=lambda delegate: Future())
    with ServedHTTP(app, body_timeout=0.2) as server:
        sock = server.connect()
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n")
        assert ResponseReader(sock).rest() == b""
        server.wait_for_stats(connections=0, active=0)


def test_slow_body_has_its_own_limit_after_set_body_timeout():
    def headers_received(delegate):
        delegate.connection.set_body_timeout(0.2)

    app = NotingApplication(headers_received=headers_received)
    with ServedHTTP(app) as server:
        sock = server.connect()
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo")
        assert ResponseReader(sock).rest() == b""
        app.wait_for("start_request", "headers_received", "data_received", "on_connection_close")


def test_slow_body_is_limited_although_the_response_has_begun():
    def headers_received(delegate):
        delegate.connection.write_headers(
            httputil.ResponseStartLine("HTTP/1.1", 200, "OK"), httputil.HTTPHeaders())
        # More than the socket takes at once.
        delegate.connection.write(b"x" * (16 * 1024 * 1024))

    app = NotingApplication(headers_received=headers_received)
    with ServedHTTP(app, body_timeout=0.5) as server:
        sock = server.connect()
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo")
        assert len(ResponseReader(sock).rest()) > 16 * 1024 * 1024
        app.wait_for("start_request", "headers_received", "data_received", "on_connection_close")


def test_body_timeout_is_not_that_of_the_handler():
    gate = Gate()
    with ServedHTTP(application(gate), body_timeout=0.2, idle_connection_timeout=0.5) as server:
        sock = server.connect()
        sock.sendall(b"POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
        future = gate.wait()
        assert ResponseReader(server.connect()).rest() == b""  # So much time has passed.
        server.resolve(future)
        assert ResponseReader(sock).read().body == b"body"


@pytest.mark.parametrize("others", [0, 20], ids=["alone", "with many"])
def test_client_that_does_not_read_is_cut_off(others, monkeypatch, caplog):
    monkeypatch.setattr(waterspout.HTTPServer, "send_timeout", 0.5)
    caplog.set_level("INFO", "tornado.general")
    gate = Gate()
    with ServedHTTP(application(gate)) as server:
        waiting = [server.connect() for _ in range(others)]
        for sock in waiting:
            sock.sendall(b"GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        server.wait_for_stats(active=others)
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", server.port))
        request = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n" + b"x" * 4000
        sock.settimeout(0.05)
        try:
            while True:
                sock.sendall(request)
        except socket.error:  # The server reads no more, or has closed the connection.
            pass
        server.wait_for_stats(connections=others, active=others)
        server.call(gate.open)
        for each in waiting:
            assert ResponseReader(each).read().body == b"late"
    assert "Timeout sending a response to 127.0.0.1" in [
        record.getMessage() for record in caplog.records]
