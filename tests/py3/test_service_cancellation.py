"""A handler that is cancelled, or waits for a cancelled Future, still answers its client."""

from __future__ import absolute_import, division, print_function

import asyncio

import pytest
from programs import wait_until
from raw_client import RawConnection
from served_app import ServedApp
from tornado import gen

from waterspout import service


def cancelled_soon():
    """A Future that is cancelled while a handler waits for it."""
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.cancel)
    return future


class AwaitHandler(service.JSONHandler):
    async def get(self):
        await cancelled_soon()


class AwaitUncancelledHandler(service.JSONHandler):
    async def get(self):
        await service.uncancelled(cancelled_soon())


class YieldUncancelledHandler(service.JSONHandler):
    @gen.coroutine
    def get(self):
        yield service.uncancelled(cancelled_soon())


class TaskHandler(service.JSONHandler):
    """Its own task is cancelled, as by a library that cancels all tasks."""

    async def get(self):
        asyncio.current_task().cancel()
        await asyncio.sleep(10)


class PlainHandler(service.JSONHandler):
    """Asks a cancelled Future for its result, in a method that is not a coroutine."""

    def get(self):
        cancelled_now().result()


class AnswerHandler(service.JSONHandler):
    """The same when a call has ended."""

    def get(self):
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        self.finish_after(done, lambda done: cancelled_now().result())


def cancelled_now():
    future = asyncio.get_running_loop().create_future()
    future.cancel()
    return future


@pytest.mark.parametrize(
    "handler",
    [PlainHandler, AnswerHandler, AwaitHandler, AwaitUncancelledHandler, YieldUncancelledHandler,
     TaskHandler],
)
def test_cancellation_is_answered_with_500(handler):
    """The connection is kept, and no request stays in flight."""
    with ServedApp(lambda: service.Application([("/", handler)])) as served:
        with RawConnection(served.port) as connection:
            for _ in range(2):
                answer = connection.get("/")
                assert answer.status == 500
                assert sorted(answer.json) == ["error", "incident"]
        wait_until(lambda: served.application.requests_in_flight == 0)


def test_uncancelled_hands_results_and_errors_on():
    """Where nothing is cancelled it changes nothing."""

    async def outcomes():
        loop = asyncio.get_running_loop()
        good, bad = loop.create_future(), loop.create_future()
        good.set_result(1)
        bad.set_exception(KeyError("x"))
        with pytest.raises(KeyError):
            await service.uncancelled(bad)
        return await service.uncancelled(good)

    assert asyncio.run(outcomes()) == 1
