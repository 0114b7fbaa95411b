"""Connections that wait in the kernel's queue: for a descriptor, or for a server that stops."""

from __future__ import absolute_import, division, print_function

from programs import wait_until
from raw_client import RawConnection, request_bytes
from running_service import pid_that_answers

from waterspout import service


class Handler(service.JSONHandler):
    def get(self):
        self.write_json({})


def test_process_without_free_descriptors_pauses_and_logs_that_once(start):
    """Connected clients are served, the others later; the log has no traceback."""
    program = start(descriptors=40)
    connections = [RawConnection(program.port) for _ in range(60)]
    try:
        wait_until(lambda: "Accepting no connections" in program.errors, "the pause")
        assert connections[0].get("/pid").status == 200
        late = connections.pop()
        late.send(request_bytes("GET", "/pid"))
        for connection in connections:
            connection.socket.close()
        assert late.read_answer().status == 200
        # The system refuses even if no connection waits. The next one ends the pause.
        assert pid_that_answers(program.port)
        wait_until(lambda: "Accepting connections again" in program.errors, "the end of it")
        late.socket.close()
    finally:
        for connection in connections:
            connection.socket.close()
    assert program.errors.count("Accepting no connections") == 1
    assert "Traceback" not in program.errors


def test_connections_that_wait_at_a_stop_are_answered(serve):
    """They are accepted first, since closing the socket would reset them."""
    with serve(lambda: service.Application([("/", Handler)])) as served:
        assert served.statuses_of_waiting_connections(100) == [200] * 100
