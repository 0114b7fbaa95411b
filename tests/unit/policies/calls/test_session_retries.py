"""Calls that are sent again."""

from __future__ import absolute_import, division, print_function

import io

import pytest
from scripted_upstream import NEVER, URL, ScriptedUpstream, no_wait
from tornado import gen

import waterspout
from waterspout._compat import FUTURES_CANCEL
from waterspout.exceptions import (
    ConnectError,
    ConnectionError,
    DeadlineExceeded,
    ReadError,
    ReadTimeout,
)


def one_call(io_loop, upstream, method="GET", session=None, **options):
    """The response or the error of one call."""
    @gen.coroutine
    def script(clock):
        with_retry = dict({"retry": no_wait(total=3)}, **(session or {}))
        call = upstream.session(**with_retry).request(method, URL, **options)
        yield clock.advance(100)
        error = call.exception()
        raise gen.Return(call.result() if error is None else error)

    return upstream.run(io_loop, script)


def test_a_status_is_retried_until_the_upstream_recovers(io_loop):
    upstream = ScriptedUpstream(503, 502, 200)
    response = one_call(io_loop, upstream)
    assert response.status_code == 200 and len(upstream.mock.sent) == 3
    assert [each.status_code for each in response.retries] == [503, 502]
    assert response.retries[0].url == URL and response.retries[0].method == "GET"
    assert response.history == []


def test_the_last_response_is_the_result(io_loop):
    """It has the attempts before it."""
    upstream = ScriptedUpstream(503)
    response = one_call(io_loop, upstream)
    assert response.status_code == 503 and len(upstream.mock.sent) == 4
    assert len(response.retries) == 3


def test_the_last_error_is_raised(io_loop):
    """It is the one it would be without retries, and has the attempts before it."""
    upstream = ScriptedUpstream(503, ReadTimeout, ReadError)
    error = one_call(io_loop, upstream)
    assert type(error) is ReadError
    first, second = error.retries[:2]
    assert first.status_code == 503 and first.error is None
    assert type(second.error) is ReadTimeout and second.status_code is None


def test_a_call_without_retries_has_none(io_loop):
    upstream = ScriptedUpstream(503)
    assert one_call(io_loop, upstream, retry=None).retries == ()
    assert len(upstream.mock.sent) == 1


@pytest.mark.parametrize("answer", [ReadError, ReadTimeout, 503])
def test_a_post_that_may_have_arrived_is_not_sent_again(io_loop, answer):
    upstream = ScriptedUpstream(answer)
    one_call(io_loop, upstream, "POST", data=b"x")
    assert len(upstream.mock.sent) == 1


def test_a_post_that_was_not_sent_is_sent_again(io_loop):
    upstream = ScriptedUpstream(ConnectError, 200)
    assert one_call(io_loop, upstream, "POST", data=b"x").status_code == 200
    assert [each.content for each in upstream.mock.sent] == [b"x"] * 2


def test_a_post_that_the_caller_vouches_for_is_sent_again(io_loop):
    upstream = ScriptedUpstream(ReadError, 503, 200)
    response = one_call(io_loop, upstream, "POST", json={"query": {}}, idempotent=True)
    assert response.status_code == 200
    assert [each.json() for each in upstream.mock.sent] == [{"query": {}}] * 3


@pytest.mark.parametrize("first, sent", [(ReadError, True), (503, True), (ConnectError, False)])
def test_an_error_says_whether_any_attempt_may_have_arrived(io_loop, first, sent):
    """Not the last one alone: a caller who asks before another try wants to know of all."""
    upstream = ScriptedUpstream(first, ConnectError)
    error = one_call(io_loop, upstream, "POST", data=b"x", idempotent=True, retry=no_wait(total=1))
    assert type(error) is ConnectError and len(error.retries) == 1
    assert error.may_have_been_sent is sent


def test_an_idempotency_key_is_made_once_for_all_attempts(io_loop):
    upstream = ScriptedUpstream(ReadError, 503, 200, 200)
    retry = no_wait(idempotency_header="Idempotency-Key")

    @gen.coroutine
    def script(clock):
        session = upstream.session(retry=retry)
        for _ in range(2):
            yield session.post(URL, data=b"x")
        yield session.get(URL)

    upstream.run(io_loop, script)
    keys = [each.headers.get("Idempotency-Key") for each in upstream.mock.sent]
    assert keys[0] and keys[0] == keys[1] == keys[2] and keys[3] not in (None, keys[0])
    assert keys[4] is None  # A GET needs none.


def test_the_callers_idempotency_key_is_kept(io_loop):
    upstream = ScriptedUpstream(503, 200)
    one_call(io_loop, upstream, "POST", headers={"Idempotency-Key": "mine"},
             retry=no_wait(idempotency_header="Idempotency-Key"))
    assert [each.headers["Idempotency-Key"] for each in upstream.mock.sent] == ["mine"] * 2


