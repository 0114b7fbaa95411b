"""The interface of Tornado's HTTPServer: its arguments, methods and attributes."""

from __future__ import absolute_import, division, print_function

import gzip
import io
import socket

import pytest
import tornado.httpserver
import tornado.web
from certificates import AUTHORITY
from noting_delegates import NotingApplication
from raw_responses import ResponseReader
from served_http import BOTH, ServedHTTP
from serving_apps import application
from tornado import httputil, netutil

import waterspout

GET = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"


class Who(tornado.web.RequestHandler):
    def get(self):
        self.write("%s %s %s" % (
            self.request.remote_ip, self.request.protocol, self.request.connection.context))


def who(server, *fields):
    sock = server.connect()
    sock.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(
        field + b"\r\n" for field in fields) + b"\r\n")
    body = ResponseReader(sock).read().body
    sock.close()
    return body


WHO = tornado.web.Application([("/", Who)])


# Arguments


@pytest.mark.parametrize("server_class", BOTH)
def test_arguments_can_be_given_by_position(server_class):
    with ServedHTTP(application(), server_class) as server:
        by_position = server.call(lambda: server_class(
            application(), True, True, None, "https", True, 1000, 2000, 3.0, 4.0, 5000, 6000,
            ["10.0.0.1"]))
        params = by_position.conn_params
        assert (params.no_keep_alive, params.decompress, params.chunk_size) == (True, True, 1000)
        assert (params.max_header_size, params.header_timeout) == (2000, 3.0)
        assert (params.body_timeout, params.max_body_size) == (4.0, 5000)
        assert by_position.xheaders and by_position.protocol == "https"
        assert by_position.trusted_downstream == ["10.0.0.1"]


def test_unknown_argument_is_refused():
    with pytest.raises(TypeError):
        waterspout.HTTPServer(application(), no_such_argument=1)


@pytest.mark.parametrize("server_class", BOTH)
def test_no_keep_alive_ends_each_connection(server_class):
    with ServedHTTP(application(), server_class, no_keep_alive=True) as server:
        data = server.exchange(GET)
        assert data.startswith(b"HTTP/1.1 200") and b"\r\nConnection: close\r\n" in data


@pytest.mark.parametrize("server_class", BOTH)
def test_protocol_is_what_the_server_was_told(server_class):
    with ServedHTTP(WHO, server_class, protocol="https") as server:
        assert who(server) == b"127.0.0.1 https 127.0.0.1"


@pytest.mark.parametrize("server_class", BOTH)
def test_fields_of_a_proxy_are_used_with_xheaders_only(server_class):
    fields = b"X-Forwarded-For: 1.2.3.4, 5.6.7.8", b"X-Forwarded-Proto: https"
    with ServedHTTP(WHO, server_class) as server:
        assert who(server, *fields) == b"127.0.0.1 http 127.0.0.1"
    with ServedHTTP(WHO, server_class, xheaders=True) as server:
        assert who(server, *fields).startswith(b"5.6.7.8 https")
        assert who(server, b"X-Real-Ip: 4.4.4.4", b"X-Scheme: https").startswith(b"4.4.4.4 https")
        assert who(server, b"X-Real-Ip: nobody", b"X-Scheme: ftp").startswith(b"127.0.0.1 http ")
    with ServedHTTP(
            WHO, server_class, xheaders=True, trusted_downstream=["5.6.7.8"]) as server:
        assert who(server, *fields).startswith(b"1.2.3.4 https")


@pytest.mark.parametrize("server_class", BOTH)
def test_fields_of_a_proxy_are_not_used_for_the_next_request(server_class):
    with ServedHTTP(WHO, server_class, xheaders=True) as server:
        sock = server.connect()
        reader = ResponseReader(sock)
        for ip in (b"1.2.3.4", None, b"5.6.7.8", None):
            field = b"" if ip is None else b"X-Real-Ip: " + ip + b"\r\n"
            sock.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n" + field + b"\r\n")
            assert reader.read().body.startswith((ip or b"127.0.0.1") + b" ")


def test_fields_of_a_proxy_are_not_used_for_the_request_after_an_early_answer():
    seen = []

    @tornado.web.stream_request_body
    class Early(tornado.web.RequestHandler):
        """Answers when the last piece comes, before the request has ended."""

        def data_received(self, chunk):
            self.write(b"early")
            self.flush()
            self.finish()

        def prepare(self):
            seen.append(self.request.remote_ip)

        def get(self):
            pass

    with ServedHTTP(tornado.web.Application([("/", Early)]), xheaders=True) as server:
        sock = server.connect()
        sock.sendall(
            b"POST / HTTP/1.1\r\nHost: a\r\nX-Real-Ip: 1.2.3.4\r\nContent-Length: 4\r\n\r\n")
        server.wait_for(lambda: seen)
        sock.sendall(b"body"
                     b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                     b"GET / HTTP/1.1\r\nHost: a\r\nX-Real-Ip: 5.6.7.8\r\n\r\n")
        reader = ResponseReader(sock)
        assert [reader.read().status for _ in range(3)] == [200, 200, 200]
    assert seen == ["1.2.3.4", "127.0.0.1", "5.6.7.8"]


