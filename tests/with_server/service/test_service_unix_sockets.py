"""A service on a unix socket, as behind a proxy on the same machine."""

from __future__ import absolute_import, division, print_function

import logging
import os
import shutil
import tempfile

import pytest
from noting_observer import NotingObserver
from tornado.ioloop import IOLoop

import waterspout
from waterspout import service
from waterspout._compat import close_without_waiting


class Handler(service.JSONHandler):
    def get(self):
        request = self.request
        self.write_json({"ip": request.remote_ip, "protocol": request.protocol,
                         "host": request.host})

    def post(self):
        self.write_json(self.read_json_object())


@pytest.fixture
def path():
    """In a short folder: the path of a unix socket has about a hundred characters."""
    folder = tempfile.mkdtemp()
    yield os.path.join(folder, "service.sock")
    shutil.rmtree(folder)


def make_app():
    return service.Application([("/", Handler)], observers=[NotingObserver()])


def test_requests_are_answered_and_logged(serve, path, caplog):
    """``remote_ip`` is what Tornado gives; it is an IP address for handlers that parse it."""
    caplog.set_level(logging.INFO, logger="tornado.access")
    logging.getLogger("tornado.access").setLevel(logging.INFO)
    try:
        with serve(make_app, path=path) as served, served.connect() as connection:
            assert connection.get("/").json == {
                "ip": "0.0.0.0", "protocol": "http", "host": "test"}
            assert connection.post("/", b'{"a": 1}').json == {"a": 1}
            assert connection.post("/", b"[]").status == 400
    finally:
        logging.getLogger("tornado.access").setLevel(logging.CRITICAL)
    lines = [record.getMessage() for record in caplog.records if record.name == "tornado.access"]
    assert [line.partition(")")[0] for line in lines] == [
        "200 GET / (unix", "200 POST / (unix", "400 POST / (unix"]


def test_session_calls_the_service(serve, path):
    """Waterspout's own client knows unix sockets."""
    io_loop = IOLoop(make_current=False)
    try:
        with serve(make_app, path=path):
            session = waterspout.Session(unix_socket=path)
            response = io_loop.run_sync(lambda: session.get("http://service.local/", timeout=30))
            assert response.json()["host"] == "service.local"
            io_loop.run_sync(session.close)
    finally:
        close_without_waiting(io_loop)


def test_connections_that_wait_at_a_stop_are_answered(serve, path):
    """They are accepted first, as those of a port are."""
    with serve(make_app, path=path) as served:
        assert served.statuses_of_waiting_connections(50) == [200] * 50


def test_file_of_a_service_that_ended_is_replaced_by_the_next(serve, path):
    """The first one leaves it, since a new release may use it already."""
    for _ in range(2):
        with serve(make_app, path=path) as served, served.connect() as connection:
            assert connection.get("/").status == 200
        assert os.path.exists(path)
