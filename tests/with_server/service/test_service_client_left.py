"""Clients that leave before the response: log lines, and nothing stays in flight."""

from __future__ import absolute_import, division, print_function

import logging
import re
import socket
import struct

import pytest
import tornado
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp
from tornado import gen
from tornado.concurrent import Future

from waterspout import service
from waterspout._compat import FUTURES_CANCEL

ENOUGH = 64  # MiB; more than the buffers of two sockets


class WaitHandler(service.JSONHandler):
    """Waits for a Future that the test settles."""

    future = None

    @gen.coroutine
    def get(self):
        WaitHandler.future = Future()
        yield WaitHandler.future
        self.write_json({})


class DownloadHandler(service.JSONHandler):
    """Sends pieces, each after the one before was sent."""

    @gen.coroutine
    def get(self):
        for _ in range(ENOUGH):
            self.write(b"x" * 1024 * 1024)
            yield self.flush()


class CarelessHandler(service.JSONHandler):
    """Sends a piece without waiting, and then waits for something else."""

    @gen.coroutine
    def get(self):
        self.write(b"x" * 1024 * 1024 * ENOUGH)
        self.flush()
        WaitHandler.future = Future()
        yield WaitHandler.future


class AtOnceHandler(service.JSONHandler):
    def get(self):
        self.write_json("x" * 1024 * 1024 * ENOUGH)


class CancellingHandler(service.JSONHandler):
    """Cancels what it waits for when the client leaves, as docs/service.md says."""

    def begin(self):
        WaitHandler.future = Future()
        return WaitHandler.future

    def on_connection_close(self):
        super(CancellingHandler, self).on_connection_close()
        WaitHandler.future.cancel()


class FinishAfterHandler(CancellingHandler):
    def get(self):
        self.finish_after(self.begin(), self.answer)

    def answer(self, future):
        self.write_json(future.result())


class UncancelledHandler(CancellingHandler):
    @gen.coroutine
    def get(self):
        self.write_json((yield service.uncancelled(self.begin())))


class CoroutineHandler(CancellingHandler):
    @gen.coroutine
    def get(self):
        self.write_json((yield self.begin()))


ROUTES = [
    ("/finish-after", FinishAfterHandler),
    ("/uncancelled", UncancelledHandler),
    ("/coroutine", CoroutineHandler),
    ("/wait", WaitHandler),
    ("/download", DownloadHandler),
    ("/careless", CarelessHandler),
    ("/at-once", AtOnceHandler),
]


@pytest.fixture
def served(http_server):
    WaitHandler.future = None
    with ServedApp(lambda: service.Application(ROUTES), http_server=http_server) as served:
        yield served


def leave(connection, how):
    if how == "reset":
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.socket.close()


def access_lines(caplog):
    return [r.getMessage() for r in caplog.records if r.name == "tornado.access"]


@pytest.mark.parametrize("how", ["close", "reset"])
def test_access_log_has_499_when_the_client_left_and_the_outcome(served, caplog, how):
    """The handler runs on; the line has the time and the status it ended with."""
    caplog.set_level(logging.INFO, logger="tornado.access")
    connection = served.connect()
    connection.send(request_bytes("GET", "/wait"))
    wait_until(lambda: WaitHandler.future)
    leave(connection, how)
    served.wait_until_clients_left()
    assert access_lines(caplog) == []
    served.call(lambda: WaitHandler.future.set_result(None))
    (line,) = wait_until(lambda: access_lines(caplog))
    assert re.match(
        r"499 GET /wait \(127\.0\.0\.1\) [0-9.]+ms id=[0-9a-f]{32}: "
        r"the client left after [0-9.]+ms, the request ended with 200\Z",
        line,
    ), line
    wait_until(lambda: served.application.requests_in_flight == 0)


@pytest.mark.parametrize("how", ["close", "reset", "never read"])
@pytest.mark.parametrize("path", ["/download", "/at-once", "/careless"])
def test_aborted_download_is_not_logged_as_an_error(served, caplog, path, how):
    """No traceback, nothing in flight, no warning later; other clients are served."""
    caplog.set_level(logging.INFO, logger="tornado.access")
    connection = served.connect()
    connection.send(request_bytes("GET", path))
    if how != "never read":
        assert connection.socket.recv(1000)
    elif path == "/careless":
        wait_until(lambda: WaitHandler.future)
    leave(connection, how)
    if path == "/careless":
        wait_until(lambda: WaitHandler.future)
        served.wait_until_clients_left()
        served.call(lambda: WaitHandler.future.set_result(None))
    (line,) = wait_until(lambda: access_lines(caplog))
    if path == "/download":
        assert line.startswith("499 GET /download ") and line.endswith("was given up"), line
    wait_until(lambda: served.application.requests_in_flight == 0)
    with served.connect() as other:
        assert other.get("/nowhere").status == 404
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == []


@pytest.mark.skipif(not FUTURES_CANCEL, reason="Futures of Tornado 5.1 cannot be cancelled")
@pytest.mark.parametrize("path", ["/finish-after", "/uncancelled", "/coroutine"])
def test_a_call_that_is_cancelled_because_the_client_left_is_no_error(served, caplog, path):
    """One line in the access log, and no incident."""
    if path == "/coroutine" and tornado.version_info < (6, 5):
        pytest.skip("before Tornado 6.5 it is never resumed")
    caplog.set_level(logging.INFO, logger="tornado.access")
    connection = served.connect()
    connection.send(request_bytes("GET", path))
    wait_until(lambda: WaitHandler.future)
    leave(connection, "close")
    (line,) = wait_until(lambda: access_lines(caplog))
    assert line.startswith("499 GET %s " % path) and line.endswith("was given up"), line
    wait_until(lambda: served.application.requests_in_flight == 0)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("how", ["close", "reset"])
def test_incomplete_upload_is_one_line_in_the_access_log(served, caplog, how):
    """With 499; no handler ran."""
    caplog.set_level(logging.INFO, logger="tornado.access")
    connection = served.connect()
    connection.send(b"POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    wait_until(lambda: served.application.requests_in_flight)
    leave(connection, how)
    (line,) = wait_until(lambda: access_lines(caplog))
    assert line.startswith("499 POST /wait (127.0.0.1) ")
    assert re.search(
        "ms id=[0-9a-f]{32}: the connection ended before the request was complete$", line)
    assert served.application.requests_in_flight == 0