def test_a_file_is_sent_again_from_its_beginning(io_loop):
    upstream = ScriptedUpstream(503, 200)
    one_call(io_loop, upstream, "PUT", data=io.BytesIO(b"rows"))
    assert [each.content for each in upstream.mock.sent] == [b"rows"] * 2


def test_an_iterator_is_not_sent_again(io_loop):
    """The outcome is that of the first attempt, not an error about the body."""
    upstream = ScriptedUpstream(503)
    response = one_call(io_loop, upstream, "PUT", data=iter([b"a", b"b"]))
    assert response.status_code == 503 and len(upstream.mock.sent) == 1


def test_each_pause_is_random_and_longer(io_loop):
    """Full jitter: between 0 and the backoff, which doubles up to its limit."""
    retry = waterspout.Retry(total=6, backoff_factor=1, backoff_max=8)
    for _ in range(5):
        upstream = ScriptedUpstream(503)
        response = one_call(io_loop, upstream, retry=retry)
        waited = [each.waited for each in response.retries]
        assert all(0 <= one <= limit for one, limit in zip(waited, [1, 2, 4, 8, 8, 8]))
        sent = [after - before for before, after in zip(upstream.times, upstream.times[1:])]
        assert sent == pytest.approx(waited, abs=0.01)


def test_the_pause_is_as_long_as_the_server_asks(io_loop):
    upstream = ScriptedUpstream(
        lambda on: on.respond(429, headers={"Retry-After": "7"}), 200)
    one_call(io_loop, upstream)
    assert upstream.times == [0, 7]


def test_a_server_that_asks_for_a_long_pause_is_not_asked_again(io_loop):
    upstream = ScriptedUpstream(
        lambda on: on.respond(503, headers={"Retry-After": "3600"}), 200)
    assert one_call(io_loop, upstream).status_code == 503
    assert upstream.times == [0]


def test_no_pause_goes_beyond_the_deadline(io_loop):
    """The response is the result then, at once."""
    upstream = ScriptedUpstream(
        lambda on: on.respond(503, headers={"Retry-After": "7"}), 200)
    response = one_call(io_loop, upstream, timeout=waterspout.ClientTimeout(total=6))
    assert response.status_code == 503 and upstream.times == [0]


def test_the_deadline_ends_the_last_attempt(io_loop):
    """It counts from the beginning of the call, not of the attempt, and is not retried."""
    upstream = ScriptedUpstream(
        lambda on: on.respond(503, headers={"Retry-After": "4"}), NEVER)
    error = one_call(io_loop, upstream, timeout=waterspout.ClientTimeout(total=6))
    assert type(error) is DeadlineExceeded and len(upstream.times) == 2
    assert [each.status_code for each in error.retries] == [503]
    assert "within 6 s in total" in str(error)


def test_the_budget_limits_the_retries_of_all_calls(io_loop):
    """An upstream that fails gets no more than the burst and a share of the calls."""
    upstream = ScriptedUpstream(503)

    @gen.coroutine
    def script(clock):
        session = upstream.session(
            retry=no_wait(total=3, budget=waterspout.RetryBudget(ratio=0.1, burst=5)))
        for _ in range(200):
            yield session.get(URL)
        raise gen.Return(session.stats()["http://host.test:80"])

    stats = upstream.run(io_loop, script)
    assert len(upstream.mock.sent) == 200 + stats["retries"]
    assert 24 <= stats["retries"] <= 26 and stats["retries_refused"] > 100


def test_a_status_can_be_an_error_as_in_requests(io_loop):
    """``raise_on_status``, for programs that catch RetryError."""
    upstream = ScriptedUpstream(503)
    error = one_call(io_loop, upstream, retry=no_wait(total=1, raise_on_status=True))
    assert type(error) is waterspout.RetryError
    assert error.response.status_code == 503 and len(error.retries) == 1
    assert URL in str(error) and "2 attempts" in str(error)


def test_urllib3s_object_is_understood(io_loop):
    """Ported programs bring an adapter with ``max_retries``."""
    urllib3 = pytest.importorskip("urllib3")
    upstream = ScriptedUpstream(500, 200)
    retry = urllib3.Retry(2, status_forcelist=[500], backoff_factor=0)
    assert one_call(io_loop, upstream, retry=retry).status_code == 200


def test_each_hop_of_a_redirect_is_retried(io_loop):
    upstream = ScriptedUpstream(
        503, lambda on: on.respond(302, headers={"Location": "/b"}), 503, 200)
    response = one_call(io_loop, upstream)
    assert response.status_code == 200 and [each.path for each in upstream.mock.sent] == [
        "/a", "/a", "/b", "/b"]
    assert [each.status_code for each in response.history] == [302]
    assert len(response.retries) == len(response.history[0].retries) == 1


