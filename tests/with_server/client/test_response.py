# -*- coding: utf-8 -*-
"""What a Response offers, over every transport."""

from __future__ import absolute_import, division, print_function

import json
import pickle

import pytest
from raw_server import answering, response

import waterspout
from waterspout.exceptions import ResponseNotRead, StreamConsumedError

UTF_8 = [("Content-Type", "text/plain; charset=utf-8")]
TEXT = u"eins\r\nzw\xf6lf\n\n\u4e09\r"


@pytest.fixture
def answered(serve, client):
    """A call that is answered with these bytes and headers."""

    def call(body=b"", **options):
        return client.get(serve(answering(response(body, **options))).url("/path?a=b"))

    return call


def pulled(client, items):
    """All that is pulled, and what marks the end."""
    taken = [client.run(items.next)]
    while taken[-1]:
        taken.append(client.run(items.next))
    return taken[:-1], taken[-1]


def test_a_response_is_true_if_its_status_is_ok(answered):
    """``if response:`` asks for the status, as in requests."""
    assert answered(status=399) and answered(status=200)
    assert not answered(status=400) and not answered(status=503)


def test_a_response_has_its_request(answered):
    """What was sent, with the headers that went out."""
    answer = answered(reason="Fine So Far")
    assert answer.reason == "Fine So Far"
    assert (answer.request.method, answer.request.url) == ("GET", answer.url)
    assert answer.request.headers["User-Agent"].startswith("waterspout/")


def test_pieces_have_the_size_asked_for(answered, client):
    """Without a size they come as they are; the content stays."""
    answer = answered(b"0123456789")
    assert pulled(client, answer.iter_content(4)) == ([b"0123", b"4567", b"89"], b"")
    assert pulled(client, answer.iter_content()) == ([b"0123456789"], b"")
    assert answer.content == b"0123456789"
    assert pulled(client, answered(b"").iter_content(4)) == ([], b"")


@pytest.mark.parametrize("size, error_class", [
    ("1024", TypeError), (1.5, TypeError), (0, ValueError), (-1, ValueError)])
def test_an_invalid_chunk_size_is_refused(answered, client, size, error_class):
    """At once, and the body can still be read."""
    answer = answered(b"x")
    with pytest.raises(error_class):
        answer.iter_content(size)
    assert pulled(client, answer.iter_content()) == ([b"x"], b"")


def test_pieces_of_text_have_whole_characters(answered, client):
    """Characters are whole, however the bytes are cut; the end is u"" then."""
    answer = answered(TEXT.encode("utf-8"), headers=UTF_8)
    pieces, end = pulled(client, answer.iter_content(1, decode_unicode=True))
    assert u"".join(pieces) == TEXT and type(end) is type(u"") and len(pieces) == len(TEXT)


def test_pieces_without_a_charset_are_bytes(answered, client):
    """As in requests: nothing is guessed for a body of which only a part is there."""
    answer = answered(b"\xff", headers=[("Content-Type", "x/y")])
    assert pulled(client, answer.iter_content(decode_unicode=True)) == ([b"\xff"], b"")
    answer.encoding = "latin-1"
    assert pulled(client, answer.iter_content(decode_unicode=True)) == ([u"\xff"], u"")


def test_text_cut_within_a_character_ends_with_u_fffd(answered, client):
    """What cannot be decoded is U+FFFD, as in text."""
    answer = answered(b"a\xe4\xb8", headers=UTF_8)
    assert u"".join(pulled(client, answer.iter_content(1, True))[0]) == answer.text == u"a\ufffd"


def lines_of(client, lines):
    taken = []
    while not taken or taken[-1] is not None:
        taken.append(client.run(lines.next))
    return taken[:-1]


@pytest.mark.parametrize("chunk_size", [None, 1, 2, 3, 1000])
def test_lines_are_those_of_the_whole_body(answered, client, chunk_size):
    """In bytes and in text, cut wherever."""
    answer = answered(TEXT.encode("utf-8"), headers=UTF_8)
    assert lines_of(client, answer.iter_lines(chunk_size)) == answer.content.splitlines()
    assert lines_of(client, answer.iter_lines(chunk_size, True)) == TEXT.splitlines()
    for delimiter in (b"\n", u"\n"):
        assert (lines_of(client, answer.iter_lines(chunk_size, delimiter=delimiter))
                == answer.content.split(b"\n"))
        assert (lines_of(client, answer.iter_lines(chunk_size, True, delimiter))
                == TEXT.split(u"\n"))
    assert lines_of(client, answered(b"").iter_lines(chunk_size)) == []


def test_iterating_a_response_gives_pieces_of_128_bytes(answered):
    """128 bytes each, as in requests."""
    assert [len(piece) for piece in answered(b"x" * 300)] == [128, 128, 44]


def test_text_without_a_charset_is_guessed(answered, monkeypatch):
    """Where no charset is declared; text is Latin-1 then, by its media type."""
    data = TEXT.encode("utf-8")
    binary = answered(data, headers=[("Content-Type", "x/y")])
    assert (binary.encoding, binary.apparent_encoding, binary.text) == (None, "utf-8", TEXT)
    assert answered(data, headers=[("Content-Type", "text/x")]).text == data.decode("latin-1")
    unknown = answered(data, headers=[("Content-Type", "text/x; charset=no-such")])
    assert unknown.text == TEXT


