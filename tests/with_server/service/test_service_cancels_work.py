"""Handlers whose work ends when their client has left, on each HTTP server, with a real upstream:
its connections are seen to be closed."""

from __future__ import absolute_import, division, print_function

import logging
import socket
import struct

import pytest
from programs import wait_until
from raw_client import request_bytes
from raw_server import RawServer
from tornado import gen

import waterspout
from waterspout import service


class Inventory(waterspout.BaseSDK):
    @gen.coroutine
    def hosts(self):
        """A method of an SDK, as most are: the handler does not wait for the call itself."""
        hosts = yield self.fetch_async("GET", "/hosts")
        raise gen.Return(hosts)


class Cancels(service.JSONHandler):
    cancel_without_client = True
    seen = None  # A list, for each test.

    def on_finish(self):
        self.seen.append(self.get_status())


class CoroutineHandler(Cancels):
    @gen.coroutine
    def get(self):
        self.write_json((yield self.upstream(Inventory).hosts()))


class FinishAfterHandler(Cancels):
    def get(self):
        call = self.upstream(Inventory).fetch_async("GET", "/hosts")
        self.finish_after(call, lambda call: self.write_json(call.result()))


class FinishAfterMethodHandler(Cancels):
    def get(self):
        self.finish_after(
            self.upstream(Inventory).hosts(), lambda call: self.write_json(call.result()))


class SeveralHandler(Cancels):
    @gen.coroutine
    def get(self):
        sdk = self.upstream(Inventory)
        self.write_json((yield [sdk.hosts(), sdk.fetch_async("GET", "/more"), sdk.hosts()]))


class PreparedHandler(CoroutineHandler):
    """Is run by Tornado's own code, because it has a coroutine before its method."""

    @gen.coroutine
    def prepare(self):
        yield gen.moment


class StubbornHandler(Cancels):
    """Tries again, whatever happens."""

    @gen.coroutine
    def get(self):
        for _ in range(3):
            try:
                yield self.upstream(Inventory).hosts()
            except service.CallCancelled:
                self.seen.append("cancelled")
        raise service.CallCancelled()


class UploadHandler(service.StreamingHandler, CoroutineHandler):
    @gen.coroutine
    def put(self):
        yield self.read_chunk()
        yield self.upstream(Inventory).hosts()


class GoesOnHandler(CoroutineHandler):
    cancel_without_client = False


HANDLERS = [CoroutineHandler, FinishAfterHandler, FinishAfterMethodHandler, SeveralHandler,
            PreparedHandler, StubbornHandler, UploadHandler, GoesOnHandler]


class Upstream(RawServer):
    """Never answers, unless ``answers`` is set."""

    def __init__(self):
        super(Upstream, self).__init__(self._behaves)
        self.answers = False

    def _behaves(self, peer):
        while True:
            peer.read_request()
            if self.answers:
                peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            else:
                peer.hold()


@pytest.fixture
def upstream():
    with Upstream() as upstream:
        yield upstream


@pytest.fixture
def served(serve, upstream, monkeypatch, caplog):
    caplog.set_level(logging.INFO, logger="tornado.access")
    monkeypatch.setattr(Cancels, "seen", [])

    def make_app():
        sdk = Inventory(upstream.address, bulkhead=waterspout.Bulkhead(5))
        return service.Application(
            [("/" + each.__name__[:-7].lower(), each) for each in HANDLERS], upstreams=[sdk],
            overload=service.Overload(max_requests=10))

    with serve(make_app) as served:
        yield served
        wait_until(lambda: served.application.requests_in_flight == 0)
        assert served.application.admission.stats()["requests_running"] == 0
        (sdk,) = served.application.upstreams
        for numbers in sdk.session.stats().values():
            assert numbers["bulkhead_running"] == numbers["bulkhead_queued"] == 0
    records = caplog.get_records("call")
    assert [r.getMessage() for r in records if r.levelno >= logging.WARNING] == []


def leave(connection, how):
    if how == "reset":
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.socket.close()


def access_lines(caplog):
    return [r.getMessage() for r in caplog.records if r.name == "tornado.access"]


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("path, calls", [
    ("coroutine", 1), ("finishafter", 1), ("finishaftermethod", 1), ("several", 3),
    ("prepared", 1)])
def test_calls_end_when_the_client_leaves(served, upstream, caplog, path, calls, how):
    """Also where the handler waits for a method that makes the call. On Python 2.7, too."""
    connection = served.connect()
    connection.send(request_bytes("GET", "/" + path))
    wait_until(lambda: len(upstream.received) == calls)
    leave(connection, how)
    wait_until(lambda: upstream.ended == calls, "the end of the connections to the upstream")
    (line,) = wait_until(lambda: access_lines(caplog))
    assert line.startswith("499 GET /%s " % path) and line.endswith("was given up"), line
    assert Cancels.seen == [499]


def test_calls_that_begin_later_fail(served, upstream):
    """A handler that tries again does not get far."""
    connection = served.connect()
    connection.send(request_bytes("GET", "/stubborn"))
    wait_until(lambda: upstream.received)
    leave(connection, "close")
    wait_until(lambda: len(Cancels.seen) == 4)
    assert Cancels.seen == ["cancelled"] * 3 + [499]
    assert len(upstream.received) == 1


def test_streamed_upload_ends_when_its_client_leaves(served, upstream):
    connection = served.connect()
    connection.send(request_bytes("PUT", "/upload", b"body"))
    wait_until(lambda: upstream.received)
    leave(connection, "close")
    wait_until(lambda: Cancels.seen == [499])
    wait_until(lambda: upstream.ended == 1)


def test_work_goes_on_if_the_handler_does_not_ask_for_that(served, upstream, caplog):
    connection = served.connect()
    connection.send(request_bytes("GET", "/goeson"))
    wait_until(lambda: upstream.received)
    leave(connection, "close")
    served.wait_until_clients_left()
    assert access_lines(caplog) == [] and upstream.ended == 0
    upstream.hang_up()
    (line,) = wait_until(lambda: access_lines(caplog))
    assert "the request ended with 502" in line
    caplog.clear()


def test_connection_of_a_call_that_was_not_cancelled_is_used_again(served, upstream):
    upstream.answers = True
    with served.connect() as connection:
        for _ in range(3):
            assert connection.get("/coroutine").json == {}
    wait_until(lambda: Cancels.seen == [200] * 3)
    assert upstream.accepted == 1
