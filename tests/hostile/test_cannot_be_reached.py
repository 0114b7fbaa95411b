"""An upstream that is not there: refused, unknown by name, behind a black hole."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
from black_hole import BlackHole
from raw_server import answering, response

import waterspout

NOT_SENT = False


@pytest.fixture
def black_hole():
    with BlackHole() as hole:
        yield "http://%s:%d/" % hole.address


@pytest.fixture
def free_port():
    """A port on which no server listens, and that no other test gets."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    yield sock.getsockname()[1]
    sock.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refused_connection_is_a_connect_error(client, free_port, method):
    """Nothing was sent, so trying again cannot do a thing twice."""
    url = "http://127.0.0.1:%d/" % free_port
    assert client.failure(method, url) == (waterspout.ConnectError, "connect", NOT_SENT)
    client.wait_until_idle()


def test_an_unknown_name_is_a_connect_error(client):
    """A name that does not resolve is a failed connection too (RFC 6761: .invalid never does)."""
    error = client.error_of("GET", "http://nowhere.invalid/", timeout=20)
    assert (type(error), error.phase) == (waterspout.ConnectError, "connect")
    assert not error.may_have_been_sent
    client.wait_until_idle()


def test_a_host_that_never_answers_is_a_connect_timeout(client, black_hole):
    """``timeout.connect`` bounds the wait; the error is a ConnectionError and a Timeout."""
    error = client.error_of("POST", black_hole, data=b"x", timeout=(0.2, 20))
    assert (type(error), error.phase) == (waterspout.ConnectTimeout, "connect")
    assert isinstance(error, waterspout.ConnectionError)
    assert isinstance(error, waterspout.Timeout)
    assert not error.may_have_been_sent
    assert "0.2 s" in str(error)
    client.wait_until_idle()


def test_the_deadline_runs_while_connecting(client, black_hole):
    """``timeout.total`` runs while connecting as well; nothing was sent then."""
    timeout = waterspout.ClientTimeout(connect=1, total=0.2)
    error = client.error_of("POST", black_hole, timeout=timeout)
    assert type(error) is waterspout.DeadlineExceeded
    if client.transport != "threads":  # A thread does not report its phase.
        assert (error.phase, error.may_have_been_sent) == ("connect", NOT_SENT)
    client.wait_until_idle()


def test_the_loop_runs_while_names_are_resolved(serve, client, monkeypatch):
    """Resolving does not block the loop, on any Tornado."""
    if client.transport == "curl":
        pytest.skip("libcurl resolves in C, in threads of its own")
    server = serve(answering(response()))
    ticks = []
    resolved = []
    genuine = socket.getaddrinfo

    def slow(host, *args, **kwargs):
        # Waits for the loop: a loop that is blocked here never gets to tick.
        while len(ticks) < 5:
            pass
        resolved.append(host)
        return genuine("127.0.0.1", *args, **kwargs)

    def tick():
        ticks.append(None)
        if len(ticks) < 5:
            client.io_loop.call_later(0.001, tick)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    client.io_loop.add_callback(tick)
    assert client.get("http://slow.example:%d/" % server.port).status_code == 200
    assert "slow.example" in [str(host) for host in resolved]
