"""The head of a response as a borrowed client hands it out, line by line."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.exceptions import RemoteProtocolError, ResponseTooLarge
from waterspout.limits import Limits
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.timeouts import ClientTimeout
from waterspout.transports.borrowed.head_reader import HeadReader


def read(text, method="GET", stream=False, **limits):
    """The Head that a reader makes of these lines, or None."""
    options = CallOptions(ClientTimeout(), stream=stream)
    reader = HeadReader(
        PreparedRequest(method, "http://a.example/"), options, Limits(**limits))
    for line in text.encode("latin-1").splitlines(True):
        reader.feed(line)
    return reader.head


def head_of(*fields, **options):
    """The Head of a response with these field lines."""
    start = options.pop("start", "HTTP/1.1 200 OK")
    return read("\r\n".join((start,) + fields + ("", "")), **options)


def test_a_head_has_status_reason_and_fields_in_order():
    """A field that is repeated stays so."""
    head = head_of("A: 1", "b:2", "a: \t3 ", start="HTTP/1.1 404 Not here at all")
    assert (head.status_code, head.reason) == (404, "Not here at all")
    assert head.headers.get_all() == [("A", "1"), ("b", "2"), ("a", "3")]
    assert not head.is_last


def test_a_head_is_not_there_before_its_empty_line():
    """The lines before it are kept."""
    assert read("HTTP/1.1 200 OK\r\nA: 1\r\n") is None


@pytest.mark.parametrize("start, reason", [
    ("HTTP/1.1 200", ""), ("HTTP/1.1 200 ", ""), ("HTTP/1.0 200 OK", "OK"),
    (u"HTTP/1.1 200 \xe9", b"\xe9" if str is bytes else u"\xe9")])
def test_a_reason_may_be_missing_and_is_latin_1(start, reason):
    """RFC 9112 section 4: status-line."""
    assert head_of(start=start).reason == reason


@pytest.mark.parametrize("start", ["", "ICY 200 OK", "HTTP/1.1 20 OK", "HTTP/1.1200 OK", "<html>"])
def test_a_start_line_that_is_not_http_is_refused(start):
    """Such as that of a server that speaks another protocol."""
    with pytest.raises(RemoteProtocolError, match="is not HTTP"):
        head_of(start=start)


def test_informational_responses_are_skipped():
    """100 and 103 come before the response that counts."""
    head = read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                "HTTP/1.1 200 OK\r\nA: 1\r\n\r\n")
    assert head.status_code == 200 and head.headers.get_all() == [("A", "1")]


def test_switching_protocols_unasked_is_refused():
    """101 is final: what follows it is no HTTP."""
    with pytest.raises(RemoteProtocolError, match="responded 101, which the request"):
        head_of(start="HTTP/1.1 101 Switching Protocols")


def test_trailer_fields_are_ignored():
    """Clients hand them out like those of the head."""
    head = read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nX-Late: 1\r\n\r\n")
    assert "X-Late" not in head.headers


def test_a_field_on_two_lines_is_joined_by_a_space():
    """RFC 9112 section 5.2: obs-fold."""
    assert head_of("A: 1", " \t2").headers["A"] == "1 2"


@pytest.mark.parametrize("line", ["no colon", "sp ace: 1", "sp : 1", ": 1", "A: \x01", "A: a\x00b"])
def test_a_line_that_is_no_field_is_refused(line):
    """A name is a token, and a value has no control characters."""
    with pytest.raises(RemoteProtocolError):
        head_of(line)


# What the head says of its body


@pytest.mark.parametrize("fields, length", [
    ((), None), (("Content-Length: 7",), 7), (("Content-Length: 7", "Content-Length: 7"), 7),
    (("Content-Length: 7, 7",), 7), (("Transfer-Encoding: Chunked",), None),
])
def test_the_length_of_a_body_is_read(fields, length):
    """A length that is repeated is one (RFC 9110 section 8.6)."""
    assert head_of(*fields).body_length() == length


@pytest.mark.parametrize("fields", [
    ("Content-Length: 7", "Content-Length: 8"), ("Content-Length: 7, 8",), ("Content-Length: +7",),
    ("Content-Length: -1",), ("Content-Length:",), ("Content-Length: " + "1" * 19,),
    ("Content-Length: 7", "Transfer-Encoding: chunked"), ("Transfer-Encoding: gzip",),
    ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_body_framed_in_two_ways_or_in_none_that_is_known_is_refused(method, fields):
    """RFC 9112 section 6.3: a response may be smuggled by it."""
    with pytest.raises(RemoteProtocolError):
        head_of(*fields, method=method)


@pytest.mark.parametrize("start, fields, is_last", [
    ("HTTP/1.1 204 No Content", (), False),
    ("HTTP/1.1 204 No Content", ("Content-Length: 0",), True),
    ("HTTP/1.1 204 No Content", ("Transfer-Encoding: chunked",), True),
    ("HTTP/1.1 304 Not Modified", ("Content-Length: 7",), False),
    ("HTTP/1.1 304 Not Modified", ("Content-Length: 7, 8",), True),
    ("HTTP/1.1 304 Not Modified", ("Transfer-Encoding: chunked",), True),
    ("HTTP/1.0 200 OK", ("Transfer-Encoding: chunked",), True),
    ("HTTP/1.0 200 OK", ("Content-Length: 7",), False),
])
def test_a_connection_is_not_reused_after_a_doubtful_head(start, fields, is_last):
    """What the head says of its body cannot be (RFC 9112 sections 6.1 and 6.3)."""
    assert head_of(*fields, start=start).is_last is is_last


def test_a_connection_is_not_reused_after_a_bare_line_feed():
    """RFC 9112 section 2.2 lets one pass; who else reads the stream may not."""
    assert read("HTTP/1.1 200 OK\r\nA: 1\n\r\n").is_last


def test_a_connection_is_not_reused_after_an_informational_response_with_a_length():
    """It has no body all the same (RFC 9112 section 6.3)."""
    assert read("HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n"
                "HTTP/1.1 200 OK\r\n\r\n").is_last


# Limits


@pytest.mark.parametrize("text, limits", [
    ("HTTP/1.1 200 " + "x" * 100 + "\r\n\r\n", {"max_start_line_bytes": 100}),
    ("HTTP/1.1 200 OK\r\n" + "A: 1\r\n" * 11 + "\r\n", {"max_header_fields": 10}),
    ("HTTP/1.1 200 OK\r\nA: " + "x" * 100, {"max_header_bytes": 100}),
    ("HTTP/1.1 100 Continue\r\n\r\n" * 10, {"max_header_bytes": 100}),
    ("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", {"max_body_bytes": 100}),
])
def test_a_head_beyond_a_limit_is_refused(text, limits):
    """Long before it is whole, where it is the head that is too large."""
    with pytest.raises(ResponseTooLarge):
        read(text, **limits)


def test_the_length_of_a_body_that_is_not_collected_is_no_matter():
    """Of a streamed response, and of one to HEAD."""
    large = "Content-Length: 101"
    assert head_of(large, stream=True, max_body_bytes=100).body_length() == 101
    assert head_of(large, method="HEAD", max_body_bytes=100).body_length() == 101
