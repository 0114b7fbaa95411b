"""The gateway's command with a CMDB that breaks connections, is overloaded, or is dead.

The CMDB has sockets, since what breaks is a connection, and options go through a process.
"""

from __future__ import absolute_import, division, print_function

import json
import threading

import free_ports
import pytest
from raw_client import RawConnection
from raw_server import PATIENCE, RawServer, response

pytestmark = pytest.mark.slow

ENVELOPE = response(
    json.dumps({"code": 0, "error": "", "message": "", "data": {"list": []}}).encode(),
    headers=[("Content-Type", "application/json")])

KEYED = {"keys": ["name"], "datas": [{"name": "web-1"}]}
UNKEYED = {"datas": [{"name": "web-1"}]}


def post(program, path, payload, headers=()):
    with RawConnection(program.port) as connection:
        return connection.post(path, json.dumps(payload).encode(), headers)


def breaks_at_first(peer):
    """The CMDB closes the connection of its first request without an answer."""
    for _ in peer.requests():
        if len(peer.server.received) == 1:
            return
        peer.send(ENVELOPE)


def answers(peer):
    for _ in peer.requests():
        peer.send(ENVELOPE)


@pytest.mark.parametrize("path, payload, status, sent", [
    ("/cmdb/search/HOST", {}, 200, 2),
    ("/cmdb/import/HOST", KEYED, 200, 2),
    ("/cmdb/import/HOST", UNKEYED, 502, 1),
], ids=["search", "keyed import", "import without keys"])
def test_request_whose_connection_broke(gateway, path, payload, status, sent):
    """Is sent once more if that does no harm; with the options that the gateway has by default."""
    with RawServer(breaks_at_first) as cmdb:
        program = gateway("--upstream=" + cmdb.address)
        assert post(program, path, payload).status == status
        assert len(cmdb.received) == sent


def test_without_retries_nothing_is_sent_twice(gateway):
    with RawServer(breaks_at_first) as cmdb:
        program = gateway("--upstream=" + cmdb.address, "--retries=0")
        assert post(program, "/cmdb/search/HOST", {}).status == 502
        assert len(cmdb.received) == 1


def test_with_one_dead_upstream_of_two_all_requests_succeed(gateway):
    """And the gateway shows both when it starts."""
    dead = "127.0.0.1:%d" % free_ports.free_port()
    with RawServer(answers) as cmdb:
        program = gateway("--upstream=" + dead, "--upstream=" + cmdb.address)
        assert "calling the CMDB at one of\n  %s\n  %s\n" % (dead, cmdb.address) in program.output
        for path, payload in [("/cmdb/search/HOST", {}), ("/cmdb/import/HOST", UNKEYED)] * 20:
            assert post(program, path, payload).status == 200
        assert len(cmdb.received) == 40


def test_call_beyond_the_places_is_503(gateway):
    """While the only place is taken, and none may wait."""
    arrived, go_on = threading.Event(), threading.Event()

    def behave(peer):
        for _ in peer.requests():
            arrived.set()
            assert go_on.wait(PATIENCE)
            peer.send(ENVELOPE)

    with RawServer(behave) as cmdb:
        program = gateway("--upstream=" + cmdb.address, "--max-concurrent=1", "--max-queued=0")
        with RawConnection(program.port) as first:
            first.send(b"POST /cmdb/search/HOST HTTP/1.1\r\nHost: localhost\r\n"
                       b"Content-Length: 2\r\n\r\n{}")
            assert arrived.wait(PATIENCE)
            refused = post(program, "/cmdb/search/HOST", {})
            go_on.set()
            assert first.read_answer().status == 200
        assert refused.status == 503
        assert refused.json["error"] == "too many calls to the CMDB are under way"


@pytest.mark.parametrize("breaker, status", [("on", 503), ("off", 502)])
def test_dead_cmdb_is_not_called_all_the_time(gateway, breaker, status):
    """After twenty failures a 503 says when to come back; with ``--breaker=off`` each call is made.
    """
    dead = "127.0.0.1:%d" % free_ports.free_port()
    program = gateway("--upstream=" + dead, "--retries=0", "--breaker=" + breaker)
    for _ in range(20):
        assert post(program, "/cmdb/search/HOST", {}).status == 502
    answer = post(program, "/cmdb/search/HOST", {})
    assert answer.status == status
    assert answer.headers.get("retry-after") == {503: "2", 502: None}[status]
    assert ("Calls to http://%s are refused for a while" % dead in program.errors) is (
        breaker == "on")


def test_deadline_of_a_request_is_sent_on(gateway):
    """In the field and the unit of the options."""
    with RawServer(answers) as cmdb:
        program = gateway(
            "--upstream=" + cmdb.address, "--deadline-header=X-Left", "--deadline-unit=s")
        assert post(program, "/cmdb/search/HOST", {}, [("X-Left", "30")]).status == 200
        (request,) = cmdb.received
        assert 25 < float(dict(request.headers)["x-left"]) <= 30
        assert post(program, "/cmdb/search/HOST", {}, [("X-Left", "0")]).status == 504
        assert post(program, "/cmdb/search/HOST", {}, [("X-Left", "soon")]).status == 400
        assert post(program, "/cmdb/search/HOST", {}).status == 200
        assert "x-left" not in dict(cmdb.received[-1].headers)
