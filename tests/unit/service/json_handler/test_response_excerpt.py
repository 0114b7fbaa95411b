"""What of an upstream's error response is logged."""

from __future__ import absolute_import, division, print_function

import time

import pytest

from waterspout import exceptions
from waterspout.service import make_api_key
from waterspout.service._json_handler.response_excerpt import (
    MAX_BYTES,
    masked,
    response_excerpt,
)


class Response(object):
    """One whose body is ``content``; None: it is streamed and was not read."""

    request = None

    def __init__(self, content):
        self._content = content

    @property
    def content(self):
        if self._content is None:
            raise exceptions.ResponseNotRead("not read")
        return self._content


def excerpt(content):
    return response_excerpt(exceptions.HTTPError("x", response=Response(content)))


def test_text_is_kept_on_one_line():
    """Bytes that are not UTF-8 do no harm."""
    assert excerpt(b'{"message":\r\n "no such kind"}') == '{"message":  "no such kind"}'
    assert excerpt(b"\xff<h1>Bad</h1>\x1b[31m").endswith("<h1>Bad</h1> [31m")


def test_long_text_is_cut():
    """Its end is marked."""
    assert excerpt(b"x" * MAX_BYTES) == "x" * MAX_BYTES
    assert excerpt(b"x" * 10 ** 6) == "x" * MAX_BYTES + "..."


@pytest.mark.parametrize(
    "error",
    [
        exceptions.HTTPError("x"),
        exceptions.HTTPError("x", response=Response(b"")),
        exceptions.HTTPError("x", response=Response(None)),
        exceptions.JSONDecodeError("x", response=Response(b"{")),
        ValueError("x"),
    ],
)
def test_other_errors_have_none(error):
    """Nor has a response whose body is empty or was not read."""
    assert response_excerpt(error) == ""


@pytest.mark.parametrize(
    "text, logged",
    [
        ("/a?token=s3cret&page=2", "/a?token=***&page=2"),
        ('{"access_token": "s3cret", "a": 1}', '{"access_token": "***", "a": 1}'),
        ('{"m": "got {\\"password\\": \\"s3cret\\"}"}', '{"m": "got {\\"password\\": \\"***\\"}"}'),
        ("X-Api-Key: s3cret", "X-Api-Key: ***"),
        ("Authorization: Bearer s3cret", "Authorization: ***"),
        ("Cookie: a=s3cret; b=s3cret", "Cookie: ***"),
        ('{"Cookie": "a=s3cret; b=s3cret", "c": 1}', '{"Cookie": "***", "c": 1}'),
        ("cannot reach http://me:s3cret@db/", "cannot reach http://***@db/"),
        ("SECRET='s3cret'", "SECRET='***'"),
        ('{"password": "two s3crets", "a": 1}', '{"password": "***", "a": 1}'),
        ('{"password": "a\\"s3cret", "a": 1}', '{"password": "***", "a": 1}'),
        ('{"m": "{\\"pwd\\": \\"two s3crets\\"}"}', '{"m": "{\\"pwd\\": \\"***\\"}"}'),
        ('{"token": ["a s3cret"], "a": 1}', '{"token": ["***"], "a": 1}'),
        ("{'password': u's3cret', 'a': u'b'}", "{'password': u'***', 'a': u'b'}"),
        ("X-Auth-Key: s3cret", "X-Auth-Key: ***"),
        ("the token is missing", "the token is missing"),
    ],
)
def test_secrets_are_masked(text, logged):
    """By the names of fields, as an upstream may quote the request; also if they are cut off."""
    assert excerpt(text.encode("ascii")) == logged
    cut_off = b"x" * (MAX_BYTES - len(text) + 1) + text.encode("ascii")
    assert "s3c" not in excerpt(cut_off)


def test_key_of_this_kit_is_masked_wherever_it_is():
    """Its id is in logs anyway."""
    key = make_api_key()
    assert excerpt(("unknown: %s!" % key.key).encode("ascii")) == "unknown: wsk_%s_***!" % key.id


@pytest.mark.parametrize("text", [
    u"token" * 8000, u"token" + u" " * 40000, u"token: " + u" " * 40000, u"token:[" + u" " * 40000,
    u"token:'\\" * 5000, u"token: " + u"\\" * 40000, u"token" + u"\\" * 40000, u"wsk_" * 10000,
    u"://" * 10000, u"cookie: " * 5000,
])
def test_masking_takes_linear_time(text):
    """The debug page masks some 32,000 characters, which anyone may have chosen."""
    began = time.time()
    masked(text[:len(text) // 10])
    a_tenth = time.time() - began
    masked(text)
    assert time.time() - began < 0.1 + 40 * a_tenth
