"""Listening sockets, or one line that says why there are none."""

from __future__ import absolute_import, division, print_function

import errno
import socket

from tornado.escape import native_str
from tornado.netutil import bind_sockets

from waterspout._compat import (
    TYPE_CHECKING,
    integer_types,
    py2_close_on_exec,
    socket_fromfd,
    text_type,
)
from waterspout._log_text import one_line
from waterspout.service._host.reuse_port import own
from waterspout.service._host.unix_sockets import (
    UNIX_MODE,
    UNIX_PREFIX,
    check_mode,
    listen_unix,
    path_of,
)
from waterspout.service._processes.standard_streams import fill_standard_descriptors
from waterspout.service.exceptions import ListenError

if TYPE_CHECKING:
    from typing import Any, Iterable, List, Union  # noqa: F401

_INTERNET = (socket.AF_INET, socket.AF_INET6)

_REASONS = {
    errno.EADDRINUSE: "the port is in use",
    errno.EACCES: "not permitted",
    errno.EADDRNOTAVAIL: "the address is not one of this machine",
}

_UNIX_REASONS = dict(_REASONS)
_UNIX_REASONS.update({
    errno.EADDRINUSE: "another program listens there",
    errno.EPROTOTYPE: "another program uses this socket",
    errno.ENOENT: "the folder does not exist",
})


def listen(port, address="127.0.0.1", reuse_port=False, mode=UNIX_MODE):
    # type: (Union[int, str], str, bool, int) -> List[socket.socket]
    """Bind and listen. Call it before forking, so that all processes share the port.

    Args:
        port (int or native str): 0 lets the system choose a free port; :func:`port_of` returns it.
            ``"unix:/run/service.sock"`` is a unix socket. One that a service left there when it
            ended is replaced, any other file is not. The file stays when the service ends.
        address (native str): an IP address or host name; ``""`` means every interface. It may be
            the ``unix:PATH`` as well: then ``port`` is not used.
        reuse_port (bool): other programs of the same user may listen on the port at the same time
            if all of them set this (SO_REUSEPORT). On Linux each gets a part of the connections.
            When one of them stops, it leaves none of its own without an answer.
        mode (int): permissions of a unix socket. To connect, a client needs the one to write.
    Returns: list of sockets, one for each address family.
    Raises:
        ListenError: the port is in use or out of range, the address is unknown or not of this
            machine, or the system does not permit it.
        TypeError: an argument is of a wrong type, which it names.
        ValueError: ``mode`` is out of range, or ``reuse_port`` is set for a unix socket.
    """
    path = path_of(port)
    if path is None and (not isinstance(port, integer_types) or isinstance(port, bool)):
        raise TypeError("port must be an int, not %r" % (port,))
    if not isinstance(address, (str, text_type)):  # For None Tornado would listen everywhere.
        raise TypeError("address must be a str, not %r" % (address,))
    check_mode(mode)
    path = path_of(address) if path is None else path
    if path is not None and reuse_port:
        raise ValueError("reuse_port is for ports; a unix socket cannot be shared in this way")
    fill_standard_descriptors()
    try:
        if path is not None:
            return [listen_unix(native_str(path), mode)]
        return _listen_port(port, address, reuse_port)
    except (EnvironmentError, ValueError) as error:  # UnicodeError is a ValueError.
        raise ListenError(
            "cannot listen on %s: %s" % (
                one_line(shown_address(address, port)), _reason(error, path is None, reuse_port)))


def _listen_port(port, address, reuse_port):
    # type: (Any, str, bool) -> List[socket.socket]
    if not 0 <= port <= 65535:  # The system would use it modulo 65536.
        raise ValueError("a port is a number from 0 to 65535")
    sockets = bind_sockets(port, address, reuse_port=reuse_port)
    if reuse_port:
        own(sockets)
    return sockets


def duplicates(sockets):
    # type: (Iterable[socket.socket]) -> List[socket.socket]
    """Return sockets with descriptors of their own for the same listen queues."""
    found = []
    for sock in sockets:
        # Not `dup`, which on 2.7 gives the same descriptor.
        duplicate = socket_fromfd(sock.fileno(), sock.family, sock.type, sock.proto)
        py2_close_on_exec(duplicate)
        duplicate.setblocking(False)
        found.append(duplicate)
    return found


def port_of(sockets):
    # type: (List[socket.socket]) -> int
    """Return the port that these sockets listen on; of the first one that has a port.

    Raises: ValueError: these are unix sockets.
    """
    for sock in sockets:
        if sock.family in _INTERNET:
            return sock.getsockname()[1]
    raise ValueError("no port: the service listens on %s" % (shown_sockets(sockets) or "nothing"))


def shown_address(address, port):
    # type: (str, Union[int, str]) -> str
    """Return ``address:port`` as in a URL, or ``unix:PATH`` if one of the two is that.

    Args:
        address (str): ``""``, which means every interface, is shown as ``*``.
    Returns: native str, which can be joined with file names on 2.7.
    """
    if not isinstance(port, integer_types):
        return native_str(port)
    address = native_str(address)
    if path_of(address) is not None:
        return address
    if ":" in address:
        address = "[%s]" % address
    return "%s:%d" % (address or "*", port)


def shown_sockets(sockets):
    # type: (Iterable[socket.socket]) -> str
    """Return the addresses of these sockets, for a line of output.

    Returns: native str such as ``127.0.0.1:8000, unix:/run/service.sock``.
    """
    return ", ".join(_shown(sock) for sock in sockets)


def _shown(sock):
    # type: (socket.socket) -> str
    name = sock.getsockname()
    if sock.family in _INTERNET:
        return shown_address("" if name[0] in ("0.0.0.0", "::") else name[0], name[1])
    if name[:1] in (b"\0", "\0"):  # An abstract one, as systemd writes it.
        return UNIX_PREFIX + "@" + native_str(name[1:])
    return UNIX_PREFIX + native_str(name)


def _reason(error, is_port, reuse_port):
    # type: (Exception, bool, bool) -> str
    if isinstance(error, socket.gaierror):
        return "the address is not known (%s)" % error.args[-1]
    code = getattr(error, "errno", 0)
    if reuse_port and code == errno.EADDRINUSE:
        return "the port is in use by a program without reuse_port, or of another user"
    reasons = _REASONS if is_port else _UNIX_REASONS
    return reasons.get(code) or getattr(error, "strerror", None) or str(error)
