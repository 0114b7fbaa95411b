"""Calls with a deadline."""

from __future__ import absolute_import, division, print_function

import pytest
from scripted_upstream import NEVER, URL, ScriptedUpstream
from tornado import gen

import waterspout
from waterspout._compat import Future
from waterspout.exceptions import DeadlineExceeded

MS = waterspout.DeadlineHeader("X-Left", unit="ms")


def one_call(io_loop, upstream, make_deadline, **options):
    """The response or the error of one call; how long it took."""
    @gen.coroutine
    def script(clock):
        session = upstream.session(**options.pop("session", {}))
        call = session.get(URL, deadline=make_deadline(), **options)
        took = 0
        while not call.done() and took < 100:
            yield clock.advance(0.25)
            took += 0.25
        raise gen.Return((call.exception() or call.result(), took))

    return upstream.run(io_loop, script)


def test_a_call_ends_at_its_deadline(io_loop):
    error, took = one_call(
        io_loop, ScriptedUpstream(NEVER), lambda: waterspout.Deadline.after(2), timeout=60)
    assert type(error) is DeadlineExceeded and took == 2
    assert "not finished before its deadline" in str(error) and URL in str(error)
    assert "after 2 s" in str(error)


@pytest.mark.parametrize("total, deadline, took, text", [
    (1, 2, 1, "within 1 s in total"), (3, 2, 2, "before its deadline")])
def test_the_earlier_limit_counts(io_loop, total, deadline, took, text):
    """And the error says which it was."""
    error, took_really = one_call(
        io_loop, ScriptedUpstream(NEVER), lambda: waterspout.Deadline.after(deadline),
        timeout=waterspout.ClientTimeout(total=total))
    assert took_really == took and text in str(error)


@pytest.mark.parametrize("left, least, text", [
    (0, None, "passed"), (0.04, 0.05, "only 0.04 s are left until its deadline, and 0.05 s are")])
def test_a_call_with_too_little_left_is_refused(io_loop, left, least, text):
    """Nothing is sent."""
    upstream = ScriptedUpstream(200)
    error, _ = one_call(
        io_loop, upstream, lambda: waterspout.Deadline.after(left, least=least))
    assert type(error) is DeadlineExceeded and text in str(error)
    assert not error.may_have_been_sent and not upstream.mock.sent


def test_several_calls_spend_the_same_deadline(io_loop):
    upstream = ScriptedUpstream(lambda on: on.respond(200, delay=1.5))

    @gen.coroutine
    def script(clock):
        deadline = waterspout.Deadline.after(2)
        session = upstream.session()
        first = session.get(URL, deadline=deadline)
        yield clock.advance(1.5)
        second = session.get(URL, deadline=deadline)
        assert first.done() and deadline.left() == pytest.approx(0.5)
        yield clock.advance(0.6)
        assert type(second.exception()) is DeadlineExceeded
        third = session.get(URL, deadline=deadline)
        assert "passed 0.1 s before the call" in str(third.exception())

    upstream.run(io_loop, script)
    assert len(upstream.mock.sent) == 2


def test_what_is_left_is_sent_with_each_attempt(io_loop):
    upstream = ScriptedUpstream(lambda on: on.respond(503, headers={"Retry-After": "1"}), 200)
    one_call(io_loop, upstream, lambda: waterspout.Deadline.after(2.5, header=MS), retry=1)
    assert [each.headers["X-Left"] for each in upstream.mock.sent] == ["2500", "1500"]


def test_what_is_left_is_sent_with_a_redirect(io_loop):
    upstream = ScriptedUpstream(
        lambda on: on.respond(302, headers={"Location": "/b"}, delay=1), 200)
    one_call(io_loop, upstream, lambda: waterspout.Deadline.after(2.5, header=MS))
    assert [each.headers["X-Left"] for each in upstream.mock.sent] == ["2500", "1500"]


@pytest.mark.parametrize("unit, text", [("s", "2.000"), ("ms", "2000"), ("us", "2000000")])
def test_the_unit_can_be_chosen(io_loop, unit, text):
    upstream = ScriptedUpstream(200)
    header = waterspout.DeadlineHeader("X-Left", unit=unit)
    one_call(io_loop, upstream, lambda: waterspout.Deadline.after(2, header=header))
    assert upstream.mock.sent[0].headers["X-Left"] == text


def test_a_deadline_without_a_header_is_not_sent(io_loop):
    upstream = ScriptedUpstream(200)
    one_call(io_loop, upstream, lambda: waterspout.Deadline.after(2))
    assert "X-Request-Timeout-Ms" not in upstream.mock.sent[0].headers


def test_a_context_carries_the_deadline(io_loop):
    """For all calls of an SDK in this context; that of a call comes first."""
    upstream = ScriptedUpstream(200)

    @gen.coroutine
    def script(clock):
        sdk = waterspout.BaseSDK("host.test", transport=upstream.mock)
        context = waterspout.CallContext(
            request_id="r1", deadline=waterspout.Deadline.after(2, header=MS))
        yield sdk.in_context(context).fetch_async("HEAD", "/a", stream=True)
        yield sdk.in_context(context.with_headers({"X-A": "1"})).fetch_async(
            "HEAD", "/a", stream=True)
        yield sdk.in_context(context).fetch_async(
            "HEAD", "/a", stream=True, deadline=waterspout.Deadline.after(1, header=MS))

    upstream.run(io_loop, script)
    assert [each.headers["X-Left"] for each in upstream.mock.sent] == ["2000", "2000", "1000"]


def test_a_hook_is_waited_for_until_the_deadline(io_loop):
    error, took = one_call(
        io_loop, ScriptedUpstream(200), lambda: waterspout.Deadline.after(2),
        hooks={"response": lambda response, **_: Future()})
    assert took == 2 and "before its deadline, hooks included" in str(error)
