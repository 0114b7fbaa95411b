from __future__ import absolute_import, division, print_function

import pytest
from wire_feeding import HOST

from waterspout._wire import ClientConnection, FieldLines
from waterspout.exceptions import InvalidHeader, LocalProtocolError


def send(method, target, fields=HOST, body=None):
    return ClientConnection().send_request(method, target, fields, body)


@pytest.mark.parametrize("method, target", [
    (b"GET", b"/"),
    (b"GET", b"/a/b;c?d=e&f=%20/?"),
    (b"GET", b"//double"),
    (b"GET", b"/odd|but{sent}as\"it<is>\\^`"),
    (b"get", b"/"),
    (b"M-SEARCH", b"*/"[1:]),
    (b"GET", b"http://example.org:80/path?query"),
    (b"GET", b"http://example.org"),
    (b"GET", b"http://[::1]:80?a@b"),
    (b"OPTIONS", b"*"),
    (b"OPTIONS", b"/"),
    (b"CONNECT", b"example.org:443"),
    (b"CONNECT", b"[2001:db8::1]:8443"),
    (b"!#$%&'*+-.^_`|~", b"/"),
])
def test_a_request_line_is_method_target_version(method, target):
    """Section 3, with the target in one of the forms of section 3.2."""
    line = method + b" " + target + b" HTTP/1.1\r\n"
    assert send(method, target) == line + b"Host: example.org\r\n\r\n"


@pytest.mark.parametrize("method", [
    b"", b" ", b"GET ", b" GET", b"G T", b"GET\r\n", b"GET\n", b"GET\x00", b"G\xc9T", b"GET:",
    b"G(ET)", b"GET / HTTP/1.1\r\nX: 1\r\n\r\nGET"])
def test_a_method_that_is_not_a_token_is_refused(method):
    """Section 3.1; whatever ends the line early would begin another request."""
    with pytest.raises(InvalidHeader, match="is not a method") as caught:
        send(method, b"/")
    assert caught.value.may_have_been_sent is False


@pytest.mark.parametrize("target", [
    b" ", b"/ ", b" /", b"/a b", b"/\r\n", b"/\n", b"/\r", b"/\t", b"/\x00", b"/\x7f",
    b"/\xc3\xa9", b"/#fragment", b"/a HTTP/1.1\r\nX: 1", b"//\x80", b"/\x1b", b"http://x/#f",
    b"http://x\n",
])
def test_a_character_not_allowed_in_a_target_is_refused(target):
    """Section 3.2: no whitespace, nothing that is to be escaped, and no fragment."""
    with pytest.raises(LocalProtocolError, match="the request target holds '") as caught:
        send(b"GET", target)
    assert caught.value.may_have_been_sent is False


@pytest.mark.parametrize("target", [
    b"", b"a/b", b"example.org:443", b"*", b"?q", b"http:/x", b"://x", b"http//x", b"http://",
    b"http:///x", b"http://user@example.org/", b"http://user:pass@example.org", b"http://?x",
])
def test_a_target_that_is_not_a_path_or_url_is_refused(target):
    """Section 3.2: a path, or a URL without userinfo (RFC 9110 section 4.2.4)."""
    with pytest.raises(LocalProtocolError, match="a form that 'GET' does not allow") as caught:
        send(b"GET", target)
    assert "pass" not in str(caught.value)


@pytest.mark.parametrize("target", [
    b"example.org", b"example.org:", b":443", b"example.org:https", b"example.org:443/",
    b"user@example.org:443", b"example.org:443 ", b"example.org:443\n", b"exa mple.org:443", b"*",
    b"/", b"http://example.org:443",
])
def test_connect_needs_host_and_port(target):
    """Section 3.2.3, and nothing else: a proxy would connect to what it makes of the rest."""
    with pytest.raises(LocalProtocolError, match="request target"):
        send(b"CONNECT", target)


def test_a_request_without_host_is_refused():
    """Section 3.2: in every HTTP/1.1 request."""
    with pytest.raises(LocalProtocolError, match="no Host field"):
        send(b"GET", b"/", FieldLines([(b"X", b"1")]))


def test_an_empty_host_is_accepted():
    """Section 3.2: its value is empty if the target has no authority."""
    assert send(b"GET", b"/", FieldLines([(b"Host", b"")])).endswith(b"\r\nHost: \r\n\r\n")


def test_host_comes_first():
    """RFC 9110 section 7.2: a user agent should write it as the first field."""
    fields = FieldLines([(b"X", b"1"), (b"hOST", b"a"), (b"Y", b"2")])
    assert send(b"GET", b"/", fields) == b"GET / HTTP/1.1\r\nhOST: a\r\nX: 1\r\nY: 2\r\n\r\n"


def test_two_hosts_are_refused():
    """Section 3.2: a server answers 400, or worse, believes the other one."""
    with pytest.raises(LocalProtocolError, match="more than one Host"):
        FieldLines([(b"Host", b"a"), (b"host", b"a")])
    with pytest.raises(LocalProtocolError, match="more than one Host"):
        HOST + HOST


@pytest.mark.parametrize("arguments", [
    (u"GET", b"/", HOST, None), (b"GET", u"/", HOST, None), (b"GET", b"/", HOST, u"body")])
def test_text_in_a_request_line_is_a_type_error(arguments):
    """On every Python: text among bytes would become text there, or bytes here."""
    with pytest.raises(TypeError):
        send(*arguments)


def test_the_host_of_an_origin_comes_first():
    """Encoded once for all requests to it; one among the fields takes its place."""
    host, fields = FieldLines([(b"Host", b"a")]), FieldLines([(b"X", b"1")])
    assert ClientConnection().send_request(b"GET", b"/", fields, None, host) == (
        b"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n")
    assert ClientConnection().start_request(b"PUT", b"/", fields, 1, host) == (
        b"PUT / HTTP/1.1\r\nHost: a\r\nX: 1\r\nContent-Length: 1\r\n\r\n")
    own = FieldLines([(b"X", b"1"), (b"Host", b"b")])
    assert ClientConnection().send_request(b"GET", b"/", own, None, host) == (
        b"GET / HTTP/1.1\r\nHost: b\r\nX: 1\r\n\r\n")
    with pytest.raises(LocalProtocolError, match="no Host field"):
        ClientConnection().send_request(b"GET", b"/", fields, None, fields)
