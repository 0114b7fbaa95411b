"""Header fields that would let a request hide in another one."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.service._tornado_server.head_checks import complaint


class Headers(object):
    """As much of HTTPHeaders as is asked; newer ones would refuse some of this themselves."""

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
def test_plain_requests_are_fine(pairs):
    """What real clients send is not complained about."""
    assert complaint("HTTP/1.1", headers(*pairs)) is None


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
def test_ambiguous_requests_are_refused(pairs, hint):
    """Each of these has been used to smuggle a request past a proxy."""
    assert hint in complaint("HTTP/1.1", headers(*pairs))


@pytest.mark.parametrize("name", ["Content-Length ", "X Y", "X\t", "X(y)", ""])
def test_names_that_are_no_tokens_are_refused(name):
    """A space before the colon makes two readers see two names."""
    assert "name" in complaint("HTTP/1.1", headers((name, "1")))


def test_host_may_be_missing_in_http_1_0_only():
    """RFC 9112 section 3.2."""
    assert complaint("HTTP/1.0", Headers()) is None
    assert "Host" in complaint("HTTP/1.1", Headers())


def test_http_1_0_has_no_chunks():
    """RFC 9112 section 6.1: a chunked HTTP/1.0 message is faulty."""
    assert complaint("HTTP/1.0", headers(("Transfer-Encoding", "chunked"))) is not None
