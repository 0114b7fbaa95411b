"""Forms of requests and responses: methods, targets, versions, framings, Expect."""

from __future__ import absolute_import, division, print_function

import pytest
from raw_responses import ResponseReader
from served_http import BOTH, ServedHTTP
from serving_apps import application

import waterspout


@pytest.fixture(params=BOTH, ids=["ours", "tornado"])
def either(request):
    with ServedHTTP(application(), request.param) as server:
        yield server


@pytest.fixture
def ours():
    with ServedHTTP(application(), waterspout.HTTPServer) as server:
        yield server


def ask(server, data, method="GET"):
    sock = server.connect()
    sock.sendall(data)
    reader = ResponseReader(sock)
    response = reader.read(method)
    sock.close()
    return response


GET = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"


def test_request_of_http_1_1_keeps_the_connection(either):
    sock = either.connect()
    reader = ResponseReader(sock)
    for _ in range(3):
        sock.sendall(GET)
        response = reader.read()
        assert (response.status, response.body) == (200, b"GET /a ")
        assert "connection" not in response.headers
    sock.sendall(b"GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert reader.read().headers["connection"] == "close"
    assert reader.rest() == b""


def test_request_of_http_1_0_ends_the_connection(either):
    data = either.exchange(b"GET /a HTTP/1.0\r\n\r\n")
    assert data.startswith(b"HTTP/1.1 200 OK\r\n") and data.endswith(b"\r\n\r\nGET /a ")


def test_request_of_http_1_0_with_keep_alive_keeps_the_connection(either):
    sock = either.connect()
    reader = ResponseReader(sock)
    for _ in range(2):
        sock.sendall(b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        assert reader.read().headers["connection"] == "Keep-Alive"
    sock.sendall(b"GET /a HTTP/1.0\r\n\r\n")
    assert reader.read().status == 200
    assert reader.rest() == b""


def test_streamed_response_to_http_1_0_ends_with_the_connection(ours):
    data = ours.exchange(b"GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    head, _, body = data.partition(b"\r\n\r\n")
    assert body == b"one two three"
    assert b"keep-alive" not in head.lower() and b"transfer-encoding" not in head.lower()


def test_streamed_response_to_http_1_1_is_chunked(either):
    response = ask(either, b"GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n")
    assert response.headers["transfer-encoding"] == "chunked"
    assert response.body == b"one two three"


@pytest.mark.parametrize("path", [b"/a", b"/pieces"])
def test_response_to_head_has_no_body(ours, path):
    sock = ours.connect()
    reader = ResponseReader(sock)
    sock.sendall(b"HEAD " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    assert reader.read("HEAD").status == 200
    sock.sendall(GET)
    assert reader.read().body == b"GET /a "


@pytest.mark.parametrize("status", [204, 304])
def test_response_without_body_has_no_framing(either, status):
    sock = either.connect()
    reader = ResponseReader(sock)
    sock.sendall(b"GET /status/%d HTTP/1.1\r\nHost: a\r\n\r\n" % status)
    response = reader.read()
    assert response.status == status
    assert "transfer-encoding" not in response.headers
    assert "content-length" not in response.headers
    sock.sendall(GET)
    assert reader.read().body == b"GET /a "


def test_early_hints_are_followed_by_the_response(ours):
    sock = ours.connect()
    reader = ResponseReader(sock)
    sock.sendall(b"GET /hints HTTP/1.1\r\nHost: a\r\n\r\n" + GET)
    hints = reader.read()
    assert (hints.status, hints.reason) == (103, "Early Hints")
    assert hints.headers == {"link": "</a.css>; rel=preload"}
    assert reader.read().body == b"final"
    assert reader.read().body == b"GET /a "


def test_early_hints_are_not_sent_to_http_1_0(ours):
    data = ours.exchange(b"GET /hints HTTP/1.0\r\n\r\n")
    assert data.startswith(b"HTTP/1.1 200") and data.endswith(b"final") and b"103" not in data


def test_chunked_request_with_extensions_and_trailers_is_read(ours):
    sock = ours.connect()
    reader = ResponseReader(sock)
    sock.sendall(
        b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3;name=value;other=\"quoted text\"\r\nabc\r\n00002\r\nde\r\n0;last\r\n"
        b"Checksum: 1\r\nX-Other: 2\r\n\r\n" + GET)
    assert reader.read().body == b"POST /a abcde"
    assert reader.read().body == b"GET /a "


def test_chunked_request_in_single_bytes_is_read(either):
    sock = either.connect()
    data = (b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    for start in range(len(data)):
        sock.sendall(data[start:start + 1])
    assert ResponseReader(sock).read().body == b"POST /a abcde"


def test_trailers_are_not_merged_into_the_fields(ours):
    seen = []

    def callback(request):
        seen.append(sorted(request.headers.keys()))
        request.connection.close()

    with ServedHTTP(callback) as server:
        server.exchange(
            b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"0\r\nX-Admin: yes\r\n\r\n")
    assert seen == [["Host", "Transfer-Encoding"]]


@pytest.mark.parametrize("target, method", [
    (b"http://example.com/a?b", b"GET"),
    (b"http://EXAMPLE.com:80/a?b", b"POST"),
])
def test_target_in_absolute_form_is_served(ours, target, method):
    response = ask(ours, method + b" " + target + b" HTTP/1.1\r\nHost: example.com\r\n\r\n")
    assert response.body == method + b" " + target + b" "


def test_options_of_the_server_are_served(either):
    response = ask(either, b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
    assert response.body == b"OPTIONS * "


def test_connect_is_refused_by_the_application(ours):
    response = ask(ours, b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", "CONNECT")
    assert response.status == 405


def test_unknown_method_is_the_applications_matter(either):
    assert ask(either, b"BREW /a HTTP/1.1\r\nHost: a\r\n\r\n").body == b"BREW /a "
    assert ask(either, b"NONE /a HTTP/1.1\r\nHost: a\r\n\r\n").status == 405


def test_empty_lines_before_a_request_are_skipped(ours):
    assert ask(ours, b"\r\n\r\n" + GET).body == b"GET /a "


@pytest.mark.parametrize("field", [
    b"Expect: 100-continue", b"EXPECT: 100-Continue", b"expect:100-CONTINUE \t"])
def test_continue_is_sent_when_the_client_waits(ours, field):
    sock = ours.connect()
    reader = ResponseReader(sock)
    sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n" + field + b"\r\n\r\n")
    response = reader.read()
    assert (response.status, response.reason, response.headers) == (100, "Continue", {})
    sock.sendall(b"body" + GET)
    assert reader.read().body == b"POST /a body"
    assert reader.read().body == b"GET /a "


def test_continue_is_sent_before_a_chunked_body(ours):
    sock = ours.connect()
    reader = ResponseReader(sock)
    sock.sendall(b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                 b"Expect: 100-continue\r\n\r\n")
    assert reader.read().status == 100
    sock.sendall(b"1\r\na\r\n0\r\n\r\n")
    assert reader.read().body == b"POST /a a"


def test_continue_is_not_sent_after_the_body_has_arrived(ours):
    response = ask(ours, b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
                         b"Expect: 100-continue\r\n\r\nbody")
    assert (response.status, response.body) == (200, b"POST /a body")


def test_continue_is_not_sent_to_http_1_0_nor_without_a_body(ours):
    sock = ours.connect()
    sock.sendall(b"POST /a HTTP/1.0\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
    ask(ours, GET)
    sock.sendall(b"body")
    assert ResponseReader(sock).read().status == 200
    response = ask(ours, b"GET /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n")
    assert response.status == 200


def test_continue_is_not_sent_for_a_body_that_is_too_large():
    with ServedHTTP(application(), max_body_size=10) as server:
        response = ask(server, b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n"
                               b"Expect: 100-continue\r\n\r\n")
        assert response.status == 400


def test_latin_1_fields_are_text_as_in_tornado(either):
    response = ask(either, b"GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\nX: \xe4\r\n\r\n")
    assert response.status == 200
