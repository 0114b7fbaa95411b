from __future__ import absolute_import, division, print_function

import pytest

from waterspout._wire import ServerConnection
from waterspout._wire.refusals import RequestRefused
from waterspout.exceptions import InvalidHeader, LocalProtocolError


def asked(method=b"GET", version=b"1.1", fields=b""):
    """A connection that has read a request."""
    connection = ServerConnection()
    target = b"a:1" if method == b"CONNECT" else b"/"
    connection.receive_data(
        method + b" " + target + b" HTTP/" + version + b"\r\nHost: a\r\n" + fields + b"\r\n")
    assert connection.read_head() is not None
    return connection


def start(connection, raw=b"", status=200, **options):
    """The field lines of the head that is sent."""
    head = connection.start_response(status, b"Reason", raw, raw.count(b"\n"), **options)
    line = b"HTTP/1.1 %d Reason\r\n" % status
    assert head.startswith(line) and head.endswith(b"\r\n\r\n")
    return head[len(line):-2]


LENGTH = b"Content-Length: 5\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CODED = b"Transfer-Encoding: gzip, chunked\r\n"
CLOSE = b"Connection: close\r\n"
KEEP = b"Connection: Keep-Alive\r\n"


def test_a_response_with_a_length_is_passed_on_as_it_is():
    """Nothing is added, and the body is not copied."""
    connection = asked()
    assert start(connection, b"A: b\r\n" + LENGTH) == b"A: b\r\n" + LENGTH
    assert (connection.response_started, connection.missing_body_bytes) == (True, 5)
    piece = b"he"
    assert connection.send_data(piece) is piece
    assert connection.missing_body_bytes == 3
    assert connection.send_data(b"llo") + connection.end_response() == b"llo"
    assert connection.response_ended and connection.why_not_next() is None


def test_a_response_without_a_length_is_chunked():
    """RFC 9112 section 6.3: its end must be found."""
    connection = asked()
    assert start(connection, b"A: b\r\n") == b"A: b\r\n" + CHUNKED
    assert connection.missing_body_bytes is None
    assert connection.send_data(b"hello") == b"5\r\nhello\r\n"
    assert connection.send_data(b"") == b""
    assert connection.end_response() == b"0\r\n\r\n"
    assert connection.why_not_next() is None


def test_a_response_without_a_length_to_http_1_0_ends_with_the_connection():
    """RFC 9112 section 6.1: no Transfer-Encoding to a client of HTTP/1.0."""
    connection = asked(version=b"1.0", fields=b"Connection: keep-alive\r\n")
    assert start(connection) == b""
    assert connection.send_data(b"hello") == b"hello"
    assert connection.end_response() == b""
    assert connection.why_not_next() == "the end of the connection ends the response"


@pytest.mark.parametrize("raw, status, method, added", [
    (LENGTH, 200, b"GET", KEEP),
    (b"", 204, b"GET", KEEP),
    (b"", 304, b"GET", KEEP),
    (b"", 200, b"HEAD", KEEP),
    (LENGTH + b"Connection: KEEP-alive\r\n", 200, b"GET", b""),
    (LENGTH + CLOSE, 200, b"GET", b""),
])
def test_http_1_0_is_kept_alive_if_it_asks(raw, status, method, added):
    """RFC 9112 section 9.3, in Tornado's spelling."""
    connection = asked(method, b"1.0", b"Connection: Keep-Alive\r\n")
    assert start(connection, raw, status) == raw + added
    connection.send_data(b"hello")
    connection.end_response()
    assert (connection.why_not_next() is None) == (CLOSE not in raw)


@pytest.mark.parametrize("status, method, raw, sent", [
    (204, b"GET", b"", b""),
    (204, b"GET", b"a: b\r\ncontent-LENGTH: 0\r\nc: d\r\n", b"a: b\r\nc: d\r\n"),
    (204, b"GET", CHUNKED, b""),
    (304, b"GET", b"", b""),
    (304, b"GET", LENGTH, LENGTH),
    (200, b"HEAD", b"", b""),
    (200, b"HEAD", LENGTH, LENGTH),
    (200, b"HEAD", CHUNKED, CHUNKED),
])
def test_a_response_without_a_body_ends_with_its_head(status, method, raw, sent):
    """RFC 9112 section 6.3, rule 1; RFC 9110 section 8.6 keeps lengths out of 204."""
    connection = asked(method)
    assert start(connection, raw, status) == sent
    assert connection.missing_body_bytes == 0
    assert connection.send_data(b"not sent") == b"" == connection.end_response()
    assert connection.why_not_next() is None


