"""Ports that several instances of a service share (SO_REUSEPORT), and how one of them leaves.

Each instance has a socket of its own, and so a queue of its own; the kernel chooses the queue of a
connection when its first packet arrives. Closing the socket resets what is in the queue, and the
connections whose handshake has begun. To lose none, a stopping instance

1. begins no more handshakes (`stop_handshakes`): the kernel drops the packets that want to begin
   one. The client sends them again after a second, and meets the socket of another instance;
2. goes on accepting for `HANDSHAKE_SECONDS`, in which handshakes that have begun are completed.
   Their connections must be made usable (`accept_all_packets`);
3. accepts all that is in the queue, and closes the socket.

The workers of an instance share its one socket: any of them can take a connection, so none is lost
if a worker ends, and none waits for a worker that is busy.

Packets are dropped by the number of routers that they could have passed (their TTL, RFC 5082): the
socket asks for the highest number there is, while systems send with 64 or 128. Unlike a packet
filter this needs no privilege. It does not concern packets of handshakes that have begun.
"""

from __future__ import absolute_import, division, print_function

import os
import socket
import struct
import sys

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Iterable, Optional, Set  # noqa: F401

#: Seconds that a handshake gets once no other begins: a round trip to the other side of the earth.
HANDSHAKE_SECONDS = 0.3

#: Whether the kernel itself gives the queue of a closed socket to another instance (Linux 5.14).
_MIGRATES = "/proc/sys/net/ipv4/tcp_migrate_req"

# Of Linux; Python has no names for them on all versions: level and option of the lowest TTL.
_MIN_TTL = {socket.AF_INET: (0, 21), socket.AF_INET6: (41, 73)}

_HIGHEST_TTL = 255

#: Of Linux, with the place of the length of a listening socket's queue (``tcpi_unacked``).
_TCP_INFO, _QUEUE_OFFSET = 11, 24

#: The sockets that this program has opened to share their port, and has not given to another one,
#: by the number of their inode: it is the same for duplicates and in forked processes.
_own = set()  # type: Set[Optional[int]]


def own(sockets):
    # type: (Iterable[socket.socket]) -> None
    """This program has opened these sockets with SO_REUSEPORT, and will close them."""
    _own.update(_inode(sock) for sock in sockets)


def give_away(sockets):
    # type: (Iterable[socket.socket]) -> None
    """Another program uses these sockets as well, such as a new release: they stay open."""
    _own.difference_update(_inode(sock) for sock in sockets)


def shares_port(sockets):
    # type: (Iterable[socket.socket]) -> bool
    """Whether other instances have sockets of their own for the port of one of these."""
    return any(_inode(sock) in _own for sock in sockets)


def stop_handshakes(sockets, migrates=_MIGRATES):
    # type: (Iterable[socket.socket], str) -> None
    """Begin no more connections on sockets whose port other instances serve as well.

    Call this when the whole instance stops, in any of its processes, `HANDSHAKE_SECONDS` before the
    last one stops accepting. It holds for all processes that share the sockets. Sockets that are
    not `own` are left alone, since their next user would get no connection. So are all if the
    kernel moves the queues itself.
    """
    if sys.platform.startswith("linux") and not _is_one(migrates):
        for sock in sockets:
            if _inode(sock) in _own:
                _set_lowest_ttl(sock, _HIGHEST_TTL)


def accept_all_packets(connection):
    # type: (socket.socket) -> None
    """Make a connection usable whose handshake was completed after `stop_handshakes`.

    It has taken over what its listening socket accepts. Its client sends again what was dropped.
    """
    if sys.platform.startswith("linux"):
        _set_lowest_ttl(connection, 0)


def waiting_connections(sock):
    # type: (socket.socket) -> Optional[int]
    """Return how many connections wait in the queue of a listening socket; None: unknown."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _QUEUE_OFFSET + 4)
        return struct.unpack_from("=I", info, _QUEUE_OFFSET)[0]
    except (EnvironmentError, struct.error):  # Closed, or not a socket of TCP.
        return None


def _inode(sock):
    # type: (socket.socket) -> Optional[int]
    try:
        return os.fstat(sock.fileno()).st_ino
    except EnvironmentError:  # It is closed.
        return None


def _set_lowest_ttl(sock, ttl):
    # type: (socket.socket, int) -> None
    try:
        level, option = _MIN_TTL[sock.family]
        sock.setsockopt(level, option, ttl)
    except (EnvironmentError, KeyError):  # Closed, or a unix socket.
        pass


def _is_one(path):
    # type: (str) -> bool
    try:
        with open(path) as file:
            return file.read().strip() == "1"
    except EnvironmentError:
        return False
