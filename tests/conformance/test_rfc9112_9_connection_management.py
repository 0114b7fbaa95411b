from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import HOST, feed, read

from waterspout._wire import ClientConnection, FieldLines

CLOSES = "the server closes the connection after its response"


def response(fields=b"", version=b"HTTP/1.1"):
    return version + b" 200 OK\r\nContent-Length: 2\r\n" + fields + b"\r\nok"


@pytest.mark.parametrize("fields", [
    b"",
    b"Connection: keep-alive\r\n",
    b"Connection: foo, bar\r\n",
    b"Connection: closed\r\n",
    b"Connection: not-close\r\n",
    b"Connection: \r\n",
    b"Connection: ,\r\n",
    b"X-Connection: close\r\n",
    b"Proxy-Connection: close\r\n",
])
def test_http_1_1_persists(fields):
    """Section 9.3: the next request may be sent, unless close was said."""
    connection = read(response(fields)).connection
    assert connection.reusable and connection.why_not_reusable() is None
    for _ in range(3):
        connection.send_request(b"GET", b"/", HOST)
        assert connection.receive_data(response(fields))[1] == b"ok"
    assert connection.reusable


@pytest.mark.parametrize("fields", [
    b"Connection: close\r\n",
    b"connection:CLOSE\r\n",
    b"Connection: foo, close\r\n",
    b"Connection: foo ,\tClose ,bar\r\n",
    b"Connection: keep-alive, close\r\n",
    b"Connection: keep-alive\r\nConnection: close\r\n",
    b"Connection: close\r\nConnection: keep-alive\r\n",
    b"Connection:\r\n close\r\n",
])
@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/1.0"])
def test_close_ends_the_connection(fields, version):
    """Section 9.6: in any of the fields and at any place in the list."""
    reading = read(response(fields, version))
    assert reading.body == b"ok" and not reading.head.keep_alive
    assert reading.connection.why_not_reusable() == CLOSES


def test_http_1_0_does_not_persist():
    """Section 9.3: close is its default."""
    assert read(response(version=b"HTTP/1.0")).connection.why_not_reusable() == CLOSES
    odd = read(response(b"Connection: foo\r\n", b"HTTP/1.0")).connection
    assert odd.why_not_reusable() == CLOSES


@pytest.mark.parametrize("fields", [
    b"Connection: keep-alive\r\n", b"Connection: foo, Keep-Alive\r\n"])
def test_http_1_0_persists_if_it_says_so(fields):
    """Section 9.3: keep-alive, to a recipient that is no proxy."""
    assert read(response(fields, b"HTTP/1.0")).connection.reusable


def test_close_in_an_informational_response_is_ignored():
    """The options that count are the final response's."""
    data = b"HTTP/1.1 103 Hints\r\nConnection: close\r\n\r\n" + response()
    assert read(data).connection.reusable


def test_bytes_after_a_response_end_the_connection():
    """Section 9.2: they must not be taken for a response, whose would it be?"""
    for extra in (b"x", b"\r\n", response()):
        reading = feed([response() + extra])
        assert reading.body == b"ok" and reading.ended
        why = "%d bytes arrived that belong to no response" % len(extra)
        assert reading.connection.why_not_reusable() == why


def test_bytes_on_an_idle_connection_end_it():
    """Section 9.2; a server may say 408 before it closes."""
    connection = feed([response()]).connection
    assert connection.receive_data(b"HTTP/1.1 408 Timeout\r\n\r\n") == []
    assert connection.why_not_reusable() == "24 bytes arrived that belong to no response"


def test_bytes_on_a_new_connection_end_it():
    """A server that speaks first does not speak HTTP."""
    connection = ClientConnection()
    assert connection.receive_data(b"220 ESMTP\r\n") == []
    assert not connection.reusable
    assert connection.receive_data(b"more") == []
    assert connection.why_not_reusable() == "15 bytes arrived that belong to no response"


def test_a_close_on_an_idle_connection_is_no_error():
    """Section 9.5: servers close idle connections; nothing was under way."""
    connection = ClientConnection()
    assert connection.receive_eof() == []
    assert connection.why_not_reusable() == "the server has closed the connection"
    assert connection.receive_eof() == []


def test_a_connection_is_not_reused_after_a_request_that_says_close():
    """Section 9.6: a client that said close must not send another request."""
    connection = ClientConnection()
    connection.send_request(b"GET", b"/", HOST + FieldLines([(b"Connection", b"TE, Close")]))
    assert connection.receive_data(response())[1] == b"ok"
    why = "the request asked to close the connection"
    assert connection.why_not_reusable() == why


def test_a_request_is_refused_while_a_response_is_awaited():
    """Section 9.3.2 would allow to pipeline; a failure would then concern every request."""
    connection = ClientConnection()
    connection.send_request(b"GET", b"/", HOST)
    assert connection.why_not_reusable() == "the response is not complete"
    connection.receive_data(response()[:-1])
    assert connection.why_not_reusable() == "the response is not complete"
    connection.receive_data(b"k")
    assert connection.reusable


def test_a_connection_is_not_reused_after_a_request_cut_short():
    """Section 9.3: the server would take the next request for the rest of the body."""
    connection = ClientConnection()
    connection.start_request(b"POST", b"/", HOST, 10)
    connection.send_data(b"12345")
    assert connection.receive_data(response())[1] == b"ok"
    assert connection.why_not_reusable() == "the request was not sent completely"
    connection.send_data(b"67890")
    connection.end_request()
    assert connection.reusable
