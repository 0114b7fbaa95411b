"""Callbacks of a request: bound, awaited, logged; and the Future behind that of a fetch."""

from __future__ import absolute_import, division, print_function

import functools
import logging
from concurrent.futures import Future

import pytest
from tornado_requests import fetch_with_callback

from waterspout._async_http_client.callbacks import CallbackFailed, bound, call, future_behind


def test_the_future_of_a_fetch_is_found_behind_its_callback(current_loop):
    """It is the one that ``AsyncHTTPClient.fetch`` has returned."""
    future, callback = fetch_with_callback(current_loop)
    assert future_behind(callback) is future


def wrapped(callback):
    """As a tracer wraps the callback of ``fetch_impl``; its own future is another one."""
    future = object()

    def wrapper(response):
        return future, callback(response)

    return wrapper


@pytest.mark.parametrize("wrappers", [1, 3])
def test_the_future_is_found_behind_wrappers(current_loop, wrappers):
    """Those of tracers and of tests."""
    future, callback = fetch_with_callback(current_loop)
    for _ in range(wrappers):
        callback = wrapped(callback)
    assert future_behind(callback) is future


@pytest.mark.parametrize("callback", [
    len, [].append, functools.partial(len), lambda response: None, wrapped(len), object(),
], ids=repr)
def test_a_callback_of_another_make_has_no_future(callback):
    """Its fetch cannot be cancelled, and works."""
    assert future_behind(callback) is None


def test_a_callback_may_return_anything():
    """``streaming_callback=file.write`` returns a number; only an awaitable is waited for."""
    future = Future()
    assert bound(lambda data: 7)(b"data") is None
    assert bound(lambda data: None)(b"data") is None
    assert bound(lambda data: future)(b"data") is future


def test_a_callback_that_raises_is_logged_and_fails_the_fetch(caplog):
    """As in Tornado, the log has the traceback."""
    def broken(data):
        raise KeyError("broken")

    with caplog.at_level(logging.ERROR, logger="tornado.application"):
        with pytest.raises(CallbackFailed):
            call(broken, b"data")
    assert "Uncaught exception" in caplog.text and "KeyError" in caplog.text
