"""Callbacks that close clients when an application shuts down."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout.service.shutdown_callbacks import ShutdownCallbacks


def test_last_added_runs_first_and_is_waited_for(io_loop):
    """An SDK that was made last may use those made before."""
    calls = []
    callbacks = ShutdownCallbacks()

    @gen.coroutine
    def slow():
        yield gen.moment
        calls.append("slow")

    callbacks.add(lambda: calls.append("first"))
    callbacks.add(slow)
    io_loop.run_sync(callbacks.run)
    assert calls == ["slow", "first"]


def test_value_that_cannot_be_waited_for_is_ignored(io_loop, caplog):
    """A callback may return what it likes."""
    callbacks = ShutdownCallbacks()
    callbacks.add(lambda: 5)
    io_loop.run_sync(callbacks.run)
    assert caplog.text == ""


def test_error_is_logged_and_the_others_run(io_loop, caplog):
    """One client that cannot be closed does not keep the others open."""
    calls = []
    callbacks = ShutdownCallbacks()
    callbacks.add(lambda: calls.append("first"))
    callbacks.add(lambda: 1 // 0)
    io_loop.run_sync(callbacks.run)
    assert calls == ["first"]
    assert "ZeroDivisionError" in caplog.text


def test_each_callback_runs_once(io_loop):
    """Also when the application shuts down twice."""
    calls = []
    callbacks = ShutdownCallbacks()
    callbacks.add(lambda: calls.append("once"))
    io_loop.run_sync(callbacks.run)
    io_loop.run_sync(callbacks.run)
    assert calls == ["once"]
