"""Header fields that allow request smuggling are refused."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.service._tornado_server.head_checks import fields_complaint


class Headers(object):
    """The methods of HTTPHeaders that are used; newer ones refuse some of these fields."""

    def __init__(self, *pairs):
        self._pairs = pairs

    def get_all(self):
        return self._pairs

    def get_list(self, name):
        return [value for key, value in self._pairs if key == name]


def headers(*pairs):
    return Headers(("Host", "x"), *pairs)


@pytest.mark.parametrize(
    "pairs",
    [
        (),
        (("Content-Length", "0"),),
        (("Content-Length", "12"), ("X-Any", "v\xe9\twith tab")),
        (("Transfer-Encoding", "chunked"),),
        (("Transfer-Encoding", "Chunked"),),
        (("Accept", "a"), ("Accept", "b")),
        (("!#$%&'*+-.^_`|~09", "v"),),
    ],
)
def test_valid_head_is_accepted(pairs):
    """Fields that real clients send."""
    assert fields_complaint("HTTP/1.1", headers(*pairs)) is None


@pytest.mark.parametrize(
    "pairs, hint",
    [
        ((("Content-Length", "1"), ("Transfer-Encoding", "chunked")), "exclude"),
        ((("Transfer-Encoding", "identity"),), "chunked"),
        ((("Transfer-Encoding", "gzip, chunked"),), "chunked"),
        ((("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")), "chunked"),
        ((("Transfer-Encoding", "\x0bchunked"),), "chunked"),
        ((("Transfer-Encoding", ""),), "chunked"),
        ((("Content-Length", "1"), ("Content-Length", "2")), "one number"),
        ((("Content-Length", "1"), ("Content-Length", "1")), "one number"),
        ((("Content-Length", "1, 1"),), "one number"),
        ((("Content-Length", "+1"),), "one number"),
        ((("Content-Length", "-1"),), "one number"),
        ((("Content-Length", "1_0"),), "one number"),
        ((("Content-Length", "0x10"),), "one number"),
        ((("Content-Length", "1 "),), "one number"),
        ((("Content-Length", ""),), "one number"),
        ((("Content-Length", "9" * 19),), "one number"),
        ((("Host", "y"),), "Host"),
        ((("X", "a\0b"),), "control"),
        ((("X", "a\rb"),), "control"),
    ],
)
def test_ambiguous_head_is_refused(pairs, hint):
    """Each of these has been used to smuggle a request through a proxy."""
    assert hint in fields_complaint("HTTP/1.1", headers(*pairs))


@pytest.mark.parametrize("name", ["Content-Length ", "X Y", "X\t", "X(y)", ""])
def test_field_name_that_is_not_a_token_is_refused(name):
    """With a space before the colon, two recipients may see two names."""
    assert "name" in fields_complaint("HTTP/1.1", headers((name, "1")))


def test_host_may_be_missing_only_in_http_1_0():
    """RFC 9112 section 3.2."""
    assert fields_complaint("HTTP/1.0", Headers()) is None
    assert "Host" in fields_complaint("HTTP/1.1", Headers())


def test_chunked_http_1_0_request_is_refused():
    """RFC 9112 section 6.1: its framing is faulty."""
    assert fields_complaint("HTTP/1.0", headers(("Transfer-Encoding", "chunked"))) is not None
