"""PooledHTTPClient under ``asyncio.run``, ``async def`` and Tasks."""

from __future__ import absolute_import, division, print_function

import asyncio
import gc
import warnings

import pytest
from leftovers import open_descriptors
from raw_server import answering, response
from tornado.httpclient import AsyncHTTPClient
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from waterspout import PooledHTTPClient

OK = response(b"ok")


@pytest.fixture
def configured():
    AsyncHTTPClient.configure(PooledHTTPClient)
    yield
    AsyncHTTPClient.configure(None)


async def until(condition):
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it does not come true")


@pytest.mark.parametrize("ends", [
    lambda client: client.close(), lambda client: None], ids=["closed", "left"])
def test_each_asyncio_run_leaves_nothing_open(serve, configured, ends):
    """In silence, without the cycle collector; what an unclosed client of the loop leaves is
    closed at the first fetch of the next one.
    """
    server, before = serve(answering(OK)), open_descriptors()

    async def main():
        client = AsyncHTTPClient()
        assert (await client.fetch(server.url())).body == b"ok"
        ends(client)

    async def last():
        await AsyncHTTPClient(force_instance=True).fetch(server.url())

    gc.collect()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for _ in range(5):
                asyncio.run(main())
            asyncio.run(last())
    finally:
        gc.enable()
    server.close()
    assert open_descriptors() <= before


def test_a_client_for_each_task(serve):
    """Concurrent calls, each with a client of its own that it does not close."""
    server, before = serve(answering(OK)), open_descriptors()

    async def call():
        return (await PooledHTTPClient(force_instance=True).fetch(server.url())).body

    async def main():
        for _ in range(5):
            assert await asyncio.gather(*[call() for _ in range(20)]) == [b"ok"] * 20
        await until(lambda: all(peer.gone.is_set() for peer in server._peers))

    asyncio.run(main())
    server.close()
    assert open_descriptors() <= before


def traced(fetch):
    """What a tracer makes of ``fetch``: a coroutine function."""

    async def wrapper(self, *args, **kwargs):
        return await fetch(self, *args, **kwargs)

    return wrapper


@pytest.mark.parametrize("kind", [SimpleAsyncHTTPClient, PooledHTTPClient])
def test_fetch_may_be_a_coroutine_function(serve, monkeypatch, kind):
    """Its coroutine is awaited, made a Task or gathered, as with Tornado's own client."""
    server = serve(answering(OK))
    monkeypatch.setattr(AsyncHTTPClient, "fetch", traced(AsyncHTTPClient.fetch))

    async def main():
        client = kind(force_instance=True)
        assert (await client.fetch(server.url())).body == b"ok"
        assert (await asyncio.ensure_future(client.fetch(server.url()))).body == b"ok"
        answers = await asyncio.gather(*[client.fetch(server.url()) for _ in range(3)])
        assert [answer.body for answer in answers] == [b"ok"] * 3

    asyncio.run(main())


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_cancelled_task_ends_its_fetch_alone(serve, monkeypatch, caplog, wrapped):
    """The connection of that fetch is closed, the others' are not, and nothing is logged."""
    server = serve(lambda peer: peer.hold())
    if wrapped:
        monkeypatch.setattr(AsyncHTTPClient, "fetch", traced(AsyncHTTPClient.fetch))

    async def call(client):
        return await client.fetch(server.url())

    async def main():
        client = PooledHTTPClient(force_instance=True)
        tasks = [asyncio.ensure_future(call(client)) for _ in range(3)]
        await until(lambda: server.accepted == 3)
        tasks[1].cancel()
        await until(lambda: sum(peer.gone.is_set() for peer in server._peers) == 1)
        with pytest.raises(asyncio.CancelledError):
            await tasks[1]
        assert not tasks[0].done() and not tasks[2].done()
        for task in tasks:
            task.cancel()
        await until(lambda: all(peer.gone.is_set() for peer in server._peers))

    asyncio.run(main())
    assert caplog.text == ""
