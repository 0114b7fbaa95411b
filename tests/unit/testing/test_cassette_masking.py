"""What is masked, what is not, and that masking breaks nothing."""

from __future__ import absolute_import, division, print_function

import json
from base64 import b64encode

import linear_time
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterspout._compat import integer_types
from waterspout.exceptions import ConnectError
from waterspout.testing.cassette.mask import Mask
from waterspout.testing.cassette.messages import (
    Interaction,
    RecordedError,
    RecordedRequest,
    RecordedResponse,
)

URL = "http://host.test/a"


def masked_headers(headers, more=()):
    return Mask(more).request(RecordedRequest("GET", URL, headers)).headers.get_all()


def masked_body(body, content_type="application/json", more=()):
    response = RecordedResponse(200, "OK", {"Content-Type": content_type}, [body])
    [masked] = Mask(more).interactions([Interaction(RecordedRequest("GET", URL), response)])
    return masked.response.body


@pytest.mark.parametrize("name, value, expected", [
    ("Authorization", "Basic dXNlcjpwYXNz", "Basic ***"),
    ("authorization", "Bearer abc.def", "Bearer ***"),
    ("Authorization", 'Digest username="u", response="f00"', "Digest ***"),
    ("Authorization", "AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=y", "AWS4-HMAC-SHA256 ***"),
    ("Authorization", "just-a-key", "***"),
    ("Authorization", "first second", "***"),
    ("Proxy-Authorization", "Basic dXNlcjpwYXNz", "Basic ***"),
    ("Cookie", "a=1; sid=2", "a=***; sid=***"),
    ("Cookie", "2", "***"),
    ("X-Api-Key", "k", "***"),
    ("x_api_key", "k", "***"),
    ("X-Auth-Token", "k", "***"),
    ("X-CSRF-Token", "k", "***"),
    ("X-Amz-Security-Token", "k", "***"),
    ("X-Client-Secret", "k", "***"),
    ("Referer", "http://user:pw@host/?token=abc&q=1", "http://***@host/?token=***&q=1"),
    ("X-Request-Id", "42", "42"),
    ("Content-Type", "text/plain; charset=utf-8", "text/plain; charset=utf-8"),
    ("X-Tokens-Left", "42", "42"),
    ("WWW-Authenticate", 'Basic realm="a"', 'Basic realm="a"'),
])
def test_headers(name, value, expected):
    assert masked_headers({name: value}) == [(name, expected)]


@pytest.mark.parametrize("value, expected", [
    ("sid=abc; Path=/; HttpOnly", "sid=***; Path=/; HttpOnly"),
    ("sid=a=b", "sid=***"),
    ("abc", "***"),
])
def test_a_set_cookie_keeps_its_attributes(value, expected):
    response = RecordedResponse(200, "OK", [("Set-Cookie", value), ("Set-Cookie", "x=y")])
    [masked] = Mask().interactions([Interaction(RecordedRequest("GET", URL), response)])
    assert masked.response.headers.get_list("Set-Cookie") == [expected, "x=***"]


@pytest.mark.parametrize("url, expected", [
    (URL + "?token=abc&q=1", URL + "?token=***&q=1"),
    (URL + "?q=1&access_token=abc", URL + "?q=1&access_token=***"),
    (URL + "?api%5Fkey=abc", URL + "?api%5Fkey=***"),
    (URL + "?X-Amz-Signature=abc&X-Amz-Date=1", URL + "?X-Amz-Signature=***&X-Amz-Date=1"),
    (URL + "?sig=abc", URL + "?sig=***"),
    (URL + "?page_token=abc&max_tokens=3&tokenizer=x", URL + "?page_token=abc&max_tokens=3"
                                                             "&tokenizer=x"),
    (URL + "?token=", URL + "?token="),
    ("http://user:pw@host.test/a", "http://***@host.test/a"),
])
def test_urls(url, expected):
    assert Mask().request(RecordedRequest("GET", url)).url == expected


