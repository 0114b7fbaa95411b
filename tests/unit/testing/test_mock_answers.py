"""How an expectation of MockTransport answers."""

from __future__ import absolute_import, division, print_function

import gzip
import io

import pytest
from tornado import gen

import waterspout
from waterspout._compat import Future
from waterspout.testing import FakeClock, MockTransport, UnexpectedRequest, make_response

URL = "http://host.test/a"


def on_mock(io_loop, expect, script, **options):
    """Run the coroutine ``script(session, clock)`` after ``expect(mock)``; return the mock."""
    mock = MockTransport()
    expect(mock)

    @gen.coroutine
    def run():
        session = waterspout.Session(transport=mock, **options)
        with FakeClock() as clock:
            yield script(session, clock)

    io_loop.run_sync(run)
    return mock


def response_to(io_loop, expect, method="GET"):
    found = []

    @gen.coroutine
    def script(session, clock):
        found.append((yield session.request(method, URL)))

    on_mock(io_loop, expect, script)
    return found[0]


def test_without_an_answer_it_is_200(io_loop):
    response = response_to(io_loop, lambda mock: mock.get("/a"))
    assert (response.status_code, response.reason, response.content) == (200, "OK", b"")
    assert response.headers == {"Content-Length": "0"}


def test_bodies_have_their_headers(io_loop):
    """As a server would send them."""
    for kwargs, content, content_type in (
        ({"json": {"a": 1}}, b'{"a": 1}', "application/json"),
        ({"json": []}, b"[]", "application/json"),
        ({"text": u"\xe9"}, u"\xe9".encode("utf-8"), "text/plain; charset=utf-8"),
        ({"content": b"\xff"}, b"\xff", None),
        ({"json": 1, "headers": {"content-type": "a/b"}}, b"1", "a/b"),
    ):
        def expect(mock, kwargs=kwargs):
            mock.get("/a").respond(**kwargs)

        response = response_to(io_loop, expect)
        assert response.content == content
        assert response.headers.get("Content-Type") == content_type
        assert response.headers["Content-Length"] == "%d" % len(content)


def test_repeated_fields_and_reason(io_loop):
    response = response_to(io_loop, lambda mock: mock.get("/a").respond(
        404, reason="Nothing here", headers=[("X-A", 1), ("X-A", b"2"), (u"X-B", u"\xe9")]))
    assert (response.status_code, response.reason) == (404, "Nothing here")
    assert response.headers.get_list("X-A") == ["1", "2"]


def test_the_answer_to_head_has_no_body(io_loop):
    response = response_to(io_loop, lambda mock: mock.head("/a").respond(json={"a": 1}), "HEAD")
    assert response.content == b"" and response.headers["Content-Length"] == "8"


def test_encoded_content_is_decoded(io_loop):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(b"hello")
    response = response_to(io_loop, lambda mock: mock.get("/a").respond(
        content=packed.getvalue(), headers={"Content-Encoding": "gzip"}))
    assert response.content == b"hello"


def test_cookies_redirects_and_auth_are_the_sessions(io_loop):
    def expect(mock):
        mock.get("/a").respond(302, headers={"Location": "/b", "Set-Cookie": "c=d"})
        mock.get("/b", headers={"Cookie": "c=d", "Authorization": "Basic dTpw"}).respond(json=1)

    @gen.coroutine
    def script(session, clock):
        response = yield session.get(URL, auth=("u", "p"))
        assert response.json() == 1 and [each.status_code for each in response.history] == [302]

    mock = on_mock(io_loop, expect, script)
    mock.check()


def test_answers_in_a_row(io_loop):
    """One for each call; the last one repeats."""
    @gen.coroutine
    def script(session, clock):
        found = []
        for _ in range(4):
            found.append((yield session.get(URL)).status_code)
        assert found == [503, 500, 200, 200]

    mock = on_mock(io_loop, lambda mock: mock.get("/a").respond(503).respond(500).respond(200),
                   script)
    mock.check()


def test_the_next_expectation_takes_what_is_left(io_loop):
    def expect(mock):
        mock.get("/a", times=2).respond(201)
        mock.get("/a").respond(202)

    @gen.coroutine
    def script(session, clock):
        found = []
        for _ in range(4):
            found.append((yield session.get(URL)).status_code)
        assert found == [201, 201, 202, 202]

    on_mock(io_loop, expect, script).check()


def test_delay_runs_into_the_read_timeout(io_loop):
    @gen.coroutine
    def script(session, clock):
        calls = [session.get(URL, timeout=(1, seconds)) for seconds in (4, 6)]
        yield clock.advance(4)
        assert type(calls[0].exception()) is waterspout.ReadTimeout and not calls[1].done()
        yield clock.advance(1)
        assert calls[1].result().ok

    on_mock(io_loop, lambda mock: mock.get("/a").respond(delay=5), script)


def test_connect_delay_runs_into_the_connect_timeout(io_loop):
    @gen.coroutine
    def script(session, clock):
        call = session.get(URL, timeout=(4, 60))
        yield clock.advance(4)
        assert type(call.exception()) is waterspout.ConnectTimeout

    on_mock(io_loop, lambda mock: mock.get("/a").respond(connect_delay=5), script)


