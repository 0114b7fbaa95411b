from __future__ import absolute_import, division, print_function

import gc
import os
import random
import subprocess
import sys
import weakref

import pytest
import tornado
from certificates import server_context
from client_fixtures import new_io_loop
from pooled_client import BlockingClient
from raw_server import answering, response, then
from tornado.httpclient import AsyncHTTPClient, HTTPClient, HTTPError, HTTPRequest
from tornado.httputil import HTTPHeaders
from tornado.simple_httpclient import HTTPStreamClosedError, SimpleAsyncHTTPClient

import waterspout
from waterspout import PooledHTTPClient
from waterspout._async_http_client.fetch_exchange import FetchExchange

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(waterspout.__file__)))

OK = response(b"ok")


# Connections


def test_sequential_fetches_use_one_connection(serve, pooled):
    """A connection is kept and used again, for POST as well as for GET."""
    server, client = serve(answering(OK)), pooled()
    for number in range(20):
        body = {"method": "POST", "body": b"x"} if number % 2 else {}
        assert client.fetch(server.url("/%d" % number), **body).body == b"ok"
    assert server.accepted == 1
    assert client.counts() == {"active": 0, "idle": 1, "queued": 0, "opened": 1, "reused": 19}


def test_no_request_sends_a_connection_header(serve, pooled):
    """HTTP/1.1 keeps connections by default, without a header."""
    server = serve(answering(OK))
    pooled().fetch(server.url())
    assert "connection" not in dict(server.received[0].headers)


def test_a_request_with_connection_close_is_the_last_on_its_connection(serve, pooled):
    """A request with ``Connection: close`` is the last one on its connection."""
    server, client = serve(answering(OK)), pooled()
    for _ in range(2):
        client.fetch(server.url(), headers={"Connection": "close"})
    assert dict(server.received[0].headers)["connection"] == "close"
    assert server.accepted == 2
    assert client.counts()["idle"] == 0


@pytest.mark.parametrize("odd", [
    response(b"ok", headers=[("Connection", "close")]),
    response(b"ok", headers=[("Connection", "x, Close")]),
    b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    OK + b"surplus",
], ids=["close", "close in a list", "HTTP/1.0", "surplus"])
def test_a_connection_is_not_reused_after_an_odd_response(serve, pooled, odd):
    """The response is fine, but nothing may follow it."""
    server, client = serve(answering(odd)), pooled()
    assert [client.fetch(server.url()).body for _ in range(2)] == [b"ok", b"ok"]
    assert server.accepted == 2


def test_a_connection_is_not_reused_after_an_error(serve, pooled):
    """A response that cannot be read ends its connection, and no other fetch."""
    server, client = serve(answering(b"nonsense\r\n\r\n", OK)), pooled()
    with pytest.raises(HTTPStreamClosedError):
        client.fetch(server.url())
    assert client.fetch(server.url()).body == b"ok"
    assert server.accepted == 2


def test_a_kept_connection_that_died_is_replaced(serve, pooled):
    """The server closes the idle connection: the next fetch notices nothing of it."""
    server, client = serve(then(OK)), pooled()
    for _ in range(3):
        assert client.fetch(server.url()).body == b"ok"
    assert server.accepted == 3


# max_clients


def test_a_hundred_fetches_take_turns_on_ten_connections(serve, pooled):
    """No more than max_clients run at a time, and all get their turn."""
    server, client = serve(answering(OK)), pooled(max_clients=10)
    futures = client.begin_all(server.url("/%d" % number) for number in range(100))
    assert len(client.client.queue) == 90
    assert [client.wait_for(future).body for future in futures] == [b"ok"] * 100
    assert server.accepted == 10
    assert client.counts() == {"active": 0, "idle": 10, "queued": 0, "opened": 10, "reused": 90}


def test_queued_fetches_are_sent_in_order(serve, pooled):
    """What waits is sent in the order in which it came, whatever its origin."""
    servers, client = [serve(answering(OK)) for _ in range(2)], pooled(max_clients=1)
    urls = [servers[number % 2].url("/%d" % number) for number in range(20)]
    done = []
    futures = client.begin_all(urls)
    for url, future in zip(urls, futures):
        future.add_done_callback(lambda future, url=url: done.append(url))
    assert [request.url for request in client.client.queue] == urls[1:]
    for future in futures:
        client.wait_for(future)
    assert done == urls
    assert client.client.queue == []


