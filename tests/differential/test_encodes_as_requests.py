"""A Request says what requests would say: compared before anything is sent."""

from __future__ import absolute_import, division, print_function

import re
import sys

import encoding_strategies as inputs
import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util.url import _encode_target, parse_url

import waterspout

PY2 = sys.version_info[0] == 2


def theirs(url=u"http://host/", method="GET", **kwargs):
    return requests.Request(method, url, **kwargs).prepare()


def ours(url=u"http://host/", method="GET", **kwargs):
    return waterspout.PreparedRequest(method, url, **kwargs)


def target(prepared):
    """What urllib3 makes of it on the wire."""
    return _encode_target(str(prepared.path_url))


def content(prepared):
    """(body, Content-Type, Content-Length) on the wire."""
    body = prepared.body
    if body is not None and not isinstance(body, bytes):
        body = body.encode("utf-8")
    length = prepared.headers.get("Content-Length")
    if body == b"" and length is None:
        length = "0"  # urllib3 adds it.
    return body, prepared.headers.get("Content-Type"), length


def without_tilde_escapes(data):
    """On 2.7 requests escapes it (differences.tilde_on_27)."""
    if not PY2 or data is None:
        return data
    return data.replace("%7E", "~")


@given(path=inputs.text, query=inputs.text, fragment=inputs.text)
@example(path=u"%7e%41%2f%zz", query=u"%7e%41%2f", fragment=u"%7e")
@example(path=u"a/../b/./c/..", query=u"a/../b", fragment=u"..")
@example(path=u"//double//", query=u"a=b=c&&", fragment=u"#")
def test_urls_are_escaped_alike(path, query, fragment):
    """Path, query and fragment are escaped alike, and what is escaped already is left alone."""
    url = u"http://host/%s?%s#%s" % (path, query, fragment)
    assert ours(url).parsed_url.target == target(theirs(url))
    assert ours(url).url == theirs(url).url


@given(
    scheme=st.sampled_from([u"http", u"HTTPS", u" http"]),
    host=st.sampled_from(
        [
            u"host", u"EXAMPLE.com", u"a.b", u"a_b", u"a..b", u"127.1", u"1.2.3.4", u"[::1]",
            u"[::FFFF]", u"m\xfcnchen.example", u"\u4e2d.example",
        ]
    ),
    port=st.sampled_from([u"", u":", u":80", u":443", u":8080", u":00080", u":65535"]),
    path=st.sampled_from(
        [
            u"", u"/", u"/a/../b", u"/a/./b/..", u"/..", u"/../..", u"/../", u"/a/../../?q", u"?q",
            u"#f", u"/a//b/../c",
            u"/%2e%2e/x",
        ]
    ),
)
def test_scheme_host_and_port_are_parsed_alike(scheme, host, port, path):
    """Scheme, host and port mean the same, and are sent in the same spelling."""
    url = u"%s://%s%s%s" % (scheme, host, port, path)
    parsed = parse_url(theirs(url).url)
    port = parsed.port or {"http": 80, "https": 443}[parsed.scheme]
    expected = (parsed.scheme, parsed.host, port)
    assert ours(url).parsed_url.origin == expected
    assert ours(url).parsed_url.target == target(theirs(url))


@pytest.mark.parametrize(
    "url",
    [
        u"", u"host", u"//host/", u"/path", u"http://", u"http:///path", u"http://:80/", u"http:",
        u"http://host:x/", u"http://host:65536/", u"http://host:-1/", u"http://host:80:80/",
        u"http://[::1", u"http://::1/", u"http://*.host/", u"http://.host/", u"http://[1.2.3.4]/",
        u"http://" + u"\xe9" * 64 + u".example/", u"http://\xe9_/", b"http://host/\xff",
    ],
)
def test_bad_urls_are_refused_alike(url):
    """What requests refuses is refused, before anything is sent."""
    with pytest.raises((requests.RequestException, ValueError)):
        theirs(url)
    with pytest.raises((waterspout.InvalidURL, waterspout.MissingSchema)):
        ours(url)


@pytest.mark.parametrize("url", [u"ftp://host/", u"mailto:me", u"host:80/x", u"http+unix://x/"])
def test_schemes_other_than_http_are_refused(url):
    """requests has no adapter for them, nor have we."""
    with pytest.raises(requests.exceptions.InvalidSchema):
        requests.Session().send(theirs(url))
    with pytest.raises(waterspout.InvalidSchema):
        ours(url)


@given(
    user=st.lists(
        st.sampled_from([u"x", u":", u"@", u"%", u" ", u"%41", u"%3a", u"%2f"]), max_size=6
    ).map(u"".join)
)
@example(user=u"me:secret")
@example(user=u"me")
@example(user=u":")
@example(user=u"%6de:p%40ss")
@example(user=u"%44%:")
def test_userinfo_becomes_an_authorization_header(user):
    """User and password of a URL become an Authorization header."""
    url = u"http://%s@host/" % user
    assert ours(url).headers.get("Authorization") == theirs(url).headers.get("Authorization")


