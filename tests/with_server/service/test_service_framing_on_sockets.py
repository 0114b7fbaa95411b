"""Heads that allow request smuggling, as bytes on a socket.

Tornado 5.1 and 6.1 strip more than spaces and tabs from field values before anybody sees them,
so that a test of the parsed fields does not show what is accepted.
"""

from __future__ import absolute_import, division, print_function

import pytest
from served_app import ServedApp

from waterspout import service

POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
NEXT = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

#: What ``str.strip`` takes for white space, and HTTP does not.
BLANKS = [b"\x0b", b"\x0c", b"\r", b"\x1c", b"\x1d", b"\x1e", b"\x1f", b"\x85", b"\xa0", b"\0"]


class Handler(service.JSONHandler):
    def get(self):
        self.write_json({})

    post = get


@pytest.fixture(scope="module")
def served():
    with ServedApp(lambda: service.Application([("/", Handler)])) as served:
        yield served


def assert_refused(served, data):
    """One response, 400, and then the end: the following bytes are not read as a request."""
    with served.connect() as connection:
        connection.send(data + NEXT)
        assert connection.read_answer().status == 400
        try:
            assert connection.is_closed_by_peer()
        except EnvironmentError:
            pass  # The server did not read everything, so the kernel may send a reset.


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("before", [True, False])
def test_other_white_space_around_a_framing_field_is_refused(served, blank, before):
    """RFC 9110 section 5.6.3: white space is SP and HTAB."""
    around = lambda value: blank + value if before else value + blank  # noqa: E731
    assert_refused(served, POST + b"Content-Length: " + around(b"2") + b"\r\n\r\n{}")
    chunked = b"2\r\n{}\r\n0\r\n\r\n"
    assert_refused(
        served, POST + b"Transfer-Encoding: " + around(b"chunked") + b"\r\n\r\n" + chunked
    )


@pytest.mark.parametrize("blank", BLANKS)
def test_white_space_before_a_field_name_is_refused(served, blank):
    """One recipient would see a field that the other does not see."""
    for line in (blank + b"Content-Length: 2", b"Content-Length" + blank + b": 2"):
        assert_refused(served, POST + line + b"\r\n\r\n{}")


@pytest.mark.parametrize("end", [b"\n", b"\r\r\n", b"\r", b"\x0b\r\n"])
@pytest.mark.parametrize("line", [b"POST / HTTP/1.1", b"Host: x", b"Content-Length: 2"])
def test_line_that_does_not_end_with_cr_lf_is_refused(served, line, end):
    """RFC 9112 section 2.2 allows a server to accept a bare LF, which allows smuggling."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"
    assert_refused(served, head.replace(line + b"\r\n", line + end) + b"{}")


@pytest.mark.parametrize("end", [b"\n\n", b"\r\n\n", b"\n\r\n"])
def test_head_that_does_not_end_with_cr_lf_cr_lf_is_refused(served, end):
    """The same for the empty line."""
    assert_refused(served, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2" + end + b"{}")


@pytest.mark.parametrize("blank", [b" ", b"\t", b"\xa0", b"\x85", b"\x0b"])
def test_folded_lines_are_refused(served, blank):
    """RFC 9112 section 5.2: a server answers 400 or unfolds them."""
    assert_refused(served, POST + b"X: a\r\n" + blank + b"Content-Length: 2\r\n\r\n{}")
    assert_refused(served, POST + b"Transfer-Encoding:\r\n" + blank + b"chunked\r\n\r\n0\r\n\r\n")


def test_valid_heads_are_served(served):
    """Optional white space, bytes above 0x7f, and an empty line before the first."""
    with served.connect() as connection:
        for head in (
            POST + b"Content-Length:2\r\n\r\n{}",
            POST + b"Content-Length: \t 2 \t \r\n\r\n{}",
            b"\r\n" + POST + b"Content-Length: 2\r\nX: \xe9\xa0 a\tb\r\nY:\r\n\r\n{}",
            POST + b"transfer-encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        ):
            connection.send(head)
            assert connection.read_answer().status == 200


@pytest.mark.parametrize("blanks", [b" ", b"  \t"])
@pytest.mark.parametrize("chunks", [b"2%s\r\n{}\r\n0\r\n\r\n", b"2\r\n{}\r\n0%s\r\n\r\n"])
def test_white_space_after_a_chunk_size_is_refused(served, blanks, chunks):
    """A client accepts it in responses; in a request a proxy may see another end."""
    assert_refused(served, POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks % blanks)


@pytest.mark.parametrize("fields", [b"", b"Connection: keep-alive\r\n"])
def test_chunked_body_in_http_1_0_is_refused(served, fields):
    """RFC 9112 section 6.1: its framing is faulty."""
    assert_refused(served, b"POST / HTTP/1.0\r\nHost: x\r\n" + fields
                   + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
