"""A port that two instances share, and how one of them leaves it. The kernel is the real one."""

from __future__ import absolute_import, division, print_function

import errno
import select
import socket
import sys

import pytest
from tornado.netutil import bind_sockets

from waterspout.service import listen, port_of
from waterspout.service._host.reuse_port import (
    accept_all_packets,
    give_away,
    shares_port,
    stop_handshakes,
    waiting_connections,
)
from waterspout.service._processes.listening_sockets import duplicates

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


def test_port_is_shared_if_it_was_opened_so(opened, tmp_path):
    """A unix socket has no port."""
    alone, shared = opened(0), opened(0, reuse_port=True)
    assert shares_port([alone, shared])
    assert not shares_port([alone, opened("unix:%s" % (tmp_path / "x.sock"))])


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
        assert_usable(early, leaving.accept()[0])
        assert not is_connected(late)
        opened(port, address, reuse_port=True)
        leaving.close()
        assert is_connected(late, 30)
    finally:
        early.close()
        late.close()


@linux_only
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_handshake_that_has_begun_is_completed(opened, address):
    """The client, which plays one far away, has not got the answer yet when the instance stops."""
    leaving = opened(0, address, reuse_port=True)
    client = socket.socket(leaving.family)
    client.setblocking(False)
    try:
        lowest_ttl = (0, 21) if address == "127.0.0.1" else (41, 73)
        client.setsockopt(*(lowest_ttl + (255,)))  # It drops the answer.
        assert client.connect_ex((address, port_of([leaving]))) == errno.EINPROGRESS
        stop_handshakes([leaving], migrates="/no/such/file")
        client.setsockopt(*(lowest_ttl + (0,)))  # The kernel sends the answer again after 1 s.
        assert is_connected(client, 30)
        select.select([leaving], [], [], 30)
        connection = leaving.accept()[0]
        accept_all_packets(connection)
        assert_usable(client, connection)
    finally:
        client.close()


def assert_usable(client, connection):
    """Bytes arrive in both directions."""
    for sender, receiver in ((client, connection), (connection, client)):
        receiver.setblocking(True)
        receiver.settimeout(30)
        sender.sendall(b"hello")
        assert receiver.recv(5) == b"hello"
    connection.close()


@linux_only
@pytest.mark.parametrize("is_given", [True, False])
def test_socket_that_others_use_is_left_alone(opened, is_given):
    """A new release has inherited it, or systemd has opened it: they would get no connection."""
    if is_given:
        sock = opened(0, reuse_port=True)
        give_away([sock])
    else:
        (sock,) = bind_sockets(0, "127.0.0.1", reuse_port=True)
    assert not shares_port([sock])
    stop_handshakes([sock], migrates="/no/such/file")
    assert is_connected(opened.begin(port_of([sock]))[0], 30)
    sock.close()


def test_duplicate_of_a_socket_shares_its_port(opened):
    """Each application of a process has a duplicate of its own."""
    sock = opened(0, reuse_port=True)
    copies = duplicates([sock])
    try:
        assert shares_port(copies)
        sock.close()
        assert shares_port(copies)
    finally:
        copies[0].close()


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
    assert waiting_connections(sock) is None
    stop_handshakes([sock])
    accept_all_packets(sock)


def test_unix_socket_is_no_error(opened, tmp_path):
    """Its connections have no TTL."""
    sock = opened("unix:%s" % (tmp_path / "x.sock"))
    stop_handshakes([sock])
    accept_all_packets(sock)
