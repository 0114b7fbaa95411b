"""A Future that calls one function at once when it is done."""

from __future__ import absolute_import, division, print_function

import contextlib

import pytest
from tornado import gen
from tornado.testing import ExpectLog

from waterspout._compat import FUTURES_CANCEL, PY2, CancelledError
from waterspout._driver.continued import Continued


@pytest.fixture
def future(current_loop):
    return Continued()


@pytest.fixture
def turn(current_loop):
    """Run some iterations of the IOLoop."""
    @gen.coroutine
    def iterations():
        for _ in range(3):
            yield gen.sleep(0)

    return lambda: current_loop.run_sync(iterations)


def test_the_function_is_called_at_once_with_the_future(future, turn):
    seen = []
    future.continue_with(seen.append)
    assert seen == []
    future.set_result(1)
    assert seen == [future] and future.result() == 1
    turn()
    assert seen == [future]


def test_the_function_is_called_at_once_after_an_error(future):
    seen = []
    future.continue_with(lambda done: seen.append(done.exception()))
    error = KeyError("broken")
    future.set_exception(error)
    assert seen == [error]


def test_a_future_that_is_done_calls_the_function_in_the_next_iteration(future, turn):
    """Its caller is not prepared for a call within `continue_with`."""
    future.set_result(1)
    seen = []
    future.continue_with(seen.append)
    assert seen == []
    turn()
    assert seen == [future]


@pytest.mark.skipif(not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")
def test_a_cancelled_future_calls_the_function_in_the_next_iteration(future, turn):
    seen = []
    future.continue_with(lambda done: seen.append(done.cancelled()))
    assert future.cancel() and not future.cancel()
    assert seen == []
    turn()
    assert seen == [True]


def test_further_functions_are_called_as_callbacks(future, turn):
    seen = []
    for name in "abc":
        future.continue_with(lambda done, name=name: seen.append(name))
    future.add_done_callback(lambda done: seen.append("callback"))
    future.set_result(1)
    assert seen == ["a"]
    turn()
    assert sorted(seen) == ["a", "b", "c", "callback"]


def test_a_callback_that_was_there_before_runs_before(future, turn):
    """A wrapper around a session's ``request`` ends its span before the response is decoded."""
    seen = []
    future.add_done_callback(lambda done: seen.append("callback"))
    future.continue_with(lambda done: seen.append("continuation"))
    future.set_result(1)
    turn()
    assert seen == ["callback", "continuation"]


@pytest.mark.skipif(not PY2, reason="Tornado 6 has no stack_context")
def test_the_function_runs_in_the_stack_context_of_its_caller(future):
    """On Python 2.7 libraries keep the current request there."""
    from tornado.stack_context import NullContext, StackContext

    entered, seen = [], []

    @contextlib.contextmanager
    def context():
        entered.append(1)
        yield
        entered.pop()

    with StackContext(context):
        future.continue_with(lambda done: seen.append(len(entered)))
    with NullContext():
        future.set_result(1)
    assert seen == [1] and entered == []


@pytest.mark.parametrize("error", [ValueError("wrong"), CancelledError()], ids=["error", "cancel"])
def test_an_error_of_the_function_is_logged_and_not_raised(future, turn, error):
    """The one who sets the result is not to blame."""
    def fail(done):
        raise error

    future.continue_with(fail)
    with ExpectLog("tornado.application", "Exception in a callback of "):
        future.set_result(1)
    assert future.result() == 1


@pytest.mark.parametrize("count", [1, 2])
def test_the_function_runs_in_the_context_of_its_caller(future, turn, count):
    contextvars = pytest.importorskip("contextvars")
    caller = contextvars.ContextVar("caller", default="none")
    seen = []

    def call():
        caller.set("mine")
        for _ in range(count):
            future.continue_with(lambda done: seen.append(caller.get()))

    contextvars.copy_context().run(call)
    contextvars.Context().run(future.set_result, 1)
    turn()
    assert seen == ["mine"] * count


def test_the_function_may_wait_for_another_future(future, turn):
    """Which is done at once as well."""
    other, seen = Continued(), []
    future.continue_with(lambda done: other.set_result(2))
    other.continue_with(lambda done: seen.append(done.result()))
    future.set_result(1)
    assert seen == [2]
