"""Waiting for what a hook returned, no longer than the call may take; time by hand."""

from __future__ import absolute_import, division, print_function

import pytest
from fake_loop import FakeLoop

import waterspout._driver.hook_wait
from waterspout._compat import FUTURES_CANCEL, Future
from waterspout._driver.hook_wait import HookWait
from waterspout.exceptions import DeadlineExceeded
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.timeouts import ClientTimeout

cancels = pytest.mark.skipif(
    not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")


class TimedLoop(FakeLoop):
    """The current IOLoop, but for its timers."""

    strict = False

    def __init__(self, io_loop):
        super(TimedLoop, self).__init__()
        self.add_future = io_loop.add_future

    def current(self):
        return self


@pytest.fixture
def loop(current_loop, monkeypatch):
    loop = TimedLoop(current_loop)
    monkeypatch.setattr(waterspout._driver.hook_wait, "monotonic", loop.clock)
    monkeypatch.setattr(waterspout._driver.hook_wait, "IOLoop", loop)
    return loop


@pytest.fixture
def ended():
    return []


@pytest.fixture
def wait(loop, ended):
    def wait(awaitable, deadline=None):
        options = CallOptions(ClientTimeout(total=5), deadline)
        request = PreparedRequest("GET", "http://a.example/")
        return HookWait(awaitable, request, options, ended.append)

    return wait


def test_the_deadline_of_the_call_ends_the_wait(wait, loop, ended):
    """With an error that says how long the call may take; the hook's Future is left alone."""
    future = Future()
    wait(future, deadline=loop.now + 5)
    loop.advance(4.9)
    assert ended == []
    loop.advance(0.2)
    error = ended[0].exception()
    assert type(error) is DeadlineExceeded and "within 5 s in total, hooks included" in str(error)
    assert error.may_have_been_sent and not future.done()


def test_a_call_without_a_deadline_waits_as_long_as_it_takes(wait, loop):
    """No timer is set."""
    wait(Future())
    assert loop.timers == []


def test_a_cancelled_wait_calls_no_callback(wait, loop, ended):
    """No timer is left."""
    waiting = wait(Future(), deadline=loop.now + 5)
    waiting.cancel()
    assert loop.timers == [] and ended == []


@cancels
def test_a_future_of_the_hooks_own_is_not_cancelled(wait):
    """Others may wait for it."""
    future = Future()
    wait(future).cancel()
    assert not future.cancelled()


def test_a_clock_that_was_set_forward_ends_no_wait(wait, loop, ended):
    """Python 2's IOLoop goes by it: its timers come too early."""
    wait(Future(), deadline=loop.now + 5)
    (timer,) = loop.timers
    loop.timers.remove(timer)
    timer[2]()
    assert ended == [] and len(loop.timers) == 1
