from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import HOST, feed, read, refused

from waterspout._wire import MessageLimits
from waterspout.exceptions import LocalProtocolError, ResponseTooLarge

FINAL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: upgrade\r\n\r\n"


def test_informational_responses_come_before_the_final_one():
    """Section 15.2: a client must be able to parse several, expected or not."""
    reading = read(CONTINUE + HINTS + b"HTTP/1.1 199\r\n\r\n" + FINAL)
    assert [head.status_code for head in reading.informational] == [100, 103, 199]
    assert reading.informational[1].pairs() == [(b"Link", b"</a.css>")]
    assert (reading.head.status_code, reading.body) == (200, b"ok")
    assert reading.connection.reusable


def test_informational_responses_are_limited():
    """Without a limit a server could keep the exchange open forever."""
    limits = MessageLimits(informational_responses=3)
    assert read(CONTINUE * 3 + FINAL, limits=limits).ended
    error = refused(CONTINUE * 4 + FINAL, "more than 3 informational responses", limits=limits)
    assert isinstance(error, ResponseTooLarge)
    assert len(read(CONTINUE * 10 + FINAL).informational) == 10
    refused(CONTINUE * 11 + FINAL, "more than 10 informational responses")


def test_the_limit_of_informational_responses_starts_again_with_each_request():
    """The limit is for one exchange, not for the connection's life."""
    limits = MessageLimits(informational_responses=1)
    connection = feed([CONTINUE + FINAL], limits=limits).connection
    for _ in range(3):
        connection.send_request(b"GET", b"/", HOST)
        assert connection.receive_data(CONTINUE + FINAL)[-2] == b"ok"


def test_an_informational_response_has_no_body():
    """RFC 9112 section 6.3: it ends with its head, so the next byte begins a response."""
    refused(CONTINUE + b"body" + FINAL, "not an HTTP/1 response: it begins with 'b")


#: Framing fields that no response without a body should have: good, bad, contradicting.
FRAMING = [
    b"Content-Length: 0", b"Content-Length: 5", b"Content-Length: 5, 5",
    b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip", b"Transfer-Encoding:",
    b"Content-Length: five", b"Content-Length: 5, 6", b"Content-Length: 5\r\nContent-Length: 6",
    b"Content-Length: 5\r\nTransfer-Encoding: chunked",
]


@pytest.mark.parametrize("framing", FRAMING)
@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/1.0"])
def test_204_ends_with_its_head_whatever_its_framing_fields_say(framing, version):
    """RFC 9112 section 6.3, rule 1. What a server sends behind it is no response of ours."""
    head = version + b" 204 No Content\r\nConnection: keep-alive\r\n" + framing + b"\r\n\r\n"
    reading = read(head)
    assert (reading.head.status_code, reading.body, reading.ended) == (204, b"", True)
    assert reading.connection.why_not_reusable() == "a 204 response announced a body"
    for body in (b"0\r\n\r\n", b"hello"):
        other = feed([head + body])
        assert (other.head, other.body, other.ended) == (reading.head, b"", True)
        assert not other.connection.reusable


@pytest.mark.parametrize("framing", FRAMING)
@pytest.mark.parametrize("status", [b"100 Continue", b"102 Processing", b"103 Early Hints"])
def test_an_informational_response_ends_with_its_head_whatever_its_framing_fields_say(
        status, framing):
    """RFC 9112 section 6.3, rule 1. The next byte begins the final response."""
    reading = read(b"HTTP/1.1 " + status + b"\r\n" + framing + b"\r\n\r\n" + FINAL)
    assert [head.status_code for head in reading.informational] == [int(status[:3])]
    assert (reading.head.status_code, reading.body) == (200, b"ok")
    why = "a %d response announced a body" % int(status[:3])
    assert reading.connection.why_not_reusable() == why


def test_the_body_of_an_informational_response_is_refused():
    """It begins no response; one that looks like a response is one, and the last."""
    hint = b"HTTP/1.1 103 Hints\r\nContent-Length: %d\r\n\r\n"
    refused(hint % 5 + b"hello" + FINAL, "not an HTTP/1 response")
    refused(hint.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked")
            + b"0\r\n\r\n" + FINAL, "not an HTTP/1 response")
    reading = feed([hint % len(FINAL) + FINAL + FINAL])
    assert reading.body == b"ok" and not reading.connection.reusable


def test_204_has_no_body():
    """RFC 9112 section 6.3: it ends with its head, and the connection goes on."""
    reading = read(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert (reading.body, reading.ended) == (b"", True)
    assert reading.connection.reusable


@pytest.mark.parametrize("framing, length", [
    (b"", None), (b"Content-Length: 5\r\n", 5), (b"Content-Length: 0\r\n", 0),
    (b"Content-Length: 5, 5\r\n", 5)])
def test_304_has_no_body_but_may_have_a_content_length(framing, length):
    """RFC 9110 section 8.6: what a 200 to the same request would have sent."""
    reading = read(b"HTTP/1.1 304 Not Modified\r\n" + framing + b"\r\n")
    assert (reading.body, reading.ended) == (b"", True)
    assert reading.head.content_length == length
    assert reading.connection.reusable


@pytest.mark.parametrize("framing", FRAMING[3:])
def test_304_ends_with_its_head_whatever_its_framing_fields_say(framing):
    """RFC 9112 section 6.3, rule 1; a Transfer-Encoding, or nonsense, is the connection's end."""
    reading = read(b"HTTP/1.1 304 Not Modified\r\n" + framing + b"\r\n\r\n")
    assert (reading.head.status_code, reading.body, reading.ended) == (304, b"", True)
    assert reading.connection.why_not_reusable() == "a 304 response announced a body"
    assert feed([b"HTTP/1.1 304 Not Modified\r\n" + framing + b"\r\n\r\n0\r\n\r\n"]).ended


def test_bytes_after_101_are_not_parsed_as_http():
    """Section 15.2.2: what follows its empty line belongs to the protocol that was offered."""
    reading = read(CONTINUE + SWITCH + b"\x81\x05hello", offer=True)
    assert reading.head.status_code == 101
    assert reading.leftover == b"\x81\x05hello"
    assert reading.trailers is None
    connection = reading.connection
    assert connection.why_not_reusable() == "the connection now speaks another protocol"
    for refused_call in (lambda: connection.receive_data(b"x"), connection.receive_eof,
                         lambda: connection.send_request(b"GET", b"/", HOST)):
        with pytest.raises(LocalProtocolError):
            refused_call()


def test_101_without_an_upgrade_request_is_refused():
    """RFC 9110 section 7.8: a server must not switch to what the client did not indicate."""
    refused(SWITCH, "101 Switching Protocols, but no upgrade was offered")


def test_a_server_may_ignore_an_upgrade_request():
    """RFC 9110 section 7.8: the server answers as if it had not been made."""
    reading = read(FINAL, offer=True)
    assert (reading.head.status_code, reading.body) == (200, b"ok")
    assert reading.connection.reusable


@pytest.mark.parametrize("framing", FRAMING)
def test_101_ends_with_its_head_whatever_its_framing_fields_say(framing):
    """RFC 9112 section 6.3, rule 1: what follows is of the protocol that was offered."""
    data = SWITCH.replace(b"Upgrade:", framing + b"\r\nUpgrade:")
    reading = read(data + b"hello", offer=True)
    assert (reading.head.status_code, reading.leftover) == (101, b"hello")
