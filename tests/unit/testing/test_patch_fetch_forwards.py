"""patch_fetch with a transport that is no application: the client's semantics, and its errors."""

from __future__ import absolute_import, division, print_function

import gzip
import io

import pytest
from client_fixtures import until
from raw_server import PATIENCE
from scripted_transport import ScriptedTransport
from tornado import gen
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.httputil import HTTPOutputError
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError

import waterspout
from waterspout import PooledHTTPClient, exceptions
from waterspout.testing import patch_fetch
from waterspout.testing._exchanges.answer import Answer


@pytest.fixture
def fetch(io_loop):
    """``fetch(transport, url, **options)``: the HTTPResponse, or the error raised."""
    def fetch(transport, url="http://a.test/x", client_options=None, **options):
        @gen.coroutine
        def run():
            client = PooledHTTPClient(force_instance=True, **client_options or {})
            with patch_fetch(transport):
                raise_error = options.pop("raise_error", True)
                response = yield client.fetch(HTTPRequest(url, **options), raise_error=raise_error)
            raise gen.Return(response)

        return io_loop.run_sync(run, timeout=PATIENCE)

    return fetch


def ok(*pieces, **options):
    return Answer(pieces=[(0, piece) for piece in pieces], **options)


def gzipped(data):
    file = io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb") as compressor:
        compressor.write(data)
    return file.getvalue()


# What the transport gets


def test_the_request(fetch):
    """Method, URL and headers in order, without what the way adds."""
    transport = ScriptedTransport(ok())
    fetch(transport, "http://user:pw@a.test:81/a%20b?c=d#e", method="DELETE",
          headers={"X-A": "1"}, user_agent="me", decompress_response=False)
    (request, body), = transport.sent
    assert (request.method, request.url, body) == ("DELETE", "http://a.test:81/a%20b?c=d", b"")
    assert dict(request.headers) == {
        "X-A": "1", "User-Agent": "me", "Authorization": "Basic dXNlcjpwdw=="}


@pytest.mark.parametrize("url", [
    "http://a.test/", "https://a.test:443/", "https://a.test:80/", "http://[::1]:8080/"])
def test_the_url_names_the_port_where_it_must(fetch, url):
    transport = ScriptedTransport(ok())
    fetch(transport, url)
    assert transport.sent[0][0].url == url.replace(":443", "")
    assert "Host" not in transport.sent[0][0].headers


def test_a_host_field_of_ones_own(fetch):
    transport = ScriptedTransport(ok())
    fetch(transport, headers={"Host": "other.test"})
    request, _ = transport.sent[0]
    assert (request.url, request.headers["Host"]) == ("http://a.test/x", "other.test")


def test_a_proxy_is_left_out(fetch):
    """The transport stands for the server behind it."""
    for scheme in ("http", "https"):
        transport = ScriptedTransport(ok())
        fetch(transport, scheme + "://a.test/x?y", proxy_host="proxy.test", proxy_port=3128,
              proxy_username="u", proxy_password="p")
        request, _ = transport.sent[0]
        assert request.url == scheme + "://a.test/x?y"
        assert "Proxy-Authorization" not in request.headers


@pytest.mark.parametrize("options, framing", [
    ({"body": b"x" * 200000}, "Content-Length"),
    ({"body": b""}, "Content-Length"),
    ({"body_producer": "chunks"}, "Transfer-Encoding"),
    ({"body_producer": "chunks", "headers": {"Content-Length": "200000"}}, "Content-Length"),
    ({"body": b"x", "expect_100_continue": True}, "Content-Length"),
])
def test_bodies(fetch, options, framing):
    @gen.coroutine
    def chunks(write):
        for _ in range(4):
            yield write(b"x" * 50000)

    options = dict((key, chunks if value == "chunks" else value)
                   for key, value in options.items())
    transport = ScriptedTransport(ok(b"got it"))
    assert fetch(transport, method="POST", **options).body == b"got it"
    request, body = transport.sent[0]
    assert body == options.get("body", b"x" * 200000)
    assert [name for name in ("Content-Length", "Transfer-Encoding", "Expect")
            if name in request.headers] == [framing]


# What the client makes of the response


def test_the_response(fetch):
    """Status, reason phrase, repeated headers, body, and times."""
    response = fetch(ScriptedTransport(ok(
        b"ab", b"cd", status_code=201, reason="Made", headers=[("X-A", "1"), ("X-A", "2")])))
    assert (response.code, response.reason, response.body) == (201, "Made", b"abcd")
    assert response.headers.get_list("X-A") == ["1", "2"]
    assert response.effective_url == "http://a.test/x"
    assert {"queue", "connect", "starttransfer", "total"} <= set(response.time_info)


