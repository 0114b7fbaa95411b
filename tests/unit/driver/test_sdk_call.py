"""One call of a `BaseSDK`, on a session of the test's own."""

from __future__ import absolute_import, division, print_function

import weakref

import pytest
from tornado import gen

from waterspout._compat import FUTURES_CANCEL, Future
from waterspout._driver.call import Call
from waterspout._driver.sdk_call import SDKCall
from waterspout._json_text.content import LARGE_BYTES
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.response import Response
from waterspout.structures import Headers

cancels = pytest.mark.skipif(
    not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")

#: Encoded, it is larger than what is encoded at once.
LARGE = ["x" * 1000] * (LARGE_BYTES // 500)


class Session(object):
    """Notes the calls; `end` and `fail` end the first one.

    Args:
        wrapped (bool): a wrapper around ``request`` returns a Future of its own.
    """

    def __init__(self, wrapped):
        self.calls = []
        self.wrapped = wrapped
        self._done = None

    def request(self, **arguments):
        call = Future() if self.wrapped else Call(self).begin(None, None)
        self.calls.append((arguments, call))
        return call

    def perform(self, request, options, done):
        self._done = done

    def end(self, response):
        if self.wrapped:
            self.calls[0][1].set_result(response)
        else:
            self._done(None, response, None)

    def fail(self, error):
        if self.wrapped:
            self.calls[0][1].set_exception(error)
        else:
            self._done(None, None, error)


@pytest.fixture(params=[False, True], ids=["session", "wrapped"])
def session(current_loop, request):
    return Session(request.param)


@pytest.fixture
def begin(current_loop, session):
    """Begin a call; ``decode`` makes its result of the response, ``failures`` gets its errors."""
    def begin(decode=lambda response: response, **arguments):
        def fail(future, error):
            begin.failures.append(error)
            future.set_exception(error)

        return SDKCall(session, decode, arguments, fail).begin()

    begin.failures = []
    return begin


@pytest.fixture
def settle(current_loop):
    """Run what the IOLoop has to do, until ``condition()``."""
    @gen.coroutine
    def until(condition):
        while not condition():
            yield gen.sleep(0)

    return lambda condition: current_loop.run_sync(lambda: until(condition), timeout=30)


def response_with(content):
    request = PreparedRequest("GET", "http://a.example/")
    return Response(request, 200, "OK", Headers(), content)


def test_the_result_is_what_decode_makes_of_the_response(begin, session, settle):
    """The arguments are those of the session's call."""
    future = begin(lambda response: "decoded " + response, method="GET", json=[1])
    arguments, _ = session.calls[0]
    assert arguments == {"method": "GET", "json": [1]}
    session.end("response")
    settle(future.done)
    assert future.result() == "decoded response"


@pytest.mark.parametrize("where", ["call", "decode"])
def test_an_error_of_the_call_or_of_decode_goes_to_fail(begin, session, settle, where):
    """``fail`` decides what the caller gets."""
    error = KeyError("broken")

    def decode(response):
        raise error

    future = begin(decode)
    if where == "call":
        session.fail(error)
    else:
        session.end("response")
    settle(future.done)
    assert begin.failures == [error] and future.exception() is error


def test_large_json_is_encoded_before_it_is_sent(begin, session, settle):
    """In turns with other work, and to the same bytes."""
    begin(json=LARGE)
    assert session.calls == []
    settle(lambda: session.calls)
    encoded = PreparedRequest("POST", "http://a.example/", json=session.calls[0][0]["json"])
    assert encoded.body == PreparedRequest("POST", "http://a.example/", json=LARGE).body


def test_a_large_payload_that_json_cannot_encode_goes_to_fail(begin, session, settle):
    """Nothing is sent."""
    future = begin(json=LARGE + [float("nan")])
    settle(future.done)
    assert begin.failures == [future.exception()] and session.calls == []


def test_a_large_response_is_decoded_before_decode_gets_it(begin, session, settle):
    """In turns with other work."""
    future = begin(lambda response: response.json())
    content = PreparedRequest("POST", "http://a.example/", json=LARGE).body
    session.end(response_with(content))
    settle(future.done)
    assert future.result() == LARGE


@cancels
def test_cancelling_ends_the_call_of_the_session(begin, session, settle):
    """Its exchange is aborted."""
    future = begin()
    future.cancel()
    settle(session.calls[0][1].cancelled)


@cancels
def test_a_cancelled_call_of_the_session_cancels_the_result(begin, session, settle):
    """As by a hook."""
    future = begin()
    session.calls[0][1].cancel()
    settle(future.cancelled)
    assert begin.failures == []


@cancels
def test_a_call_cancelled_while_its_json_is_encoded_sends_nothing(begin, session, settle):
    """The encoding ends as well."""
    future = begin(json=LARGE)
    future.cancel()
    settle(future.cancelled)
    settle(iter([False] * 20 + [True]).__next__)
    assert session.calls == []


@cancels
@pytest.mark.parametrize("end", ["response", "error"])
def test_a_call_cancelled_when_its_response_has_come_is_not_decoded(begin, session, settle, end):
    """If an iteration lies between the two, neither ``decode`` nor ``fail`` is called."""
    if not session.wrapped:
        pytest.skip("it is decoded at once")
    decoded = []
    future = begin(decoded.append)
    session.end("response") if end == "response" else session.fail(KeyError("broken"))
    future.cancel()
    settle(iter([False] * 5 + [True]).__next__)
    assert decoded == begin.failures == [] and future.cancelled()


def test_the_response_of_a_session_is_decoded_at_once(begin, session):
    """In the iteration in which it came. After a wrapper the IOLoop calls back in the next one."""
    future = begin(lambda response: "decoded")
    session.end("response")
    assert future.done() is not session.wrapped


def test_an_ended_call_leaves_nothing_for_the_garbage_collector(begin, session, settle):
    """Neither the response nor what ``decode`` refers to."""
    owner = Owner()
    future = begin(owner.decode)
    session.end("response")
    settle(future.done)
    reference = weakref.ref(owner)
    del owner, future, begin.failures
    session.calls[:], session._done = [], None
    assert reference() is None


class Payload(list):
    """A list that can be referred to weakly."""


@pytest.mark.parametrize("large", [False, True])
def test_a_kept_future_keeps_neither_the_arguments_nor_the_response(
        begin, session, settle, large):
    """They may be large, and the arguments may be secrets."""
    payload = Payload(LARGE if large else ["small"])
    response = response_with(b'["%s"]' % (b"x" * LARGE_BYTES) if large else b"[1]")
    references = [weakref.ref(payload), weakref.ref(response)]
    future = begin(lambda response: "decoded", json=payload)
    del payload
    settle(lambda: session.calls)
    session.end(response)
    settle(future.done)
    del response
    session.calls[:], session._done = [], None
    settle(lambda: not any(reference() for reference in references))
    assert future.result() == "decoded"


def test_two_calls_may_share_one_call_of_the_session(begin, session, settle):
    """A wrapper around ``request`` may answer equal requests together."""
    first = begin(lambda response: ("first", response))
    session.request = lambda **arguments: session.calls[0][1]
    second = begin(lambda response: ("second", response))
    session.end("response")
    settle(lambda: first.done() and second.done())
    assert (first.result(), second.result()) == (("first", "response"), ("second", "response"))


@pytest.mark.parametrize("what", ["decode", "fail", "large"])
def test_code_of_the_sdk_runs_in_the_context_of_the_caller(current_loop, session, settle, what):
    """A request id in a contextvar reaches logs and traces of ``decode``."""
    contextvars = pytest.importorskip("contextvars")
    caller = contextvars.ContextVar("caller", default="none")
    seen = []

    def look(*args):
        seen.append(caller.get())

    def call():
        caller.set("mine")
        return SDKCall(session, look, {}, look).begin()

    contextvars.copy_context().run(call)
    if what == "fail":
        contextvars.Context().run(session.fail, KeyError("broken"))
    else:
        content = b"[" + b" " * LARGE_BYTES + b"]" if what == "large" else b"[]"
        contextvars.Context().run(session.end, response_with(content))
    settle(lambda: seen)
    assert seen == ["mine"]


class Owner(object):
    def decode(self, response):
        return response
