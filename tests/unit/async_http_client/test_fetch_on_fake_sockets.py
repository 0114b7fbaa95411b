"""A fetch over sockets of the test's own: what is sent, and what is made of what comes."""

from __future__ import absolute_import, division, print_function

import gzip
import io

import pytest
from net_fakes import OK, Net
from tornado import gen
from tornado.httputil import HTTPHeaders
from tornado.simple_httpclient import HTTPStreamClosedError, HTTPTimeoutError
from tornado_requests import fetched

import waterspout._async_http_client.fetch
import waterspout._async_http_client.fetch_exchange
import waterspout._async_http_client.streamed_fetch_exchange
from waterspout._async_http_client.engine import Engine
from waterspout._async_http_client.fetch import Fetch
from waterspout._compat import Future

#: max_clients, hostname_mapping, resolver, max_header_size, max_body_size.
OPTIONS = (10, None, None, None, 100)

REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def net(monkeypatch, current_loop):
    with Net() as net:
        for module in (waterspout._async_http_client.fetch,
                       waterspout._async_http_client.fetch_exchange,
                       waterspout._async_http_client.streamed_fetch_exchange):
            monkeypatch.setattr(module, "monotonic", net.loop.clock)
        yield net


@pytest.fixture
def responses():
    return []


@pytest.fixture
def fetch(net, responses):
    def fetch(url="http://a.example/b", **options):
        options.setdefault("headers", HTTPHeaders())
        Fetch(engine, fetched(url, **options), responses.append).start()
        return net.streams[-1]

    engine = Engine(net.loop, OPTIONS)
    engine.pool = net.pool
    return fetch


def zipped(data):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(data)
    return packed.getvalue()


def with_body(body, *fields):
    lines = (b"HTTP/1.1 200 OK",) + fields + (b"Content-Length: %d" % len(body), b"", b"")
    return b"\r\n".join(lines) + body


def test_a_response_is_collected(fetch, responses):
    """However it comes."""
    stream = fetch(headers=HTTPHeaders({"X-A": "1"}))
    assert stream.sent.startswith(b"GET /b HTTP/1.1\r\nHost: a.example\r\n")
    assert b"\r\nX-A: 1\r\n" in stream.sent
    stream.says(OK[:10], OK[10:-1], OK[-1:])
    assert (responses[0].code, responses[0].body) == (200, b"ok")


def test_redirects_go_over_the_kept_connection(fetch, net, responses):
    """The body of a redirect is not the response's."""
    stream = fetch()
    stream.says(REDIRECT)
    assert b"GET /other HTTP/1.1\r\n" in stream.sent and len(net.streams) == 1
    stream.says(OK)
    assert responses[0].effective_url == "http://a.example/other"


def test_a_redirect_more_than_allowed_is_the_response(fetch, responses):
    """``max_redirects`` and ``follow_redirects``."""
    stream = fetch(max_redirects=1)
    stream.says(REDIRECT)
    stream.says(REDIRECT)
    fetch(follow_redirects=False).says(REDIRECT)
    assert [each.code for each in responses] == [302, 302]


def test_a_header_callback_gets_the_head_line_by_line(fetch):
    """Of the response that counts, and not of a redirect."""
    lines = []
    stream = fetch(header_callback=lines.append)
    stream.says(REDIRECT)
    assert lines == []
    stream.says(OK)
    assert lines == ["HTTP/1.1 200 OK\r\n", "Content-Length: 2\r\n", "\r\n"]


@pytest.mark.parametrize("accepted, coding, decoded", [
    (None, b"gzip", True), ("gzip, deflate", b"deflate", True), (None, b"deflate", False),
    (None, b"br", False)])
def test_a_body_is_decoded_if_the_request_has_offered_its_coding(
        fetch, responses, accepted, coding, decoded):
    """Its header then tells which it was, as in Tornado."""
    headers = HTTPHeaders({} if accepted is None else {"Accept-Encoding": accepted})
    fetch(headers=headers).says(with_body(b"", b"Content-Encoding: " + coding))
    found = dict(responses[0].headers)
    assert ("X-Consumed-Content-Encoding" in found, "Content-Encoding" in found) == (
        decoded, not decoded)