def test_links_of_a_response_are_parsed(answered):
    answer = answered(headers=[("Link", '<http://h/?p=2>; rel="next"'), ("Link", "</1>; rel=prev")])
    assert answer.links["next"]["url"] == "http://h/?p=2"
    assert answer.links["prev"] == {"url": "/1", "rel": "prev"}
    assert answered().links == {}


def test_json_takes_the_keywords_of_loads(answered):
    answer = answered(b'{"a": 1.5}')
    assert answer.json(parse_float=str) == {"a": "1.5"}
    with pytest.raises(TypeError):
        answer.json(no_such_keyword=1)


def test_json_errors_are_those_of_the_json_module(answered):
    """``except ValueError`` and ``except json.JSONDecodeError`` find them; position included."""
    answer = answered(b'{"a": }')
    with pytest.raises(getattr(json, "JSONDecodeError", ValueError)) as caught:
        answer.json()
    error = caught.value
    assert error.response is answer and error.request is answer.request
    if hasattr(json, "JSONDecodeError"):
        assert (error.pos, error.lineno, error.colno, error.doc) == (6, 1, 7, u'{"a": }')
        assert error.msg == "Expecting value"


def test_a_response_is_a_context_manager(answered):
    """``with`` and ``async with`` are there for those who stream; here they do no harm."""
    with answered(b"x") as answer:
        assert answer.content == b"x"
    assert answer.content == b"x"


#: 0 is what ``pickle.dumps(value)`` means on 2.7.
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_response_can_be_pickled(serve, client, protocol):
    """As in requests: what came, what was sent, and the way there."""
    server = serve(answering(
        response(status=307, headers=[("Location", "/there")]),
        response(b'{"a": 1}', headers=[("Content-Type", "application/json"), ("X-A", "1"),
                                       ("X-A", "2")])))
    answer = client.post(server.url(), data={"q": "b"}, headers={"X-B": "3"}, timeout=30)
    answer.encoding = "ascii"
    twin = pickle.loads(pickle.dumps(answer, protocol))
    assert (twin.status_code, twin.reason, twin.content) == (200, "OK", answer.content)
    assert twin.headers == answer.headers and twin.headers.get_list("X-A") == ["1", "2"]
    assert twin.json() == {"a": 1} and twin.encoding == "ascii" and twin.url == answer.url
    assert twin.elapsed == answer.elapsed and twin.trace.total == answer.trace.total
    assert [each.status_code for each in twin.history] == [307]
    sent = twin.request
    assert (sent.method, sent.url, sent.body) == ("POST", answer.url, b"q=b")
    assert sent.headers == answer.request.headers and sent.headers["X-B"] == "3"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_errors_can_be_pickled(answered, protocol):
    """To another process, with what they are about."""
    answer = answered(b"nonsense", status=404)
    for call in (answer.json, answer.raise_for_status):
        with pytest.raises(waterspout.RequestException) as caught:
            call()
        twin = pickle.loads(pickle.dumps(caught.value, protocol))
        assert type(twin) is type(caught.value) and str(twin) == str(caught.value)
        assert twin.response.status_code == 404 and twin.phase == "read"


def test_redirects_of_one_call_are_timed_one_by_one(serve, client):
    """elapsed and trace are of one exchange each, as in requests."""
    server = serve(answering(response(status=302, headers=[("Location", "/")]), response(b"x")))
    answer = client.get(server.url("/first"))
    for each in [answer] + answer.history:
        assert 0 <= each.elapsed.total_seconds() <= each.trace.total + 1e-6  # It is rounded.


class TestStreamed(object):
    """Of a body that is pulled."""

    @pytest.fixture
    def transport(self):
        return "pooled"

    @pytest.fixture
    def streamed(self, serve, client):
        def call(body=b"", **options):
            server = serve(answering(response(body, **options)))
            return client.get(server.url(), stream=True)

        return call

    def test_a_streamed_body_can_be_pulled_once(self, streamed, client):
        """requests' error, which is no connection's fault."""
        answer = streamed(b"body")
        with pytest.raises(TypeError):
            answer.iter_content("1")  # Which does not count.
        pulled(client, answer.iter_content())
        with pytest.raises(StreamConsumedError) as caught:
            answer.iter_lines()
        assert isinstance(caught.value, (waterspout.RequestException, TypeError))
        assert caught.value.response is answer

    def test_lines_of_a_streamed_body_are_decoded(self, streamed, client):
        """Decompression, decoding and lines in one."""
        answer = streamed(TEXT.encode("utf-8"), headers=UTF_8)
        assert lines_of(client, answer.iter_lines(3, True)) == TEXT.splitlines()

    def test_a_streamed_body_must_be_read_before_content_is_used(self, streamed, client):
        """Nothing that blocks the IOLoop: text, a plain ``for`` and pickle want read() first."""
        answer = streamed(b"body")
        for look in (lambda: answer.text, lambda: list(answer), lambda: pickle.dumps(answer, 2)):
            with pytest.raises(ResponseNotRead):
                look()
        client.run(answer.read)
        assert answer.text == "body" and list(answer) == [b"body"]
        assert pickle.loads(pickle.dumps(answer, 2)).content == b"body"

    def test_the_trace_of_a_stream_is_complete_at_its_end(self, streamed, client):
        """The body's part is there when its last byte is."""
        answer = streamed(b"x" * 10 ** 6)
        assert answer.trace.total is None and answer.elapsed.total_seconds() > 0
        client.run(answer.read)
        assert answer.trace.total >= answer.elapsed.total_seconds() - 1e-6