def gzipped(data):
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb") as file:
        file.write(data)
    return buffer.getvalue()


def post_gzip(body):
    return (b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
            % len(body) + body)


@pytest.mark.parametrize("server_class", BOTH)
def test_request_is_decompressed_if_wanted(server_class):
    body = b"text " * 1000
    for decompress in (False, True):
        with ServedHTTP(application(), server_class, decompress_request=decompress) as server:
            sock = server.connect()
            sock.sendall(post_gzip(gzipped(body)))
            expected = body if decompress else gzipped(body)
            assert len(ResponseReader(sock).read().body) == len(b"POST /a ") + len(expected)


def test_decompressed_body_is_limited():
    with ServedHTTP(application(), decompress_request=True, max_body_size=100000) as server:
        sock = server.connect()
        sock.sendall(post_gzip(gzipped(b"x" * 100001)))
        assert ResponseReader(sock).read().status == 400
        sock = server.connect()
        sock.sendall(post_gzip(gzipped(b"x" * 100000)))
        assert ResponseReader(sock).read().status == 200


@pytest.mark.parametrize("body", [b"not gzip", gzipped(b"text")[:-1]], ids=["other", "cut short"])
def test_delegate_is_told_of_a_body_that_is_not_gzip(body):
    app = NotingApplication()
    with ServedHTTP(app, decompress_request=True) as server:
        sock = server.connect()
        sock.sendall(post_gzip(body))
        assert ResponseReader(sock).read().status == 400
        server.wait_for(lambda: "on_connection_close" in app.calls)
        assert "finish" not in app.calls


@pytest.mark.parametrize("ssl_options, error", [
    ({}, KeyError), ({"certfile": "/nowhere"}, ValueError),
    ({"certfile": AUTHORITY, "keyfile": "/nowhere"}, ValueError),
])
@pytest.mark.parametrize("server_class", BOTH)
def test_ssl_options_are_checked_at_once(server_class, ssl_options, error):
    with pytest.raises(error):
        server_class(application(), ssl_options=ssl_options)


@pytest.mark.parametrize("name, value", [
    ("max_header_size", -1), ("max_header_size", "x"), ("max_body_size", -1)])
def test_limits_are_checked_at_once(name, value):
    with pytest.raises((TypeError, ValueError)):
        waterspout.HTTPServer(application(), **{name: value})


# Changes while it runs


def test_conn_params_may_change_while_the_server_runs():
    with ServedHTTP(application(), max_body_size=10) as server:
        sock = server.connect()
        reader = ResponseReader(sock)
        params = server.server.conn_params
        params.max_body_size = 20
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n" + b"x" * 20)
        assert reader.read().status == 200
        params.max_body_size = 15
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 16\r\n\r\n")
        assert reader.read().status == 400
        sock = server.connect()
        reader = ResponseReader(sock)
        params.body_timeout = 0.1
        sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
        assert reader.rest() == b""
        params.no_keep_alive = True
        assert b"\r\nConnection: close\r\n" in server.exchange(GET)
        params.header_timeout = 0.1
        assert ResponseReader(server.connect()).rest() == b""


# Subclasses and callbacks


@pytest.mark.parametrize("base", [waterspout.HTTPServer])
def test_overridden_handle_stream_is_refused(base):
    class Mine(base):
        def handle_stream(self, stream, address):
            pass

    class Derived(Mine):
        pass

    for each in (Mine, Derived):
        with pytest.raises(TypeError) as raised:
            each(application())
        assert "Mine overrides handle_stream" in str(raised.value)


def test_handle_stream_is_not_for_callers():
    with pytest.raises(TypeError):
        waterspout.HTTPServer(application()).handle_stream(None, None)


def test_server_connections_are_passed_to_start_request_and_on_close():
    calls = []

    class Mine(waterspout.HTTPServer):
        def start_request(self, server_conn, request_conn):
            calls.append(("start", server_conn))
            return super(Mine, self).start_request(server_conn, request_conn)

        def on_close(self, server_conn):
            calls.append(("close", server_conn))
            super(Mine, self).on_close(server_conn)

    with ServedHTTP(application(), Mine) as server:
        sock = server.connect()
        sock.sendall(GET + GET)
        reader = ResponseReader(sock)
        assert [reader.read().status for _ in range(2)] == [200, 200]
        sock.close()
        server.wait_for(lambda: len(calls) == 3)
    assert [name for name, _ in calls] == ["start", "start", "close"]
    assert len(set(connection for _, connection in calls)) == 1