@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_a_final_response_follows_informational_ones(status):
    """RFC 9110 section 15.2."""
    connection = asked()
    for _ in range(2):
        assert start(connection, b"Link: x\r\n" + LENGTH, status) == b"Link: x\r\n"
        assert not connection.response_started
    assert start(connection, LENGTH) == LENGTH
    old = asked(version=b"1.0")
    assert old.start_response(status, b"Early", b"", 0) == b""
    assert not old.response_started


@pytest.mark.parametrize("method, status, raw, sent", [
    (b"GET", 101, b"Upgrade: chat\r\nConnection: upgrade\r\n",
     b"Upgrade: chat\r\nConnection: upgrade\r\n"),
    (b"GET", 101, b"Upgrade: chat\r\n" + LENGTH, b"Upgrade: chat\r\n"),
    (b"CONNECT", 200, b"", b""),
    (b"CONNECT", 299, CHUNKED, b""),
])
def test_no_request_follows_another_protocol(method, status, raw, sent):
    """RFC 9110 sections 15.2.2 and 9.3.6: what follows the head is no HTTP."""
    connection = asked(method)
    assert start(connection, raw, status) == sent
    assert connection.end_response() == b""
    assert connection.why_not_next() == "the connection now speaks another protocol"


@pytest.mark.parametrize("fields, raw, close, added, why", [
    (b"", b"", False, b"", None),
    (b"", b"", True, CLOSE, "the server closes the connection"),
    (CLOSE, b"", False, CLOSE, "the client closes the connection"),
    (CLOSE, b"connection: x, CLOSE\r\n", True, b"", "the server closes the connection"),
    (b"", CLOSE, False, b"", "the response says close"),
    (b"", b"Connection: keep-alive\r\n", True, CLOSE, "the server closes the connection"),
    (b"", b"Connection: closed\r\n", False, b"", None),
])
def test_the_end_of_the_connection_is_announced(fields, raw, close, added, why):
    """RFC 9112 section 9.6: a server that closes should say so, once."""
    connection = asked(fields=fields)
    assert start(connection, LENGTH + raw, close=close) == LENGTH + raw + added
    connection.send_data(b"hello")
    connection.end_response()
    assert connection.why_not_next() == why


def test_a_refused_connect_is_answered_like_any_request():
    """RFC 9110 section 9.3.6: only a 2xx response begins a tunnel."""
    connection = asked(b"CONNECT")
    assert start(connection, LENGTH, 405) == LENGTH
    assert connection.send_data(b"hello") + connection.end_response() == b"hello"
    assert connection.why_not_next() is None
    assert start(asked(b"CONNECT"), LENGTH, 405, close=True) == LENGTH + CLOSE


def test_a_response_that_the_caller_has_coded_is_passed_on():
    """Whether its chunks are complete is not known, so that no other can follow."""
    connection = asked()
    assert start(connection, CODED) == CODED + CLOSE
    assert connection.missing_body_bytes is None
    assert connection.send_data(b"1\r\na\r\n") == b"1\r\na\r\n"
    assert connection.end_response() == b""
    assert connection.why_not_next() == "the end of the connection ends the response"


@pytest.mark.parametrize("field", [CHUNKED, b"transfer-encoding:Chunked \r\n"])
def test_a_field_that_names_chunked_is_left_to_the_server(field):
    """As in Tornado 6.6: the application writes its body as it is."""
    connection = asked()
    assert start(connection, field) == CHUNKED
    assert connection.send_data(b"a") == b"1\r\na\r\n"
    assert start(asked(), field + LENGTH) == LENGTH
    assert start(asked(version=b"1.0"), field) == b""


def test_a_response_may_come_before_the_request():
    """408: nothing has arrived, and the connection is closed."""
    connection = ServerConnection()
    assert start(connection, LENGTH, 408) == LENGTH + CLOSE
    connection.send_data(b"hello")
    connection.end_response()
    assert connection.why_not_next() == "the request is not complete"


