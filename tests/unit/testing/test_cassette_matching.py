"""Which recorded request answers, what is left out, and what a refusal says."""

from __future__ import absolute_import, division, print_function

import io

import cassettes
import pytest

from waterspout.testing.cassette import NotRecorded, RecordedResponse

URL = "http://host.test/a"


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "a.json")


@pytest.fixture
def record(path):
    """Record one request, with these options of a call and of `Cassette`."""
    def record(url=URL, method="GET", **options):
        below = cassettes.Answering(lambda request: (200, {}, b"answer"))
        cassettes.call(path, url, method, transport=below, **options)
        return below.sent[0]

    return record


@pytest.fixture
def matches(path):
    """Whether a request is answered from the file."""
    def matches(url=URL, method="GET", **options):
        try:
            return cassettes.call(path, url, method, mode="none", **options).content == b"answer"
        except NotRecorded:
            return False

    return matches


@pytest.mark.parametrize("url, method, expected", [
    ("http://host.test/a?x=1&y=2", "GET", True),
    ("http://host.test:80/a?y=2&x=1#part", "GET", True),  # Any order; no fragment is sent.
    ("http://host.test/a?x=1&y=2", "POST", False),
    ("https://host.test/a?x=1&y=2", "GET", False),
    ("http://other.test/a?x=1&y=2", "GET", False),
    ("http://host.test:81/a?x=1&y=2", "GET", False),
    ("http://host.test/b?x=1&y=2", "GET", False),
    ("http://host.test/a?x=1&y=3", "GET", False),
    ("http://host.test/a?x=1&y=2&y=2", "GET", False),
    ("http://host.test/a?x=1&y=2&z=", "GET", False),
])
def test_by_default_method_and_url_decide(record, matches, url, method, expected):
    record("http://host.test/a?x=1&y=2")
    assert matches(url, method) is expected


def test_by_default_headers_and_body_do_not(record, matches):
    record(method="POST", json={"a": 1}, headers={"X-A": "1"})
    assert matches(method="POST", json={"a": 2}, headers={"X-B": "1"})


@pytest.mark.parametrize("match_on, expected", [
    (["path"], True),
    (["uri"], False),
    (["url"], False),
    (["query"], True),
    ([], True),
])
def test_names_choose_what_decides(record, matches, match_on, expected):
    record("http://host.test/a?x=1&y=2")
    assert matches("https://other.test/a?y=2&x=1", "PUT", match_on=match_on) is expected


@pytest.mark.parametrize("one, other, expected", [
    ({"json": {"a": 1, "b": [1]}}, {"data": b'{"b":[1],"a":1}'}, True),
    ({"json": {"a": 1}}, {"json": {"a": 2}}, False),
    ({"json": [1, 2]}, {"json": [2, 1]}, False),
    ({"data": {"a": "1", "b": "x y"}}, {"data": "b=x%20y&a=1"}, True),
    ({"data": {"a": "1"}}, {"data": {"a": "2"}}, False),
    ({"data": b"\xff\x00"}, {"data": b"\xff\x00"}, True),
    ({"data": b"\xff\x00"}, {"data": b"\xff\x01"}, False),
    ({"files": {"a": b"1"}}, {"files": {"a": b"1"}}, True),  # With another boundary.
    ({"files": {"a": b"1"}}, {"files": {"a": b"2"}}, False),
])
def test_a_body_matches_by_value(record, matches, one, other, expected):
    sent = record(method="POST", **one)
    if isinstance(other.get("data"), (bytes, str)):
        other["headers"] = {"Content-Type": sent.headers.get("Content-Type", "")}
    assert matches(method="POST", match_on=["body"], **other) is expected


def test_a_raw_body_matches_by_its_bytes(record, matches):
    record(method="POST", data=b'{"a": 1}')
    assert matches(method="POST", data=b'{"a": 1}', match_on=["raw_body"])
    assert not matches(method="POST", data=b'{"a":1}', match_on=["raw_body"])


def test_headers_match_whatever_the_case_of_their_names(record, matches):
    record(headers={"X-A": "1"})
    assert matches(headers={"x-a": "1"}, match_on=["headers"])
    assert not matches(headers={"X-A": "2"}, match_on=["headers"])
    assert not matches(match_on=["headers"])


def test_a_callable_decides(record, matches):
    """By what it returns, or by an AssertionError, as in vcrpy."""
    def same_length(sent, recorded):
        assert len(sent.url) == len(recorded.uri)

    record(URL + "?a")
    assert matches(URL + "?b", match_on=[same_length])
    assert not matches(URL + "?bc", match_on=[same_length])
    assert not matches(URL + "?a", match_on=["method", lambda sent, recorded: False])
    assert matches(URL + "?z", match_on=[lambda sent, recorded: sent.query or True])


# What is left out


def written(path):
    with io.open(path, encoding="utf-8") as file:
        return file.read()


def test_headers_can_be_left_out_or_replaced(record, path):
    def upper(key, value, request):
        assert (key, request.url) == ("X-C", URL)
        return value.upper()

    sent = record(headers={"X-A": "first", "X-B": "second", "X-C": "third"},
                  filter_headers=["x-a", ("X-B", "other"), ("X-C", upper)])
    text = written(path)
    assert "first" not in text and "second" not in text
    assert '"X-B": "other"' in text and '"X-C": "THIRD"' in text
    assert sent.headers["X-A"] == "first"


