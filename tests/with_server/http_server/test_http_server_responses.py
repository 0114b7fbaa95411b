"""Errors in responses: too long, too short, twice, with fields that would make other fields."""

from __future__ import absolute_import, division, print_function

import pytest
import tornado.web
from gates import Gate
from programs import wait_until
from raw_responses import ResponseReader
from served_http import BOTH, ServedHTTP
from tornado import gen, httputil, iostream
from tornado.web import Application, RequestHandler

import waterspout
from waterspout._compat import PY2

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def answering(write):
    """A callback application that calls ``write(connection)``, and the errors that it raised."""
    errors = []

    def callback(request):
        try:
            write(request.connection)
        except Exception as error:
            errors.append(error)

    return callback, errors


def head(connection, body=None, status=200, reason="OK", **fields):
    fields = dict((name.replace("_", "-"), value) for name, value in fields.items())
    return connection.write_headers(
        httputil.ResponseStartLine("HTTP/1.1", status, reason), httputil.HTTPHeaders(fields), body)


@pytest.mark.parametrize("server_class", BOTH)
def test_body_longer_than_its_length_is_not_sent(server_class):
    def write(connection):
        head(connection, Content_Length="3")
        connection.write(b"four")

    callback, errors = answering(write)
    with ServedHTTP(callback, server_class) as server:
        data = server.exchange(GET)
        assert data.endswith(b"\r\n\r\n") or data == b""
    assert [type(error) for error in errors] == [httputil.HTTPOutputError]


@pytest.mark.parametrize("server_class", BOTH)
def test_body_shorter_than_its_length_closes_the_connection(server_class):
    def write(connection):
        head(connection, b"tw", Content_Length="3")
        connection.finish()

    callback, errors = answering(write)
    with ServedHTTP(callback, server_class) as server:
        assert server.exchange(GET + GET).endswith(b"\r\n\r\ntw")
    assert [str(error) for error in errors] == [
        "Tried to write 1 bytes less than Content-Length"]


def test_writes_after_finish_are_refused_quietly():
    futures = []

    def write(connection):
        head(connection, b"two", Content_Length="3")
        connection.finish()
        futures.append(connection.write(b"more"))
        futures.append(head(connection, b"two", Content_Length="3"))
        connection.finish()

    callback, errors = answering(write)
    with ServedHTTP(callback) as server:
        sock = server.connect()
        reader = ResponseReader(sock)
        for _ in range(2):
            sock.sendall(GET)
            assert reader.read().body == b"two"
    assert errors == []
    assert [type(future.exception()) for future in futures] == 4 * [iostream.StreamClosedError]


def test_second_head_is_an_error_of_the_application():
    def write(connection):
        head(connection, Content_Length="3")
        try:
            head(connection, Content_Length="4")
        finally:
            connection.write(b"two")
            connection.finish()

    callback, errors = answering(write)
    with ServedHTTP(callback) as server:
        sock = server.connect()
        sock.sendall(GET)
        assert ResponseReader(sock).read().body == b"two"
    assert [type(error) for error in errors] == [httputil.HTTPOutputError]


def test_finish_without_head_closes_the_connection():
    callback, errors = answering(lambda connection: connection.finish())
    with ServedHTTP(callback) as server:
        assert server.exchange(GET) == b""
    assert [type(error) for error in errors] == [httputil.HTTPOutputError]


def test_response_with_a_head_of_its_own_is_sent_as_it_is():
    def write(connection):
        connection.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
        connection.write(b"ok")
        connection.finish()

    callback, errors = answering(write)
    with ServedHTTP(callback) as server:
        assert server.exchange(GET + GET) == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    assert errors == []


@pytest.mark.parametrize("fields", [
    {"X": "a\r\nSet-Cookie: b"}, {"X": "a\nb"}, {"X": "a\rb"}, {"X": "a\x00b"}, {"X\r\nY": "a"},
    {"": "a"}, {"X ": "a"},
])
def test_field_that_would_make_another_is_not_sent(fields):
    def write(connection):
        headers = httputil.HTTPHeaders({"Content-Length": "0"})
        # Behind the checks of newer Tornados.
        headers.get_all = lambda: list(fields.items()) + [("Content-Length", "0")]
        try:
            connection.write_headers(httputil.ResponseStartLine("HTTP/1.1", 200, "OK"), headers)
        finally:
            head(connection, status=500, reason="Broken", Content_Length="0")
            connection.finish()

    callback, errors = answering(write)
    with ServedHTTP(callback) as server:
        sock = server.connect()
        sock.sendall(GET)
        response = ResponseReader(sock).read()
    assert (response.status, response.headers) == (500, {"content-length": "0"})
    assert len(errors) == 1 and isinstance(errors[0], ValueError)


