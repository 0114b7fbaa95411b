"""What MockTransport says when a test is not as it expects."""

from __future__ import absolute_import, division, print_function

import re

import pytest
from tornado import gen

import waterspout
from waterspout.testing import MockTransport, UnexpectedRequest

HOST = "http://host.test"


def send(io_loop, mock, *calls, **options):
    """Make each of the calls (method, path, keywords); return what they raised or responded."""
    results = []

    @gen.coroutine
    def run():
        session = waterspout.Session(transport=mock, **options)
        for method, path, kwargs in calls:
            try:
                results.append((yield session.request(method, HOST + path, **kwargs)))
            except AssertionError as error:
                results.append(error)

    io_loop.run_sync(run)
    return results


def test_the_difference_is_shown(io_loop):
    """To the nearest expectation, part by part."""
    mock = MockTransport()
    mock.get("/hosts")
    mock.post("/object/{id}/_search", params={"page": 1}, headers={"X-A": "b"},
              json={"query": {"cpu": {"$gte": 4}}, "names": [u"\u8d44\u6e90"]})
    (error,) = send(io_loop, mock, ("POST", "/object/HOST/_search?page=2", {
        "json": {"query": {"cpu": {"$gte": 5}}, "names": [u"\u8d44\u6e90"]}}))
    text = str(error)
    assert isinstance(error, UnexpectedRequest)
    assert text.splitlines()[:7] == [
        "POST http://host.test/object/HOST/_search was not expected.",
        "The nearest of 2 expected, POST /object/{id}/_search, differs (- expected, + sent):",
        "  params",
        "    -page=1",
        "    +page=2",
        "  headers",
        "    -X-A: b",
    ]
    assert '    -    "$gte": 4' in text.replace("      ", "    ")
    assert '    +    "$gte": 5' in text.replace("      ", "    ")
    assert isinstance(text, str) and "GET /hosts: expected at least 1 call, got 0" in text


@pytest.mark.parametrize("expect, call, lines", [
    (lambda mock: mock.get("/a"), ("POST", "/a", {}), ["  method", "    -GET", "    +POST"]),
    (lambda mock: mock.get("/abc"), ("GET", "/abd", {}), ["  url", "    -/abc", "    +/abd"]),
    (lambda mock: mock.get("http://b.test/a"), ("GET", "/a", {}),
     ["    -http://b.test/a", "    +http://host.test/a"]),
    (lambda mock: mock.post("/a", data={"a": "1"}), ("POST", "/a", {"data": {"a": "2"}}),
     ["  data", "    -a=1", "    +a=2"]),
    (lambda mock: mock.post("/a", data="x"), ("POST", "/a", {}), ["    -x", "    +(no body)"]),
    (lambda mock: mock.post("/a", data=b"\xff"), ("POST", "/a", {"data": "y"}), ["    +y"]),
    (lambda mock: mock.post("/a", json={"a": 1}), ("POST", "/a", {"data": "x=y"}),
     ['    -  "a": 1', "    +x=y"]),
    (lambda mock: mock.get("/a", headers={"X-A": None}), ("GET", "/a", {"headers": {"X-A": "b"}}),
     ["    -X-A: (none)", "    +X-A: b"]),
    (lambda mock: mock.get("/a", match=lambda sent: False), ("GET", "/a", {}), ["  match"]),
])
def test_each_part_has_its_lines(io_loop, expect, call, lines):
    mock = MockTransport()
    expect(mock)
    shown = str(send(io_loop, mock, call)[0]).splitlines()
    assert [line for line in lines if line not in shown] == []


@pytest.mark.parametrize("name", ["Authorization", "Proxy-Authorization", "Cookie"])
def test_secrets_are_not_shown(io_loop, name):
    """Neither the expected nor the sent one."""
    mock = MockTransport()
    mock.get("/a", headers={name: "expected-secret"})
    (error,) = send(io_loop, mock, ("GET", "/a?token=secret", {"headers": {name: "sent-secret"}}))
    assert "%s: *** (another value)" % name in str(error)
    assert "secret" not in str(error) + repr(mock.sent) + repr(mock) + repr(mock.sent[0].headers)
    with pytest.raises(AssertionError) as raised:
        mock.assert_sent("GET", "/a", headers={name: re.compile("expected-secret")})
    assert "secret" not in str(raised.value)


def test_a_large_difference_is_cut(io_loop):
    mock = MockTransport()
    mock.post("/a", json=list(range(5000)))
    (error,) = send(io_loop, mock, ("POST", "/a", {"json": ["x" * 5000] * 5000}))
    assert len(str(error)) < 60000 and "more lines" in str(error)


def test_nothing_is_expected(io_loop):
    (error,) = send(io_loop, MockTransport(), ("GET", "/a", {}))
    assert str(error) == "GET http://host.test/a was not expected. Nothing is."


def test_one_call_too_many(io_loop):
    mock = MockTransport()
    mock.get("/a", times=1)
    response, error = send(io_loop, mock, ("GET", "/a", {}), ("GET", "/a", {}))
    assert response.ok
    assert "All calls like it were made before: GET /a: expected 1 call, got 1." in str(error)


def test_never_expected(io_loop):
    mock = MockTransport()
    mock.delete("/a", times=0)
    mock.check()
    (error,) = send(io_loop, mock, ("DELETE", "/a", {}))
    assert "expected 0 calls" in str(error)