@pytest.mark.parametrize("reason, raw, count, why", [
    (b"O\nK", b"", 0, "the reason phrase has a control character"),
    (b"OK\r\nA: b", b"", 0, "the reason phrase has a control character"),
    (b"OK", b"A: b\r\nC: d\r\n", 1, "2 field lines for 1 fields"),
    (b"OK", b"A: b\r\n", 2, "1 field lines for 2 fields"),
    (b"OK", b"A: b\nC: d\r\n", 1, "control character in the value of field 'A'"),
    (b"OK", b"A: b\rC: d\r\n", 1, "control character in the value of field 'A'"),
    (b"OK", b"A: b\x00\r\n", 1, "control character in the value of field 'A'"),
    (b"OK", b"A: b\r\n\r\nbody", 1, "no line end after the last"),
    (b"OK", b"A: b", 1, "no line end after the last"),
    (b"OK", b"A: b\r\n\r\n", 2, "field line without a colon"),
    (b"OK", b"A b: c\r\n", 1, "'A b' is not a field name"),
    (b"OK", b" A: b\r\n", 1, "whitespace"),
])
def test_no_value_can_add_a_line(reason, raw, count, why):
    """Response splitting: RFC 9110 section 17.11 has users' data in fields."""
    connection = asked()
    with pytest.raises(InvalidHeader, match=why) as caught:
        connection.start_response(200, reason, raw, count)
    assert caught.value.may_have_been_sent is False
    assert start(connection, LENGTH) == LENGTH  # Another response may be sent instead.


@pytest.mark.parametrize("reason, raw", [(u"OK", LENGTH), (b"OK", u"Content-Length: 5\r\n")])
def test_text_is_a_type_error(reason, raw):
    """On every Python."""
    with pytest.raises(TypeError):
        asked().start_response(200, reason, raw, 1)


@pytest.mark.parametrize("status", [-1, 0, 99, 1000, 10 ** 9])
def test_a_status_code_has_three_digits(status):
    """RFC 9110 section 15; above 599 is invalid as well, but some use it."""
    with pytest.raises(LocalProtocolError, match="is not a status code"):
        asked().start_response(status, b"", b"", 0)


@pytest.mark.parametrize("raw, version, why", [
    (b"Content-Length: x\r\n", b"1.1", "'x' is not a Content-Length"),
    (b"Content-Length: -1\r\n", b"1.1", "'-1' is not a Content-Length"),
    (b"Content-Length:\r\n", b"1.1", "'' is not a Content-Length"),
    (LENGTH * 2, b"1.1", "more than one Content-Length"),
    (LENGTH + CODED, b"1.1", "both Transfer-Encoding and Content-Length"),
    (CODED, b"1.0", "Transfer-Encoding to a client of HTTP/1.0"),
])
def test_framing_that_no_client_can_trust_is_not_sent(raw, version, why):
    """The application's mistake, before a byte is sent."""
    connection = asked(version=version)
    with pytest.raises(LocalProtocolError, match=why):
        start(connection, raw)
    assert not connection.response_started


def test_a_body_of_another_length_is_an_error():
    """Too long, and too short."""
    connection = asked()
    start(connection, LENGTH)
    with pytest.raises(LocalProtocolError, match="more body bytes than the Content-Length of 5"):
        connection.send_data(b"hello!")
    connection.send_data(b"hell")
    with pytest.raises(LocalProtocolError, match="only 4 body bytes of the Content-Length of 5"):
        connection.end_response()
    assert not connection.response_ended


def test_continue_is_asked_for_with_its_own_bytes():
    """RFC 9110 section 15.2.1."""
    assert asked().continue_() == b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.mark.parametrize("fields", [b"", CLOSE], ids=["keep", "close"])
@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"CONNECT"])
@pytest.mark.parametrize("status", [101, 200, 204, 304, 404, 999])
@pytest.mark.parametrize("raw", [b"", b"A: b\r\n", CLOSE, KEEP], ids=repr)
@pytest.mark.parametrize("close", [False, True])
def test_a_whole_response_has_the_bytes_of_its_parts(fields, version, method, status, raw, close):
    """For each request, status and set of fields; and the connection goes on in the same way."""
    count = raw.count(b"\n")
    parts = asked(method, version, fields)
    sent = parts.start_response(status, b"Reason", raw + LENGTH, count + 1, close)
    sent += parts.send_data(b"hello") + parts.end_response()
    if status in (101, 204) or method == b"CONNECT" and status < 300:
        sent = sent.replace(LENGTH, b"")
    for _ in range(2):  # The second one is not checked again.
        whole = asked(method, version, fields)
        assert sorted(whole.whole_response(
            status, b"Reason", raw, count, b"hello", close).split(b"\r\n")) == (
                sorted(sent.split(b"\r\n")))
    assert whole.why_not_next() == parts.why_not_next()
    assert (whole.response_started, whole.response_ended) == (True, True)
    assert (whole.switched, whole.missing_body_bytes) == (parts.switched, parts.missing_body_bytes)


