"""Large JSON through `BaseSDK.fetch_async`: the same results and errors as small."""

from __future__ import absolute_import, division, print_function

import json

import pytest
from raw_server import PATIENCE
from tornado import gen

import waterspout
from waterspout._compat import FUTURES_CANCEL, resolved
from waterspout._driver import sdk_call
from waterspout._encoding.bodies import EncodedJSON
from waterspout.testing import MockTransport, make_response

LARGE = {u"rows": [{u"name": u"\u4e2d", u"n": n} for n in range(20000)]}
LARGE_JSON = json.dumps(LARGE).encode()


@pytest.fixture
def upstream():
    with MockTransport() as mock:
        yield mock


@pytest.fixture
def call(io_loop, upstream):
    """Make one call with an SDK of these options; resolve it."""

    def call(method, uri, options=None, **kwargs):
        @gen.coroutine
        def run():
            sdk = waterspout.BaseSDK("a.test", 1, transport=upstream, **(options or {}))
            try:
                result = yield sdk.fetch_async(method, uri, **kwargs)
            finally:
                yield sdk.close()
            raise gen.Return(result)

        return io_loop.run_sync(run, timeout=PATIENCE)

    return call


@pytest.fixture
def echo(upstream):
    """Answers with what it gets."""
    upstream.post("/echo").call(lambda sent: make_response(content=sent.content))


@pytest.fixture
def broken(upstream):
    upstream.get("/broken").respond(content=LARGE_JSON[:-2])


def test_other_work_runs_while_large_json_is_converted(call, echo, io_loop):
    """The IOLoop has many turns."""
    turns = []

    def turn():
        turns.append(1)
        io_loop.add_callback(turn)

    io_loop.add_callback(turn)
    call("POST", "/echo", json=LARGE)
    assert len(turns) > 2 * len(LARGE_JSON) // (32 * 1024)


def test_a_large_answer_that_is_not_json_is_an_error(call, broken):
    """With the words and the position that json.loads has for it."""
    with pytest.raises(waterspout.JSONDecodeError) as raised:
        call("GET", "/broken")
    with pytest.raises(ValueError) as expected:
        json.loads(LARGE_JSON[:-2].decode())
    assert str(raised.value).endswith(str(expected.value))
    assert raised.value.response.status_code == 200


def test_a_large_answer_that_is_not_json_is_empty_with_errors_empty(call, broken):
    """Under ``errors="empty"``."""
    assert call("GET", "/broken", options={"errors": "empty"}) == {}


def test_an_error_status_counts_before_a_large_body(call, upstream):
    """The status counts, and the body is not decoded."""
    upstream.get("/failing").respond(503, content=LARGE_JSON)
    with pytest.raises(waterspout.HTTPError, match="503"):
        call("GET", "/failing")


@pytest.mark.parametrize("unfit", [float("nan"), object(), {1, 2}, LARGE])
def test_a_large_payload_that_json_cannot_encode_is_refused(call, upstream, unfit):
    """With InvalidJSONError, and nothing is sent."""
    payload = {"rows": [LARGE, unfit]}
    if unfit is LARGE:
        payload["itself"] = payload
    with pytest.raises(waterspout.InvalidJSONError):
        call("POST", "/echo", json=payload)
    upstream.assert_not_sent()


def test_unknown_keyword_and_closed_sdk_are_errors(call, io_loop, upstream):
    """Through the Future, when the payload is encoded."""
    with pytest.raises(TypeError):
        call("POST", "/echo", json=LARGE, jason=1)
    sdk = waterspout.BaseSDK("a.test", 1, transport=upstream)
    io_loop.run_sync(sdk.close)
    with pytest.raises(waterspout.SessionClosed):
        io_loop.run_sync(lambda: sdk.fetch_async("POST", "/echo", json=LARGE), timeout=PATIENCE)


@pytest.mark.skipif(not FUTURES_CANCEL, reason="the Futures of Tornado 5.1 cannot be cancelled")
def test_a_call_cancelled_after_encoding_is_not_sent(io_loop, upstream, monkeypatch):
    """The payload is encoded, and the IOLoop has only to tell."""
    monkeypatch.setattr(sdk_call, "in_turns", lambda steps, result: resolved(EncodedJSON(b"{}")))

    @gen.coroutine
    def run():
        sdk = waterspout.BaseSDK("a.test", 1, transport=upstream)
        call = sdk.fetch_async("POST", "/", json=LARGE)
        call.cancel()
        for _ in range(10):
            yield gen.moment
        assert call.cancelled()
        yield sdk.close()

    io_loop.run_sync(run)
    upstream.assert_not_sent()
