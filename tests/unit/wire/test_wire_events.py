from __future__ import absolute_import, division, print_function

import pytest
import request_feeding
from wire_feeding import feed

from waterspout._wire import EndOfMessage, InformationalHead, ProtocolSwitched, ResponseHead


def head_of(data):
    return feed([data]).head


def request_head_of(data):
    return request_feeding.feed([data]).head


REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\nCookie: id=s3cret\r\n\r\n"
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: id=s3cret\r\n\r\n"


def test_events_are_compared_by_value():
    """An event equals only events of its own class."""
    assert head_of(RESPONSE) == head_of(RESPONSE)
    assert not head_of(RESPONSE) != head_of(RESPONSE)
    for change in ((b"200", b"201"), (b"OK", b"ok"), (b"1.1", b"1.0"), (b"s3", b"s4")):
        assert head_of(RESPONSE) != head_of(RESPONSE.replace(*change))
    assert request_head_of(REQUEST) == request_head_of(REQUEST)
    for change in ((b"GET", b"PUT"), (b"/ ", b"/a "), (b"1.1", b"1.0"), (b"s3", b"s4")):
        assert request_head_of(REQUEST) != request_head_of(REQUEST.replace(*change))
    assert EndOfMessage(b"A: b\r\n") == EndOfMessage(b"A: b\r\n") != EndOfMessage()
    assert ProtocolSwitched(b"") != EndOfMessage(b"")


def test_an_informational_head_is_not_a_response_head():
    """Code that looks for one must not find the other."""
    data = b"HTTP/1.1 103 Hints\r\n\r\n"
    informational = feed([data]).informational[0]
    assert type(informational) is InformationalHead
    same = ResponseHead(b"1.1", 103, b"Hints", b"", None, False, True, None, False)
    assert informational != same


@pytest.mark.parametrize("event, text", [
    (request_head_of(REQUEST), "<RequestHead 'GET', 2 fields>"),
    (head_of(RESPONSE), "<ResponseHead 200, 2 fields>"),
    (EndOfMessage(b"A: s3cret\r\n"), "<EndOfMessage, 1 trailers>"),
    (ProtocolSwitched(b"s3cret"), "<ProtocolSwitched, 6 bytes left over>"),
])
def test_no_repr_shows_a_value(event, text):
    """Cookies and tokens are among them."""
    assert repr(event) == text


def test_events_have_no_hash():
    """They are compared by value, and heads are not cheap to compare."""
    with pytest.raises(TypeError):
        hash(EndOfMessage())
