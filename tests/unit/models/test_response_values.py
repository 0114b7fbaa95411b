"""What a Response says of a status, a body and its headers."""

from __future__ import absolute_import, division, print_function

import datetime

import pytest

from waterspout.exceptions import (
    ContentDecodingError,
    HTTPError,
    JSONDecodeError,
    ResponseNotRead,
)
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.response import Response
from waterspout.structures import Headers


def response(content=b"", status=200, times=(), **fields):
    """A Response; ``_`` in the name of a field is ``-``."""
    headers = Headers([(name.replace("_", "-"), value) for name, value in fields.items()])
    request = PreparedRequest("GET", "http://me:secret@a.example/b?token=secret")
    return Response(request, status, "Reason", headers, content, times)


@pytest.mark.parametrize("status, ok, words", [
    (200, True, None), (304, True, None), (399, True, None), (400, False, "400 Client Error"),
    (499, False, "499 Client Error"), (500, False, "500 Server Error"),
    (599, False, "599 Server Error")])
def test_a_status_from_400_on_is_an_error(status, ok, words):
    """For ``ok``, the truth of the response and raise_for_status(), whose text has no secret."""
    found = response(status=status)
    assert found.ok is bool(found) is ok
    if ok:
        found.raise_for_status()
    else:
        with pytest.raises(HTTPError) as caught:
            found.raise_for_status()
        assert str(caught.value) == words + ": Reason for url: http://a.example/b"
        assert caught.value.response is found


@pytest.mark.parametrize("status, location, redirects, permanently", [
    (301, "/a", True, True), (302, "/a", True, False), (303, "/a", True, False),
    (307, "/a", True, False), (308, "/a", True, True), (302, None, False, False),
    (300, "/a", False, False), (201, "/a", False, False)])
def test_a_redirect_has_a_status_and_a_location(status, location, redirects, permanently):
    """Both, as in requests."""
    found = response(status=status, **({} if location is None else {"Location": location}))
    assert (found.is_redirect, found.is_permanent_redirect) == (redirects, permanently)


@pytest.mark.parametrize("content_type, content, encoding, text", [
    ("text/plain; charset=utf-8", u"caf\xe9".encode("utf-8"), "utf-8", u"caf\xe9"),
    ("text/plain", b"caf\xe9", "ISO-8859-1", u"caf\xe9"),
    ("application/json", u'"caf\xe9"'.encode("utf-8"), "utf-8", u'"caf\xe9"'),
    ("text/plain; charset=unknown", u"caf\xe9".encode("utf-8"), "unknown", u"caf\xe9"),
])
def test_text_is_decoded_by_the_content_type(content_type, content, encoding, text):
    """An unknown charset counts as UTF-8."""
    found = response(content, Content_Type=content_type)
    assert (found.encoding, found.text) == (encoding, text)


def test_an_encoding_may_be_set():
    """It counts more than the Content-Type."""
    found = response(b"caf\xe9", Content_Type="text/plain; charset=utf-8")
    found.encoding = "latin-1"
    assert found.text == u"caf\xe9"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32-le"])
def test_json_in_any_of_its_encodings_is_decoded(codec):
    """RFC 8259 section 8.1, and those of the RFCs before it."""
    assert response(u'{"a": "caf\xe9"}'.encode(codec)).json() == {"a": u"caf\xe9"}


@pytest.mark.parametrize("content", [b"", b"<html>", b"{", b"\xff\xfe\x00"])
def test_a_body_that_is_not_json_is_an_error(content):
    """It is a ValueError, and names status and Content-Type, but no secret."""
    with pytest.raises(JSONDecodeError) as caught:
        response(content, Content_Type="text/html").json()
    assert isinstance(caught.value, ValueError)
    assert "GET http://a.example/b answered 200 text/html" in str(caught.value)


def test_elapsed_is_the_time_to_the_head():
    """Without the body, as in requests; 0 where no time is known."""
    moments = (1.0, 1.0, None, None, None, None, 3.5, 9.0)
    assert response(times=(moments, 1, False)).elapsed == datetime.timedelta(seconds=2.5)
    assert response().elapsed == datetime.timedelta(0)


def test_a_streamed_body_has_no_content_before_it_is_read():
    """ResponseNotRead, a mistake of the caller."""
    with pytest.raises(ResponseNotRead):
        response(None).content  # noqa: B018


def test_json_of_a_streamed_body_that_was_not_read_is_response_not_read():
    """Not a JSONDecodeError: the mistake is in the program, not in the response."""
    found = response(None)
    with pytest.raises(ResponseNotRead):
        found.json()
    found.close()
    with pytest.raises(ResponseNotRead):
        found.json()


def test_a_redirect_in_a_wrong_coding_has_no_body():
    """Its Location counts, as in requests; any other response fails."""
    redirect = response(b"not gzip", 302, Content_Encoding="gzip", Location="/a")
    redirect.decode_content(100, 5)
    assert redirect.content == b""
    with pytest.raises(ContentDecodingError):
        response(b"not gzip", Content_Encoding="gzip").decode_content(100, 5)


def test_iterating_gives_pieces_of_128_bytes():
    """As in requests."""
    assert [len(piece) for piece in response(b"x" * 300)] == [128, 128, 44]


def test_cookies_of_a_response_are_those_that_it_may_set():
    """For its own host."""
    assert dict(response(Set_Cookie="a=1").cookies) == {"a": "1"}
    assert dict(response(Set_Cookie="a=1; Domain=b.example").cookies) == {}
    assert dict(response().cookies) == {}
