"""What tracers and tests put around ``fetch`` and ``fetch_impl``, beside Tornado's own client."""

from __future__ import absolute_import, division, print_function

import functools
import threading

import pytest
import tornado
from pooled_client import BlockingClient
from raw_server import answering, response
from tornado import gen
from tornado.concurrent import Future
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, _RequestProxy
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from waterspout import PooledHTTPClient

OK = response(b"ok")

cancels = pytest.mark.skipif(
    tornado.version_info < (6,), reason="the Futures of Tornado 5.1 cannot be cancelled")


def by_coroutine(fetch):
    """What returns a Future of its own, as a Task is."""

    @functools.wraps(fetch)
    @gen.coroutine
    def wrapped(self, *args, **kwargs):
        answer = yield fetch(self, *args, **kwargs)
        raise gen.Return(answer)

    return wrapped


def later(fetch):
    """What begins the fetch when the caller has gone on already."""

    @functools.wraps(fetch)
    @gen.coroutine
    def wrapped(self, *args, **kwargs):
        yield gen.moment
        answer = yield fetch(self, *args, **kwargs)
        raise gen.Return(answer)

    return wrapped


def by_task(fetch):
    """What returns an asyncio Task: cancelling it cancels the Future that it waits for."""
    asyncio = pytest.importorskip("asyncio")

    def wrapped(self, *args, **kwargs):
        # A generator-based coroutine: `async def` does not compile on Python 2.7.
        return asyncio.ensure_future(awaiting(lambda: fetch(self, *args, **kwargs)))

    return wrapped


class awaiting(object):
    """An awaitable that calls ``begin`` when it is awaited, and awaits what that returns."""

    def __init__(self, begin):
        self._begin = begin

    def __await__(self):
        return self._begin().__await__()


WRAPPERS = {"coroutine": by_coroutine, "later": later, "Task": by_task}


@pytest.fixture(params=sorted(WRAPPERS))
def wrapped(request, monkeypatch):
    monkeypatch.setattr(AsyncHTTPClient, "fetch", WRAPPERS[request.param](AsyncHTTPClient.fetch))


@pytest.fixture(params=[SimpleAsyncHTTPClient, PooledHTTPClient])
def client(request, io_loop):
    client = BlockingClient(io_loop, request.param)
    yield client
    client.close()


def test_a_wrapped_fetch_gives_its_response(serve, client, wrapped):
    """Whatever ``fetch`` returns now, the response comes of it."""
    server = serve(answering(OK))
    assert [client.fetch(server.url()).body for _ in range(3)] == [b"ok"] * 3


@cancels
@pytest.mark.parametrize("name", ["Task", "plain"])
def test_cancelling_ends_that_fetch_alone(serve, pooled, monkeypatch, name):
    """The first and the third go on when the second is cancelled."""
    if name == "Task":
        monkeypatch.setattr(AsyncHTTPClient, "fetch", by_task(AsyncHTTPClient.fetch))
    gates = {}
    server = serve(lambda peer: [
        peer.hold() if request.target == "/1" else (
            gates[request.target].wait(30), peer.send(OK))
        for request in peer.requests()])
    gates.update(("/%d" % number, threading.Event()) for number in range(3))
    client = pooled()
    futures = client.begin_all([server.url("/%d" % number) for number in range(3)])
    client.wait_until(lambda: len(server.received) == 3)
    assert futures[1].cancel()
    client.wait_until(lambda: client.counts()["active"] == 2)
    for gate in gates.values():
        gate.set()
    assert [client.wait_for(futures[number]).body for number in (0, 2)] == [b"ok"] * 2


@cancels
def test_cancelling_ends_a_fetch_whose_fetch_impl_is_wrapped(serve, pooled, monkeypatch):
    """As vcrpy does it: the callback is called by another one."""
    fetch_impl = PooledHTTPClient.fetch_impl

    def recording(self, request, callback):
        def new_callback(response):
            return callback(response)

        return fetch_impl(self, request, new_callback)

    monkeypatch.setattr(PooledHTTPClient, "fetch_impl", recording)
    server, client = serve(lambda peer: peer.hold()), pooled()
    future = client.begin(server.url())
    client.wait_until(lambda: server.accepted)
    assert future.cancel()
    client.wait_until(lambda: client.counts()["active"] == 0)


def test_a_future_of_a_wrapper_does_not_end_the_fetch(serve, pooled, monkeypatch):
    """A wrapped fetch_impl may have one of its own, even by the name that Tornado's has."""
    fetch_impl = PooledHTTPClient.fetch_impl

    def counting(self, request, callback):
        future = Future()
        future.set_result("counted")

        def new_callback(response):
            assert future.result() == "counted"
            return callback(response)

        return fetch_impl(self, request, new_callback)

    monkeypatch.setattr(PooledHTTPClient, "fetch_impl", counting)
    server = serve(answering(OK))
    assert pooled().fetch(server.url()).body == b"ok"


def test_a_wrapper_with_an_empty_closure_cell_is_accepted(serve, pooled):
    """It is looked into, and what it does not hold yet is not missed."""
    server, client, answers = serve(answering(OK)), pooled(), []
    request = _RequestProxy(HTTPRequest(server.url()), client.client.defaults)

    def fetch():
        client.client.fetch_impl(request, lambda response: callback(response))
        callback = answers.append

    client.run(fetch)
    client.wait_until(lambda: answers)


@pytest.mark.parametrize("callback", [
    functools.partial(list.append, []), [].append, lambda response: None],
    ids=["partial", "builtin", "function"])
def test_fetch_impl_takes_any_callback(serve, pooled, callback):
    """Not only that of ``fetch``."""
    server, client = serve(answering(OK)), pooled()
    request = _RequestProxy(HTTPRequest(server.url()), client.client.defaults)
    client.run(lambda: client.client.fetch_impl(request, callback))
    client.wait_until(lambda: client.counts().get("idle") == 1)
