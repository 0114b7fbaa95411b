"""When a readiness check passes, how long that is good for, and who shares the answer."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from tornado.concurrent import Future

import waterspout
from waterspout._compat import FUTURES_CANCEL, CancelledError, resolve
from waterspout.service import ReadinessCheck
from waterspout.service._operations import readiness_check
from waterspout.service._operations.readiness import Readiness
from waterspout.testing import MockTransport


@pytest.fixture
def clock(monkeypatch):
    """The time of the checks, for the test to move."""
    now = [1000.0]
    monkeypatch.setattr(readiness_check, "monotonic", lambda: now[0])
    return now


def asked(called, function, **keywords):
    return called.run(ReadinessCheck("cmdb", function, **keywords).passed)


def raises(error):
    def ask():
        raise error

    return ask


@pytest.mark.parametrize("answer, passes", [
    (None, True), (True, True), ({}, True), (0, True), (False, False)])
def test_check_fails_for_false_only(called, answer, passes):
    """A function that returns nothing passes if it does not raise; so does a Future's result."""

    def later():
        future = Future()
        resolve(future, answer)
        return future

    assert asked(called, lambda: answer) is passes
    assert asked(called, later) is passes


@pytest.mark.parametrize("error", [
    ValueError("no"), waterspout.ConnectError("refused"), waterspout.CircuitOpen("open"),
    waterspout.ReadTimeout("silent"), CancelledError()])
def test_check_that_raises_fails(called, error):
    """Whatever it raises; then it is asked again."""
    check = ReadinessCheck("cmdb", raises(error), max_age=0, timeout=5)
    assert called.run(check.passed) is False
    assert called.run(check.passed) is False


@pytest.mark.parametrize("error", [
    waterspout.PoolTimeout("no connection"), waterspout.QueueFull("full"),
    waterspout.BulkheadFull("full")])
def test_process_with_much_to_do_stays_ready(called, error):
    """Taken out, it would leave its load to others that have as much."""
    assert asked(called, raises(error)) is True


@pytest.mark.parametrize("status, passes", [
    (200, True), (302, True), (401, True), (404, True), (429, True), (500, False), (503, False)])
def test_upstream_that_answers_below_500_serves(called, status, passes):
    """Its answer need not be a success."""
    upstream = MockTransport()
    upstream.get("/health").respond(status)
    sdk = waterspout.BaseSDK("cmdb.test", transport=upstream)
    assert asked(called, lambda: sdk.fetch_async("GET", "/health")) is passes


def test_check_that_takes_too_long_fails(called, caplog):
    """And its call is ended, where Futures can be cancelled."""
    calls = []

    def ask():
        calls.append(Future())
        return calls[0]

    assert asked(called, ask, timeout=0.01) is False
    assert "no answer within 0.01 s" in caplog.text
    assert calls[0].done() is FUTURES_CANCEL


def test_answer_is_good_for_its_time(called, clock):
    """Then it is asked again."""
    answers = [True, False]
    check = ReadinessCheck("cmdb", lambda: answers.pop(0), max_age=5)
    assert called.run(check.passed) is True
    clock[0] += 4.9
    assert called.run(check.passed) is True and answers == [False]
    clock[0] += 0.2
    assert called.run(check.passed) is False and answers == []


def test_probes_at_the_same_time_share_one_call(called):
    """However many balancers there are."""
    calls = []

    def ask():
        calls.append(Future())
        return calls[0]

    check = ReadinessCheck("cmdb", ask, timeout=30)
    readiness = Readiness([check])

    def probe():
        probes = [check.passed() for _ in range(5)] + [readiness.ask()]
        assert not any(each.done() for each in probes)
        resolve(calls[0], "fine")
        return probes[0]

    assert called.run(probe) is True
    assert len(calls) == 1


def test_change_is_logged_and_a_repetition_is_not(called, clock, caplog):
    """With the error, on one line, for the operator."""
    caplog.set_level(logging.INFO, logger="waterspout.service")
    outcomes = [None, ValueError("10.0.0.1\nforged line"), ValueError("again"), None, None]

    def ask():
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    check = ReadinessCheck("cmdb", ask, max_age=0)
    for _ in range(5):
        called.run(check.passed)
    assert [(each.levelname, each.getMessage()) for each in caplog.records] == [
        ("WARNING", "Readiness check cmdb fails: ValueError: 10.0.0.1 forged line"),
        ("INFO", "Readiness check cmdb passes again"),
    ]


def test_first_failure_is_logged(called, caplog):
    """A process that has never been ready says why."""
    asked(called, lambda: False)
    assert "Readiness check cmdb fails: it returned False" in caplog.text


@pytest.mark.parametrize("outcomes, word", [
    ({}, "ready"),
    ({"needed": True, "wanted": True}, "ready"),
    ({"needed": True, "wanted": False}, "degraded"),
    ({"needed": False, "wanted": True}, "unready"),
    ({"needed": False, "wanted": False}, "unready"),
])
def test_readiness_is_what_its_checks_say(called, outcomes, word):
    """One that is not required does not make a process unready."""
    readiness = Readiness([
        ReadinessCheck(name, lambda passes=passes: passes, required=name == "needed")
        for name, passes in sorted(outcomes.items())])
    assert readiness.last == (None if outcomes else "ready")
    assert called.run(readiness.ask) == (
        word, dict((name, "passed" if passes else "failed") for name, passes in outcomes.items()))
    assert readiness.last == word


@pytest.mark.parametrize("arguments, error", [
    (("", print), ValueError),
    (("two words", print), ValueError),
    (("a\n", print), ValueError),
    ((None, print), ValueError),
    (("cmdb", "http://a"), TypeError),
    (("cmdb", print, 0), ValueError),
    (("cmdb", print, float("nan")), ValueError),
    (("cmdb", print, float("inf")), ValueError),
    (("cmdb", print, 1, -1), ValueError),
])
def test_wrong_arguments_are_refused(arguments, error):
    """When the check is made."""
    with pytest.raises(error):
        ReadinessCheck(*arguments)


def test_two_checks_of_one_name_are_refused():
    """Nobody could tell which of them has failed."""
    with pytest.raises(ValueError, match="two checks have the name cmdb"):
        Readiness([ReadinessCheck("cmdb", print), ReadinessCheck("cmdb", print)])
