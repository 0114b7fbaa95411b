"""Calls where asyncio takes Futures, and where it takes nothing but coroutines."""

from __future__ import absolute_import, division, print_function

import asyncio

import pytest
from client_fixtures import until
from raw_server import answering, response

import waterspout

needs_task_groups = pytest.mark.skipif(
    not hasattr(asyncio, "TaskGroup"), reason="asyncio.TaskGroup came with Python 3.11")


@pytest.fixture
def server(serve):
    return serve(answering(response(b"ok")))


async def status_of(session, url):
    response = await session.get(url)
    return response.status_code


def test_a_call_is_a_future_of_asyncio(server, client):
    """asyncio takes it as it is, without a Task around it."""

    async def calls():
        call = client.session.get(server.url())
        assert isinstance(call, asyncio.Future)
        assert asyncio.isfuture(call) and not asyncio.iscoroutine(call)
        assert asyncio.ensure_future(call) is call
        assert (await call).content == b"ok"

    client.run(calls)


@pytest.mark.parametrize("wait", [
    lambda call: asyncio.gather(call),
    lambda call: asyncio.wait([call]),
    lambda call: asyncio.wait_for(call, 30),
    lambda call: asyncio.shield(call),
    lambda call: next(asyncio.as_completed([call])),
], ids=["gather", "wait", "wait_for", "shield", "as_completed"])
def test_functions_of_asyncio_take_calls(server, client, wait):
    """`asyncio.wait` refuses what is a coroutine to it: a call may not be one."""

    async def calls():
        call = client.session.get(server.url())
        await wait(call)
        return call.result().content

    assert client.run(calls) == b"ok"


def advice(caught):
    text = str(caught.value)
    assert "a coroutine was expected" in text
    assert "await it" in text and "asyncio.ensure_future(it)" in text
    assert "async def" in text
    return True


def test_the_error_of_create_task_says_what_to_write(server, client):
    """asyncio's error shows the call, which says it."""

    async def calls():
        call = client.session.get(server.url())
        with pytest.raises(TypeError) as caught:
            asyncio.create_task(call)
        assert advice(caught)
        return await call  # It has started, and nothing is lost.

    assert client.run(calls).content == b"ok"


@needs_task_groups
def test_the_error_of_a_task_group_says_what_to_write(server, client):
    """In the same words."""

    async def calls():
        call = client.session.get(server.url())
        async with asyncio.TaskGroup() as group:
            with pytest.raises(TypeError) as caught:
                group.create_task(call)
        assert advice(caught)
        return await call

    assert client.run(calls).content == b"ok"


def test_a_coroutine_around_a_call_is_a_task(server, client):
    """What README says to write."""

    async def calls():
        tasks = [asyncio.create_task(status_of(client.session, server.url())) for _ in range(3)]
        return [await task for task in tasks]

    assert client.run(calls) == [200, 200, 200]


@needs_task_groups
def test_a_task_group_ends_its_calls(serve, make_client, transport):
    """One that fails cancels the others, and they let go of their connections."""

    def behave(peer):
        for request in peer.requests():
            if request.target == "/hangs":
                peer.hold()
                return
            peer.send(response(b"ok"))

    server, client = serve(behave), make_client(timeout=30)

    async def fails():
        raise KeyError("fails")

    async def calls():
        with pytest.raises(ExceptionGroup):  # noqa: F821
            async with asyncio.TaskGroup() as group:
                group.create_task(status_of(client.session, server.url("/hangs")))
                await until(lambda: server.received)  # Or it could connect behind `hang_up`.
                await client.session.get(server.url())
                group.create_task(fails())

    client.run(calls)
    server.hang_up()  # A thread waits for it.
    client.wait_until_idle()


def test_the_repr_of_a_done_call_is_that_of_asyncio(server, client):
    """Its repr is asyncio's when it is done."""

    async def calls():
        call = client.session.get(server.url())
        assert "has started" in repr(call)
        assert repr(call).startswith("<Call pending")
        await call
        return repr(call)

    assert client.run(calls) == "<Call finished result=<Response [200]>>"


def test_module_functions_return_calls_as_well(server, client):
    """``waterspout.get`` and the functions beside it."""

    async def calls():
        try:
            return [each.content for each in await asyncio.gather(
                waterspout.get(server.url()), waterspout.get(server.url()))]
        finally:
            await waterspout.default_session().close()

    assert client.run(calls) == [b"ok", b"ok"]
