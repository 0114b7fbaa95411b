"""Sockets that systemd, or another program, has opened for the process."""

from __future__ import absolute_import, division, print_function

import fcntl
import os
import socket

import pytest
from certificates import SERVER

from waterspout.service import (
    ListenError,
    inherited_sockets,
    inherited_sockets_by_name,
    listen,
    server_tls,
)
from waterspout.service._host import socket_activation

PID = 4711


@pytest.fixture
def passed(monkeypatch):
    """Pass on descriptors, duplicates of these sockets; returns the environment.

    They begin somewhere above the descriptors of the tests, not at 3.
    """
    first = 700
    monkeypatch.setattr(socket_activation, "FIRST_DESCRIPTOR", first)
    made = []

    def passed(*files, **variables):
        for number, file in enumerate(files, first):
            os.dup2(file.fileno(), number)
            made.append(number)
        environ = {"LISTEN_PID": str(PID), "LISTEN_FDS": str(len(files)), "OTHER": "x"}
        environ.update(variables)
        return environ

    yield passed
    for fd in made:
        if is_open(fd):
            os.close(fd)


@pytest.fixture
def listening(tmp_path):
    """One socket of TCP and one unix socket."""
    sockets = listen(0) + listen("unix:%s" % (tmp_path / "x.sock"))
    yield sockets
    for sock in sockets:
        sock.close()


def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def close(sockets):
    for sock in sockets:
        sock.close()


def refusal_of(environ):
    before = descriptors()
    with pytest.raises(ListenError) as caught:
        inherited_sockets(environ, PID)
    assert descriptors() == before
    assert "LISTEN_FDS" not in environ
    assert str(caught.value).startswith("cannot use inherited sockets: ")
    return str(caught.value)[len("cannot use inherited sockets: "):]


def descriptors():
    return [fd for fd in range(1024) if is_open(fd)]


def test_sockets_are_taken_over(passed, listening):
    """With their families and addresses, non-blocking and closed on exec; no descriptor is left."""
    environ = passed(*listening)
    for sock in listening:
        sock.setblocking(True)
    sockets = inherited_sockets(environ, PID)
    try:
        assert [sock.getsockname() for sock in sockets] == [
            sock.getsockname() for sock in listening]
        assert [sock.family for sock in sockets] == [socket.AF_INET, socket.AF_UNIX]
        for sock in sockets:
            assert fcntl.fcntl(sock, fcntl.F_GETFD) & fcntl.FD_CLOEXEC
            assert fcntl.fcntl(sock, fcntl.F_GETFL) & os.O_NONBLOCK
        assert not is_open(700) and not is_open(701)
    finally:
        close(sockets)
    assert environ == {"OTHER": "x"}


def test_connections_of_a_socket_that_was_taken_over_can_have_tls(passed):
    """On Python 2.7 those of ``socket.fromfd`` cannot."""
    (sock,) = listen(0)
    taken = inherited_sockets(passed(sock), PID)
    client = socket.create_connection(sock.getsockname())
    sock.close()
    taken[0].setblocking(True)
    accepted = taken[0].accept()[0]
    try:
        tls = server_tls(SERVER).wrap_socket(
            accepted, server_side=True, do_handshake_on_connect=False)
        accepted = tls
        assert tls.fileno() >= 0
    finally:
        close(taken + [client, accepted])


def test_ipv6_socket_is_taken_over(passed):
    """If the machine has IPv6."""
    try:
        sockets = listen(0, "::1")
    except ListenError:
        pytest.skip("no IPv6")
    sockets += inherited_sockets(passed(*sockets), PID)
    try:
        assert sockets[1].family == socket.AF_INET6
        assert sockets[1].getsockname() == sockets[0].getsockname()
    finally:
        close(sockets)


@pytest.mark.parametrize("environ", [
    {},
    {"LISTEN_FDS": "1"},
    {"LISTEN_PID": str(PID)},
    {"LISTEN_PID": "12", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "a"},
    {"LISTEN_PID": str(PID), "LISTEN_FDS": "0"},
    {"LISTEN_PID": str(PID), "LISTEN_FDS": "0", "LISTEN_FDNAMES": ""},
])
def test_without_sockets_for_this_process_the_list_is_empty(environ):
    """The variables are removed: child processes have other pids, but may have this one later."""
    assert inherited_sockets(environ, PID) == []
    assert environ == {}
    assert inherited_sockets_by_name({}) == {}


