"""Ports that several instances of a service share (SO_REUSEPORT), and how one of them leaves.

Each instance has a socket of its own, and so a queue of its own; the kernel chooses the queue of a
connection when its first packet arrives. Closing the socket resets what is in the queue, and the
connections whose handshake has begun. To lose none, a stopping instance

1. begins no more handshakes (`stop_handshakes`): a filter drops packets that want to begin one. The
   client sends it again after a second, and meets the socket of another instance;
2. goes on accepting for `HANDSHAKE_SECONDS`, in which handshakes that have begun are completed;
3. accepts all that is in the queue, then closes.

The workers of an instance share its one socket: any of them can take a connection, so none is lost
if a worker ends, and none waits for a worker that is busy.
"""

from __future__ import absolute_import, division, print_function

import socket
import struct
import sys

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Iterable, Optional  # noqa: F401

#: Seconds that a handshake gets once no other begins: a round trip to the other side of the earth.
HANDSHAKE_SECONDS = 0.3

#: Whether the kernel itself gives the queue of a closed socket to another instance (Linux 5.14).
_MIGRATES = "/proc/sys/net/ipv4/tcp_migrate_req"

# Of Linux; Python has no names for them.
_SO_ATTACH_FILTER = 26
_TCP_INFO = 11

#: Of a struct tcp_info: where the length of a listening socket's queue is (``tcpi_unacked``).
_QUEUE_OFFSET = 24

#: Packets that begin a handshake have SYN without ACK: load the byte with the flags (13 of a TCP
#: header), keep SYN and ACK, drop the packet if that is SYN alone, otherwise keep all of it.
#: Instructions of the classic BPF: code, jump if true, jump if false, operand.
_DROP_HANDSHAKES = (
    (0x30, 0, 0, 13),
    (0x54, 0, 0, 0x12),
    (0x15, 0, 1, 0x02),
    (0x06, 0, 0, 0),
    (0x06, 0, 0, 0xFFFFFFFF),
)


def reuses_port(sock):
    # type: (socket.socket) -> bool
    """Whether other programs may listen on the port of this socket at the same time."""
    option = getattr(socket, "SO_REUSEPORT", None)
    if option is None:
        return False
    try:
        is_tcp = sock.family in (socket.AF_INET, socket.AF_INET6)
        return is_tcp and bool(sock.getsockopt(socket.SOL_SOCKET, option))
    except EnvironmentError:  # It is closed.
        return False


def stop_handshakes(sockets, migrates=_MIGRATES):
    # type: (Iterable[socket.socket], str) -> None
    """Begin no more connections on sockets whose port other instances serve as well.

    Call this when the whole instance stops, in any of its processes, `HANDSHAKE_SECONDS` before the
    last one stops accepting. It cannot be undone, and holds for all processes that share the
    sockets. Other sockets are left alone; so are all if the kernel moves the queues itself, or if
    it refuses.
    """
    if not sys.platform.startswith("linux") or _read(migrates) == "1":
        return
    for sock in sockets:
        if reuses_port(sock):
            _attach_filter(sock)


def waiting_connections(sock):
    # type: (socket.socket) -> Optional[int]
    """Return how many connections wait in the queue of a listening socket; None: unknown."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _QUEUE_OFFSET + 4)
        return struct.unpack_from("=I", info, _QUEUE_OFFSET)[0]
    except (EnvironmentError, struct.error):  # Not a socket of TCP.
        return None


def _attach_filter(sock):
    # type: (socket.socket) -> None
    try:
        import ctypes
    except ImportError:  # Python was built without it.
        return
    program = b"".join(struct.pack("=HBBI", *each) for each in _DROP_HANDSHAKES)
    memory = ctypes.create_string_buffer(program)
    # A struct sock_fprog: the number of instructions, and where they are.
    option = struct.pack("HP", len(_DROP_HANDSHAKES), ctypes.addressof(memory))
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, option)
    except EnvironmentError:
        pass


def _read(path):
    # type: (str) -> str
    try:
        with open(path) as file:
            return file.read().strip()
    except EnvironmentError:
        return ""