@pytest.mark.parametrize("reason", ["a\r\nX: y", "a\nb", "\x00"])
def test_reason_with_a_line_end_is_not_sent(reason):
    def write(connection):
        try:
            head(connection, reason=reason, Content_Length="0")
        finally:
            head(connection, status=500, reason="Broken", Content_Length="0")
            connection.finish()

    callback, errors = answering(write)
    with ServedHTTP(callback) as server:
        sock = server.connect()
        sock.sendall(GET)
        assert ResponseReader(sock).read().status == 500
    assert len(errors) == 1 and isinstance(errors[0], ValueError)


class Fields(tornado.web.RequestHandler):
    """Sets the field that a test wants."""

    def initialize(self, value):
        self._value = value

    def get(self):
        self._headers["X-Field"] = self._value
        self.write("body")


@pytest.mark.parametrize("server_class", BOTH)
def test_latin_1_value_of_a_handler_is_sent(server_class):
    app = tornado.web.Application([("/", Fields, {"value": u"caf\xe9"})])
    with ServedHTTP(app, server_class) as server:
        sock = server.connect()
        sock.sendall(GET)
        response = ResponseReader(sock).read()
        assert response.status == 200 and response.headers["x-field"].startswith("caf")


def test_value_outside_latin_1_does_not_leave_the_client_waiting():
    app = tornado.web.Application([("/", Fields, {"value": u"\u4e2d"})])
    with ServedHTTP(app) as server:
        data = server.exchange(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    if PY2:  # Tornado 5.1 sends UTF-8.
        assert u"X-Field: \u4e2d\r\n".encode("utf-8") in data
    else:
        assert data == b""


def test_connection_close_of_the_application_is_obeyed():
    def write(connection):
        head(connection, b"two", Content_Length="3", Connection="close")
        connection.finish()

    callback, errors = answering(write)
    with ServedHTTP(callback) as server:
        data = server.exchange(GET + GET)
    assert errors == []
    assert data.count(b"HTTP/1.1 200 OK") == 1 and data.count(b"Connection: close") == 1


def test_transfer_encoding_of_the_application_is_applied_once():
    """As Tornado 6.6 does it: the body is written as it is."""
    def write(connection):
        head(connection, b"two", Transfer_Encoding="chunked")
        connection.finish()

    callback, errors = answering(write)
    with ServedHTTP(callback, waterspout.HTTPServer) as server:
        sock = server.connect()
        sock.sendall(GET)
        reader = ResponseReader(sock)
        assert reader.read().body == b"two"
        sock.close()
    assert errors == []


class ClosesAfterwards(RequestHandler):
    """Closes the connection right after its response, or after a flush."""

    @gen.coroutine
    def get(self):
        if self.get_query_argument("flush", None):
            self.write("bye")
            yield self.flush()
        else:
            self.finish("bye")
        self.request.connection.stream.close()


class Waits(RequestHandler):
    gate = None

    @gen.coroutine
    def get(self):
        yield Waits.gate()


@pytest.mark.parametrize("server_class", BOTH)
@pytest.mark.parametrize("target", [b"/bye", b"/bye?flush=1"])
def test_response_is_sent_before_the_application_closes(server_class, target, monkeypatch):
    """Also by a busy server, which sends several responses together."""
    monkeypatch.setattr(Waits, "gate", Gate())
    application = Application([("/bye", ClosesAfterwards), ("/wait", Waits)])
    with ServedHTTP(application, server_class) as served:
        waiting = [served.connect() for _ in range(20)]
        for sock in waiting:
            sock.sendall(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in waiting:
            Waits.gate.wait()
        assert b"bye" in served.exchange(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % target)
        served.call(Waits.gate.open)
        for sock in waiting:
            sock.close()


class Downloads(RequestHandler):
    """Sends a file as Tornado's StaticFileHandler does: it ends when the client leaves."""

    ended = None

    @gen.coroutine
    def get(self):
        self.set_header("Content-Length", str(100 * 2 ** 20))
        try:
            for _ in range(100):
                self.write(b"x" * 2 ** 20)
                yield self.flush()
        except iostream.StreamClosedError:
            pass
        Downloads.ended.append(True)


@pytest.mark.parametrize("server_class", [waterspout.HTTPServer])
def test_download_that_the_client_cancels_is_not_an_error(server_class, monkeypatch, caplog):
    """Every browser and every head(1) does it."""
    monkeypatch.setattr(Downloads, "ended", [])
    with ServedHTTP(Application([("/", Downloads)]), server_class) as served:
        for done in range(1, 11):
            sock = served.connect()
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert sock.recv(10)
            sock.close()
            wait_until(lambda least=done: len(Downloads.ended) >= least, "the end")
        served.wait_for_stats(connections=0, active=0)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
