# -*- coding: utf-8 -*-
"""JSON that the caller has encoded is sent as it is."""

from __future__ import absolute_import, division, print_function

import pytest

import waterspout
from waterspout import EncodedJSON


def prepared(content, **arguments):
    return waterspout.PreparedRequest(
        "POST", "http://a.example/", json=EncodedJSON(content), **arguments)


@pytest.mark.parametrize("content, sent", [
    (b'{"a": 1.10}\r\n', b'{"a": 1.10}\r\n'),
    (u'["\u4e2d"]', u'["\u4e2d"]'.encode("utf-8")),
    (b"[NaN", b"[NaN"),
], ids=["bytes", "text", "unchecked"])
def test_the_body_is_the_content(content, sent):
    request = prepared(content)
    assert request.body == sent
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Content-Length"] == str(len(sent))


def test_a_content_type_of_the_caller_stays():
    request = prepared(b"{}", headers={"Content-Type": "application/merge-patch+json"})
    assert request.headers["Content-Type"] == "application/merge-patch+json"


@pytest.mark.parametrize("content", [None, {}, 1, bytearray(b"{}")], ids=repr)
def test_anything_but_bytes_and_text_is_a_type_error(content):
    with pytest.raises(TypeError, match="EncodedJSON takes the bytes or the text of a JSON value"):
        EncodedJSON(content)


def test_it_is_compared_by_content_and_shows_none_of_it():
    """It may hold a password."""
    assert EncodedJSON(b"{}") == EncodedJSON(u"{}") != EncodedJSON(b"[]")
    assert EncodedJSON(b"{}") != b"{}"
    assert len({EncodedJSON(b"{}"), EncodedJSON(u"{}")}) == 1
    assert repr(EncodedJSON(b'"secret"')) == "<EncodedJSON of 8 bytes>"
