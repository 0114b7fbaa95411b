"""AppTransport: what the application gets, whom it serves, and what it does without."""

from __future__ import absolute_import, division, print_function

import logging
import socket
import threading

import pytest
from client_fixtures import Client
from echo_app import echo_app
from tornado import gen, httputil, ioloop, routing, web
from tornado.concurrent import Future
from tornado.httpserver import HTTPServer

import waterspout
from waterspout import service
from waterspout.instrumentation import Observer
from waterspout.models.call_options import CallOptions
from waterspout.testing import AppTransport


@pytest.fixture
def call(io_loop):
    """``call(application, **options)`` returns a `Client` on its AppTransport."""
    clients = []

    def call(application, client_address="127.0.0.1", **options):
        clients.append(Client(io_loop, AppTransport(application, client_address, **options)))
        return clients[-1]

    yield call
    for client in clients:
        client.close()


class Connection(web.RequestHandler):
    """Answers with what programs read of ``request.connection``."""

    def get(self):
        connection = self.request.connection
        self.write({
            "context": str(connection.context),
            "address": list(connection.context.address),
            "closed": connection.stream.closed(),
            "socket": connection.stream.socket,
        })


CONNECTION = web.Application([(r"/", Connection)])


def test_the_first_call(call):
    """Any host is the application."""
    response = call(echo_app()).get("http://app.test/hosts?q=web")
    assert response.status_code == 200
    assert response.json()["uri"] == "/hosts?q=web"
    assert response.json()["host"] == "app.test"
    assert response.headers.get_list("X-Twice") == ["1", "2"]


def test_no_socket_and_no_thread(call, monkeypatch):
    """Not one is made for calls with names, ports, TLS and proxies."""
    client = call(echo_app())
    client.get("http://app.test/")  # The IOLoop has made its own.

    def refuse(*args, **kwargs):
        raise AssertionError("a test may not do this")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    for url in ("http://no.such.host/", "https://secure.test:8443/", "http://[::1]:81/"):
        assert client.get(url).status_code == 200
    assert client.get("http://a.test/", proxies={"http": "http://proxy:3128"}).json()["uri"] == "/"
    assert client.get("https://a.test/", proxies={"https": "http://proxy:3128"}, verify=False).ok


@pytest.mark.parametrize("protocol", ["http", "https"])
def test_the_protocol_is_that_of_the_url(call, protocol):
    url = protocol + "://a.test/"
    assert call(echo_app()).get(url).json()["protocol"] == protocol
    assert call(echo_app(), protocol="https").get(url).json()["protocol"] == "https"


@pytest.mark.parametrize("address", ["10.20.30.40", "::1", u"10.0.0.1"])
def test_the_client_has_an_address(call, address):
    assert call(echo_app(), address).get("http://a.test/").json()["remote_ip"] == address
    context = call(CONNECTION, address).get("http://a.test/").json()
    assert (context["context"], context["address"]) == (address, [address, 0])


def test_what_the_connection_shows(call):
    """It is open, and there is no socket."""
    shown = call(CONNECTION).get("http://a.test/").json()
    assert (shown["closed"], shown["socket"]) == (False, None)


def test_the_servers_options_hold(call):
    """A proxy's headers are used if the server is told to, and a body is decompressed."""
    headers = {"X-Real-Ip": "1.2.3.4", "X-Scheme": "https"}
    seen = call(echo_app(), xheaders=True).get("http://a.test/", headers=headers).json()
    assert (seen["remote_ip"], seen["protocol"]) == ("1.2.3.4", "https")
    seen = call(echo_app()).get("http://a.test/", headers=headers).json()
    assert (seen["remote_ip"], seen["protocol"]) == ("127.0.0.1", "http")


def test_connections_are_kept_or_not(call):
    """As the server is told."""
    client = call(echo_app())
    assert [client.get("http://a.test/").trace.reused for _ in range(3)] == [False, True, True]
    client = call(echo_app(), no_keep_alive=True)
    assert [client.get("http://a.test/").trace.reused for _ in range(3)] == [False] * 3