def test_an_error_status_is_raised_or_not(fetch):
    with pytest.raises(HTTPClientError) as caught:
        fetch(ScriptedTransport(ok(b"no", status_code=404)))
    assert caught.value.code == 404 and caught.value.response.body == b"no"
    assert fetch(ScriptedTransport(ok(b"no", status_code=404)), raise_error=False).code == 404


def test_redirects_are_followed_or_not(fetch):
    """Each hop is a request of its own; credentials stay with their origin."""
    there = ok(status_code=302, headers=[("Location", "http://b.test/y")])
    transport = ScriptedTransport(there, ok(b"there"))
    response = fetch(transport, headers={"Authorization": "secret"}, method="POST", body=b"x")
    assert (response.body, response.effective_url) == (b"there", "http://b.test/y")
    (_, first), (request, second) = transport.sent
    assert (request.method, first, second) == ("GET", b"x", b"")
    assert "Authorization" not in request.headers
    assert fetch(ScriptedTransport(there), follow_redirects=False, raise_error=False).code == 302


def test_head_and_statuses_without_a_body(fetch):
    head = ok(headers=[("Content-Length", "1000")])
    response = fetch(ScriptedTransport(head), method="HEAD")
    assert (response.body, response.headers["Content-Length"]) == (b"", "1000")
    assert fetch(ScriptedTransport(ok(status_code=204))).code == 204
    assert fetch(ScriptedTransport(ok(status_code=304)), raise_error=False).code == 304


def test_the_client_decompresses_or_not(fetch):
    """The transport's body is handed on as it is."""
    answer = ok(gzipped(b"text" * 1000), headers=[("Content-Encoding", "gzip")])
    response = fetch(ScriptedTransport(answer))
    assert response.body == b"text" * 1000
    assert response.headers["X-Consumed-Content-Encoding"] == "gzip"
    response = fetch(ScriptedTransport(answer), decompress_response=False)
    assert response.body == gzipped(b"text" * 1000)[:4] + response.body[4:]
    assert response.headers["Content-Encoding"] == "gzip"


def test_callbacks_get_the_response_in_pieces(fetch):
    """``header_callback`` the lines, and ``streaming_callback`` the body, each awaited."""
    lines, pieces, running = [], [], []

    @gen.coroutine
    def take(piece):
        assert not running
        running.append(True)
        yield gen.moment
        running.pop()
        pieces.append(piece)

    response = fetch(
        ScriptedTransport(ok(*[b"x" * 1000] * 500, headers=[("X-A", "1")])),
        header_callback=lines.append, streaming_callback=take)
    assert response.body == b"" and b"".join(pieces) == b"x" * 500000
    assert lines[0].split() == ["HTTP/1.1", "200", "OK"] and "X-A: 1\r\n" in lines


def test_a_slow_callback_holds_the_transport_up(io_loop):
    """What is on its way stays bounded."""
    given = []

    class Endless(object):
        def send(self, request, options):
            assert options.stream is True
            return self.transport.send(request, options)

        def close(self):
            pass

    def pieces():
        for number in range(2000):
            given.append(number)
            yield 0, b"x" * 10000

    endless = Endless()
    answer = Answer()
    answer.pieces = pieces()
    endless.transport = ScriptedTransport(answer)

    @gen.coroutine
    def wait(piece):
        if len(taken) == 3:
            for _ in range(300):
                yield gen.moment
            counts.append(len(given))
        taken.append(piece)

    taken, counts = [], []

    @gen.coroutine
    def run():
        with patch_fetch(endless):
            yield PooledHTTPClient(force_instance=True).fetch(
                "http://a.test/", streaming_callback=wait)

    io_loop.run_sync(run, timeout=PATIENCE)
    assert counts[0] < 200 and len(b"".join(taken)) == 20000000


def test_the_clients_limit_of_a_body(fetch):
    with pytest.raises(HTTPStreamClosedError, match="too large|more than|1001"):
        fetch(ScriptedTransport(ok(b"x" * 1001)), client_options={"max_body_size": 1000})


def test_the_queue_is_the_clients(io_loop):
    """``max_clients`` at a time."""
    @gen.coroutine
    def run():
        transport = ScriptedTransport(*[Answer(never=True)] * 2)
        client = PooledHTTPClient(force_instance=True, max_clients=2)
        with patch_fetch(transport):
            fetches = [client.fetch("http://a.test/", request_timeout=0.3) for _ in range(2)]
            yield until(lambda: len(transport.sent) == 2)
            with pytest.raises(HTTPTimeoutError, match="Timeout in request queue"):
                yield client.fetch("http://a.test/", connect_timeout=0.05)
            for fetching in fetches:
                with pytest.raises(HTTPTimeoutError, match="Timeout during request"):
                    yield fetching

    io_loop.run_sync(run, timeout=PATIENCE)


