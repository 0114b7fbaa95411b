"""Which requests an expectation of MockTransport takes."""

from __future__ import absolute_import, division, print_function

import re

import pytest
from tornado import gen

import waterspout
from waterspout.testing import MockTransport, UnexpectedRequest

URL = "http://host.test/a"


def is_expected(io_loop, expect, method="GET", url=URL, **kwargs):
    """Whether a request is answered after ``expect(mock)``."""
    mock = MockTransport()
    expect(mock)

    @gen.coroutine
    def run():
        session = waterspout.Session(transport=mock)
        try:
            yield session.request(method, url, **kwargs)
        except UnexpectedRequest:
            raise gen.Return(False)
        raise gen.Return(True)

    return io_loop.run_sync(run)


@pytest.mark.parametrize("expected, sent, matches", [
    ("http://host.test/a", "http://host.test/a", True),
    ("HTTP://HOST.test:80/a", "http://host.test/a", True),
    ("http://host.test/a", "http://host.test/a?x=1", True),
    ("http://host.test/a", "https://host.test/a", False),
    ("http://host.test/a", "http://other.test/a", False),
    ("http://host.test/a", "http://host.test/a/b", False),
    ("/a", "http://host.test/a", True),
    ("/a", "https://other.test:81/a", True),
    ("/a", "http://host.test/b/a", False),
    ("/a.b", "http://host.test/aXb", False),
    ("/a b", "http://host.test/a%20b", True),
    (u"/\xe9", u"http://host.test/\xe9", True),
    ("/x/{id}/y", "http://host.test/x/1/y", True),
    ("/x/{id}/y", "http://host.test/x/1/2/y", False),
    ("http://{host}/a", "http://any.test/a", True),
    ("/a?x=1", "http://host.test/a?x=1", True),
    ("/a?x=1", "http://host.test/a?x=2", False),
    ("/a?x=1", "http://host.test/a", False),
    (re.compile(r"/a/\d+"), "http://host.test/a/12?x=1", True),
    (re.compile(r"x=\d"), "http://host.test/a/12?x=1", True),
    (re.compile(r"/a/\d+\Z"), "http://host.test/a/b", False),
    (None, "http://host.test/", True),
])
def test_urls(io_loop, expected, sent, matches):
    assert is_expected(io_loop, lambda mock: mock.get(expected), url=sent) is matches


@pytest.mark.parametrize("expected, sent, matches", [
    ({"a": "b"}, {"a": "b"}, True),
    ({"a": 1, "b": "x y"}, [("b", "x y"), ("a", "1")], True),
    ({"a": [1, 2]}, "a=1&a=2", True),
    ({"a": [1, 2]}, "a=2&a=1", False),
    ({"a": u"\xe9"}, "a=%C3%A9", True),
    ({"a": "1"}, {"a": "1", "b": "2"}, False),
    ({"a": "1", "b": "2"}, {"a": "1"}, False),
    ({}, {"a": "1"}, False),
])
def test_params_are_the_whole_query(io_loop, expected, sent, matches):
    """In any order of the names."""
    assert is_expected(
        io_loop, lambda mock: mock.get("/a", params=expected), params=sent) is matches


class Anything(object):
    def __eq__(self, other):
        return True

    __hash__ = None


@pytest.mark.parametrize("expected, sent, matches", [
    ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, True),
    ({"a": (1, 2)}, {"a": [1, 2]}, True),
    ({1: "a"}, {"1": "a"}, True),
    ({"a": u"\xe9".encode("utf-8").decode("utf-8")}, {"a": u"\xe9"}, True),
    ({"a": 1}, {"a": 1.0}, True),
    ({"a": 1}, {"a": True}, False),
    ({"a": False}, {"a": 0}, False),
    ({"a": 1}, {"a": 1, "b": 2}, False),
    ([1, 2], [2, 1], False),
    ({"a": Anything(), "b": 2}, {"a": [1], "b": 2}, True),
    ({"a": Anything(), "b": 2}, {"b": 2}, False),
    ([], [], True),
    ([], {}, False),
    (0, 0, True),
])
def test_json(io_loop, expected, sent, matches):
    assert is_expected(
        io_loop, lambda mock: mock.post("/a", json=expected), "POST", json=sent) is matches


def test_json_of_another_body(io_loop):
    """What is no JSON is not expected, and no error."""
    for data in (b"{", b"", b"\xff\xfe"):
        assert not is_expected(
            io_loop, lambda mock: mock.post("/a", json={"a": 1}), "POST", data=data)


@pytest.mark.parametrize("expected, sent, matches", [
    ({"a": "b c", "d": ["1", "2"]}, {"d": [1, 2], "a": "b c"}, True),
    ({"a": "b"}, {"a": "c"}, False),
    (u"text \xe9", u"text \xe9".encode("utf-8"), True),
    (b"\x00\xff", b"\x00\xff", True),
    (b"a", b"ab", False),
    (b"", None, True),
    (re.compile(u"b+"), b"abbc", True),
    (re.compile(u"d"), b"abbc", False),
    (re.compile(b"\xff"), b"\xff", True),
])
def test_data(io_loop, expected, sent, matches):
    assert is_expected(
        io_loop, lambda mock: mock.post("/a", data=expected), "POST", data=sent) is matches