@pytest.mark.parametrize("body, expected", [
    (b'{"password": "x", "name": "y"}', b'{"password": "***", "name": "y"}'),
    (b'{"accessToken":"x","token_type":"bearer"}', b'{"accessToken":"***","token_type":"bearer"}'),
    (b'{"a": [{"client_secret": "x"}]}', b'{"a": [{"client_secret": "***"}]}'),
    (b'{"token": {"id": "x", "n": [1, null, true]}}',
     b'{"token": {"id": "***", "n": [0, null, true]}}'),
    (b'{"usage": {"total_tokens": 5, "prompt_tokens": 3}}',
     b'{"usage": {"total_tokens": 5, "prompt_tokens": 3}}'),
    (b'{"next": "http://h/?access_token=x&page=2"}',
     b'{"next": "http://h/?access_token=***&page=2"}'),
    (b'{"inner": "{\\"token\\": \\"x\\"}"}', b'{"inner": "{\\"token\\": \\"***\\"}"}'),
    (b'{\n  "password" :  "x"\n}', b'{\n  "password" :  "***"\n}'),  # Its layout is kept.
    (b'{ "secret": {"a":  "x"} }', b'{"secret": {"a": "***"}}'),  # Where that can be done.
    (b'{"password": "x', b'{"password": "***'),  # Cut off.
    (b'{"password": "x\\', b'{"password": "***'),
    (b'{"token": "x"}\n{"token": "y"}\n', b'{"token": "***"}\n{"token": "***"}\n'),
    (b'data: {"token": "x"}\n\n', b'data: {"token": "***"}\n\n'),
    (b'{"pin_password": 1234}', b'{"pin_password": 0}'),
    (b'<a href="/?a=1&amp;token=x">', b'<a href="/?a=1&amp;token=***">'),
    (b"\xff\xfe\x00 binary", b"\xff\xfe\x00 binary"),
    (b"", b""),
    (b"[" * 10000, b"[" * 10000),
    (b"[" * 100 + b'{"token": "x"}' + b"]" * 100, b"[" * 100 + b'{"token": "***"}' + b"]" * 100),
    (b'{"a": NaN, "token": "x"}', b'{"a": NaN, "token": "***"}'),
    (b'{"token": "\\ud800", "a": 1}', b'{"token": "***", "a": 1}'),
])
def test_bodies(body, expected):
    assert masked_body(body) == expected
    assert masked_body(expected) == expected


@pytest.mark.parametrize("body, expected", [
    (b"a=1&password=x%20y&b=+", b"a=1&password=***&b=+"),
    (b"password", b"password"),
    (b"grant_type=password&client_secret=x", b"grant_type=password&client_secret=***"),
    (b"\xff=1&token=x", b"\xff=1&token=***"),
])
def test_forms(body, expected):
    assert masked_body(body, "application/x-www-form-urlencoded") == expected


def test_parts_of_a_form():
    body = (b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\nvalue\r\n'
            b'--x\r\nContent-Disposition: form-data; name="b"; filename="c"\r\nA: b\r\n\r\n1\r\n'
            b'--x--\r\n')
    masked = masked_body(body % b"token", "multipart/form-data; boundary=x")
    assert masked == (body % b"token").replace(b"value", b"***")
    assert masked_body(body % b"a", "multipart/form-data; boundary=x") == body % b"a"


def test_names_of_the_program_s_own():
    assert masked_headers({"X-Tenant": "x", "X-B": "y"}, ["x-tenant"]) == [
        ("X-Tenant", "***"), ("X-B", "y")]
    assert masked_body(b'{"iban": "x"}', more=["IBAN"]) == b'{"iban": "***"}'


SECRET = u'S3cret-/+ "\xe9'


def ways_to_write(secret):
    raw = secret.encode("utf-8")
    return [
        raw,
        json.dumps(secret).encode("ascii"),
        json.dumps(secret, ensure_ascii=False).encode("utf-8"),
        b64encode(raw),
        b"S3cret-%2F%2B%20%22%C3%A9",
        b"S3cret-%2F%2B+%22%C3%A9",
    ]