def test_sockets_are_given_by_their_names(passed, listening):
    """Two of the same name are in one list."""
    environ = passed(listening[0], listening[1], listening[0], LISTEN_FDNAMES="http:ops:http")
    found = inherited_sockets_by_name(environ, PID)
    try:
        assert list(found) == ["http", "ops"]
        assert [sock.family for sock in found["http"]] == [socket.AF_INET] * 2
        assert [sock.family for sock in found["ops"]] == [socket.AF_UNIX]
    finally:
        for sockets in found.values():
            close(sockets)


def test_sockets_without_names_are_unknown(passed, listening):
    """As systemd calls them."""
    found = inherited_sockets_by_name(passed(*listening), PID)
    assert list(found) == ["unknown"] and len(found["unknown"]) == 2
    close(found["unknown"])


@pytest.mark.parametrize("variables, reason", [
    ({"LISTEN_PID": "x"}, "LISTEN_PID is not a number: 'x'"),
    ({"LISTEN_PID": ""}, "LISTEN_PID is not a number: ''"),
    ({"LISTEN_FDS": "-1"}, "LISTEN_FDS is not a number: '-1'"),
    ({"LISTEN_FDS": "1 "}, "LISTEN_FDS is not a number: '1 '"),
    ({"LISTEN_FDS": "9" * 30}, "LISTEN_FDS is not a number: '99999"),
    ({"LISTEN_FDS": "123456789"}, "LISTEN_FDS is 123456789"),
    ({"LISTEN_FDS": "3"}, "descriptor 702 is not open"),
    ({"LISTEN_FDNAMES": "a"}, "LISTEN_FDS is 2, but LISTEN_FDNAMES has 1 names"),
    ({"LISTEN_FDNAMES": "a:b:c"}, "LISTEN_FDS is 2, but LISTEN_FDNAMES has 3 names"),
])
def test_wrong_variables_are_a_listen_error(passed, listening, variables, reason):
    """Of one line; nothing is closed and nothing is left open."""
    assert refusal_of(passed(*listening, **variables)).startswith(reason)
    assert is_open(700) and is_open(701)


def test_connected_socket_is_refused(passed, listening):
    """systemd passes one on with Accept=yes. The good one beside it is not kept."""
    pair = socket.socketpair()
    try:
        assert refusal_of(passed(listening[0], pair[0])) == (
            "descriptor 701 does not listen; use Accept=no in the socket unit")
    finally:
        close(pair)


def test_datagram_socket_is_refused(passed):
    """systemd passes one on with ListenDatagram=."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        assert refusal_of(passed(sock)) == (
            "descriptor 700 is not a stream socket; use ListenStream= in the socket unit")
    finally:
        sock.close()


def test_file_is_refused(passed, tmp_path):
    """systemd passes one on with ListenFIFO= and OpenFile=."""
    with open(str(tmp_path / "x"), "w") as file:
        assert refusal_of(passed(file)) == "descriptor 700 is not a socket"


@pytest.mark.skipif(not hasattr(socket, "AF_NETLINK"), reason="Linux only")
def test_socket_of_another_family_is_refused(passed):
    """systemd passes one on with ListenNetlink=."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)
    try:
        assert refusal_of(passed(sock)) == (
            "descriptor 700 is not a socket of TCP or a unix socket")
    finally:
        sock.close()


def test_missing_descriptor_is_not_taken_for_the_duplicate_of_another_one(listening, monkeypatch):
    """A duplicate gets the lowest free number, which is that of the descriptor that is missing."""
    made = [os.dup(listening[0].fileno()), os.dup(listening[0].fileno())]
    while made[-1] != made[-2] + 1:
        made.append(os.dup(listening[0].fileno()))
    missing = made.pop()
    os.close(missing)
    monkeypatch.setattr(socket_activation, "FIRST_DESCRIPTOR", missing - 1)
    try:
        with pytest.raises(ListenError) as caught:
            inherited_sockets({"LISTEN_PID": str(PID), "LISTEN_FDS": "2"}, PID)
        assert str(caught.value).endswith("descriptor %d is not open" % missing)
        assert is_open(missing - 1) and not is_open(missing)
    finally:
        for fd in made:
            os.close(fd)
