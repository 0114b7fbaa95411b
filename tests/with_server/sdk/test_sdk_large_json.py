"""Large JSON through `BaseSDK.fetch_async`: the same results and errors as small."""

from __future__ import absolute_import, division, print_function

import json

import pytest
from raw_server import PATIENCE
from served_app import ServedApp
from tornado import gen

import waterspout
from waterspout import service
from waterspout._compat import FUTURES_CANCEL, Future, resolved
from waterspout._driver import sdk_call
from waterspout._encoding.bodies import EncodedJSON

LARGE = {u"rows": [{u"name": u"\u4e2d", u"n": n} for n in range(20000)]}
LARGE_JSON = json.dumps(LARGE).encode()


class Echo(service.JSONHandler):
    json_object_type = None

    def post(self):
        self.set_header("Content-Type", self.request.headers["Content-Type"])
        self.write(self.body)


class Broken(service.JSONHandler):
    def get(self):
        self.write(LARGE_JSON[:-2])


class Failing(service.JSONHandler):
    def get(self):
        self.set_status(503)
        self.write(LARGE_JSON)


@pytest.fixture(scope="module")
def upstream():
    routes = [("/echo", Echo), ("/broken", Broken), ("/failing", Failing)]
    with ServedApp(lambda: service.Application(routes)) as served:
        yield "127.0.0.1:%d" % served.port


@pytest.fixture
def call(io_loop, upstream):
    """Make one call with an SDK of this class; resolve it."""

    def call(*args, **kwargs):
        sdk_class = kwargs.pop("sdk_class", waterspout.BaseSDK)
        options = kwargs.pop("options", {})

        @gen.coroutine
        def run():
            sdk = sdk_class(upstream, 1, **options)
            try:
                result = yield sdk.fetch_async(*args, **kwargs)
            finally:
                yield sdk.close()
            raise gen.Return(result)

        return io_loop.run_sync(run, timeout=PATIENCE)

    return call


@pytest.mark.parametrize("transport", ["pooled", "tornado"])
def test_large_json_is_sent_and_decoded_like_small(call, transport):
    """The bytes are those of a small ``json=``, Content-Type included."""

    class Reading(waterspout.BaseSDK):
        def decode(self, response):
            assert response.content == LARGE_JSON
            assert response.headers["Content-Type"] == "application/json"
            assert response.json() is response.json()
            assert response.json(parse_int=str)["rows"][1]["n"] == "1"
            return super(Reading, self).decode(response)

    options = {"transport": transport}
    assert call("POST", "/echo", json=LARGE, sdk_class=Reading, options=options) == LARGE


def test_other_work_runs_while_large_json_is_converted(call, io_loop):
    """The IOLoop has many turns."""
    turns = []

    def turn():
        turns.append(1)
        io_loop.add_callback(turn)

    io_loop.add_callback(turn)
    call("POST", "/echo", json=LARGE)
    assert len(turns) > 2 * len(LARGE_JSON) // (32 * 1024)


def test_a_large_answer_that_is_not_json_is_an_error(call):
    """With the words and the position that json.loads has for it."""
    with pytest.raises(waterspout.JSONDecodeError) as raised:
        call("GET", "/broken")
    with pytest.raises(ValueError) as expected:
        json.loads(LARGE_JSON[:-2].decode())
    assert str(raised.value).endswith(str(expected.value))
    assert raised.value.response.status_code == 200


def test_a_large_answer_that_is_not_json_is_empty_with_errors_empty(call):
    """Under ``errors="empty"``."""
    assert call("GET", "/broken", options={"errors": "empty"}) == {}


def test_an_error_status_counts_before_a_large_body(call):
    """The status counts, and the body is not decoded."""
    with pytest.raises(waterspout.HTTPError, match="503"):
        call("GET", "/failing")


@pytest.mark.parametrize("unfit", [float("nan"), object(), {1, 2}, LARGE])
def test_a_large_payload_that_json_cannot_encode_is_refused(call, unfit):
    """With InvalidJSONError, and nothing is sent."""
    payload = {"rows": [LARGE, unfit]}
    if unfit is LARGE:
        payload["itself"] = payload
    with pytest.raises(waterspout.InvalidJSONError):
        call("POST", "/echo", json=payload)


def test_unknown_keyword_and_closed_sdk_are_errors(call, io_loop, upstream):
    """Through the Future, when the payload is encoded."""
    with pytest.raises(TypeError):
        call("POST", "/echo", json=LARGE, jason=1)
    sdk = waterspout.BaseSDK(upstream, 1)
    io_loop.run_sync(sdk.close)
    with pytest.raises(waterspout.SessionClosed):
        io_loop.run_sync(lambda: sdk.fetch_async("POST", "/echo", json=LARGE), timeout=PATIENCE)


@pytest.mark.skipif(not FUTURES_CANCEL, reason="the Futures of Tornado 5.1 cannot be cancelled")
def test_a_call_cancelled_after_encoding_is_not_sent(io_loop, monkeypatch):
    """The payload is encoded, and the IOLoop has only to tell."""
    monkeypatch.setattr(sdk_call, "in_turns", lambda steps, result: resolved(EncodedJSON(b"{}")))
    sent = []

    class Transport(object):
        def send(self, request, options):
            sent.append(request)
            return Future()

        def close(self):
            return resolved(None)

    @gen.coroutine
    def run():
        sdk = waterspout.BaseSDK("127.0.0.1:1", 1, transport=Transport())
        call = sdk.fetch_async("POST", "/", json=LARGE)
        call.cancel()
        yield [gen.moment] * 3
        assert call.cancelled()

    io_loop.run_sync(run)
    assert not sent