@pytest.mark.parametrize("written", ways_to_write(SECRET))
@pytest.mark.parametrize("source", [
    {"body": json.dumps({"password": SECRET}).encode("ascii"),
     "headers": {"Content-Type": "application/json"}},
    {"headers": {"Authorization": "Basic " + b64encode(
        b"user:" + SECRET.encode("utf-8")).decode("ascii")}},
    {"url": URL + "?token=S3cret-%2F%2B+%22%C3%A9"},
])
def test_a_known_secret_is_taken_out_everywhere(source, written):
    """Of a later response, where nothing says that it is one; in any way to write it."""
    source = dict({"method": "GET", "url": URL}, **source)
    echo = RecordedResponse(200, "OK", {"X-Echo": "a"}, [b"you said " + written + b"."])
    masked = Mask().interactions([
        Interaction(RecordedRequest(**source), RecordedResponse(200, "OK")),
        Interaction(RecordedRequest("GET", URL), echo),
    ])
    assert masked[1].response.body.strip(b'"').startswith(b"you said ")
    for way in ways_to_write(SECRET):
        assert way.strip(b'"') not in masked[1].response.body
    assert b"***" in masked[1].response.body


def test_it_is_taken_out_of_headers_urls_and_errors():
    masked = Mask().interactions([
        Interaction(
            RecordedRequest("GET", URL + "/tok-123456", {"Authorization": "Bearer tok-123456"}),
            RecordedResponse(200, "not tok-123456", {"X-Echo": "tok-123456"})),
        Interaction(
            RecordedRequest("GET", URL),
            error=RecordedError(ConnectError, "connect", False,
                                u"\u4e2d: no tok-123456 at "
                                u"http://me:pw@host/?token=a or token: b")),
    ])
    assert masked[0].request.url == URL + "/***"
    assert masked[0].response.reason == "not ***"
    assert masked[0].response.headers["X-Echo"] == "***"
    assert masked[1].error.text == u"\u4e2d: no *** at http://***@host/?token=*** or token: ***"


@pytest.mark.parametrize("secret", ["x", "short", "password", "token", "secret"])
def test_what_may_be_a_word_is_not_taken_out_of_others(secret):
    """The password "secret" of an example is masked where it is one, and nowhere else."""
    body = json.dumps({"password": secret, "text": "a secret token, x short password"}).encode()
    assert json.loads(masked_body(body).decode("ascii")) == {
        "password": "***", "text": "a secret token, x short password"}


def test_a_secret_in_two_pieces_of_a_stream_is_found():
    response = RecordedResponse(200, "OK", {}, [b'{"token": "ab', b'cdefgh", "a": ', b'1}'])
    [masked] = Mask().interactions([Interaction(RecordedRequest("GET", URL), response)])
    assert masked.response.body == b'{"token": "***", "a": 1}'
    assert len(masked.response.pieces) == 2  # Of the same sizes, as far as there are bytes.


def test_the_length_that_is_stated_is_that_of_the_masked_body():
    body = b'{"token": "abcdefgh"}'
    for length, expected in ((len(body), str(len(body) - 5)), (7, "7")):
        request = RecordedRequest(
            "POST", URL, {"Content-Length": str(length)}, body)
        assert Mask().request(request).headers["Content-Length"] == expected


@given(st.binary(max_size=60), st.sampled_from(
    ["", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; a=b"]))
def test_any_body_can_be_masked_and_stays_what_it_was(body, content_type):
    """Without a name that says so, nothing is a secret."""
    if not any(name in body.lower() for name in (b"sig", b"jwt", b"pass", b"cookie", b"://")):
        assert masked_body(body, content_type) == body


@pytest.mark.parametrize("content_type", [
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("unit", [
    b'"\\', b'"token":"', b"://", b"?a", b'name="', b'name="a"\r\n', b"--x\r\n"])
def test_time_grows_with_the_body_only(content_type, unit):
    linear_time.assert_linear(
        lambda slices: [masked_body(each, content_type) for each in slices],
        lambda count: unit * count, 10 ** 9)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from([u"password", u"a", u"x-token", u"\u4e2d"]), inner, max_size=3))


@given(JSON, st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : ")]), st.booleans())
def test_json_stays_json(value, separators, ascii_only):
    """Of the same form: each value has its type, and a second time nothing changes."""
    text = json.dumps(value, separators=separators, ensure_ascii=ascii_only)
    body = text if isinstance(text, bytes) else text.encode("utf-8")
    once = masked_body(body)
    assert shape(json.loads(once.decode("utf-8"))) == shape(json.loads(body.decode("utf-8")))
    assert masked_body(once) == once


def shape(value):
    if isinstance(value, dict):
        return dict((name, shape(each)) for name, each in value.items())
    if isinstance(value, list):
        return [shape(each) for each in value]
    return "number" if isinstance(value, integer_types) else type(value)