@pytest.mark.parametrize("application", [None, 1, "app", HTTPServer(echo_app())])
def test_what_is_no_application_is_refused(application):
    with pytest.raises(TypeError, match="application"):
        AppTransport(application)


@pytest.mark.parametrize("address", [None, "", "localhost", "1.2.3.4.5", 1, b"\xff"])
def test_a_bad_address_is_refused(address):
    with pytest.raises(ValueError, match="client_address"):
        AppTransport(echo_app(), address)


@pytest.mark.parametrize("options", [
    {"ssl_options": {}}, {"max_connections": 1}, {"no_such_option": 1}])
def test_other_options_are_refused(options):
    with pytest.raises(TypeError, match=list(options)[0]):
        AppTransport(echo_app(), **options)


def test_other_applications(call):
    """A function, a router, and an HTTPServerConnectionDelegate of one's own."""
    def answer(request):
        request.connection.write_headers(
            httputil.ResponseStartLine("HTTP/1.1", 200, "OK"),
            httputil.HTTPHeaders({"Content-Length": "2"}), b"ok")
        request.connection.finish()

    class Delegate(httputil.HTTPServerConnectionDelegate):
        def start_request(self, server_conn, request_conn):
            class Message(httputil.HTTPMessageDelegate):
                def headers_received(self, start_line, headers):
                    self.request = httputil.HTTPServerRequest(
                        start_line=start_line, headers=headers, connection=request_conn)

                def finish(self):
                    answer(self.request)

            return Message()

    router = routing.RuleRouter([routing.Rule(routing.HostMatches("a.test"), echo_app())])
    assert call(answer).get("http://a.test/").content == b"ok"
    assert call(Delegate()).get("http://a.test/").content == b"ok"
    assert call(router).get("http://a.test/x").json()["uri"] == "/x"
    assert call(router).get("http://b.test/x").status_code == 404


class Greeting(service.JSONHandler):

    def post(self):
        self.write_json({"hello": self.read_json_object()["name"]})


def test_an_application_of_the_kit(call):
    """With its own delegates, limits and refusals."""
    application = service.Application([("/hello", Greeting)], max_body_bytes=100)
    client = call(application)
    assert client.post("http://a.test/hello", json={"name": "x"}).json() == {"hello": "x"}
    refused = client.post("http://a.test/hello", data=b"x" * 101)
    assert refused.status_code == 413 and "100 bytes" in refused.json()["error"]
    assert client.get("http://a.test/missing").status_code == 404
    client.wait_until(lambda: application.requests_in_flight == 0)


def test_an_sdk(call, io_loop):
    sdk = waterspout.BaseSDK("cmdb.test", org=1888, transport=AppTransport(echo_app()))
    seen = io_loop.run_sync(
        lambda: sdk.fetch_async("POST", "/object/{name}", path={"name": "a b"}, json={"a": 1}))
    assert (seen["host"], seen["uri"]) == ("cmdb.test", "/object/a%20b")
    assert ["Org", "1888"] in [[name.title(), value] for name, value in seen["fields"]]
    io_loop.run_sync(sdk.close)


def test_cookies_and_redirects_are_the_sessions(call):
    class Login(web.RequestHandler):
        def get(self):
            self.set_cookie("user", "me")
            self.redirect("/home")

    class Home(web.RequestHandler):
        def get(self):
            self.write(self.get_cookie("user"))

    client = call(web.Application([("/login", Login), ("/home", Home)]))
    response = client.get("http://a.test/login")
    assert response.text == "me" and response.url == "http://a.test/home"


def test_compressed_responses_are_decoded(call):
    response = call(echo_app(compress_response=True)).get("http://a.test/chunks/10")
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) == 20000


