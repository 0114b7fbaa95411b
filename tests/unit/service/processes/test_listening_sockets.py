"""Listening sockets, and one line for each reason why there are none."""

from __future__ import absolute_import, division, print_function

import socket

import pytest

from waterspout.service import ListenError, listen, port_of, shown_address, shown_sockets


def close(sockets):
    for sock in sockets:
        sock.close()


def test_port_zero_lets_the_system_choose():
    """`port_of` returns it, and it accepts connections."""
    sockets = listen(0)
    try:
        socket.create_connection(("127.0.0.1", port_of(sockets))).close()
    finally:
        close(sockets)


def test_port_in_use_is_a_listen_error():
    """The error is one line with the address and the reason."""
    sockets = listen(0)
    try:
        port = port_of(sockets)
        with pytest.raises(ListenError) as caught:
            listen(port)
        assert str(caught.value) == "cannot listen on 127.0.0.1:%d: the port is in use" % port
    finally:
        close(sockets)


@pytest.mark.parametrize(
    "address, reason",
    [
        ("192.0.2.1", "cannot listen on 192.0.2.1:0: the address is not one of this machine"),
        ("no.such.host.invalid", "cannot listen on no.such.host.invalid:0: the address is not"),
        ("a..b", "cannot listen on a..b:0: "),
        ("x" * 300, "cannot listen on xxxx"),
    ],
)
def test_bad_address_is_a_listen_error_of_one_line(address, reason):
    """It names the address and the reason."""
    with pytest.raises(ListenError) as caught:
        close(listen(0, address))
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)


def test_port_out_of_range_is_a_listen_error():
    """The system would use it modulo 65536."""
    with pytest.raises(ListenError):
        close(listen(70000))


@pytest.mark.parametrize(
    "address, port, shown",
    [
        ("127.0.0.1", 80, "127.0.0.1:80"),
        ("::1", 80, "[::1]:80"),
        ("", 80, "*:80"),
        ("localhost", 8888, "localhost:8888"),
        ("unix:/run/x.sock", 80, "unix:/run/x.sock"),
        ("127.0.0.1", "unix:/run/x.sock", "unix:/run/x.sock"),
    ],
)
def test_address_is_shown_as_in_a_url(address, port, shown):
    """IPv6 addresses are bracketed."""
    assert shown_address(address, port) == shown


def test_port_with_reuse_port_is_listened_on_twice():
    """By two sockets that are not copies of each other."""
    first = listen(0, reuse_port=True)
    second = listen(port_of(first), reuse_port=True)
    try:
        assert port_of(first) == port_of(second)
    finally:
        close(first + second)


@pytest.mark.parametrize("first, second", [(False, True), (True, False)])
def test_port_is_shared_only_if_both_want_it(first, second):
    """Otherwise a second instance by mistake would take half of the connections."""
    sockets = listen(0, reuse_port=first)
    try:
        with pytest.raises(ListenError) as caught:
            listen(port_of(sockets), reuse_port=second)
        assert "the port is in use" in str(caught.value)
        assert ("by a program without reuse_port" in str(caught.value)) == second
    finally:
        close(sockets)


def test_addresses_of_sockets_are_shown():
    """An address that means every interface is shown as a star."""
    sockets = listen(0) + listen(0, "0.0.0.0")
    try:
        assert shown_sockets(sockets) == "127.0.0.1:%d, *:%d" % (
            port_of(sockets), port_of(sockets[1:]))
    finally:
        close(sockets)


def test_no_sockets_have_no_port():
    """The error is not an IndexError."""
    with pytest.raises(ValueError) as caught:
        port_of([])
    assert str(caught.value) == "no port: the service listens on nothing"
