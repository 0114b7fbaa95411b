from __future__ import absolute_import, division, print_function

import pytest
from request_feeding import feed, read, refused

from waterspout._wire import MessageLimits


def request(line, fields=b"Host: a.org\r\n"):
    return line + b" HTTP/1.1\r\n" + fields + b"\r\n"


@pytest.mark.parametrize("method", [
    b"GET", b"get", b"M-SEARCH", b"PROPFIND", b"!#$%&'*+-.^_`|~09AZaz", b"A" * 200])
def test_a_method_is_any_token(method):
    """Section 3.1; case matters, and the application knows which ones it has."""
    assert read(request(method + b" /")).head.method == method


@pytest.mark.parametrize("method", [b"", b"G(T", b"G\xe9T", b"G:T", b"G/T", b"G@T", b'"GET"'])
def test_a_method_that_is_no_token_is_refused(method):
    """Section 3.1."""
    refused(request(method + b" /"), "request line", "is not a method")


@pytest.mark.parametrize("line, why", [
    (b"GET  /", "more than one space"),
    (b"GET /  ", "is not an HTTP version"),
    (b"GET / x", "is not an HTTP version"),
    (b"GET\t/", "is not a method"),
    (b"GET /\t", "tab in the request line"),
    (b"GET /a\tb", "tab in the request line"),
    (b"GET \t/", "tab in the request line"),
    (b" GET /", "is not a method"),
    (b"GET", "no HTTP version"),
    (b"GET ", "no target"),
])
def test_one_space_separates_the_parts_of_a_request_line(line, why):
    """Section 3 lets a recipient take other white space for SP: then not all see one target."""
    refused(request(line), "request line", why)


@pytest.mark.parametrize("code", [n for n in range(33) if n not in (9, 10, 13, 32)] + [127])
def test_a_control_character_in_a_request_line_is_refused(code):
    """No form of target has one."""
    byte = bytes(bytearray([code]))
    refused(request(b"GET /a" + byte + b"b"), "request line", "control character in the request")


@pytest.mark.parametrize("target", [
    b"/", b"/a/b?c=d&e", b"//a//b", b"/?", b"/a%20b", b"/|{}^`\"<>\\", b"/a#b",
    b"/caf\xc3\xa9?\xff", bytes(b"/" + bytearray(range(0x21, 0x7f)))])
def test_a_target_may_have_any_visible_character(target):
    """Section 3.2.1: clients send raw UTF-8 and more; neither ends the target."""
    assert read(request(b"GET " + target)).head.target == target


@pytest.mark.parametrize("target, host", [
    (b"http://a.org/", b"a.org"),
    (b"http://A.org", b"a.ORG"),
    (b"HTTP://a.org?x", b"a.org"),
    (b"http://a.org:80/", b"a.org"),
    (b"http://a.org:/", b"a.org:80"),
    (b"http://a.org/", b"a.org:"),
    (b"https://a.org:443/", b"a.org"),
    (b"https://a.org/", b"a.org:443"),
    (b"http://a.org:8080/x", b"a.org:8080"),
    (b"http://[2001:DB8::1]:80/", b"[2001:db8::1]"),
    (b"http://127.0.0.1/x?http://b.org/", b"127.0.0.1"),
    (b"http://a.org/@b.org", b"a.org"),
])
def test_a_target_in_absolute_form_names_the_host_of_its_host_field(target, host):
    """Section 3.2.2: a server must accept it; letter case and default ports do not count."""
    head = read(request(b"GET " + target, b"Host: " + host + b"\r\n")).head
    assert (head.target, head.host) == (target, host.lower())


@pytest.mark.parametrize("target, host", [
    (b"http://a.org/", b"b.org"),
    (b"http://a.org/", b""),
    (b"http://a.org/", b"a.org:8080"),
    (b"http://a.org:8080/", b"a.org"),
    (b"http://a.org:443/", b"a.org"),
    (b"https://a.org:80/", b"a.org"),
    (b"http://a.org./", b"a.org"),
    (b"http://[::1]/", b"[::2]"),
    (b"http://[::1]/", b"[::1]:8080"),
    (b"http://a.org?/@b.org", b"b.org"),
])
def test_a_target_in_absolute_form_that_names_another_host_is_refused(target, host):
    """Section 3.2.2 would ignore Host, by which a proxy or a check before us may have decided."""
    error = refused(request(b"GET " + target, b"Host: " + host + b"\r\n"), "host",
                    "Host is not the host of the target")
    assert error.status_code == 400


@pytest.mark.parametrize("target", [
    b"http://", b"http:///x", b"http://:80/", b"http://u@a.org/", b"http://u:p@a.org/",
    b"http://a.org,b.org/", b"http://a.org:x/", b"http://a.org:123456/", b"http://[::1/",
    b"http://a.org\\@b.org/", b"http://\xe9.org/", b"http://a.org%/"])
def test_a_target_in_absolute_form_needs_a_host_and_no_userinfo(target):
    """RFC 9110 sections 4.2.3 and 4.2.4."""
    refused(request(b"GET " + target), "target", "URL without a valid host")