def test_it_is_raised_again_at_the_end(io_loop):
    """Whatever the code under test did with it."""
    mock = MockTransport()
    send(io_loop, mock, ("GET", "/a", {}), ("GET", "/b", {}))
    for check in (mock.check, mock.check_unexpected):
        with pytest.raises(UnexpectedRequest) as raised:
            check()
        assert "/a was not expected" in str(raised.value)
        assert "/b was not expected" in str(raised.value)
    mock.reset()
    mock.check()
    assert mock.sent == []


def test_an_sdk_does_not_swallow_it(io_loop):
    """Not even one that answers {} for each failure."""
    mock = MockTransport()

    @gen.coroutine
    def run():
        sdk = waterspout.BaseSDK("host.test", transport=mock, errors="empty")
        with pytest.raises(UnexpectedRequest):
            yield sdk.fetch_async("GET", "/a")

    io_loop.run_sync(run)


def test_the_block_checks_at_its_end(io_loop):
    with pytest.raises(AssertionError) as raised:
        with MockTransport() as mock:
            mock.get("/a").respond(503).respond(200)
            mock.get("/b", times=2)
            mock.get("/c", optional=True)
            send(io_loop, mock, ("GET", "/a", {}))
    assert str(raised.value).splitlines() == [
        "fewer calls than expected:",
        "  GET /a: expected at least 2 calls, got 1",
        "  GET /b: expected 2 calls, got 0",
        "sent were:",
        "  GET http://host.test/a",
    ]


def test_the_tests_own_error_comes_first():
    """It is not hidden by what is missing because of it."""
    with pytest.raises(KeyError):
        with MockTransport() as mock:
            mock.get("/a")
            raise KeyError()


def test_the_cause_of_the_tests_own_error_is_told(io_loop):
    """A handler that answered 500 for the unexpected request, for example."""
    with pytest.raises(UnexpectedRequest) as raised:
        with MockTransport() as mock:
            send(io_loop, mock, ("GET", "/a", {}))
            raise AssertionError("500 != 200")
    assert "/a was not expected" in str(raised.value)
    assert "AssertionError: 500 != 200" in str(raised.value)


def test_the_call_that_ends_a_test_is_not_told_twice(io_loop):
    with pytest.raises(UnexpectedRequest) as raised:
        with MockTransport() as mock:
            raise send(io_loop, mock, ("GET", "/a", {}))[0]
    assert "and then" not in str(raised.value)


def test_assert_sent(io_loop):
    mock = MockTransport()
    mock.on(None)
    send(io_loop, mock, ("POST", "/a", {"json": {"n": 1}}), ("POST", "/a", {"json": {"n": 2}}))
    assert mock.assert_sent("POST", "/a", json={"n": 2}) is mock.sent[1]
    assert mock.assert_sent("POST", "/a", times=2) is mock.sent[0]
    mock.assert_not_sent("GET")
    with pytest.raises(AssertionError) as raised:
        mock.assert_sent("POST", "/a", json={"n": 3})
    assert "wanted at least once, was sent 0 times" in str(raised.value)
    assert '-  "n": 3' in str(raised.value)
    with pytest.raises(AssertionError, match="wanted 1 times, was sent 2 times"):
        mock.assert_sent("POST", "/a", times=1)
    with pytest.raises(AssertionError, match="POST http://host.test/a"):
        mock.assert_not_sent()
    with pytest.raises(ValueError):
        mock.assert_sent("POST", "/a", times=0)
    with pytest.raises(AssertionError, match="Nothing was sent"):
        MockTransport().assert_sent("GET", "/a")


def test_an_expectation_knows_its_requests(io_loop):
    mock = MockTransport()
    first, second = mock.get("/a"), mock.get("/b")
    send(io_loop, mock, ("GET", "/b", {}), ("GET", "/a", {}), ("GET", "/b", {}))
    assert [each.path for each in first.sent] == ["/a"]
    assert second.sent == [mock.sent[0], mock.sent[2]]
    assert repr(second) == "<Expectation GET /b: expected at least 1 call, got 2>"


# In order

def ordered():
    mock = MockTransport(in_order=True)
    mock.post("/login").respond(204)
    mock.get("/a").respond(503).respond(200)
    mock.get("/b", optional=True)
    mock.get("/a").respond(202)
    return mock


GET_A, GET_B, LOGIN = ("GET", "/a", {}), ("GET", "/b", {}), ("POST", "/login", {})


def statuses(results):
    return [getattr(each, "status_code", None) for each in results]


def test_in_order(io_loop):
    """Each takes as many calls as it has answers; an optional one may be left out."""
    for calls, expected in (
        ([LOGIN, GET_A, GET_A, GET_A], [204, 503, 200, 202]),
        ([LOGIN, GET_A, GET_A, GET_B, GET_A], [204, 503, 200, 200, 202]),
    ):
        with ordered() as mock:
            assert statuses(send(io_loop, mock, *calls)) == expected


def test_out_of_order(io_loop):
    mock = ordered()
    results = send(io_loop, mock, GET_A, LOGIN, GET_B)
    assert statuses(results) == [None, 204, None]
    assert "In this order the next is POST /login." in str(results[0])
    assert "In this order the next is GET /a." in str(results[2])


def test_after_the_end_of_the_order(io_loop):
    mock = MockTransport(in_order=True)
    mock.get("/a")
    results = send(io_loop, mock, GET_A, GET_A)
    assert statuses(results) == [200, None]
    assert "All calls of the order were made before." in str(results[1])


def test_the_rest_of_the_order_is_missing(io_loop):
    mock = ordered()
    send(io_loop, mock, LOGIN)
    with pytest.raises(AssertionError, match="GET /a: expected 2, got 0"):
        mock.check()