def test_request_time_does_not_include_the_queue(serve, pooled):
    """``time_info["queue"]`` has the wait for a place, ``request_time`` has it not."""
    server, client = serve(answering(OK)), pooled(max_clients=1)
    first, second = [
        client.wait_for(future) for future in client.begin_all([server.url()] * 2)]
    assert first.time_info["queue"] < second.time_info["queue"]
    assert second.time_info["total"] == second.request_time
    assert second.start_time > first.start_time


def test_time_info_has_the_steps_in_order(serve, pooled):
    """On a new connection the name, the connection and the response come one after another."""
    server, client = serve(answering(OK)), pooled()
    info = client.fetch(server.url()).time_info
    steps = [info[name] for name in ("namelookup", "connect", "starttransfer", "total")]
    assert 0 < steps[0] <= steps[1] <= steps[2] <= steps[3]
    assert "appconnect" not in info
    kept = client.fetch(server.url()).time_info
    assert kept["namelookup"] == kept["connect"] == 0 < kept["starttransfer"]


# The interface


@pytest.fixture
def configured():
    AsyncHTTPClient.configure("waterspout.PooledHTTPClient", max_clients=100)
    yield
    AsyncHTTPClient.configure(None)


def test_the_client_is_configured_by_its_name(configured, io_loop):
    """AsyncHTTPClient() gives ours, one for each IOLoop, with the options of configure()."""
    client = BlockingClient(io_loop)
    try:
        made = client.run(AsyncHTTPClient)
        assert type(made) is PooledHTTPClient
        assert made.max_clients == 100
        assert client.run(AsyncHTTPClient) is made
        other = client.run(lambda: AsyncHTTPClient(force_instance=True, max_clients=3))
        assert (other is made, other.max_clients) == (False, 3)
        client.run(made.close)
        assert client.run(AsyncHTTPClient) is not made
    finally:
        client.close()


def test_tornados_blocking_client_keeps_connections(configured, serve):
    """Tornado's HTTPClient keeps its connection too, though its loop stands still in between."""
    server = serve(answering(OK, OK, response(status=404, reason="Not Found")))
    blocking = HTTPClient()
    try:
        assert [blocking.fetch(server.url()).body for _ in range(2)] == [b"ok"] * 2
        with pytest.raises(HTTPError):
            blocking.fetch(server.url())
    finally:
        blocking.close()
    assert server.accepted == 1


def test_an_error_status_is_raised_or_returned(serve, pooled):
    """``raise_error`` decides about statuses; the response is on the error."""
    server = serve(answering(response(b"gone", status=410, reason="Gone")))
    client = pooled()
    with pytest.raises(HTTPError) as caught:
        client.fetch(server.url())
    assert (caught.value.code, caught.value.message) == (410, "Gone")
    assert caught.value.response.body == b"gone"
    returned = client.fetch(server.url(), raise_error=False)
    assert (returned.code, returned.reason, returned.body) == (410, "Gone", b"gone")
    assert server.accepted == 1


def test_given_headers_and_request_are_not_changed(serve, pooled):
    """Options become headers of the request that is sent, not of those that were given."""
    server = serve(answering(OK))
    headers = HTTPHeaders({"X-One": "1"})
    request = HTTPRequest(server.url(), method="POST", body=b"x", headers=headers,
                          auth_username="me", auth_password="secret")
    answer = pooled().fetch(request)
    assert list(headers.get_all()) == [("X-One", "1")]
    assert answer.request is request


SENT = {
    "GET": dict(),
    "POST": dict(method="POST", body=b"abc", headers={"X-One": "1"}),
    "form": dict(method="POST", body=b"", headers={"Content-Type": "text/plain"}),
    "credentials": dict(auth_username="me", auth_password="secret", user_agent="mine"),
    "no gzip": dict(decompress_response=False, headers=HTTPHeaders({"Accept-Encoding": "br"})),
    "own Host": dict(headers={"Host": "elsewhere"}),
    "produced": dict(method="PUT", body_producer=lambda write: write(b"abc")),
    "produced, with a length": dict(
        method="PUT", body_producer=lambda write: write(b"abc"), headers={"Content-Length": "3"}),
}


