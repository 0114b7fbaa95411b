"""Two instances on one port (SO_REUSEPORT): one leaves, and no client notices."""

from __future__ import absolute_import, division, print_function

import signal
import socket
import sys
import threading

import pytest
from programs import wait_until
from raw_client import RawConnection, request_bytes
from raw_server import start_thread
from running_service import Service

from waterspout import service
from waterspout.service._host.reuse_port import stop_handshakes
from waterspout.service._server import drain

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux shares the connections out")


#: Of Linux: drop packets that could have passed a router.
IP_MINTTL = 21


class Clients(object):
    """Threads that connect, ask and close, again and again, until one of them fails."""

    def __init__(self, port, count):
        self.port, self.pids, self.errors = port, [], []
        self._over = threading.Event()
        self._threads = [start_thread(self._run) for _ in range(count)]

    def stop(self):
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def _run(self):
        while not self._over.is_set() and not self.errors:
            try:
                with RawConnection(self.port) as connection:
                    self.pids.append(connection.get("/pid").json["pid"])
            except Exception as error:
                self.errors.append(error)


class Handler(service.JSONHandler):
    def get(self):
        self.write_json({})


@pytest.mark.slow
def test_no_client_is_refused_or_reset_when_one_instance_leaves(tmp_path):
    """Three times in a row, under load. The workers of an instance share one socket."""
    instances = []

    def start(number, port):
        folder = tmp_path / str(number)
        folder.mkdir()
        options = {"reuse_port": 1, "processes": 2, "port": port}
        instances.append(Service(folder, options).wait_until_ready())
        return instances[-1]

    try:
        port = start(0, 0).port
        clients = Clients(port, 8)
        try:
            for number in range(1, 4):
                start(number, port)
                leaving = instances[number - 1]
                leaving.signal(signal.SIGTERM)
                assert leaving.wait() == 0
                assert "in the queue" not in leaving.errors
        finally:
            clients.stop()
    finally:
        for instance in instances:
            instance.__exit__(None, None, None)
    assert clients.errors == []
    assert len(set(clients.pids)) > 2 and len(clients.pids) > 100


def test_connections_in_the_queue_of_a_leaving_instance_are_answered(serve):
    """They have completed their handshake while its IOLoop was busy; nobody else can take them."""
    busy, go_on = threading.Event(), threading.Event()
    with serve(lambda: service.Application([("/", Handler)]), reuse_port=True) as served:

        def hold_the_loop():
            busy.set()
            go_on.wait(30)

        served.call(hold_the_loop)
        assert busy.wait(30)
        connections = [served.connect() for _ in range(50)]
        try:
            served.stop()
            go_on.set()
            for connection in connections:
                connection.send(request_bytes("GET", "/"))
                assert connection.read_answer().status == 200
        finally:
            for connection in connections:
                connection.socket.close()


@pytest.mark.slow
def test_connection_whose_handshake_had_begun_is_answered(serve, monkeypatch):
    """Its client, which plays one far away, gets the answer to its first packet a second later."""
    with serve(lambda: service.Application([("/", Handler)]), reuse_port=True) as served:
        with RawConnection.of(socket.socket()) as client:
            client.socket.setsockopt(0, IP_MINTTL, 255)  # It drops the answer.
            client.socket.setblocking(False)
            client.socket.connect_ex(("127.0.0.1", served.port))
            stop_handshakes(served._plan.sockets, migrates="/no/such/file")
            client.socket.setsockopt(0, IP_MINTTL, 0)
            wait_until(lambda: served.server.open_connections, "the connection")
            (connection,) = served.server.connected_sockets()
            assert connection.getsockopt(0, IP_MINTTL) == 255
            monkeypatch.setattr(drain, "IDLE_GRACE", 30)
            served.stop()
            wait_until(lambda: connection.getsockopt(0, IP_MINTTL) == 0, "it to be usable")
            client.socket.settimeout(30)
            client.send(request_bytes("GET", "/"))
            assert client.read_answer().status == 200


def test_connections_that_could_not_be_accepted_are_reported(serve, caplog, monkeypatch):
    """As in a process without a free descriptor."""
    with serve(lambda: service.Application([("/", Handler)]), reuse_port=True) as served:
        busy, go_on, stopped = threading.Event(), threading.Event(), threading.Event()

        def stop_without_accepting():
            busy.set()
            go_on.wait(30)
            monkeypatch.setattr(served.server, "accept_waiting", lambda: None)
            served.server.stop()
            stopped.set()

        served.call(stop_without_accepting)
        assert busy.wait(30)
        connections = [served.connect() for _ in range(3)]
        go_on.set()
        assert stopped.wait(30)
        for connection in connections:
            connection.socket.close()
    assert ("Stopping with 3 connections in the queue: they are lost if no other process accepts "
            "them") in [record.getMessage() for record in caplog.records]