def test_query_parameters_can_be_left_out_or_replaced(record, matches, path):
    options = {"filter_query_parameters": ["when", ("user", "someone")]}
    sent = record(URL + "?when=1&q=a+b&user=me", **options)
    assert '"url": "%s?q=a+b&user=someone"' % URL in written(path)
    assert sent.url == URL + "?when=1&q=a+b&user=me"
    assert matches(URL + "?q=a b&user=you&when=2", **options)
    assert not matches(URL + "?q=c&user=you&when=2", **options)


@pytest.mark.parametrize("body", [{"json": {"when": "yesterday", "q": 1}},
                                  {"data": {"when": "yesterday", "q": "1"}}])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_parameters_of_a_body_can_be_left_out(record, path, body, method):
    record(method=method, filter_post_data_parameters=["when"], **body)
    assert "yesterday" not in written(path)
    assert '"q"' in written(path) or "q=1" in written(path)


def test_a_filter_that_is_added_later_applies_to_the_file_too(record, matches):
    record(URL + "?when=1")
    assert matches(URL + "?when=2", filter_query_parameters=["when"])


def test_a_hook_changes_the_request_that_is_kept(record, matches, path):
    def without_number(request):
        request.url = request.url.rstrip("0123456789")
        return request

    sent = record(URL + "17", before_record_request=without_number)
    assert sent.url == URL + "17"
    assert '"url": "%s"' % URL in written(path)
    assert matches(URL + "18", before_record_request=without_number)


def test_a_request_that_the_hook_drops_is_sent_in_every_mode(record, path):
    record()
    before = written(path)
    below = cassettes.Answering(lambda request: (200, {}, b"real"))
    response = cassettes.call(
        path, URL + "/ping", mode="none", transport=below,
        before_record_request=lambda request: None if "ping" in request.url else request)
    assert response.content == b"real"
    assert written(path) == before


def test_a_hook_changes_the_response_that_is_kept(path, matches):
    def shorter(response):
        assert isinstance(response, RecordedResponse)
        response.body = b"answer"
        return response

    below = cassettes.Answering(lambda request: (200, {"Content-Length": "6"}, b"a long answer"))
    first = cassettes.call(path, URL, transport=below, before_record_response=shorter)
    assert first.content == b"a long answer"
    assert matches()


def test_a_response_that_the_hook_drops_is_not_kept(path):
    below = cassettes.counting()
    cassettes.call(path, URL, transport=below, before_record_response=lambda response: None)
    with pytest.raises(NotRecorded):
        cassettes.call(path, URL, mode="none")


def test_a_hook_that_forgets_to_return_is_told_so(path):
    with pytest.raises(TypeError) as caught:
        cassettes.call(path, URL, transport=cassettes.counting(),
                       before_record_request=lambda request: "request")
    assert "before_record_request" in str(caught.value)


# What a refusal says


def refusal(path, url=URL, method="GET", **options):
    with pytest.raises(NotRecorded) as caught:
        cassettes.call(path, url, method, **options)
    return str(caught.value)


def test_it_names_the_file_the_request_and_the_nearest(record, path):
    record("http://host.test/search?q=1&page=2")
    record("http://other.test/", method="POST", mode="new_episodes")
    text = refusal(path, "http://host.test/search?q=2&page=2")
    lines = text.split("\n")
    assert lines[0].startswith("GET http://host.test/search?q=2&page=2: not recorded in " + path)
    assert "new_episodes" in lines[0]
    assert lines[1:4] == [
        "The nearest of 2 recorded:",
        "  1. GET http://host.test/search?q=1&page=2",
        "     query: only sent q=2; only recorded q=1",
    ]
    assert "     method: sent GET, recorded POST" in lines


def test_it_shows_how_bodies_differ(record, path):
    record(method="POST", json={"name": "web-1", "cpu": 4}, match_on=["body"])
    text = refusal(path, method="POST", json={"name": "web-2", "cpu": 4}, match_on=["body"])
    assert '     -  "name": "web-1"' in text
    assert '     +  "name": "web-2"' in text


def test_it_shows_no_secret(record, path):
    record(method="POST", json={"password": "secret-one"}, match_on=["headers", "body"])
    text = refusal(
        path, URL + "?token=secret-two", "POST", json={"password": "secret-three", "a": 1},
        headers={"X-Api-Key": "secret-four"}, auth=("user", "secret-five"),
        match_on=["headers", "body", "uri"])
    for secret in ("secret-one", "secret-two", "secret-three", "secret-four", "secret-five"):
        assert secret not in text
    assert "***" in text


def test_it_says_what_a_callable_says(record, path):
    def same_tenant(sent, recorded):
        assert sent.headers.get("org") == recorded.headers.get("org"), "another tenant"

    record(headers={"org": "1"})
    assert "same_tenant: another tenant" in refusal(
        path, headers={"org": "2"}, match_on=[same_tenant])


def test_an_empty_cassette_says_so(path):
    assert "no recorded requests" in refusal(path, mode="none")


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", u"\u4e2d".encode("utf-8") * 1000])
def test_any_body_can_be_shown(record, path, body):
    record(method="POST", data=body, match_on=["raw_body"])
    text = refusal(path, method="POST", data=body + b"\x01", match_on=["raw_body"])
    assert "raw_body" in text and len(text) < 3000