@pytest.mark.parametrize("name", sorted(SENT))
@pytest.mark.parametrize("again", [False, True])
def test_the_request_shows_what_was_sent(serve, io_loop, name, again):
    """As after a fetch by Tornado's client; also when the same HTTPRequest is fetched again.

    But for its ``Connection: close``, and the User-Agent that Tornado sends only since 6.0.
    """
    if again and name == "produced" and tornado.version_info < (6,):
        pytest.skip("Tornado 5.1 sends no chunks where the header says so already")
    server = serve(answering(OK))
    shown = []
    for kind in (SimpleAsyncHTTPClient, PooledHTTPClient):
        request = HTTPRequest(server.url(), **SENT[name])
        client = BlockingClient(io_loop, kind)
        for _ in range(1 + again):
            headers = client.fetch(request).request.headers
        client.close()
        pairs = sorted((field.lower(), value) for field, value in headers.get_all())
        assert pairs == sorted(server.received[-1].headers)
        shown.append([pair for pair in pairs if pair[0] not in ("connection", "user-agent")])
    assert shown[0] == shown[1]


def test_the_request_shows_the_first_of_its_redirects(serve, io_loop):
    """As with Tornado's client: the response belongs to the request as it was made."""
    server = serve(answering(response(status=303, reason="See Other",
                                      headers=[("Location", "/next")]), OK))
    request = HTTPRequest(server.url(), method="POST", body=b"abc")
    client = BlockingClient(io_loop)
    try:
        assert client.fetch(request).request.headers["Content-Length"] == "3"
    finally:
        client.close()


def test_a_proxys_password_is_not_left_in_the_request(serve, pooled):
    """Sent again without the proxy, the request must not tell it to the server."""
    server, client = serve(answering(OK)), pooled()
    for headers, given in (({}, None), ({"Proxy-Authorization": "Basic eDp5"}, "Basic eDp5")):
        options = {} if given else dict(proxy_username="me", proxy_password="secret")
        shown = client.fetch(
            "http://host.test/", headers=headers, proxy_host="127.0.0.1", proxy_port=server.port,
            **options).request.headers
        assert "proxy-authorization" in dict(server.received[-1].headers)
        assert shown.get("Proxy-Authorization") == given


def test_options_become_headers(serve, pooled):
    """Those of the request go before those of the client, and both before given headers."""
    server = serve(answering(OK))
    client = pooled(defaults=dict(user_agent="default"))
    client.fetch(server.url(), headers={"User-Agent": "given", "Accept-Encoding": "br"})
    client.fetch(server.url(), user_agent="mine", if_modified_since=0.5)
    client.fetch(server.url(), decompress_response=False, method="POST", body=b"a=b")
    first, second, third = [dict(request.headers) for request in server.received]
    assert (first["user-agent"], first["accept-encoding"]) == ("default", "gzip")
    assert second["user-agent"] == "mine"
    assert second["if-modified-since"] == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert "accept-encoding" not in third
    assert third["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("options", [
    dict(headers={"X": "a\r\nb"}), dict(user_agent="a\nb"), dict(headers={"X": "a\0b"}),
    dict(method="GET\r\n", allow_nonstandard_methods=True),
    dict(method="G T", allow_nonstandard_methods=True),
], ids=["header", "agent", "NUL", "method", "space"])
def test_header_and_url_injection_is_refused(pooled, options):
    """ValueError, and no connection is made for it."""
    client = pooled()
    with pytest.raises(ValueError):
        client.fetch("http://127.0.0.1:1/", **options)
    assert client.counts() == {}


def test_an_unknown_method_of_a_fetch_is_refused(pooled):
    """KeyError, as from Tornado's own client, unless it is allowed."""
    with pytest.raises(KeyError):
        pooled().fetch("http://127.0.0.1:1/", method="FETCH")


