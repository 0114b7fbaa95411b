"""Calls that are cancelled, in each phase, on each transport; contexts of observers."""

from __future__ import absolute_import, division, print_function

import asyncio
import contextvars

import pytest
from noting_observer import NotingObserver
from raw_client import request_bytes
from raw_server import PATIENCE, Peer, answering, response, then
from served_app import ServedApp
from tornado import gen

import waterspout
from waterspout import service
from waterspout.instrumentation import Observer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"


@pytest.fixture
def observer():
    return NotingObserver()


async def until(condition):
    while not condition():
        await asyncio.sleep(0.002)


@pytest.mark.parametrize("phase", ["at once", "queue", "first byte", "body", "upload"])
def test_cancelled(serve, make_client, observer, phase):
    """Once, with the time until then; the connection is given back."""
    scripts = {"body": then(HEAD, Peer.hold), "at once": answering(response(b"x"))}
    # A thread may connect after the cancel: to a server that holds, it would wait for its timeout.
    server = serve(scripts.get(phase, then(Peer.hold)))
    client = make_client(observers=[observer], max_connections=1, max_workers=1)

    async def run():
        data = None
        if phase == "upload":
            if client.transport == "threads":
                return
            data = waiting_pieces()
        calls = [client.session.post(server.url(), data=data)]
        if phase == "queue":
            calls.insert(0, client.session.get(server.url()))
            await until(lambda: "queued" in observer.names)
        elif phase == "body":
            await until(lambda: "first_byte" in observer.names
                        or client.transport == "threads" and server.received)
        elif phase != "at once":
            await until(lambda: server.received)
        for call in calls:
            assert call.cancel() and not call.cancel()
        for call in calls:
            with pytest.raises(asyncio.CancelledError):
                await call
        await until(observer.is_balanced)
        assert observer.ends == ["call_cancelled"] * len(calls)
        assert all(each.seconds >= 0 and each.exchanges == ()
                   for each in observer.details("call_cancelled"))

    client.run(lambda: gen.convert_yielded(run()))
    server.hang_up()
    client.wait_until_idle()


async def waiting_pieces():
    yield b"ab"
    await asyncio.Event().wait()


def test_cancelled_while_a_hook_waits(serve, make_client, observer):
    """The exchange has a response, which the hook had."""
    client = make_client(observers=[observer])
    url = serve(answering(response(b"x"))).url()

    async def run():
        entered = asyncio.Event()

        async def hook(answer, **kwargs):
            entered.set()
            await asyncio.Event().wait()

        call = client.session.get(url, hooks={"response": hook})
        await entered.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    client.run(lambda: gen.convert_yielded(run()))
    name, cancelled = observer.end
    assert name == "call_cancelled"
    assert [each.status_code for each in cancelled.exchanges] == [200]


def test_a_call_of_an_sdk_that_is_cancelled(serve, io_loop, observer):
    """While its large JSON is encoded nothing has started; after that it is cancelled once."""
    server = serve(then(Peer.hold))

    async def run():
        sdk = waterspout.BaseSDK(server.address, observers=[observer])
        early = sdk.fetch_async("POST", "/a", json=["x" * 10] * 100000)
        early.cancel()
        call = sdk.fetch_async("GET", "/a/{b}", path={"b": 1})
        await until(lambda: server.received)
        call.cancel()
        await asyncio.gather(early, call, return_exceptions=True)
        await sdk.close()

    io_loop.run_sync(run, timeout=PATIENCE)
    assert observer.end[0] == "call_cancelled"
    assert observer.end[1].call.operation == "/a/{b}"


@pytest.mark.parametrize("name", ["call_started", "call_connected", "call_sent",
                                  "call_first_byte", "call_done", "call_failed"])
def test_an_observer_that_cancels_the_call(serve, make_client, observer, name):
    """From every method: one end."""
    calls = []

    def cancel(self, detail):
        for call in calls:
            call.cancel()

    client = make_client(
        observers=[observer, type("Duck", (object,), {name: cancel})()], timeout=(PATIENCE, 0.3))
    server = serve(then(Peer.hold) if name == "call_failed" else answering(response(b"x")))

    async def run():
        for _ in range(2):
            calls.append(client.session.get(server.url()))
        await asyncio.gather(*calls, return_exceptions=True)
        await until(observer.is_balanced)

    client.run(lambda: gen.convert_yielded(run()))
    assert len(observer.ends) == 2


def test_a_call_that_times_out_outside(serve, make_client, observer):
    """asyncio.wait_for cancels it."""
    client = make_client(observers=[observer])
    url = serve(then(Peer.hold)).url()

    async def run():
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.session.get(url), 0.1)

    client.run(lambda: gen.convert_yielded(run()))
    assert observer.ends == ["call_cancelled"]


VARIABLE = contextvars.ContextVar("variable", default=None)


class Sets(Observer):
    def run_request(self, request, run):
        token = VARIABLE.set(request.request_id)
        try:
            run()
        finally:
            VARIABLE.reset(token)


class Echo(service.JSONHandler):
    async def get(self):
        await asyncio.sleep(0)
        self.write_json(VARIABLE.get())

    async def post(self):
        self.read_json_object()
        await asyncio.sleep(0)
        self.write_json(VARIABLE.get())


class Later(service.JSONHandler):
    def get(self):
        future = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.set_result, None)
        self.finish_after(future, lambda done: self.write_json(VARIABLE.get()))


@pytest.mark.parametrize("http_server", service.HTTP_SERVERS)
@pytest.mark.parametrize("path, size", [("/", None), ("/later", None), ("/", 10), ("/", 300000)])
def test_run_request_sets_context_variables(http_server, path, size):
    """The handler has them to its end, also after a large body was decoded in turns."""
    body = None if size is None else b'{"a": "' + b"x" * size + b'"}'

    def make():
        return service.Application([("/", Echo), ("/later", Later)], observers=[Sets()])

    with ServedApp(make, http_server=http_server) as served:
        with served.connect() as connection:
            for number in range(3):
                connection.send(request_bytes(
                    "GET" if body is None else "POST", path, body,
                    [("X-Request-ID", "id%d" % number)]))
                assert connection.read_answer().json == "id%d" % number
