"""A port that two instances share, and how one of them leaves it. The kernel is the real one."""

from __future__ import absolute_import, division, print_function

import errno
import select
import socket
import sys

import pytest

from waterspout.service import listen, port_of
from waterspout.service._host.reuse_port import (
    reuses_port,
    stop_handshakes,
    waiting_connections,
)

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")


@pytest.fixture
def opened():
    """Open sockets, which are closed at the end."""
    sockets = []

    def opened(*args, **kwargs):
        sockets.extend(listen(*args, **kwargs))
        return sockets[-1]

    def begin(port):
        """Begin to connect; returns the client and the error number."""
        client = socket.socket()
        sockets.append(client)
        client.setblocking(False)
        return client, client.connect_ex(("127.0.0.1", port))

    opened.begin = begin
    yield opened
    for sock in sockets:
        sock.close()


def is_connected(client, seconds=0):
    return bool(select.select([], [client], [], seconds)[1]) and not client.getsockopt(
        socket.SOL_SOCKET, socket.SO_ERROR)


def test_socket_says_whether_its_port_is_shared(opened, tmp_path):
    """A unix socket has no port."""
    assert reuses_port(opened(0, reuse_port=True))
    assert not reuses_port(opened(0))
    assert not reuses_port(opened("unix:%s" % (tmp_path / "x.sock")))


@linux_only
def test_queue_is_counted(opened, tmp_path):
    """A unix socket has a queue as well, but its length is not known."""
    sock = opened(0)
    assert waiting_connections(sock) == 0
    for _ in range(3):
        assert is_connected(opened.begin(port_of([sock]))[0], 30)
    assert waiting_connections(sock) == 3
    sock.accept()[0].close()
    assert waiting_connections(sock) == 2
    assert waiting_connections(opened("unix:%s" % (tmp_path / "x.sock"))) is None


@linux_only
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_stopped_socket_keeps_its_queue_and_gets_no_more(opened, address):
    """A client that comes later is not refused: it asks again, and another instance answers."""
    leaving = opened(0, address, reuse_port=True)
    port = port_of([leaving])
    early = socket.create_connection((address, port), 30)
    stop_handshakes([leaving], migrates="/no/such/file")
    late = socket.socket(leaving.family)
    late.setblocking(False)
    try:
        assert late.connect_ex((address, port)) == errno.EINPROGRESS
        assert waiting_connections(leaving) == 1
        connection = leaving.accept()[0]
        early.sendall(b"hello")
        connection.setblocking(True)
        assert connection.recv(5) == b"hello"
        connection.close()
        assert not is_connected(late)
        opened(port, address, reuse_port=True)
        leaving.close()
        assert is_connected(late, 30)
    finally:
        early.close()
        late.close()


@linux_only
def test_port_of_one_instance_is_left_alone(opened):
    """Its clients have nowhere else to go."""
    sock = opened(0)
    stop_handshakes([sock], migrates="/no/such/file")
    assert is_connected(opened.begin(port_of([sock]))[0], 30)


@linux_only
def test_nothing_is_dropped_if_the_kernel_moves_the_queue(opened, tmp_path):
    """As it does with net.ipv4.tcp_migrate_req=1: then nobody has to wait a second."""
    setting = tmp_path / "tcp_migrate_req"
    setting.write_text(u"1\n")
    sock = opened(0, reuse_port=True)
    stop_handshakes([sock], migrates=str(setting))
    assert is_connected(opened.begin(port_of([sock]))[0], 30)
    setting.write_text(u"0\n")
    stop_handshakes([sock], migrates=str(setting))
    assert not is_connected(opened.begin(port_of([sock]))[0])


def test_closed_socket_is_no_error():
    """It has been stopped already."""
    (sock,) = listen(0, reuse_port=True)
    sock.close()
    assert not reuses_port(sock)
    assert waiting_connections(sock) is None
    stop_handshakes([sock])