def test_userinfo_replaces_an_authorization_header():
    """As in requests, what the URL says is said last."""
    url, headers = u"http://me:secret@host/", {"Authorization": "Bearer x"}
    expected = theirs(url, headers=headers).headers["Authorization"]
    assert ours(url, headers=headers).headers.get_list("Authorization") == [expected]


@given(params=inputs.forms, query=inputs.odd_text)
@example(params={"a": [1, None, "b"]}, query=u"")
@example(params=[("a", [[1, 2], []])], query=u"x=1")
def test_params_are_encoded_alike(params, query):
    """Mappings and pairs, nested lists, numbers, bytes and None behind the URL's own query."""
    url = u"http://host/?" + query.replace(u"#", u"")
    expected = target(theirs(url, params=params))
    assert ours(url, params=params).parsed_url.target == without_tilde_escapes(expected)


@given(params=inputs.odd_text.filter(lambda text: not has_stray_percent(text)))
@example(params=u"a=1&b=%20")
@example(params=u"a[]=1#fragment")
def test_params_of_text_are_a_query(params):
    """Text is a query already: only what no URL may hold is escaped."""
    native = params.encode("utf-8") if PY2 else params  # differences.params_type
    expected = target(theirs(params=native))
    assert ours(params=params).parsed_url.target == expected
    assert ours(params=params.encode("utf-8")).parsed_url.target == expected


def has_stray_percent(text):
    # differences.stray_percent
    return len(re.findall(u"%[0-9a-fA-F]{2}", text)) != text.count(u"%")


@given(data=inputs.forms)
def test_data_of_a_mapping_is_a_form(data):
    """``data=`` of a mapping or of pairs is a form."""
    body, content_type, length = content(theirs(method="POST", data=data))
    request = ours(method="POST", data=data)
    body = without_tilde_escapes(body)
    assert request.body == body
    assert request.headers.get("Content-Type") == content_type
    assert request.headers["Content-Length"] == (length if body is None else str(len(body)))


@given(data=st.one_of(st.binary(max_size=20), st.just(u"ascii") if PY2 else inputs.text))
def test_data_of_text_or_bytes_is_the_body(data):
    """``data=`` of text or bytes is the body itself, without a Content-Type."""
    request = ours(method="PUT", data=data)
    assert content_of(request) == content(theirs(method="PUT", data=data))


@given(value=inputs.json_values)
def test_json(value):
    """``json=`` is encoded to the same bytes."""
    request = ours(method="POST", json=value)
    assert content_of(request) == content(theirs(method="POST", json=value))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_values_that_json_cannot_encode_are_refused(value):
    """What JSON cannot say is refused, as in requests since 2.26."""
    with pytest.raises(requests.exceptions.InvalidJSONError):
        theirs(method="POST", json=value)
    with pytest.raises(waterspout.InvalidJSONError):
        ours(method="POST", json=value)


@pytest.mark.parametrize(
    "kwargs",
    [
        {},
        {"data": {}},
        {"data": b""},
        {"data": "", "json": {}},
        {"data": {"a": 1}, "json": {"b": 2}},
        {"data": b"x", "headers": {"Content-Type": "text/plain"}},
        {"json": [], "headers": {"content-type": "application/x"}},
        {"headers": {"Content-Length": "7"}, "data": b"x"},
        {"data": {"a": None}},
        {"json": 0},
        {"json": False},
        {"json": ""},
    ],
    ids=repr,
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "PROPFIND"])
def test_bodies_and_content_headers_are_chosen_alike(method, kwargs):
    """Which body and which Content headers a request has, in every combination."""
    expected = content(theirs(method=method, **kwargs))
    if expected[0] is None and method in ("GET", "HEAD") and "Content-Length" in str(kwargs):
        return  # A length without a body waits without end; both leave it to the caller.
    assert content_of(ours(method=method, **kwargs)) == expected


@given(method=inputs.methods, headers=inputs.headers)
def test_methods_and_headers_are_normalised_alike(method, headers):
    """Methods in upper case; header names without case, values untouched."""
    prepared, request = theirs(method=method, headers=headers), ours(method=method, headers=headers)
    assert request.method == prepared.method
    expected = dict((name.lower(), value) for name, value in prepared.headers.items())
    assert dict((name.lower(), value) for name, value in request.headers.items()) == expected


@pytest.mark.parametrize(
    "headers", [{"X-A": 1}, {"X-A": 1.5}, {"X-A": ["a"]}, {"X-A": "a\nb"}, {"X-A": " a"}, {1: "a"}]
)
def test_bad_headers_are_refused_alike(headers):
    """Numbers, lists, line ends and leading white space are refused by both."""
    with pytest.raises((requests.exceptions.InvalidHeader, AttributeError)):
        theirs(headers=headers)
    with pytest.raises(waterspout.InvalidHeader):
        ours(headers=headers)


def content_of(request):
    return (
        request.body,
        request.headers.get("Content-Type"),
        request.headers.get("Content-Length"),
    )
