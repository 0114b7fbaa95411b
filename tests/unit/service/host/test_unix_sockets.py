"""listen("unix:PATH"): the file, its permissions, and what is there already."""

from __future__ import absolute_import, division, print_function

import fcntl
import os
import socket
import stat

import pytest

from waterspout.service import ListenError, listen, port_of, shown_sockets


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "service.sock")


@pytest.fixture
def opened(path):
    """Listen at the path, with any arguments; closed at the end."""
    sockets = []

    def opened(*args, **kwargs):
        sockets.extend(listen(*(args or ("unix:" + path,)), **kwargs))
        return sockets[-1]

    yield opened
    for sock in sockets:
        sock.close()


def connect(path):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(path)
    finally:
        sock.close()


def refusal_of(*args, **kwargs):
    with pytest.raises(ListenError) as caught:
        listen(*args, **kwargs)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_client_can_connect(opened, path):
    """The socket is the kind that a server needs."""
    sock = opened()
    connect(path)
    sock.accept()[0].close()
    assert fcntl.fcntl(sock, fcntl.F_GETFD) & fcntl.FD_CLOEXEC
    assert fcntl.fcntl(sock, fcntl.F_GETFL) & os.O_NONBLOCK
    assert shown_sockets([sock]) == "unix:" + path


def test_address_may_be_the_unix_socket(opened, path):
    """The port, which has a default in many programs, is not used then."""
    opened(8888, "unix:" + path)
    connect(path)


def test_socket_has_no_port(opened, path):
    """The error says where the service listens. With others beside it there is one."""
    unix = opened()
    with pytest.raises(ValueError) as caught:
        port_of([unix])
    assert str(caught.value) == "no port: the service listens on unix:" + path
    tcp = opened(0)
    assert port_of([unix, tcp]) == port_of([tcp])


@pytest.mark.parametrize("kwargs, mode", [({}, 0o600), ({"mode": 0o666}, 0o666)])
def test_permissions_are_those_asked_for(opened, path, kwargs, mode):
    """From the beginning, whatever the umask of the process, which stays as it is."""
    umask = os.umask(0o077)
    try:
        opened(**kwargs)
    finally:
        assert os.umask(umask) == 0o077
    assert stat.S_IMODE(os.stat(path).st_mode) == mode


def test_socket_of_a_service_that_ended_is_replaced(opened, path):
    """Its file is still there, but nobody answers."""
    opened().close()
    assert os.path.exists(path)
    opened()
    connect(path)


def test_socket_of_a_running_service_is_not_replaced(opened, path):
    """Nor if its queue is full, so that a client would have to wait."""
    running = opened()
    assert refusal_of("unix:" + path) == (
        "cannot listen on unix:%s: another program listens there" % path)
    running.listen(0)
    clients = []
    try:
        for _ in range(3):
            client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            clients.append(client)
            client.setblocking(False)
            client.connect_ex(path)
        assert "another program listens there" in refusal_of("unix:" + path)
        assert os.path.exists(path)
    finally:
        for client in clients:
            client.close()


def test_socket_of_another_type_is_not_replaced(path):
    """Such as that of a log daemon."""
    daemon = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        daemon.bind(path)
        assert refusal_of("unix:" + path).endswith("another program uses this socket")
    finally:
        daemon.close()
    assert os.path.exists(path)


@pytest.mark.parametrize("make", [
    lambda path: open(path, "w").close(),
    os.mkdir,
    lambda path: os.symlink("elsewhere", path),
], ids=["file", "folder", "link"])
def test_another_kind_of_file_is_not_replaced(path, make):
    """A wrong path in a configuration deletes nothing."""
    make(path)
    assert refusal_of("unix:" + path).endswith("there is a file that is not a socket")
    assert os.path.lexists(path)


@pytest.mark.parametrize("path, reason", [
    ("", "the path of a unix socket cannot be empty or have a NUL character"),
    ("/x\0y", "the path of a unix socket cannot be empty or have a NUL character"),
    ("/no/such/folder/x.sock", "the folder does not exist"),
    ("/" + "x" * 200, ""),
])
def test_path_that_cannot_be_used_is_a_listen_error(path, reason):
    """Of one line, with the address."""
    refusal = refusal_of("unix:" + path)
    assert refusal.startswith("cannot listen on unix:" + path.replace("\0", " "))
    assert reason in refusal


@pytest.mark.parametrize("kwargs, error, message", [
    ({"mode": "0660"}, TypeError, "mode must be an int such as 0o660, not '0660'"),
    ({"mode": True}, TypeError, "mode must be an int such as 0o660, not True"),
    ({"mode": 0o1777}, ValueError, "mode must be from 0 to 0o777, not 0"),
    ({"mode": -1}, ValueError, "mode must be from 0 to 0o777, not -0"),
    ({"reuse_port": True}, ValueError, "reuse_port is for ports; a unix socket cannot be shared"),
])
def test_wrong_argument_is_named(path, kwargs, error, message):
    """Nothing is created."""
    with pytest.raises(error) as caught:
        listen("unix:" + path, **kwargs)
    assert str(caught.value).startswith(message)
    assert not os.path.exists(path)