def test_pieces_come_one_by_one(io_loop):
    @gen.coroutine
    def script(session, clock):
        response = yield session.get(URL, stream=True)
        assert response.headers["Transfer-Encoding"] == "chunked"
        pieces = response.iter_content()
        assert (yield pieces.next()) == b"ab"
        second = pieces.next()
        yield clock.advance(7)
        assert not second.done()
        yield clock.advance(1)
        assert (yield second) == b"c" and (yield pieces.next()) == b""

    on_mock(io_loop, lambda mock: mock.get("/a").respond(pieces=[b"ab", (8, b"c")]), script)


def test_never(io_loop):
    @gen.coroutine
    def script(session, clock):
        call = session.get(URL, timeout=waterspout.ClientTimeout(total=3600))
        yield clock.advance(3599)
        assert not call.done()
        yield clock.advance(1)
        assert type(call.exception()) is waterspout.DeadlineExceeded

    on_mock(io_loop, lambda mock: mock.get("/a").never(), script)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_cut_after(io_loop, count):
    """The streamed part arrives before the error."""
    @gen.coroutine
    def script(session, clock):
        with pytest.raises(waterspout.IncompleteBody, match="after %d of 4 bytes" % count):
            yield session.get(URL)
        response = yield session.get(URL, stream=True)
        pieces = response.iter_content()
        if count:
            assert (yield pieces.next()) == b"abcd"[:count]
        with pytest.raises(waterspout.IncompleteBody):
            yield pieces.next()

    on_mock(io_loop, lambda mock: mock.get("/a").respond(content=b"abcd").cut_after(count), script)


@pytest.mark.parametrize("count", [0, 2])
def test_stall_after(io_loop, count):
    @gen.coroutine
    def script(session, clock):
        response = yield session.get(URL, stream=True, timeout=5)
        pieces = response.iter_content()
        if count:
            assert (yield pieces.next()) == b"abcd"[:count]
        last = pieces.next()
        yield clock.advance(5)
        assert type(last.exception()) is waterspout.BodyTimeout

    on_mock(
        io_loop, lambda mock: mock.get("/a").respond(content=b"abcd").stall_after(count), script)


#: The class given, and that of the error where it is more specific.
FAILURES = [
    (waterspout.ConnectionError, waterspout.ReadError), (waterspout.ConnectError, None),
    (waterspout.ConnectTimeout, None), (waterspout.SSLError, None), (waterspout.ProxyError, None),
    (waterspout.PoolTimeout, None), (waterspout.QueueFull, None), (waterspout.WriteError, None),
    (waterspout.WriteTimeout, None), (waterspout.ReadError, None), (waterspout.ReadTimeout, None),
    (waterspout.Timeout, waterspout.ReadTimeout), (waterspout.DeadlineExceeded, None),
    (waterspout.RemoteProtocolError, None), (waterspout.ResponseTooLarge, None),
    (waterspout.IncompleteBody, None), (waterspout.BodyTimeout, None),
    (waterspout.MalformedBody, None), (waterspout.ContentDecodingError, None),
    (waterspout.ChunkedEncodingError, waterspout.IncompleteBody),
    ("pool", waterspout.PoolTimeout), ("connect", waterspout.ConnectError),
    ("send", waterspout.WriteError), ("read", waterspout.ReadError),
    ("body", waterspout.IncompleteBody),
]


@pytest.mark.parametrize("failure, error_class", FAILURES)
def test_fail(io_loop, failure, error_class):
    """The error is that of a server, with its class, phase and request."""
    @gen.coroutine
    def script(session, clock):
        with pytest.raises(waterspout.RequestException) as raised:
            yield session.get(URL)
        error = raised.value
        assert type(error) is (error_class or failure)
        assert error.request.url == URL and "GET http://host.test/a: on purpose (" in str(error)
        assert error.may_have_been_sent is (error.phase in ("send", "read"))

    on_mock(io_loop, lambda mock: mock.get("/a").fail(failure, "on purpose"), script).check()


def test_fail_later_and_with_an_instance(io_loop):
    @gen.coroutine
    def script(session, clock):
        call = session.get(URL, timeout=60)
        yield clock.advance(9)
        assert not call.done()
        yield clock.advance(1)
        assert "no route" in str(call.exception()) and "after 10 s" in str(call.exception())

    on_mock(io_loop, lambda mock: mock.get("/a").fail(
        waterspout.ConnectError("no route"), delay=10), script)


def test_a_function_answers(io_loop):
    """With what it makes of the request; it may have to be waited for."""
    waited = []

    def answer(sent):
        return make_response(201, json={"id": sent.path_args["id"], "n": sent.json()["n"]},
                             headers={"X-A": "b"})

    def later(sent):
        waited.append(Future())
        return waited[0]

    @gen.coroutine
    def script(session, clock):
        response = yield session.post("http://host.test/x/7", json={"n": 1})
        assert (response.status_code, response.json()) == (201, {"id": "7", "n": 1})
        assert response.headers["X-A"] == "b"
        call = session.get(URL)
        yield clock.advance(5)
        assert not call.done()
        waited[0].set_result(make_response(204))
        assert (yield call).status_code == 204

    def expect(mock):
        mock.post("/x/{id}").call(answer)
        mock.get("/a").call(later)

    on_mock(io_loop, expect, script).check()