def test_a_body_that_is_read_while_it_is_sent(io_loop):
    assert is_expected(
        io_loop, lambda mock: mock.put("/a", data=b"abc"), "PUT", data=iter([b"ab", b"c"]))


@pytest.mark.parametrize("expected, sent, matches", [
    ({"x-a": "b"}, {"X-A": "b"}, True),
    ({"X-A": "b"}, {"X-A": "c"}, False),
    ({"X-A": "b"}, {}, False),
    ({"X-A": None}, {}, True),
    ({"X-A": None}, {"X-A": "b"}, False),
    ({"X-A": re.compile("^b")}, {"X-A": "bc"}, True),
    ({"X-A": re.compile("^b")}, {"X-A": "cb"}, False),
    ({"X-A": Anything()}, {"X-A": "c"}, True),
    ({"X-A": Anything()}, {}, False),
])
def test_headers(io_loop, expected, sent, matches):
    assert is_expected(
        io_loop, lambda mock: mock.get("/a", headers=expected), headers=sent) is matches


def test_methods(io_loop):
    for method in ("get", "options", "head", "post", "put", "patch", "delete"):
        def expect(mock, method=method):
            getattr(mock, method)("/a")

        assert is_expected(io_loop, expect, method)
        assert not is_expected(io_loop, expect, "FETCH")
    assert is_expected(io_loop, lambda mock: mock.on(None, "/a"), "FETCH")
    assert is_expected(io_loop, lambda mock: mock.on("fetch", "/a"), "FETCH")


def test_a_function_decides_after_all_else(io_loop):
    """It gets the request only if everything else is as expected."""
    asked = []

    def match(sent):
        asked.append(sent.path)
        return sent.json()["a"] > 1

    for url, value, matches in ((URL, 1, False), (URL, 2, True), ("http://host.test/b", 2, False)):
        assert is_expected(
            io_loop, lambda mock: mock.post("/a", match=match), "POST", url=url,
            json={"a": value}) is matches
    assert set(asked) == {"/a"}


@pytest.mark.parametrize("expect", [
    lambda mock: mock.get("a/b"),
    lambda mock: mock.get("ftp://host/a"),
    lambda mock: mock.get(7),
    lambda mock: mock.get("/a", times=-1),
    lambda mock: mock.get("/a", times=True),
    lambda mock: mock.get("/a", headers=[("a", "b")]),
    lambda mock: mock.get("/a", match="x"),
    lambda mock: mock.get("/a", params=7),
    lambda mock: mock.post("/a", json={}, data=b""),
    lambda mock: mock.post("/a", data=7),
    lambda mock: mock.on("G T", "/a"),
    lambda mock: mock.get("/a", jsn={}),
])
def test_a_bad_argument_is_refused_at_once(expect):
    with pytest.raises((TypeError, ValueError)):
        expect(MockTransport())


def test_what_was_sent(io_loop):
    """In the words of requests."""
    mock = MockTransport()
    mock.post("/x/{name}/{id}")

    @gen.coroutine
    def run():
        session = waterspout.Session(transport=mock)
        yield session.post("http://u:p@host.test/x/a%2Fb/1#f", params={"q": "a b", "r": [1, 2]},
                           json={"n": [1]}, headers={"X-A": "b"})
        yield session.post("http://host.test/x/c/2", data={"a": u"\xe9", "b": [1, 2]})
        yield session.post("http://host.test/x/c/3", data=u"\xe9".encode("latin-1"),
                           headers={"Content-Type": "text/plain"})

    io_loop.run_sync(run)
    one, two, three = mock.sent
    assert (one.method, one.url) == ("POST", "http://host.test/x/a%2Fb/1?q=a+b&r=1&r=2")
    assert (one.path, one.path_args) == ("/x/a%2Fb/1", {"name": "a/b", "id": "1"})
    assert one.params == {"q": "a b", "r": ["1", "2"]}
    assert one.headers["x-a"] == "b" and one.json() == {"n": [1]} and one.content == b'{"n": [1]}'
    assert one.json(parse_int=str) == {"n": ["1"]}  # As `Response.json`.
    assert two.form == {"a": u"\xe9", "b": ["1", "2"]}
    assert three.text == u"\xe9"
    with pytest.raises(ValueError, match="not JSON"):
        three.json()


@pytest.mark.parametrize("value", [1888, 1.5, True])
def test_a_header_value_that_is_no_text_is_refused(value):
    """No request has it; it would never match."""
    with pytest.raises(TypeError, match="org"):
        MockTransport().get("/a", headers={"org": value})
