"""Asynchronous generators as bodies: closed as soon as no more of them is wanted."""

from __future__ import absolute_import, division, print_function

import asyncio
import threading

import pytest
from client_fixtures import until
from differences import skip_if_limited
from raw_server import PATIENCE, answering, response

import waterspout
from waterspout.exceptions import Unsupported

PIECE = b"0123456789abcdef" * 4096  # 64 KiB


@pytest.fixture(autouse=True)
def only_where_they_can_be_sent(transport):
    skip_if_limited(transport, "futures_in_body")


@pytest.fixture
def deaf(serve):
    """A server that says this, and reads no byte of the body until the test ends."""
    over = threading.Event()

    def start(answer=b""):
        def behave(peer):
            peer._read_until(b"\r\n\r\n")
            peer.send(answer)
            over.wait(PATIENCE)

        return serve(behave)

    yield start
    over.set()


async def never():
    await asyncio.Event().wait()


class Body(object):
    """An asynchronous generator that notes what becomes of it."""

    def __init__(self, between=lambda: asyncio.sleep(0), finally_=None, piece=PIECE):
        self.begun = False
        self.ended = []
        self._between = between
        self._finally = finally_
        self._piece = piece

    async def pieces(self):
        try:
            while True:
                yield self._piece
                self.begun = True
                await self._between()
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            raise
        finally:
            if self._finally is not None:
                await self._finally()
            self.ended.append("closed")


def closed(client, body):
    client.wait_until(lambda: body.ended[-1:] == ["closed"])


def test_an_async_body_is_closed_when_the_server_reads_nothing(deaf, make_client):
    """While the error, and with it the request, is still held."""
    client, body = make_client(timeout=(5, 0.2)), Body()
    error = client.error_of("POST", deaf().url(), data=body.pieces())
    assert type(error) is waterspout.WriteTimeout
    closed(client, body)
    assert error.request.body is not None


def test_an_async_body_is_closed_where_it_waits(deaf, make_client, caplog):
    """A call that is cancelled does not leave it waiting; what it does then may wait again."""
    client = make_client(timeout=5)
    body = Body(never, finally_=lambda: asyncio.sleep(0))
    generator = body.pieces()

    async def cancelled():
        call = client.session.post(deaf().url(), data=generator)
        await until(lambda: body.begun)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    client.run(cancelled)
    closed(client, body)
    assert body.ended == ["cancelled", "closed"]
    assert caplog.records == []


def test_an_async_body_may_await_while_it_is_closed(deaf, make_client, caplog):
    """It is cancelled once, however many notice that no more of it is wanted."""
    client, go_on = make_client(timeout=5), []

    async def clean_up():
        while not go_on:
            await asyncio.sleep(0)

    body = Body(never, finally_=clean_up)

    async def cancelled():
        call = client.session.post(deaf().url(), data=body.pieces())
        await until(lambda: body.begun)
        call.cancel()
        await until(lambda: body.ended)
        for _ in range(20):
            await asyncio.sleep(0)
        go_on.append(True)

    client.run(cancelled)
    closed(client, body)
    assert body.ended == ["cancelled", "closed"]
    assert caplog.records == []


@pytest.mark.skipif(not hasattr(asyncio, "eager_task_factory"), reason="Python 3.12 has them")
def test_an_async_body_may_end_its_own_call_from_an_eager_task(deaf, make_client, caplog):
    """An eager task runs while the generator is asked for its next piece."""
    client, calls = make_client(timeout=5), []

    async def end_the_call():
        calls[0].cancel()

    async def cancelled():
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        try:
            calls.append(client.session.post(deaf().url(), data=body.pieces()))
            await until(calls[0].cancelled)
            await until(lambda: body.ended)
        finally:
            asyncio.get_running_loop().set_task_factory(None)

    body = Body(end_the_call)
    client.run(cancelled)
    assert body.ended == ["closed"]
    assert caplog.records == []


def test_an_async_body_is_closed_at_the_deadline(deaf, make_client):
    """It is the body that makes the server wait: the limit is that of the whole call."""
    client = make_client(timeout=waterspout.ClientTimeout(total=0.2))
    body = Body(never)
    error = client.error_of("POST", deaf().url(), data=body.pieces())
    assert type(error) is waterspout.exceptions.DeadlineExceeded
    closed(client, body)


