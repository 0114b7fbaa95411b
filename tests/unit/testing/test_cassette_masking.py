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
    ("Ocp-Apim-Subscription-Key", "k", "***"),
    ("X-Auth", "k", "***"),
    ("X-Functions-Key", "k", "***"),
    ("Location", "https://app.test/cb#access_token=abc&state=1",
     "https://app.test/cb#access_token=***&state=1"),
    ("Location", "/#/cb?a=1&access_token=abc", "/#/cb?a=1&access_token=***"),
    ("Location", "https://app.test/a#part", "https://app.test/a#part"),
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
    (b'{"url": "http://h/#access_token=x"}', b'{"url": "http://h/#access_token=***"}'),
    (b"password=x&a=1", b"password=***&a=1"),  # A form, whatever its type says.
    (b"a=1&password=x", b"a=1&password=***"),
    (b"a=1\r\npassword=x\r\n", b"a=1\r\npassword=***\r\n"),
    (b"token=x;y; see", b"token=***; see"),
    (b"see http://h/token=x", b"see http://h/token=x"),
    (b"<r><Password>x</Password><a>y</a></r>", b"<r><Password>***</Password><a>y</a></r>"),
    (b'<w:Password Type="t">x y</w:Password>', b'<w:Password Type="t">***</w:Password>'),
    # Its last byte is a space that is not ASCII.
    (u'{"a": "http://h/?token=\xe0&a=\xe0"}'.encode("utf-8"),
     u'{"a": "http://h/?token=***&a=\xe0"}'.encode("utf-8")),
    (u'{"a": "token=\u4e05x"}'.encode("utf-8"), b'{"a": "token=***"}'),
    (b"<password><![CDATA[x<y]]></password>", b"<password>***</password>"),
    (b"<password/><password></password><secret><a>x</a></secret>",
     b"<password/><password></password><secret><a>x</a></secret>"),
    (b'\xef\xbb\xbf{"password": "x"}', b'\xef\xbb\xbf{"password": "***"}'),
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
    (b"payload=%7B%22token%22%3A%22x%22%7D&a=%7B%7D",
     b"payload=%7B%22token%22%3A%22***%22%7D&a=%7B%7D"),
    (b'{"token": "x", "a": "b=c\\n"}', b'{"token": "***", "a": "b=c\\n"}'),  # As curl sends it.
    (b'{"token": "x"}\n{"token": "y=z"}', b'{"token": "***"}\n{"token": "***"}'),
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


@pytest.mark.parametrize("name", [b'name=token', b'Name = "token"', b'name=token; filename=b'])
@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", ""])
def test_names_of_parts_in_any_spelling(name, content_type):
    body = b"--x\r\nContent-Disposition: form-data; %s\r\n\r\nvalue\r\n--x--\r\n" % name
    assert masked_body(body, content_type) == body.replace(b"value", b"***")


