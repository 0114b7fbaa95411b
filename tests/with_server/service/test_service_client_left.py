"""Clients that do not wait for their answer: what the log says, and that nothing is left behind."""

from __future__ import absolute_import, division, print_function

import logging
import re
import socket
import struct

import pytest
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp
from tornado import gen
from tornado.concurrent import Future

from waterspout import service

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
    """Sends pieces, each when the one before has been taken."""

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


ROUTES = [
    ("/wait", WaitHandler),
    ("/download", DownloadHandler),
    ("/careless", CarelessHandler),
    ("/at-once", AtOnceHandler),
]


@pytest.fixture
def served():
    WaitHandler.future = None
    with ServedApp(lambda: service.Application(ROUTES)) as served:
        yield served


def leave(connection, how):
    if how == "reset":
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.socket.close()


def access_lines(caplog):
    return [r.getMessage() for r in caplog.records if r.name == "tornado.access"]


@pytest.mark.parametrize("how", ["close", "reset"])
def test_log_says_499_how_long_and_what_came_of_it(served, caplog, how):
    """The request goes on; its line says when the client left and how it ended."""
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
        r"499 GET /wait \(127\.0\.0\.1\) [0-9.]+ms: "
        r"the client left after [0-9.]+ms, the request ended with 200\Z",
        line,
    ), line
    wait_until(lambda: served.application.requests_in_flight == 0)


@pytest.mark.parametrize("how", ["close", "reset", "never read"])
@pytest.mark.parametrize("path", ["/download", "/at-once", "/careless"])
def test_aborted_download_is_no_error(served, caplog, path, how):
    """No traceback, nothing in flight, nothing complained of later, and others are served."""
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


@pytest.mark.parametrize("how", ["close", "reset"])
def test_upload_that_breaks_off_is_a_line_in_the_log(served, caplog, how):
    """Its sender left, so it is 499; no handler ran."""
    caplog.set_level(logging.INFO, logger="tornado.access")
    connection = served.connect()
    connection.send(b"POST /wait HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    wait_until(lambda: served.application.requests_in_flight)
    leave(connection, how)
    (line,) = wait_until(lambda: access_lines(caplog))
    assert line.startswith("499 POST /wait (127.0.0.1) ")
    assert line.endswith("ms: the connection ended before the request was complete")
    assert served.application.requests_in_flight == 0
