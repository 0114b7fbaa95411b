"""AppTransport and patch_fetch under asyncio: tasks, cancelling, `async for`, contexts."""

from __future__ import absolute_import, division, print_function

import asyncio
import contextvars
import gc
import warnings

import pytest
from scripted_transport import ScriptedTransport
from tornado import web

import waterspout
from waterspout import PooledHTTPClient
from waterspout.testing import AppTransport, patch_fetch
from waterspout.testing._exchanges.answer import Answer


async def until(condition):
    for _ in range(10000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it does not come true")


class Waits(web.RequestHandler):

    def initialize(self, events):
        self.events = events

    async def get(self):
        self.events.append("started")
        await asyncio.sleep(60)

    def on_connection_close(self):
        self.events.append("on_connection_close")


def waiting(events):
    return AppTransport(web.Application([("/", Waits, {"events": events})]))


def test_a_cancelled_call_is_a_disconnect():
    async def main():
        events = []
        async with waterspout.Session(transport=waiting(events)) as session:
            task = asyncio.ensure_future(session.get("http://a.test/"))
            await until(lambda: events)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await until(lambda: len(events) == 2)
        return events

    assert asyncio.run(main()) == ["started", "on_connection_close"]


def test_a_cancelled_fetch_is_a_disconnect():
    async def main():
        events = []
        with patch_fetch(waiting(events)):
            future = PooledHTTPClient().fetch("http://a.test/")
            await until(lambda: events)
            future.cancel()
            await until(lambda: len(events) == 2)
        return events

    assert asyncio.run(main()) == ["started", "on_connection_close"]


@pytest.mark.parametrize("answer", [
    Answer(never=True), Answer(head_delay=60), Answer(pieces=[(0, b"a"), (60, b"b")])])
def test_a_cancelled_fetch_ends_the_transports_exchange(answer):
    """Before the response's head, and within its body."""
    async def main():
        transport = ScriptedTransport(answer)
        with patch_fetch(transport):
            future = PooledHTTPClient().fetch("http://a.test/")
            await until(lambda: transport.sent)
            for _ in range(20):
                await asyncio.sleep(0)
            future.cancel()
            await until(lambda: transport.finished)

    asyncio.run(main())


def test_streams_both_ways():
    """An asynchronous generator as the body, and ``async for`` over the response."""
    @web.stream_request_body
    class Echo(web.RequestHandler):
        async def data_received(self, chunk):
            self.write(chunk)
            await self.flush()

        def post(self):
            pass

    async def body():
        for number in range(50):
            await asyncio.sleep(0)
            yield b"%d;" % number * 5000

    async def main():
        transport = AppTransport(web.Application([("/", Echo)]))
        async with waterspout.Session(transport=transport) as session:
            async with await session.post("http://a.test/", data=body(), stream=True) as response:
                return b"".join([piece async for piece in response.iter_content()])

    assert asyncio.run(main()) == b"".join(b"%d;" % number * 5000 for number in range(50))


variable = contextvars.ContextVar("variable", default="default")


class Context(web.RequestHandler):

    def get(self):
        self.write(variable.get())
        variable.set("of the handler")


def test_the_context_is_that_in_which_it_was_made():
    """Neither the caller's, nor the one of the request before."""
    async def main():
        async with waterspout.Session(transport=transport) as session:
            variable.set("of the call")
            first = (await session.get("http://a.test/")).text
            second = (await session.get("http://a.test/")).text
            return first, second, variable.get()

    token = variable.set("of the test")
    try:
        transport = AppTransport(web.Application([("/", Context)]))
    finally:
        variable.reset(token)
    assert asyncio.run(main()) == ("of the test", "of the test", "of the call")


@pytest.mark.parametrize("closes", [True, False])
def test_nothing_is_left(closes):
    """In silence, with a session that is closed or not, and calls that have not ended."""
    async def main():
        session = waterspout.Session(transport=waiting([]))
        call = session.get("http://a.test/")
        await asyncio.sleep(0)
        if closes:
            await session.close()
            with pytest.raises(waterspout.ConnectionError):
                await call
        else:
            call.cancel()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            asyncio.run(main())
        gc.collect()