@pytest.mark.parametrize("line", [
    b"GET a.org", b"GET a.org:80", b"GET ?x", b"GET *", b"GET http:/a.org/", b"GET ftp://a.org/",
    b"GET file:///x", b"GET #", b"GET \\x", b"OPTIONS **", b"POST *", b"GET x/y", b"GET \xff"])
def test_other_forms_of_a_target_are_refused(line):
    """Section 3.2: a path, a URL that a server of HTTP can have, or ``*`` with OPTIONS."""
    refused(request(line), "target", "neither a path nor a URL")


def test_options_may_ask_about_the_whole_server():
    """Section 3.2.4."""
    assert read(request(b"OPTIONS *")).head.target == b"*"


def test_connect_has_a_host_and_a_port_as_its_target():
    """Section 3.2.3: authority-form, for CONNECT only."""
    assert read(request(b"CONNECT a.org:443")).head.target == b"a.org:443"
    for target in (b"/", b"a.org", b"*", b"http://a.org:80/", b"u@a.org:80", b":80"):
        refused(request(b"CONNECT " + target), "target", "CONNECT is not a host and port")


@pytest.mark.parametrize("host", [
    b"a.org", b"A.ORG", b"a.org:80", b"a.org:", b"", b"localhost", b"a_b", b"127.0.0.1:8080",
    b"[::1]", b"[2001:db8::1]:8080", b"[::]", b"[1:2:3:4:5:6:7:8]", b"[::ffff:1.2.3.4]",
    b"xn--bcher-kva.example", b"a%20b", b"!$&'()*+;=~", b"a.org.", b" \ta.org\t ", b"a-b:65535"])
def test_a_host_is_a_name_or_address_and_perhaps_a_port(host):
    """RFC 9110 section 7.2, RFC 3986 section 3.2.2; it may be empty."""
    head = read(request(b"GET /", b"Host:" + host + b"\r\n")).head
    assert head.host == host.strip(b" \t").lower()


@pytest.mark.parametrize("host", [
    b"a.org, b.org", b"a,b", b"a b", b"a/b", b"a.org/", b"u@a.org", b"a?b", b"a#b", b"a\\b",
    b"http://a.org", b"a:b", b"a:80:80", b"a:-1", b"a:+80", b"a: 80", b"a:123456", b"[::1",
    b"::1", b"[]", b"[:]", b"[g::]", b"[::1]x", b"[::1]:x", b"[1.2.3.4]", b"[fe80::1%eth0]",
    b"a%2", b"a%zz", b"caf\xc3\xa9", b"a.org\xa0", b"\x85a.org", b'"a"', b"<a>", b"a\tb", b"{a}"])
def test_an_invalid_host_is_refused(host):
    """Section 3.2: 400. A comma may be what a proxy made of two Host fields."""
    error = refused(request(b"GET /", b"Host: " + host + b"\r\n"), "host",
                    "is not a host and port")
    assert error.status_code == 400


@pytest.mark.parametrize("fields", [
    b"Host: a\r\nHost: b\r\n", b"Host: a\r\nhost: a\r\n", b"Host:\r\nX: 1\r\nHOST: a\r\n"])
def test_several_hosts_are_refused(fields):
    """Section 3.2: 400, even if they are equal."""
    refused(request(b"GET /", fields), "host", "more than one Host")
    assert feed([request(b"GET /", fields)], requires_host=False).error is not None


def test_http_1_1_needs_a_host():
    """Section 3.2: 400, unless the server was told to let it pass."""
    data = request(b"GET /", b"X-Host: a\r\nHosts: a\r\n")
    assert refused(data, "host", "no Host field").status_code == 400
    assert read(data, requires_host=False).head.host is None


def test_http_1_0_needs_no_host():
    """It did not have one; if there is one, it has to be valid."""
    assert read(b"GET / HTTP/1.0\r\n\r\n").head.host is None
    assert read(b"GET http://a.org/ HTTP/1.0\r\n\r\n").head.target == b"http://a.org/"
    refused(b"GET / HTTP/1.0\r\nHost: a b\r\n\r\n", "host")


def test_the_bytes_of_a_request_line_are_limited():
    """MessageLimits.start_line_bytes does not count the line's CRLF: 414."""
    line = b"GET /" + b"x" * 20
    whole = line + b" HTTP/1.1"
    assert read(request(line), limits=MessageLimits(start_line_bytes=len(whole))).complete
    limits = MessageLimits(start_line_bytes=len(whole) - 1)
    error = refused(request(line), "target size", "more than %d bytes" % (len(whole) - 1),
                    limits=limits)
    assert error.status_code == 414
    assert refused(whole + b"x", "target size", limits=limits).method == b"GET"
    assert read(whole, limits=limits).error is None


def test_a_request_line_without_an_end_is_refused_before_it_ends():
    """At the limit of the line, not at that of the head."""
    for slices in ([b"GET /" + b"x" * (1 << 20)], [b"GET /"] + [b"x" * 1000] * 9):
        assert feed(slices).error.kind == "target size"
    assert feed([b"x" * (1 << 20)]).error.status_code == 414
