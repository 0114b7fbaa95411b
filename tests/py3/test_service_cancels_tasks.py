"""``async def`` handlers that are cancelled when their client has left, wherever they wait."""

from __future__ import absolute_import, division, print_function

import asyncio
import logging

import pytest
from programs import wait_until
from raw_client import request_bytes
from raw_server import RawServer
from served_app import ServedApp
from tornado import gen

import waterspout
from waterspout import service


class Inventory(waterspout.BaseSDK):
    @gen.coroutine
    def hosts(self):
        return (yield self.fetch_async("GET", "/hosts"))

    async def groups(self):
        return await self.fetch_async("GET", "/groups")


class Cancels(service.JSONHandler):
    cancel_without_client = True
    seen = None  # A list, for each test.

    async def get(self):
        self.seen.append("begins")
        try:
            self.write_json(await self.work())
        except BaseException as error:
            self.seen.append(type(error))
            raise
        finally:
            self.seen.append("cleans up")

    async def work(self):
        raise NotImplementedError


class Call(Cancels):
    async def work(self):
        return await self.upstream(Inventory).fetch_async("GET", "/hosts")


class OldMethod(Cancels):
    async def work(self):
        return await self.upstream(Inventory).hosts()


class NewMethod(Cancels):
    async def work(self):
        return await self.upstream(Inventory).groups()


class Gather(Cancels):
    async def work(self):
        sdk = self.upstream(Inventory)
        return await asyncio.gather(sdk.groups(), sdk.hosts(), sdk.fetch_async("GET", "/x"))


class Sleep(Cancels):
    async def work(self):
        await asyncio.sleep(60)


class Background(Cancels):
    """Has a task of its own make the call, and does not wait for that."""

    async def work(self):
        self.task = asyncio.ensure_future(self.upstream(Inventory).groups())
        await asyncio.sleep(60)


class Prepared(Call):
    async def prepare(self):
        await asyncio.sleep(0)


class Upload(service.StreamingHandler, Cancels):
    put = Cancels.get

    async def work(self):
        while await self.read_chunk():
            pass


HANDLERS = [Call, OldMethod, NewMethod, Gather, Sleep, Background, Prepared, Upload]


@pytest.fixture
def upstream():
    def never(peer):
        peer.read_request()
        peer.hold()

    with RawServer(never) as upstream:
        yield upstream


@pytest.fixture(params=service.HTTP_SERVERS)
def served(request, upstream, monkeypatch, caplog):
    caplog.set_level(logging.INFO, logger="tornado.access")
    monkeypatch.setattr(Cancels, "seen", [])

    def make_app():
        sdk = Inventory(upstream.address, bulkhead=waterspout.Bulkhead(5))
        return service.Application(
            [("/" + each.__name__, each) for each in HANDLERS], upstreams=[sdk])

    with ServedApp(make_app, http_server=request.param) as served:
        yield served
        wait_until(lambda: served.application.requests_in_flight == 0)
        (sdk,) = served.application.upstreams
        for numbers in sdk.session.stats().values():
            assert numbers["bulkhead_running"] == numbers["bulkhead_queued"] == 0
    records = caplog.get_records("call")
    assert [r.getMessage() for r in records if r.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("handler, calls", [
    (Call, 1), (OldMethod, 1), (NewMethod, 1), (Gather, 3), (Sleep, 0), (Background, 1),
    (Prepared, 1)])
def test_handler_is_cancelled_with_its_calls(served, upstream, caplog, handler, calls):
    """Its ``finally`` runs; the log has one line; the connections to the upstream end."""
    connection = served.connect()
    connection.send(request_bytes("GET", "/" + handler.__name__))
    wait_until(lambda: len(upstream.received) == calls and Cancels.seen)
    connection.socket.close()
    wait_until(lambda: "cleans up" in Cancels.seen)
    assert Cancels.seen == ["begins", asyncio.CancelledError, "cleans up"]
    wait_until(lambda: upstream.ended == calls, "the end of the connections to the upstream")

    def lines():
        return [r.getMessage() for r in caplog.records if r.name == "tornado.access"]

    (line,) = wait_until(lines)
    assert line.startswith("499 GET ") and line.endswith("the request was given up"), line


def test_upload_is_cancelled_while_it_waits_for_its_client(served):
    """The handler is told so, and not that the body has ended."""
    connection = served.connect()
    connection.send(b"PUT /Upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
    wait_until(lambda: Cancels.seen)
    connection.socket.close()
    wait_until(lambda: "cleans up" in Cancels.seen)
    assert Cancels.seen[1] is asyncio.CancelledError


def test_large_body_and_value_are_no_obstacle(served, upstream):
    """Decoding and encoding end when the client leaves, as ever."""
    connection = served.connect()
    connection.send(request_bytes("GET", "/Call", b'{"a": "' + b"x" * 100000 + b'"}'))
    wait_until(lambda: upstream.received)
    connection.socket.close()
    wait_until(lambda: "cleans up" in Cancels.seen)
    wait_until(lambda: upstream.ended == 1)
