from __future__ import absolute_import, division, print_function

import pytest
from request_feeding import bytewise, feed, read, refused

from waterspout._wire import ServerConnection

HOST = b"Host: a\r\n"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def test_a_request_is_a_request_line_fields_an_empty_line_and_a_body():
    """Section 2.1: the parts arrive as they were sent, names and order kept."""
    requests = read(
        b"POST /x HTTP/1.1\r\nHOST: a\r\nX: 1\r\ncontent-LENGTH: 5\r\nx: 2\r\n\r\nhello")
    assert (requests.head.method, requests.head.target) == (b"POST", b"/x")
    assert requests.head.raw == b"HOST: a\r\nX: 1\r\ncontent-LENGTH: 5\r\nx: 2\r\n"
    assert (requests.body, requests.complete) == (b"hello", True)


def test_a_header_section_may_be_empty():
    """Section 2.1: HTTP/1.0 needs no Host."""
    requests = read(b"GET / HTTP/1.0\r\n\r\n")
    assert (requests.head.raw, requests.head.pairs(), requests.head.host) == (b"", [], None)


@pytest.mark.parametrize("count", [1, 2])
def test_empty_lines_before_a_request_line_are_skipped(count):
    """Section 2.2: old clients send one behind the body of a POST."""
    data = b"\r\n" * count + GET
    assert read(data).complete
    assert len(read(data + data).requests) == 2
    assert len(read(GET + b"\r\n" * count).requests) == 1


def test_more_than_two_empty_lines_are_refused():
    """They are no head, and must not keep a connection busy forever."""
    refused(b"\r\n" * 3, "request line", "more than 2 empty lines before a request")
    refused(GET + b"\r\n" * 3 + GET, "request line", "more than 2 empty lines")


@pytest.mark.parametrize("before, kind", [
    (b"\n", "line end"), (b"\r\n\n", "line end"), (b"\r\r", "line end"), (b"\r", "line end"),
    (b" \r\n", "request line"), (b"\r\n ", "request line"), (b"\t\r\n", "request line")])
def test_an_empty_line_is_cr_lf_and_nothing_else(before, kind):
    """Before a request line as anywhere in a head."""
    refused(before + GET, kind)


@pytest.mark.parametrize("head", [
    b"GET / HTTP/1.1\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n\n",
    b"GET / HTTP/1.1\nHost: a\n\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: b\nTransfer-Encoding: chunked\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: b\n c\r\n\r\n",
])
def test_a_bare_lf_is_refused(head):
    """Section 2.2 lets a recipient accept one: those that do read other fields than the rest."""
    refused(head, "line end", "bare LF")


@pytest.mark.parametrize("head", [
    b"GET / HTTP/1.1\rHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: b\rContent-Length: 5\r\n\r\n",
    b"GET /\r HTTP/1.1\r\nHost: a\r\n\r\n",
])
def test_a_bare_cr_is_refused(head):
    """Section 2.2: a bare CR must be taken as invalid, or as a space."""
    refused(head, "line end", "bare CR")


@pytest.mark.parametrize("data", [
    b"\x16\x03\x01\x02\x00\x01\x00", b"\x80", b"\x00", b"{", b"SSH-2.0-x\r\n", b"<?xml\r\n",
    b"GET /\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00", b"GET / HTTP/1.1\r\nHost: a\r\r",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: \n"])
def test_what_cannot_become_a_request_is_refused_at_once(data):
    """A client that speaks another protocol may never send the end of a head."""
    for slices in ([data], bytewise(data)):
        assert feed(slices).error is not None


def test_whitespace_in_front_of_the_first_field_is_refused():
    """Section 2.2: reject the message, or skip the line."""
    for blank in (b" ", b"\t"):
        refused(b"GET / HTTP/1.1\r\n" + blank + b"X: 1\r\n" + HOST + b"\r\n", "field",
                "whitespace before the first field")


@pytest.mark.parametrize("version, same", [
    (b"HTTP/1.1", b"1.1"), (b"HTTP/1.0", b"1.0"), (b"HTTP/1.2", b"1.1"), (b"HTTP/1.9", b"1.1")])
def test_later_minor_versions_are_read_as_the_highest_that_is_known(version, same):
    """RFC 9110 section 2.5."""
    assert read(b"GET / " + version + b"\r\nHost: a\r\n\r\n").head.http_version == same


@pytest.mark.parametrize("version", [b"HTTP/2.0", b"HTTP/3.0", b"HTTP/0.9", b"HTTP/9.9"])
def test_another_major_version_is_not_supported(version):
    """RFC 9110 section 15.6.6: 505."""
    error = refused(b"GET / " + version + b"\r\nHost: a\r\n\r\n", "version", "is not supported")
    assert error.status_code == 505


def test_the_preface_of_http_2_is_not_supported():
    """RFC 9113 section 3.4: it was made to be refused like this."""
    error = refused(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "version", "'HTTP/2.0' is not supported")
    assert (error.status_code, error.method, error.target) == (505, b"PRI", b"*")


@pytest.mark.parametrize("version", [
    b"http/1.1", b"Http/1.1", b"HTTP/1", b"HTTP/2", b"HTTP/1.", b"HTTP/1.10", b"HTTP/11.1",
    b"HTTP/01.1", b"HTTP/+1.1", b"HTTP/1,1", b"HTTP 1.1", b"HTTPS/1.1", b"HTTP/1.1 ", b"1.1",
    b"HTTP/1.x", b"HTTP/\xd9\xa1.1", b"HTTP/1.1;"])
def test_a_version_is_spelled_as_the_grammar_says(version):
    """Section 2.3: HTTP-version is case-sensitive, and each of its numbers has one digit."""
    error = refused(b"GET / " + version + b"\r\nHost: a\r\n\r\n", "request line",
                    "is not an HTTP version")
    assert error.status_code == 400


@pytest.mark.parametrize("line", [b"GET /", b"GET / ", b"GET /path?query"])
def test_a_simple_request_of_http_0_9_is_refused(line):
    """RFC 9110 section 2.5: nothing but a path, and no head in the response."""
    error = refused(line + b"\r\n", "request line", "no HTTP version")
    assert error.status_code == 400


def test_an_error_does_not_quote_the_target():
    """Tokens stand in queries; the access log has the target from an attribute."""
    for line in (b"GET /?token=s3cret", b"GET /?token=s3cret\t HTTP/1.1",
                 b"GET http://u:s3cret@a/ HTTP/1.1", b"CONNECT /s3cret HTTP/1.1"):
        assert "s3cret" not in str(feed([line + b"\r\n" + HOST + b"\r\n"]).error)


def test_bytes_behind_a_request_are_kept_as_they_are():
    """They may be of another protocol, once the connection is handed over."""
    connection = ServerConnection()
    connection.receive_data(GET + b"\x00\r\r\n")
    connection.read_head()
    connection.receive_data(b"\x81")
    assert connection.unread == b"\x00\r\r\n\x81"
