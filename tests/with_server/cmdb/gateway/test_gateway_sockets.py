"""Where the gateway listens: it is a program, so its sockets are real."""

from __future__ import absolute_import, division, print_function

import json
import os
import signal

import free_ports
import pytest
from programs import Program, alive, wait_until
from raw_client import RawConnection
from raw_server import RawServer, response, then

pytestmark = pytest.mark.slow

ENVELOPE = json.dumps({"code": 0, "error": "", "message": "", "data": {"list": []}}).encode()


@pytest.fixture
def cmdb():
    with RawServer(then(response(ENVELOPE))) as server:
        yield server


@pytest.fixture
def start(tmp_path, cmdb):
    """Start a gateway that calls ``cmdb``, and wait until it serves."""
    programs = []

    def start(*arguments):
        program = Program(
            ["-m", "waterspout_cmdb", "--upstream=" + cmdb.address] + list(arguments),
            cwd=str(tmp_path))
        programs.append(program)
        program.search(r"Ctrl-C stops\.\n")
        return program

    yield start
    for program in programs:
        program.__exit__(None, None, None)


def search(port):
    with RawConnection(port) as connection:
        return connection.post("/cmdb/search/HOST", b"{}").status


def test_gateway_serves_clients_and_operators_on_unix_sockets(start, tmp_path):
    """A proxy on the same machine needs no port; the printed line has the path."""
    clients, operators = str(tmp_path / "c.sock"), str(tmp_path / "o.sock")
    program = start("--address=unix:" + clients, "--operations-address=unix:" + operators)
    assert "curl --unix-socket %s http://localhost/cmdb/search" % clients in program.output
    assert search(clients) == 200
    with RawConnection(operators) as connection:
        assert connection.get("/healthz").status == 200


def test_gateway_hands_its_port_over_to_a_new_release(start, tmp_path):
    """SIGUSR2 starts the command again; the old one ends when the new one serves."""
    pidfile = tmp_path / "gateway.pid"
    port = free_ports.free_port()
    old = start("--port=%d" % port, "--pidfile=%s" % pidfile)
    old.signal(signal.SIGUSR2)
    assert old.wait() == 0
    new = int(pidfile.read_text())
    try:
        assert new != old.pid
        assert search(port) == 200
        wait_until(lambda: old.output.count("Ctrl-C stops.") == 2)  # The new one writes there.
        assert "not options" not in old.errors
    finally:
        os.kill(new, signal.SIGTERM)
        wait_until(lambda: not alive(new), "the end of the new release")


def test_new_release_has_metrics_of_its_own(start, tmp_path):
    """Those of the old one are in a directory that it removes at its end."""
    pytest.importorskip("prometheus_client")
    pidfile, pages = tmp_path / "gateway.pid", free_ports.free_port()
    port = free_ports.free_port()
    old = start("--port=%d" % port, "--pidfile=%s" % pidfile, "--processes=2",
                "--operations-port=%d" % pages)
    old.signal(signal.SIGUSR2)
    assert old.wait() == 0
    new = int(pidfile.read_text())
    try:
        assert search(port) == 200
        with RawConnection(pages) as connection:
            assert 'http_response_status_code="200"' in connection.get("/metrics").body.decode()
        assert "is in use" not in old.errors
    finally:
        os.kill(new, signal.SIGTERM)
        wait_until(lambda: not alive(new), "the end of the new release")


def test_two_gateways_share_a_port(start):
    """With --reuse-port; when one has stopped, the other one answers all."""
    port = free_ports.free_port()
    options = "--port=%d" % port, "--reuse-port"
    first, second = start(*options), start(*options)
    first.signal(signal.SIGTERM)
    assert first.wait() == 0
    assert [search(port) for _ in range(10)] == [200] * 10
    second.signal(signal.SIGTERM)
    assert second.wait() == 0