def test_an_async_body_is_closed_when_the_response_comes_first(deaf, make_client, transport):
    """413 from a server that reads no further."""
    skip_if_limited(transport, "early_answer")
    refusal = response(b"no", 413, "Too Large", headers=[("Connection", "close")])
    client, body = make_client(timeout=5), Body()
    assert client.post(deaf(refusal).url(), data=body.pieces()).status_code == 413
    closed(client, body)


def test_an_async_body_is_closed_when_the_server_hangs_up(serve, make_client):
    """Half-way through the body."""

    def behave(peer):
        peer._read_until(b"\r\n\r\n")
        peer.reset()

    client, body = make_client(timeout=5), Body()
    client.error_of("POST", serve(behave).url(), data=body.pieces())
    closed(client, body)


def test_an_async_body_that_gives_no_bytes_is_closed(serve, make_client):
    """The call fails with what is wrong with its piece."""
    client, body = make_client(timeout=5), Body(piece="text")
    with pytest.raises((TypeError, Unsupported)) as caught:
        client.post(serve(answering(response(b"ok"))).url(), data=body.pieces())
    assert "str" in str(caught.value)
    closed(client, body)


def test_an_async_body_is_closed_with_its_session(deaf, make_client):
    """Calls under way fail then."""
    client = make_client(timeout=5)
    body = Body(never)

    async def closing():
        call = client.session.post(deaf().url(), data=body.pieces())
        await until(lambda: body.begun)
        await client.session.close()
        with pytest.raises(waterspout.ConnectionError):
            await call

    client.run(closing)
    closed(client, body)


def test_an_error_of_closing_an_async_body_is_logged(deaf, make_client, caplog):
    """The call fails with its own error."""

    async def fail():
        raise ValueError("cannot be closed")

    client, body = make_client(timeout=(5, 0.2)), Body(finally_=fail)
    generator = body.pieces()
    error = client.error_of("POST", deaf().url(), data=generator)
    assert type(error) is waterspout.WriteTimeout
    client.wait_until(lambda: caplog.records)
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert "cannot be closed" in str(record.exc_info[1])


def test_an_async_body_that_ended_is_not_closed_again(serve, make_client, caplog):
    """It has cleaned up by itself; the connection serves the next call."""
    ended = []

    async def pieces():
        try:
            for _ in range(3):
                yield PIECE
                await asyncio.sleep(0)
        finally:
            ended.append(True)

    server, client = serve(answering(response(b"ok"))), make_client(timeout=5)
    client.post(server.url(), data=pieces())
    client.get(server.url())
    assert (ended, server.received[0].body == PIECE * 3) == ([True], True)
    assert caplog.records == []


class Iterator(object):
    """An asynchronous iterator that is no generator: there is nothing to close."""

    def __init__(self):
        self.waiting = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.waiting += 1
        try:
            await never()
        finally:
            self.waiting -= 1


def test_the_pending_piece_of_an_iterator_is_cancelled(deaf, make_client, caplog):
    """The piece it waits for is cancelled."""
    client, body = make_client(timeout=waterspout.ClientTimeout(total=0.2)), Iterator()
    client.error_of("POST", deaf().url(), data=body)
    client.wait_until(lambda: body.waiting == 0)
    assert caplog.records == []


class Ends(object):
    """Its `__anext__` is a plain function, which may raise at once."""

    def __init__(self):
        self._left = [b"abc"]

    def __aiter__(self):
        return self

    def __anext__(self):
        if not self._left:
            raise StopAsyncIteration
        future = asyncio.Future()
        future.set_result(self._left.pop())
        return future


def test_an_async_iterator_may_end_without_waiting(serve, make_client):
    """The end is not taken for an error of the body."""
    server, client = serve(answering(response(b"ok"))), make_client(timeout=5)
    client.post(server.url(), data=Ends())
    assert server.received[0].body == b"abc"


def test_the_pending_coroutine_of_a_generator_is_cancelled(deaf, make_client):
    """The coroutine under way is cancelled, and the generator closed."""
    client, ended = make_client(timeout=waterspout.ClientTimeout(total=0.2)), []

    async def piece():
        try:
            await never()
        finally:
            ended.append("coroutine")

    def pieces():
        try:
            yield b"abc"
            yield piece()
        finally:
            ended.append("generator")

    generator = pieces()
    client.error_of("POST", deaf().url(), data=generator)
    client.wait_until(lambda: len(ended) == 2)
    assert sorted(ended) == ["coroutine", "generator"]