@pytest.mark.parametrize("reason, raw, count", [
    (b"OK\r\nA: b", b"", 0), (b"OK", b"A: b\r\nC: d\r\n", 1), (b"OK", b"A: b", 1),
    (b"OK", b"A: b\x00\r\n", 1), (b"OK", LENGTH, 1), (b"OK", CODED, 1),
], ids=["reason", "two-fields", "no-end", "control", "length", "coding"])
def test_a_whole_response_is_checked_as_its_parts_are(reason, raw, count):
    """Also after one with an equal head was refused. Nothing is sent, and another one can be."""
    for _ in range(2):
        connection = asked()
        with pytest.raises((InvalidHeader, LocalProtocolError)):
            connection.whole_response(200, reason, raw, count, b"hello")
        assert not connection.response_started
        assert connection.whole_response(200, b"OK", b"", 0, b"") == (
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize("line, count", [
    (b"X-Request-ID: a\x00\r\n", 2), (b"X-Request-ID: a\nB: c\r\n", 2), (b"X-Request-ID: a", 2),
    (b"X-Request-ID: a\r\n", 1), (b"X-Request-ID: a\r\n", 3), (b" folded\r\n", 2),
    (LENGTH, 2), (CODED, 2),
], ids=["control", "line-end", "no-end", "two-fields", "one-field", "folded", "length", "coding"])
def test_a_last_field_line_is_checked_after_others_that_are_known(line, count):
    """An id is different in each response; the fields before it seldom are."""
    for number in (b"1", b"2"):
        raw = b"A: b\r\nX-Request-ID: %s\r\n" % number
        data = asked().whole_response(200, b"OK", raw, 2, b"")
        assert data == b"HTTP/1.1 200 OK\r\n" + raw + b"Content-Length: 0\r\n\r\n"
    with pytest.raises((InvalidHeader, LocalProtocolError)):
        asked().whole_response(200, b"OK", b"A: b\r\n" + line, count, b"hello")


def test_a_last_field_line_decides_about_the_connection():
    """After others that are known."""
    known = (b"X: y\r\n", False)
    for raw, last in (known, (b"X: z\r\n", False), (CLOSE, True), known):
        connection = asked()
        connection.whole_response(200, b"OK", b"A: b\r\n" + raw, 2, b"hello")
        assert (connection.why_not_next() is not None) is last


@pytest.mark.parametrize("received", [b"", b"HEAD / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"],
                         ids=["nothing", "head", "get"])
def test_a_whole_response_to_a_refused_request_has_the_bytes_of_its_parts(received):
    """It ends the connection, and has no body if the method is HEAD."""
    connections = [ServerConnection(), ServerConnection()]
    for connection in connections:
        if received:
            connection.receive_data(received)
            with pytest.raises(RequestRefused):
                connection.read_head()
    parts, whole = connections
    sent = parts.start_response(400, b"Bad Request", LENGTH, 1)
    sent += parts.send_data(b"hello") + parts.end_response()
    assert whole.whole_response(400, b"Bad Request", b"", 0, b"hello") == sent
    assert sent.endswith(b"hello") is not received.startswith(b"HEAD")


@pytest.mark.parametrize("status", [100, 103, 199])
def test_a_whole_response_is_a_final_one(status):
    connection = asked()
    with pytest.raises(LocalProtocolError, match="not a final status"):
        connection.whole_response(status, b"Early", b"", 0, b"")
    assert not connection.response_started


def test_there_is_one_whole_response_to_a_request():
    connection = asked()
    connection.whole_response(200, b"OK", b"", 0, b"")
    with pytest.raises(LocalProtocolError, match="has been started"):
        connection.whole_response(200, b"OK", b"", 0, b"")