@pytest.fixture
def configured():
    tornado.httpserver.HTTPServer.configure("waterspout.HTTPServer")
    yield
    tornado.httpserver.HTTPServer.configure(None)


def test_configure_replaces_the_server_of_a_program(configured):
    with ServedHTTP(application(), tornado.httpserver.HTTPServer) as server:
        assert type(server.server) is waterspout.HTTPServer
        sock = server.connect()
        sock.sendall(GET)
        assert ResponseReader(sock).read().status == 200


def test_listen_of_an_application_uses_the_configured_server(configured):
    with ServedHTTP(application()) as outer:
        def listen():
            server = application().listen(0, "127.0.0.1", no_keep_alive=True)
            port = next(iter(server._sockets.values())).getsockname()[1]
            return server, port

        server, port = outer.call(listen)
        assert type(server) is waterspout.HTTPServer
        sock = socket.create_connection(("127.0.0.1", port), 30)
        sock.sendall(GET)
        assert ResponseReader(sock).read().headers["connection"] == "close"
        outer.call(server.stop)


def test_subclass_of_tornados_server_stays_tornados(configured):
    class Mine(tornado.httpserver.HTTPServer):
        pass

    assert not isinstance(Mine(application()), waterspout.HTTPServer)


# The connection of a request


def test_facade_of_the_stream():
    seen = []

    def callback(request):
        stream = request.connection.stream
        stream.set_nodelay(False)
        nodelay = stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        stream.set_nodelay(True)
        seen.append((stream.socket.getpeername()[0], stream.closed(), nodelay,
                     stream.io_loop is server.io_loop, stream.fileno() > 0))
        stream.close()
        seen.append((stream.closed(), stream.socket))

    with ServedHTTP(callback) as server:
        assert server.exchange(GET) == b""
        server.wait_for(lambda: len(seen) == 2)
        assert seen == [("127.0.0.1", False, 0, True, True), (True, None)]


@pytest.mark.parametrize("how", ["facade", "exchange", "server"])
def test_close_callback_is_called_once(how):
    calls, requests = [], []

    def callback(request):
        requests.append(request)
        request.connection.set_close_callback(lambda: calls.append(True))

    with ServedHTTP(callback) as server:
        sock = server.connect()
        sock.sendall(GET)
        server.wait_for(lambda: requests)
        connection = requests[0].connection
        server.call({"facade": connection.stream.close, "exchange": connection.close,
                     "server": server.server.close_all_connections}[how])
        assert ResponseReader(sock).rest() == b""
        server.wait_for(lambda: calls)
        server.call(connection.close)
        server.call(connection.close)
    assert calls == [True]


def test_close_callback_is_not_called_after_the_response():
    calls = []

    def callback(request):
        request.connection.set_close_callback(lambda: calls.append(True))
        request.connection.write_headers(
            httputil.ResponseStartLine("HTTP/1.1", 200, "OK"),
            httputil.HTTPHeaders({"Content-Length": "2"}), b"ok")
        request.connection.finish()

    with ServedHTTP(callback) as server:
        sock = server.connect()
        sock.sendall(GET)
        assert ResponseReader(sock).read().body == b"ok"
        sock.close()
        server.wait_for_stats(connections=0)
    assert calls == []


def test_unix_socket_is_served(tmpdir):
    path = str(tmpdir.join("socket"))
    sock = netutil.bind_unix_socket(path)
    with ServedHTTP(WHO, sockets=[sock]):
        client = socket.socket(socket.AF_UNIX)
        client.connect(path)
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert ResponseReader(client).read().body.startswith(b"0.0.0.0 http")


def test_ipv6_is_served():
    try:
        sockets = netutil.bind_sockets(0, "::1")
    except socket.error:
        pytest.skip("no IPv6 here")
    with ServedHTTP(WHO, sockets=sockets):
        client = socket.create_connection(sockets[0].getsockname()[:2], 30)
        client.sendall(b"GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n")
        assert ResponseReader(client).read().body == b"::1 http ::1"


@pytest.mark.parametrize("name", ["max_connections", "max_requests"])
@pytest.mark.parametrize("value, error", [
    (0, ValueError), (-1, ValueError), ("5", TypeError), (2.5, TypeError), (True, TypeError)])
def test_count_that_is_not_a_whole_number_is_refused_at_once(name, value, error):
    """Not at the first connection."""
    with pytest.raises(error, match=name):
        waterspout.HTTPServer(tornado.web.Application([]), **{name: value})