def test_a_decoded_body_is_the_responses(fetch, responses):
    """decompress_response=False leaves it as it came."""
    packed = with_body(zipped(b"body"), b"Content-Encoding: gzip")
    fetch().says(packed)
    fetch(decompress_response=False).says(packed)
    assert (responses[0].body, responses[1].body) == (b"body", zipped(b"body"))


@pytest.mark.parametrize("answer, text", [
    (b"nonsense\r\n", "Connection closed"),
    (OK[:-1], "Connection closed"),
    (with_body(b"not gzip", b"Content-Encoding: gzip"), "Connection closed"),
    (with_body(zipped(b"x" * 1000), b"Content-Encoding: gzip"),
     "more than 100 bytes once decompressed"),
])
def test_a_response_that_is_wrong_fails_the_fetch(fetch, responses, answer, text):
    """Not HTTP, cut short, not in its coding, or too large once decoded."""
    stream = fetch()
    stream.says(answer)
    if not responses:
        stream.says(b"")
    assert type(responses[0].error) is HTTPStreamClosedError and text in str(responses[0].error)


def test_request_timeout_is_for_all_redirects_together(fetch, net, responses):
    """A server gains no time by them."""
    stream = fetch(request_timeout=10)
    net.loop.advance(6)
    stream.says(REDIRECT)
    net.loop.advance(6)
    assert type(responses[0].error) is HTTPTimeoutError
    assert "Timeout during request" in str(responses[0].error)


def test_connect_timeout_is_for_the_queue_and_then_for_connecting(fetch, net, responses):
    """As in Tornado; 0 is no limit."""
    net.connector.at_once = False
    with pytest.raises(IndexError):  # There is no stream yet.
        fetch(connect_timeout=3)
    net.loop.advance(2.9)
    assert responses == []
    net.loop.advance(0.2)
    assert "Timeout while connecting" in str(responses[0].error)


def test_a_streaming_callback_gets_the_body(fetch, responses):
    """In pieces as they come, decoded; the response has none."""
    pieces = []
    stream = fetch(streaming_callback=pieces.append)
    stream.says(REDIRECT)
    stream.says(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab", b"cd")
    assert pieces == [b"ab", b"cd"] and responses[0].body == b""


def test_an_awaited_streaming_callback_holds_the_server_up(fetch, responses, current_loop):
    """Nothing more is read until it is done."""
    waits, pieces = [], []

    def callback(piece):
        pieces.append(piece)
        waits.append(Future())
        return waits[-1]

    stream = fetch(streaming_callback=callback)
    stream.says(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab", b"cd")
    assert pieces == [b"ab"] and stream.incoming
    waits[0].set_result(None)
    current_loop.run_sync(lambda: gen.sleep(0))
    stream.says()
    stream.loop.fire(stream.fd, current_loop.READ)
    assert pieces == [b"ab", b"cd"] and responses == []
    waits[1].set_result(None)
    current_loop.run_sync(lambda: gen.sleep(0))
    assert responses[0].code == 200


def test_a_callback_that_raises_ends_the_fetch(fetch, responses):
    """Its connection is closed, since the rest of the body is not read."""
    def broken(piece):
        raise KeyError("broken")

    for option in ("streaming_callback", "header_callback"):
        stream = fetch(**{option: broken})
        stream.says(with_body(b"ab"))
        assert type(responses[-1].error) is HTTPStreamClosedError


def test_a_body_is_sent_with_its_length(fetch):
    """A POST without a Content-Type is called a form, as in Tornado."""
    stream = fetch(method="POST", body=b"a=1")
    assert stream.sent.endswith(b"\r\nContent-Length: 3\r\n\r\na=1")
    assert b"\r\nContent-Type: application/x-www-form-urlencoded\r\n" in stream.sent


def test_a_proxy_is_told_the_whole_url(fetch):
    """Of http."""
    stream = fetch(proxy_host="proxy.example", proxy_port=3128)
    assert stream.sent.startswith(b"GET http://a.example/b HTTP/1.1\r\n")
