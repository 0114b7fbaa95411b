"""Closing a session where no event loop runs: after `asyncio.run`, and in another thread."""

from __future__ import absolute_import, division, print_function

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

import waterspout

#: Nothing listens there.
URL = "http://127.0.0.1:1/"


async def fail(session):
    with pytest.raises(waterspout.ConnectionError):
        await session.get(URL)


async def result_of(future):
    return await future


@pytest.mark.parametrize("transport", ["pooled", "tornado", "threads"])
def test_a_session_is_closed_after_asyncio_run(transport):
    """The Future is done, and may be awaited in another `asyncio.run`."""
    session = waterspout.Session(transport=transport)
    asyncio.run(fail(session))
    closing = session.close()
    assert session.closed and closing.done()
    assert asyncio.run(result_of(closing)) is None


def test_an_sdk_is_closed_after_asyncio_run():
    """Its transport is shared, and closed with its loop."""
    sdk = waterspout.BaseSDK("127.0.0.1:1", errors="empty")
    assert asyncio.run(result_of_call(sdk)) == {}
    assert sdk.close().done()


async def result_of_call(sdk):
    return await sdk.fetch_async("GET", "/")


@pytest.mark.parametrize("transport", ["pooled", "tornado", "threads"])
def test_a_session_of_an_open_loop_is_closed_by_a_thread_without_one(transport):
    """As in a program that has stopped its loop, and closes it later."""
    loop = asyncio.new_event_loop()
    try:
        session = waterspout.Session(transport=transport)
        loop.run_until_complete(fail(session))
        with ThreadPoolExecutor(1) as executor:
            closing = executor.submit(session.close).result()
        assert session.closed
        assert loop.run_until_complete(closing) is None
    finally:
        loop.close()


def test_a_session_that_was_not_used_is_closed_in_a_thread():
    """There is nothing to close, and no loop to make a Future for."""
    with ThreadPoolExecutor(1) as executor:
        assert executor.submit(waterspout.Session().close).result().done()
