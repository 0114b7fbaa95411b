from __future__ import absolute_import, division, print_function

import pytest
from request_feeding import LAST, NEXT, read, refused


def request(fields, version=b"HTTP/1.1"):
    return b"GET / " + version + b"\r\nHost: a\r\n" + fields + b"\r\n"


@pytest.mark.parametrize("fields", [
    b"", b"Connection: keep-alive\r\n", b"Connection: foo, bar\r\n", b"Connection: closed\r\n",
    b"Connection: not-close\r\n", b"Connection: \r\n", b"Connection: ,\r\n",
    b"X-Connection: close\r\n", b"Proxy-Connection: close\r\n"])
def test_http_1_1_goes_on_with_the_next_request(fields):
    """Section 9.3: unless the client said close."""
    requests = read(request(fields) + NEXT)
    assert requests.head.keep_alive and len(requests.requests) == 2
    assert requests.connection.why_not_next() == "the request is not complete"  # The third.


@pytest.mark.parametrize("fields", [
    b"Connection: close\r\n",
    b"connection:CLOSE \t\r\n",
    b"Connection: foo, close\r\n",
    b"Connection: foo ,\tClose ,bar\r\n",
    b"Connection: keep-alive, close\r\n",
    b"Connection: keep-alive\r\nConnection: close\r\n",
    b"Connection: close\r\nConnection: keep-alive\r\n",
    b"Connection: keep-alive\r\nConnection: keep-alive\r\nConnection: close\r\n",
])
@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/1.0"])
def test_close_is_the_last_request(fields, version):
    """Section 9.6: a server must not process any that follow, which stay unread."""
    requests = read(request(fields, version) + NEXT)
    assert not requests.head.keep_alive and len(requests.requests) == 1
    assert requests.connection.why_not_next() == LAST
    assert requests.connection.unread == NEXT


@pytest.mark.parametrize("fields, keep_alive", [
    (b"", False), (b"Connection: foo\r\n", False), (b"Connection: keep-alive\r\n", True),
    (b"Connection: foo, Keep-Alive\r\n", True)])
def test_http_1_0_goes_on_if_it_says_so(fields, keep_alive):
    """Section 9.3: close is its default."""
    requests = read(request(fields, b"HTTP/1.0") + NEXT)
    assert requests.head.keep_alive is keep_alive
    assert len(requests.requests) == 1 + keep_alive


@pytest.mark.parametrize("value", [b"close\xa0", b"\x85close", b"keep-alive, \xff", b"\xa0"])
def test_obs_text_among_connection_options_is_refused(value):
    """RFC 9110 section 7.6.1: options are tokens; some readers strip such bytes as white space."""
    error = refused(request(b"Connection: " + value + b"\r\n"), "connection", "in Connection")
    assert error.status_code == 400
