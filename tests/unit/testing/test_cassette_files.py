"""The file of a cassette: every body survives it, and a bad edit is told with its place."""

from __future__ import absolute_import, division, print_function

import io
import json

import cassettes
import pytest
from hypothesis import given
from hypothesis import strategies as st

import waterspout
from waterspout.testing import Cassette
from waterspout.testing.cassette import InvalidCassette
from waterspout.testing.cassette._file.bodies import read_body, written_body
from waterspout.testing.cassette._file.checks import Place
from waterspout.testing.cassette.json_text import for_file, loads

URL = "http://host.test/a"


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "a.json")


def write(path, value):
    with io.open(path, "wb") as file:
        file.write(value if isinstance(value, bytes) else json.dumps(value).encode("ascii"))


def through_a_file(pieces):
    written = for_file({u"body": written_body(pieces)})
    return read_body(Place(loads(written.decode("utf-8"))[u"body"], "a.json"))


@pytest.mark.parametrize("body, kind", [
    (b'{"a": 1}', "json"),
    (b'{"a":1}', "json"),
    (b'{\n  "a": [\n    1\n  ]\n}\n', "json"),
    (b'{\n    "a": {}\n}', "json"),
    (b'{"a": "\\u4e2d"}\n', "json"),
    (u'{"a": "\u4e2d"}'.encode("utf-8"), "json"),
    (b'{"a": "\\ud800"}', "json"),
    (b'[1.5, 1e100, -0.0, 12345678901234567890123, true, null]', "text"),  # 1e100: as 1e+100.
    (b'[1.5, -0.0, 12345678901234567890123, true, null]', "json"),
    (b'{"a": 1.10}', "text"),
    (b'{"a": 1, "a": 2}', "text"),
    (b'{"a" :1}', "text"),
    (b'{"a": NaN}', "text"),
    (b'{"a": 1} ', "text"),
    (b'"a"', "text"),
    (b"a\nb\r\nc", "text"),
    (b"\n", "text"),
    (b"\n\n", "text"),
    (u"\u4e2d\U0001f600\u2028\x85".encode("utf-8"), "text"),
    (b"\xed\xa0\x80", "base64"),  # A lone surrogate, which 2.7 decodes.
    (b"\x00", "base64"),
    (b"\xff", "base64"),
    (b"[" * 60 + b"]" * 60, "text"),
])
def test_a_body_stands_in_the_file_as_what_it_is(body, kind):
    assert kind in written_body([body])
    assert through_a_file([body]) == [body]


@given(st.lists(st.binary(min_size=1, max_size=30) | st.text(min_size=1).map(
    lambda text: text.encode("utf-8", "replace")), max_size=3))
def test_any_body_survives_the_file(pieces):
    assert through_a_file(pieces) == pieces


NOT_CASSETTES = [
    (b"", "line 1: not JSON"),
    (b'{\n"format": "waterspout cassette",\n}', ": not JSON"),
    (b'\xff{}', "not UTF-8"),
    (b"[" * 100000, "nested too deep"),
    (b"3", "must be an object"),
    (b'"text"', "must be an object"),
    ({"format": "other", "version": 1, "interactions": []}, "'other' is not"),
    ({"format": "waterspout cassette", "interactions": []}, "has no 'version'"),
    ({"format": "waterspout cassette", "version": "1", "interactions": []}, "version: must be"),
    ({"format": "waterspout cassette", "version": True, "interactions": []}, "version: must be"),
    ({"format": "waterspout cassette", "version": 2, "interactions": []},
     "version: 2 is newer than 1"),
    ({"format": "waterspout cassette", "version": 1}, "has no 'interactions'"),
    ({"format": "waterspout cassette", "version": 1, "interactions": {}},
     "interactions: must be a list"),
]


@pytest.mark.parametrize("content, part", NOT_CASSETTES)
def test_what_is_no_cassette_is_refused(path, content, part):
    """With the file's name, before anything is sent; the file stays as it is."""
    write(path, content)
    with io.open(path, "rb") as file:
        before = file.read()
    with pytest.raises(InvalidCassette) as caught:
        with Cassette(path, mode="new_episodes"):
            pass
    assert path in str(caught.value)
    assert part in str(caught.value).replace("u'", "'")
    with io.open(path, "rb") as file:
        assert file.read() == before


REQUEST = {"method": "GET", "url": URL, "headers": {}, "body": None}
RESPONSE = {"status_code": 200, "reason": "OK", "headers": {}, "body": None}
ERROR = {"class": "ConnectError", "phase": "connect", "text": "no"}