def test_a_function_that_is_too_slow(io_loop):
    """The read timeout runs meanwhile; what it answers then is of no use."""
    futures = []

    def later(sent):
        futures.append(Future())
        return futures[-1]

    @gen.coroutine
    def script(session, clock):
        call = session.get(URL, timeout=(1, 5))
        yield clock.advance(5)
        assert type(call.exception()) is waterspout.ReadTimeout
        futures[0].set_exception(KeyError())
        yield clock.advance(0)

    on_mock(io_loop, lambda mock: mock.get("/a").call(later), script, max_connections=1).check()


def test_a_function_raises_one_of_our_errors(io_loop):
    """The call fails as with `fail`."""
    def refuse(sent):
        raise waterspout.ConnectTimeout("too far")

    @gen.coroutine
    def script(session, clock):
        with pytest.raises(waterspout.ConnectTimeout, match="too far") as raised:
            yield session.get(URL)
        assert raised.value.phase == "connect" and not raised.value.may_have_been_sent

    on_mock(io_loop, lambda mock: mock.get("/a").call(refuse), script).check()


@pytest.mark.parametrize("function, error_class, text", [
    (lambda sent: 1 // 0, ZeroDivisionError, "ZeroDivisionError"),
    (lambda sent: 200, TypeError, "must return a Response"),
    (lambda sent: sent.json(), ValueError, "not JSON"),
])
def test_a_function_that_fails_fails_the_test(io_loop, function, error_class, text):
    """Its own mistake is not taken for a failure of the upstream."""
    @gen.coroutine
    def script(session, clock):
        with pytest.raises(error_class):
            yield session.get(URL)

    mock = on_mock(io_loop, lambda mock: mock.get("/a").call(function), script)
    with pytest.raises(UnexpectedRequest, match=text):
        mock.check()


@pytest.mark.parametrize("answer", [
    lambda each: each.respond("200"),
    lambda each: each.respond(100),
    lambda each: each.respond(204, content=b"x"),
    lambda each: each.respond(json=1, text="x"),
    lambda each: each.respond(pieces=[b"x"], content=b"x"),
    lambda each: each.respond(pieces=["x" + chr(233) if str is not bytes else u"x"]),
    lambda each: each.respond(content=u"x"),
    lambda each: each.respond(text=7),
    lambda each: each.respond(json=float("nan")),
    lambda each: each.respond(delay=-1),
    lambda each: each.respond(delay="1"),
    lambda each: each.respond(pieces=[(-1, b"x")]),
    lambda each: each.fail("nowhere"),
    lambda each: each.fail(KeyError),
    lambda each: each.fail(waterspout.HTTPError),
    lambda each: each.fail(7),
    lambda each: each.call(7),
    lambda each: each.cut_after(0),
    lambda each: each.respond(content=b"ab").cut_after(2),
    lambda each: each.respond(content=b"ab").cut_after(-1),
    lambda each: each.call(len).cut_after(0),
    lambda each: each.respond(content=b"ab").stall_after(2),
])
def test_a_bad_answer_is_refused_at_once(answer):
    with pytest.raises((TypeError, ValueError)):
        answer(MockTransport().get("/a"))


@pytest.mark.parametrize("kwargs", [
    {"headers": {"X": u"\u20ac"}}, {"headers": {"X": "a\r\nB: c"}}, {"headers": {"a b": "c"}},
    {"reason": "a\r\nX: y"}, {"reason": u"\u20ac"},
], ids=["euro", "line", "name", "reason-line", "reason-euro"])
def test_an_answer_that_cannot_be_sent_is_refused_at_once(kwargs):
    """Not by a call that waits for it."""
    with pytest.raises(ValueError):
        MockTransport().get("/a").respond(**kwargs)


def test_a_body_that_is_shorter_than_its_length_is_cut_off(io_loop):
    """As from a server. The response to HEAD may have the length of another body."""
    def expect(mock):
        mock.on(None, "/a").respond(content=b"12345", headers={"Content-Length": "20"})

    assert response_to(io_loop, expect, "HEAD").headers["Content-Length"] == "20"
    with pytest.raises(waterspout.IncompleteBody) as caught:
        response_to(io_loop, expect)
    assert "15 bytes early" in str(caught.value)


def test_a_wrapper_around_a_mock_sees_the_calls(io_loop):
    """Although it passes on all other attributes."""
    class Counting(object):
        def __init__(self, transport):
            self._transport = transport
            self.count = 0

        def send(self, request, options):
            self.count += 1
            return self._transport.send(request, options)

        def close(self):
            return self._transport.close()

        def __getattr__(self, name):
            return getattr(self._transport, name)

    mock = MockTransport()
    mock.get("/a").respond(text="answer")
    wrapper = Counting(mock)
    session = waterspout.Session(transport=wrapper)
    assert io_loop.run_sync(lambda: session.get(URL)).text == "answer"
    assert wrapper.count == 1