# Errors


def failing(error):
    class Failing(object):
        def send(self, request, options):
            raise error

        def close(self):
            pass

    return Failing()


@pytest.mark.parametrize("error_class, phase, raised, text", [
    (exceptions.ConnectError, "connect", IOError, "the reason"),
    (exceptions.ConnectTimeout, "connect", HTTPTimeoutError, "Timeout while connecting"),
    (exceptions.PoolTimeout, "connect", HTTPTimeoutError, "Timeout in request queue"),
    (exceptions.ReadTimeout, "read", HTTPTimeoutError, "Timeout during request"),
    (exceptions.DeadlineExceeded, "read", HTTPTimeoutError, "Timeout during request"),
    (exceptions.ProxyError, "connect", HTTPClientError, "the reason"),
    (exceptions.SSLError, "connect", HTTPStreamClosedError, "the reason"),
    (exceptions.ReadError, "read", HTTPStreamClosedError, "the reason"),
    (exceptions.RemoteProtocolError, "read", HTTPStreamClosedError, "the reason"),
    (exceptions.IncompleteBody, "body", HTTPStreamClosedError, "the reason"),
    (exceptions.LocalProtocolError, "read", HTTPOutputError, "the reason"),
])
def test_the_transports_errors_become_tornados(fetch, error_class, phase, raised, text):
    """With the transport's error, or its cause, as the cause."""
    answer = Answer(failure=(phase, error_class, "the reason"))
    with pytest.raises(raised, match=text) as caught:
        fetch(ScriptedTransport(answer))
    if raised is not IOError and error_class is not exceptions.ProxyError:
        assert isinstance(caught.value.__cause__, error_class)


@pytest.mark.parametrize("error", [
    AssertionError("no such call"), KeyError("key"), exceptions.InvalidURL("bad")])
def test_other_errors_are_raised_unchanged(fetch, error):
    with pytest.raises(type(error)) as caught:
        fetch(failing(error))
    assert caught.value is error


def test_what_arrived_before_the_error_is_handed_on(fetch):
    """``streaming_callback`` gets the pieces first."""
    pieces = []
    with pytest.raises(HTTPStreamClosedError):
        fetch(ScriptedTransport(ok(b"a", b"b", failure=("body", exceptions.ReadError, "gone"))),
              streaming_callback=pieces.append)
    assert b"".join(pieces) == b"ab"


def test_a_cut_body(fetch):
    """Shorter than its Content-Length."""
    with pytest.raises(HTTPStreamClosedError, match="9 bytes early"):
        fetch(ScriptedTransport(ok(b"a", headers=[("Content-Length", "10")])))


@pytest.mark.parametrize("answer, options, text", [
    (Answer(connect_delay=60), {"connect_timeout": 0.05}, "Timeout while connecting"),
    (Answer(head_delay=60), {"request_timeout": 0.05}, "Timeout during request"),
    (Answer(pieces=[(0, b"a"), (60, b"b")]), {"request_timeout": 0.05}, "Timeout during request"),
    (Answer(never=True), {"request_timeout": 0.05}, "Timeout during request"),
])
def test_the_clients_timeouts(fetch, answer, options, text):
    with pytest.raises(HTTPTimeoutError, match=text):
        fetch(ScriptedTransport(answer), **options)


def test_no_response_at_all(fetch):
    """A transport with a mistake is named."""
    class Wrong(object):
        @gen.coroutine
        def send(self, request, options):
            raise gen.Return({"status": 200})

        def close(self):
            pass

    with pytest.raises(TypeError, match="no waterspout.Response"):
        fetch(Wrong())


def test_a_response_that_was_decoded_already(fetch):
    """Of a transport of one's own, which makes a Response from text."""
    class Own(object):
        @gen.coroutine
        def send(self, request, options):
            headers = waterspout.Headers({
                "Content-Encoding": "gzip", "Content-Length": "3", "X-A": "1"})
            raise gen.Return(waterspout.Response(request, 200, "OK", headers, b"decoded"))

        def close(self):
            pass

    response = fetch(Own())
    assert (response.body, response.headers["X-A"]) == (b"decoded", "1")
    assert response.headers["Content-Length"] == "7"
    assert fetch(Own(), method="HEAD").body == b""