def test_a_digest_request_is_signed_again(io_loop):
    """A server may refuse a count of the nonce that it has seen."""
    challenge = {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'}
    upstream = ScriptedUpstream(lambda on: on.respond(401, headers=challenge), 503, 200)
    response = one_call(io_loop, upstream, auth=waterspout.HTTPDigestAuth("me", "pw"))
    assert response.status_code == 200
    counts = [each.headers["Authorization"].partition("nc=")[2][:8] for each in
              upstream.mock.sent[1:]]
    assert counts == ["00000001", "00000002"]


def test_hooks_get_the_last_response_only(io_loop):
    """As in requests, whose adapter retries below them."""
    seen = []
    upstream = ScriptedUpstream(503, 200)
    one_call(io_loop, upstream, hooks={
        "response": lambda response, **_: seen.append(response.status_code)})
    assert seen == [200]


def test_a_streamed_response_is_closed_before_the_next_attempt(io_loop):
    upstream = ScriptedUpstream(lambda on: on.respond(503, pieces=[b"a", (1000, b"b")]), 200)
    response = one_call(io_loop, upstream, stream=True)
    assert response.status_code == 200 and upstream.times == [0, 0]


def test_closing_the_session_ends_a_pause(io_loop):
    """With the error of other running calls; nothing is sent later."""
    upstream = ScriptedUpstream(lambda on: on.respond(503, headers={"Retry-After": "5"}), 200)

    @gen.coroutine
    def script(clock):
        session = upstream.session(retry=3)
        call = session.get(URL)
        yield clock.advance(1)
        yield session.close()
        with pytest.raises(ConnectionError) as caught:
            yield call
        yield clock.advance(100)
        raise gen.Return(caught.value)

    error = upstream.run(io_loop, script)
    assert "the session was closed" in str(error) and len(upstream.mock.sent) == 1
    assert len(error.retries) == 1


def test_a_call_that_runs_when_the_session_is_closed_is_not_retried(io_loop):
    upstream = ScriptedUpstream(NEVER, 200)

    @gen.coroutine
    def script(clock):
        session = waterspout.Session(transport=upstream.mock, retry=3)
        call = session.get(URL, timeout=5)
        yield clock.advance(1)
        yield session.close()
        yield clock.advance(100)
        assert isinstance(call.exception(), waterspout.RequestException)

    upstream.run(io_loop, script)
    assert len(upstream.mock.sent) == 1


@pytest.mark.skipif(not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")
def test_a_cancelled_call_ends_in_its_pause(io_loop):
    upstream = ScriptedUpstream(lambda on: on.respond(503, headers={"Retry-After": "5"}), 200)

    @gen.coroutine
    def script(clock):
        call = upstream.session(retry=3).get(URL)
        yield clock.advance(1)
        assert call.cancel()
        yield clock.advance(100)
        assert call.cancelled()

    upstream.run(io_loop, script)
    assert len(upstream.mock.sent) == 1


def test_the_operation_decides_before_the_session(io_loop):
    """And the call before the operation."""
    operations = {"search": {"retry": no_wait(total=1), "idempotent": True}}
    for keywords, sent in (({}, 1), ({"operation": "search"}, 2), ({"operation": "other"}, 1),
                           ({"operation": "search", "retry": None}, 1),
                           ({"operation": "search", "idempotent": False}, 1)):
        upstream = ScriptedUpstream(503)
        one_call(io_loop, upstream, "POST", session={"operations": operations}, **keywords)
        assert len(upstream.mock.sent) == sent, keywords


@pytest.mark.parametrize("options, text", [
    ({"retry": "3"}, "retry"), ({"breaker": 3}, "CircuitBreaker"), ({"bulkhead": 3}, "Bulkhead"),
    ({"operations": {"a": {"retries": 3}}}, "retries"), ({"operations": {"a": 3}}, "mapping"),
])
def test_a_wrong_argument_is_refused_at_once(options, text):
    with pytest.raises((TypeError, ValueError)) as caught:
        waterspout.Session(**options)
    assert text in str(caught.value)


def test_a_wrong_argument_of_a_call_is_refused_at_once(io_loop):
    upstream = ScriptedUpstream(200)

    @gen.coroutine
    def script(clock):
        session = upstream.session()
        for options in ({"retry": "3"}, {"breaker": 3}, {"bulkhead": 3}, {"deadline": 3}):
            with pytest.raises(TypeError):
                session.get(URL, **options)
        yield gen.moment

    upstream.run(io_loop, script)
    assert not upstream.mock.sent