def test_an_error_of_the_response_callback_is_logged(serve, pooled, caplog):
    """The error is logged; the connection is kept."""
    server, client = serve(answering(OK)), pooled()
    request = HTTPRequest(server.url(), connect_timeout=30, request_timeout=30)
    called = []

    def callback(response):
        called.append(response.code)
        raise ZeroDivisionError

    client.run(lambda: client.client.fetch_impl(request, callback))
    client.wait_until(lambda: called)
    assert "Exception in callback" in caplog.text
    assert client.fetch(server.url()).body == b"ok"
    assert server.accepted == 1


def test_response_headers_are_tornado_headers(serve, pooled):
    """They are parsed at the first access; all methods work."""
    server = serve(answering(response(b"ok", headers=[("Set-Cookie", "a=1"), ("set-cookie", "b=2"),
                                                      ("x-odd", "\xe9")])))
    headers = pooled().fetch(server.url()).headers
    assert isinstance(headers, HTTPHeaders)
    assert headers.copy() == headers
    assert headers.get_list("Set-Cookie") == ["a=1", "b=2"]
    assert headers["X-Odd"] == ("\xe9" if sys.version_info[0] > 2 else u"\xe9".encode("utf-8"))
    assert len(headers) == 3
    with pytest.raises(AttributeError):
        headers.no_such_thing()


def test_a_url_is_sent_as_it_is_given(serve, pooled):
    """Escapes are neither added to what may be sent nor undone; fragment and userinfo stay here."""
    server, client = serve(answering(OK)), pooled()
    for given, sent in [
        ("/a%2fb/../c;d=1|{e}?f=%20g&h", "/a%2fb/../c;d=1|{e}?f=%20g&h"),
        (u"/\xe9 \u20ac?\xfc", "/%C3%A9%20%E2%82%AC?%C3%BC"),
        ("?q#fragment", "/?q"),
        ("", "/"),
    ]:
        client.fetch(server.url("") + given)
        assert server.received[-1].target == sent
    client.fetch(server.url("/").replace("127", "us%40er:p%3Aw@127"))
    headers = dict(server.received[-1].headers)
    assert headers["authorization"] == "Basic dXNAZXI6cDp3"
    assert headers["host"] == server.address


@pytest.mark.parametrize("host, sent", [
    (u"b\xfccher.example", "xn--bcher-kva.example"),
    (u"B\xdcCHER.example", "xn--bcher-kva.example"),
    (u"b\xfccher", "xn--bcher-kva"),
    (u"\u4f8b\u3048\u3002example", "xn--r8jz45g.example"),
])
@pytest.mark.parametrize("proxied", [False, True], ids=["straight", "through a proxy"])
def test_a_host_beyond_ascii_is_looked_up_by_idna(serve, pooled, host, sent, proxied):
    """A text URL is sent the same on every Python: host by IDNA, path as UTF-8."""
    server = serve(answering(OK))
    client = pooled(hostname_mapping={sent: "127.0.0.1"})
    options = dict(proxy_host="127.0.0.1", proxy_port=server.port) if proxied else {}
    client.fetch(u"http://%s:%d/\xe4?\u20ac" % (host, server.port), **options)
    request = server.received[0]
    address = "%s:%d" % (sent, server.port)
    assert dict(request.headers)["host"] == address
    assert request.target == (
        "http://" + address if proxied else "") + "/%C3%A4?%E2%82%AC"


@pytest.mark.parametrize("url", [
    "ftp://here/", "here/path", "http://", "http://127.0.0.1:99999/", "http://[::1", "http://a b/",
    "http://127.0.0.1/a\r\nb", "http://good\\@127.0.0.1/", "http://\x00/",
])
def test_an_invalid_url_of_a_fetch_is_refused(pooled, url):
    """ValueError, as from Tornado's own client, and nothing is sent."""
    with pytest.raises(ValueError):
        pooled().fetch(url)


# What is left