EDITS = [
    ({"request": None}, "request: must be an object"),
    ({"request": dict(REQUEST, method=3)}, "request.method: must be text, not 3"),
    ({"request": dict(REQUEST, url="/a")}, "request.url: "),
    ({"request": dict(REQUEST, url=u"http://\u4e2d/")}, "request.url: "),
    ({"request": dict(REQUEST, url="gopher://a/")}, "request.url: "),
    ({"request": dict(REQUEST, headers=[])}, "request.headers: must be an object"),
    ({"request": dict(REQUEST, headers={"A": None})}, "request.headers.A: must be text"),
    ({"request": dict(REQUEST, headers={"A": ["b", 1]})}, "request.headers.A[1]: must be text"),
    ({"request": dict(REQUEST, headers={"A": u"\u4e2d"})}, "request.headers.A: "),
    ({"request": dict(REQUEST, headers={u"\u4e2d": "a"})}, "request.headers: "),
    ({"request": dict(REQUEST, body="text")}, "request.body: must be an object"),
    ({"request": dict(REQUEST, body={})}, "request.body: has neither"),
    ({"request": dict(REQUEST, body={"text": 3})}, "request.body.text: must be a list"),
    ({"request": dict(REQUEST, body={"text": ["a", 3]})}, "request.body.text[1]: must be text"),
    ({"request": dict(REQUEST, body={"text": u"\ud800"})}, "request.body.text: half of a"),
    ({"request": dict(REQUEST, body={"base64": "!"})}, "request.body.base64: not Base64"),
    ({"request": dict(REQUEST, body={"base64": u"\u4e2d"})}, "request.body.base64: "),
    ({"request": dict(REQUEST, body={"json": [], "style": "tabs"})}, "request.body.style: "),
    ({"request": dict(REQUEST, body={"json": u"\ud800"})}, "request.body: half of a"),
    ({"request": dict(REQUEST, body={"pieces": 3})}, "request.body.pieces: must be a list"),
    ({"response": 3}, "response: must be an object"),
    ({"response": dict(RESPONSE, status_code="200")}, "response.status_code: must be a whole"),
    ({"response": dict(RESPONSE, status_code=True)}, "response.status_code: must be a whole"),
    ({"response": dict(RESPONSE, status_code=100)}, "response.status_code: 100 is not a final"),
    ({"response": dict(RESPONSE, complete="no")}, "response.complete: must be true or false"),
    ({"response": None}, "has neither"),
    ({"error": dict(ERROR, **{"class": "KeyError"})}, "error.class: "),
    ({"error": dict(ERROR, **{"class": "SessionClosed"})}, "error.class: "),
    ({"error": dict(ERROR, **{"class": "TYPE_CHECKING"})}, "error.class: "),
    ({"error": dict(ERROR, phase="later")}, "error.phase: "),
    ({"error": dict(ERROR, text=3)}, "error.text: must be text"),
]  # fmt: skip


@pytest.mark.parametrize("edit, part", EDITS)
def test_an_edit_that_makes_no_sense_is_refused_with_its_place(path, edit, part):
    good = {"request": REQUEST, "response": RESPONSE}
    if "error" in edit:
        del good["response"]
    write(path, {"format": "waterspout cassette", "version": 1,
                 "interactions": [good, dict(good, **edit)] if "error" not in edit
                 else [{"request": REQUEST, "response": RESPONSE}, dict(good, **edit)]})
    with pytest.raises(InvalidCassette) as caught:
        Cassette(path).__enter__()
    assert "interactions[1]" in str(caught.value)
    assert part in str(caught.value)
    assert path in str(caught.value)


@pytest.mark.parametrize("edit", [
    {"response": {"status_code": 200}},
    {"response": dict(RESPONSE, extra=1, reason=u"caf\xe9")},
    {"error": {"class": "IncompleteBody"}},
    {"error": dict(ERROR, text=u"\u4e2d")},
])
def test_what_is_left_out_has_a_default(path, edit):
    write(path, {"format": "waterspout cassette", "version": 1, "extra": None,
                 "interactions": [dict({"request": {"method": "GET", "url": URL}}, **edit)]})
    if "error" not in edit:
        assert cassettes.call(path, URL).status_code == 200
    else:
        with pytest.raises(waterspout.RequestException):
            cassettes.call(path, URL)


def test_an_edited_body_replays_whatever_its_headers_say(path):
    """People edit the body and forget the rest."""
    write(path, {"format": "waterspout cassette", "version": 1, "interactions": [{
        "request": REQUEST,
        "response": dict(RESPONSE, body={"json": {"a": 1}}, headers={
            "Content-Length": "3", "Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}),
    }]})
    assert cassettes.call(path, URL).json() == {"a": 1}


@pytest.mark.parametrize("error_class", sorted(
    (each for each in vars(waterspout.exceptions).values()
     if isinstance(each, type) and issubclass(each, waterspout.RequestException)),
    key=lambda each: each.__name__))
def test_each_error_of_a_call_is_replayed_as_it_was(path, error_class):
    class Mine(error_class):
        """A transport of a user's own may raise a subclass, which the file cannot name."""

    def fail(request):
        raise Mine(u"\u4e2d no", request=request, phase="send", may_have_been_sent=False)

    for transport in (cassettes.Answering(fail), "pooled"):
        with pytest.raises(error_class) as caught:
            cassettes.call(path, URL, transport=transport)
    error = caught.value
    assert type(error) is error_class
    assert (error.phase, error.may_have_been_sent, error.request.url) == ("send", False, URL)
    assert str(error) == waterspout._compat.to_native(u"\u4e2d no")


def test_an_error_of_the_program_is_not_recorded(path):
    def fail(request):
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        cassettes.call(path, URL, transport=cassettes.Answering(fail))
    assert cassettes.call(path, URL, transport=cassettes.counting()).content == b"1"


def test_interactions_that_are_kept_stay_as_they_stand(path):
    """Adding one does not rewrite what a person has written beside it."""
    write(path, {"format": "waterspout cassette", "version": 1, "interactions": [
        {"request": REQUEST, "response": RESPONSE, "comment": "why"}]})
    cassettes.call(path, URL + "?b", mode="new_episodes", transport=cassettes.counting())
    with io.open(path, encoding="utf-8") as file:
        interactions = json.loads(file.read())["interactions"]
    assert [each.get("comment") for each in interactions] == ["why", None]