@pytest.mark.parametrize("charset", [
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"])
def test_json_in_any_charset(charset):
    """RFC 8259 has UTF-8 only; RFC 4627 before it allowed these, and some programs send them."""
    body = u'{"password": "tok-123456", "a": "\u4e2d"}'.encode(charset)
    masked = masked_body(body)
    assert masked == u'{"password": "***", "a": "\u4e2d"}'.encode(charset)
    assert masked_body(u'{"a": "\u4e2d"}'.encode(charset)) == u'{"a": "\u4e2d"}'.encode(charset)


def test_a_known_secret_is_taken_out_in_any_charset():
    echo = u'{"a": "you said tok-123456"}'.encode("utf-16")
    [masked] = Mask().interactions([Interaction(
        RecordedRequest("GET", URL, {"Authorization": "Bearer tok-123456"}),
        RecordedResponse(200, "OK", {}, [echo]))])
    assert masked.response.body.decode("utf-16") == u'{"a": "you said ***"}'


@pytest.mark.parametrize("body", [b"\xff\xfe%s", b"\xff\xfe\0\0%s"])
def test_binary_data_that_looks_like_utf_16(body):
    [masked] = Mask().interactions([Interaction(
        RecordedRequest("GET", URL, {"Authorization": "Bearer tok-123456"}),
        RecordedResponse(200, "OK", {}, [body % b"tok-123456"]))])
    assert masked.response.body == body % b"***"


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


def scrubbed(text, headers=(), url=URL):
    """What becomes of a request's URL and of a response, once the secrets of a request are known.
    """
    [masked] = Mask().interactions([Interaction(
        RecordedRequest("GET", url, headers),
        RecordedResponse(200, "OK", {"Location": text}, [text.encode("ascii")]))])
    assert masked.response.headers["Location"].encode("ascii") == masked.response.body
    return masked.request.url, masked.response.body.decode("ascii")


@pytest.mark.parametrize("cookie", [
    "addr=127.0.0.1", "region=us-east-1", "regions=us-east-1,us-west-2,eu-central-1",
    "host=ip-10-0-0-1.eu-west-1.compute.internal", "at=2026-11-30T01:54:53",
    "languages=en-US,en,de-DE,de-CH", "page=http://host.test/start/of/the/visit",
    "theme=veryDarkAndVeryLargeLetters", "prefs=%7B%22lang%22%3A%22en-US%22%2C%22a%22%3A1%7D",
])
def test_the_value_of_a_usual_cookie_is_masked_where_it_is_only(cookie):
    value = cookie.partition("=")[2]
    assert scrubbed(value, {"Cookie": cookie}) == (URL, value)
    assert masked_headers({"Cookie": cookie}) == [("Cookie", cookie.partition("=")[0] + "=***")]


@pytest.mark.parametrize("cookie", [
    "sid=abcdefgh", "JSESSIONID=abcdefgh", "connect.sid=abcdefgh", "csrftoken=abcdefgh",
    "_app_session=abcdefgh", ".ASPXAUTH=abcdefgh",
    "x=9f86d081884c7d65", "x=550e8400-e29b-41d4-a716-446655440000",
    "x=MTcwMTMwOTEyM3xOd3dBTkZCSFUwTk", "x=k2j4h5g6f7d8s9a0q1w2",
])
def test_the_value_of_a_session_s_cookie_is_a_secret(cookie):
    value = cookie.partition("=")[2]
    assert scrubbed("/a/" + value, {"Cookie": cookie})[1] == "/a/***"


@pytest.mark.parametrize("password", ["host.test", "127.0.0.1", "postgres", "https://postgres"])
def test_where_a_url_leads_is_never_masked(password):
    """The file would be unreadable, or a redirect would lead nowhere."""
    headers = {"X-Password": password}
    for url in ("http://127.0.0.1:8080/a", "https://postgres:5432/a", "http://host.test/a"):
        assert scrubbed("x", headers, url)[0].endswith("/a")
    assert scrubbed("http://127.0.0.1:80/127.0.0.1", {"X-Password": "127.0.0.1"})[1] == (
        "http://127.0.0.1:80/***")


def test_a_secret_that_is_a_url_is_masked_as_a_whole():
    secret = "https://hooks.test/T123/B456"
    url, body = scrubbed("a " + secret, {"X-Token": secret}, secret + "?a=1")
    assert (url, body) == ("https://hooks.test/***?a=1", "a ***")


def test_a_secret_of_digits_leaves_json_of_numbers():
    body = b'{"pin_password": "123456", "a": 123456, "b": 1234567, "c": "is 123456"}'
    value = json.loads(masked_body(body).decode("ascii"))
    assert value["pin_password"] == "***" and value["c"] == "is ***"
    assert (value["a"], value["b"]) == (0, 1234567)


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
    if not any(name in body.lower() for name in (
            b"sig", b"jwt", b"pass", b"cookie", b"xauth", b"x-auth", b"://")):
        assert masked_body(body, content_type) == body


@pytest.mark.parametrize("content_type", [
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("unit", [
    b'"\\', b'"token":"', b"://", b"?a", b'name="', b"name ", b"a=", b"\n", b"<a>", b"<a:",
    b"<password><![CDATA[", b"#a", b'name="a"\r\n', b"--x\r\n"])
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