@pytest.mark.parametrize("seed", range(5))
def test_any_mixture_of_outcomes_leaves_no_place_taken(serve, pooled, seed):
    """Cancels, timeouts, errors and successes in any order: in the end, nothing is active.

    (Where Futures cannot be cancelled the fetch goes on, and that is one more case.)
    """
    chance = random.Random(seed)
    servers = [
        serve(answering(OK)),
        serve(lambda peer: peer.hold()),
        serve(then(OK[:-1])),
        serve(then(b"nonsense")),
        serve(lambda peer: peer.reset()),
        serve(answering(OK), tls=server_context()),
    ]
    client = pooled(max_clients=5, defaults=dict(validate_cert=False, request_timeout=0.1))
    futures = []
    for _ in range(20):
        futures += client.begin_all([chance.choice(servers).url() for _ in range(5)])
        chance.choice(futures).cancel()
    client.wait_until(lambda: all(future.done() for future in futures))
    counts = client.counts()
    assert counts["active"] == counts["queued"] == 0
    assert client.fetch(servers[0].url(), request_timeout=30).body == b"ok"


def test_a_finished_fetch_is_freed_without_the_cycle_collector(serve, pooled):
    """A finished one goes when its caller lets go of it, without the cycle collector."""
    server, client = serve(answering(OK)), pooled()
    client.fetch(server.url())
    gc.collect()
    gc.disable()
    try:
        others = set(map(id, living_fetches()))
        answer = client.fetch(server.url())
        gone = weakref.ref(answer)
        del answer
        client.run(lambda: None)
        assert gone() is None
        assert [each for each in living_fetches() if id(each) not in others] == []
    finally:
        gc.enable()


def living_fetches():
    return [each for each in gc.get_objects() if isinstance(each, FetchExchange)]


# The end


FORKING = """
import os, sys
from tornado import gen
from tornado.ioloop import IOLoop
from waterspout import PooledHTTPClient

@gen.coroutine
def main():
    client = PooledHTTPClient(force_instance=True)
    yield client.fetch(sys.argv[1])
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:  # Must not run the loop, which is the parent's as well.
        client.fetch("ftp://is.refused/").exception()
        os.write(writer, str(client.stats()).encode("ascii"))
        client.close()
        os._exit(0)
    os.waitpid(pid, 0)
    print(os.read(reader, 1000).decode("ascii"))
    yield client.fetch(sys.argv[1])

IOLoop.current().run_sync(main)
"""


def test_a_forked_process_leaves_the_connections_to_its_parent(serve):
    """The child has a pool of its own, an empty one; the parent's connection still works."""
    server = serve(answering(OK))
    output = run_program(FORKING, server.url())
    assert output.split() == [b"{}"]
    assert (server.accepted, len(server.received)) == (1, 2)


UNCLOSED = """
from tornado.httpclient import AsyncHTTPClient, HTTPClient
AsyncHTTPClient.configure("waterspout.PooledHTTPClient")
keep = lambda: None
client = HTTPClient()
"""


def test_a_program_with_an_unclosed_client_ends_in_silence():
    """A program that ends without closing its client says nothing about it."""
    assert run_program(UNCLOSED) == b""


def run_program(source, *arguments):
    """What the program prints, errors and warnings included."""
    process = subprocess.Popen([sys.executable, "-c", source] + list(arguments),
                               env=dict(os.environ, PYTHONPATH=SOURCE),
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0]
    assert process.returncode == 0, output
    return output


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("stage", ["idle", "busy"])
def test_a_loop_may_close_the_sockets_of_a_client(serve, scheme, stage):
    """``close(all_fds=True)``, as in Tornado's test cases: each socket is closed once.

    Closed by its number it would be closed again with the client, when the number may be that
    of another file.
    """
    tls = server_context() if scheme == "https" else None
    server = serve(answering(OK) if stage == "idle" else lambda peer: peer.hold(), tls=tls)
    with new_io_loop() as io_loop:
        client = BlockingClient(io_loop)
        client.begin(server.url(), validate_cert=False)
        client.wait_until(lambda: server.accepted and client.counts()[
            "idle" if stage == "idle" else "active"])
    mine = [os.pipe() for _ in range(20)]
    try:
        client = None
        gc.collect()
        for reader, writer in mine:
            os.write(writer, b"mine")
            assert os.read(reader, 4) == b"mine"
    finally:
        for each in mine:
            for descriptor in each:
                os.close(descriptor)