def test_the_access_log_is_written(call, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("tornado.access"), "level", logging.INFO)
    with caplog.at_level(logging.INFO, "tornado.access"):
        call(echo_app(), "10.0.0.9").get("http://a.test/logged")
    assert [record.getMessage().split(")")[0] for record in caplog.records] == [
        "200 GET /logged (10.0.0.9"]


def test_each_session_ends_its_own_calls(io_loop):
    """Two sessions on one transport; the other one's calls go on."""
    class Slow(web.RequestHandler):
        @gen.coroutine
        def get(self):
            started.append(True)
            yield released[0]
            self.write("done")

    started, released = [], []

    @gen.coroutine
    def run():
        released.append(Future())
        transport = AppTransport(web.Application([("/", Slow)]))
        one, other = waterspout.Session(transport=transport), waterspout.Session(
            transport=transport)
        ending, going_on = one.get("http://a.test/"), other.get("http://a.test/")
        while len(started) < 2:
            yield gen.moment
        yield one.close()
        with pytest.raises(waterspout.ConnectionError):
            yield ending
        released[0].set_result(None)
        response = yield going_on
        yield other.close()
        raise gen.Return(response.text)

    assert io_loop.run_sync(run) == "done"


def test_limits_of_the_session_hold(call, io_loop):
    """Calls wait for a connection as they do with a server."""
    class Count(web.RequestHandler):
        running = most = 0

        @gen.coroutine
        def get(self):
            Count.running += 1
            Count.most = max(Count.most, Count.running)
            for _ in range(5):
                yield gen.moment
            Count.running -= 1

    @gen.coroutine
    def run():
        session = waterspout.Session(
            transport=AppTransport(web.Application([("/", Count)])), max_connections=3)
        yield [session.get("http://a.test/") for _ in range(20)]
        yield session.close()

    io_loop.run_sync(run)
    assert Count.most == 3


def test_many_calls_at_once(io_loop):
    @gen.coroutine
    def run():
        session = waterspout.Session(transport=AppTransport(echo_app()), max_connections=50)
        responses = yield [session.post("http://a.test/%d" % number, data=b"x" * number)
                           for number in range(200)]
        yield session.close()
        raise gen.Return([response.json()["path"] for response in responses])

    assert io_loop.run_sync(run) == ["/%d" % number for number in range(200)]


def test_without_a_session(io_loop):
    """``send`` performs one exchange, and ``close`` ends what it holds."""
    transport = AppTransport(echo_app())
    request = waterspout.Request("GET", "http://a.test/x").prepare()

    @gen.coroutine
    def run():
        response = yield transport.send(request, CallOptions(waterspout.ClientTimeout()))
        yield transport.close()
        raise gen.Return(response.json()["path"])

    assert io_loop.run_sync(run) == "/x"


def test_several_loops(call):
    """One transport for tests that have a loop each."""
    transport = AppTransport(echo_app())
    for _ in range(3):
        io_loop = ioloop.IOLoop(make_current=False)
        session = waterspout.Session(transport=transport)
        assert io_loop.run_sync(lambda: session.get("http://a.test/")).ok  # noqa: B023
        io_loop.close(all_fds=True)


def test_its_repr_names_the_application():
    assert "Application" in repr(AppTransport(echo_app()))


@pytest.mark.parametrize("stream", [False, True])
def test_a_call_with_observers(io_loop, stream):
    """They are told as on a network, also while the call runs."""
    class Noting(Observer):
        def __init__(self):
            self.told = []

        def call_connected(self, detail):
            self.told.append(type(detail).__name__)

        call_first_byte = call_done = call_connected

    observer = Noting()

    @gen.coroutine
    def run():
        session = waterspout.Session(transport=AppTransport(echo_app()), observers=[observer])
        response = yield session.get("http://app.test/hosts", stream=stream)
        yield response.read()
        yield session.close()

    io_loop.run_sync(run)
    assert observer.told == ["CallConnected", "CallFirstByte", "CallDone"]
