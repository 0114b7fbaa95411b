"""Listening sockets that another program has opened: systemd, or the release before this one.

The protocol is that of sd_listen_fds(3). The sockets are the descriptors from 3 on. ``LISTEN_PID``
is the process that they are for, ``LISTEN_FDS`` is their number, and ``LISTEN_FDNAMES`` has their
names, separated by colons.
"""

from __future__ import absolute_import, division, print_function

import collections
import errno
import os
import re
import socket
import stat

from waterspout._compat import TYPE_CHECKING, py2_close_on_exec, socket_fromfd
from waterspout.service.exceptions import ListenError

if TYPE_CHECKING:
    from typing import Dict, List, MutableMapping, Optional, Tuple  # noqa: F401

FIRST_DESCRIPTOR = 3

_VARIABLES = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID")

#: More are a mistake; systemd itself permits 4096.
_MAX_DESCRIPTORS = 4096

_NUMBER = re.compile(r"[0-9]{1,9}\Z")

#: The name that systemd gives to a socket of which it does not know any.
_UNNAMED = "unknown"


def inherited_sockets(environ=None, pid=None):
    # type: (Optional[MutableMapping[str, str]], Optional[int]) -> List[socket.socket]
    """Return the listening sockets that systemd has opened for this process, for `serve_sockets`.

    Call it once, at the start: the sockets and the variables of the environment are taken over, so
    that child processes do not take them for theirs.

    Args:
        environ (mutable mapping): default: ``os.environ``.
        pid (int): default: that of this process.
    Returns: list of sockets, non-blocking and closed on exec; empty if there are none for this
        process.
    Raises:
        ListenError: the variables or the descriptors are not what the protocol says. Nothing was
            closed.
    """
    return [sock for _, sock in _take_over(environ, pid)]


def inherited_sockets_by_name(environ=None, pid=None):
    # type: (Optional[MutableMapping[str, str]], Optional[int]) -> Dict[str, List[socket.socket]]
    """Like :func:`inherited_sockets`, for programs with several kinds of sockets.

    Returns: dict of lists of sockets, by the ``FileDescriptorName=`` of their socket units. Without
        one it is the name of the unit, such as ``gateway.socket``.
    """
    found = collections.OrderedDict()  # type: Dict[str, List[socket.socket]]
    for name, sock in _take_over(environ, pid):
        found.setdefault(name, []).append(sock)
    return found


def _take_over(environ, pid):
    # type: (Optional[MutableMapping[str, str]], Optional[int]) -> List[Tuple[str, socket.socket]]
    environ = os.environ if environ is None else environ
    values = [environ.pop(name, None) for name in _VARIABLES]
    if values[0] is None or values[1] is None:
        return []
    for_pid = _number("LISTEN_PID", values[0])
    if for_pid != (os.getpid() if pid is None else pid):
        return []
    count = _number("LISTEN_FDS", values[1])
    if count > _MAX_DESCRIPTORS:
        raise ListenError("cannot use inherited sockets: LISTEN_FDS is %d" % count)
    names = _names(values[2], count)
    sockets = []  # type: List[socket.socket]
    try:
        for fd in range(FIRST_DESCRIPTOR, FIRST_DESCRIPTOR + count):
            _check_socket(fd)  # All before the first is duplicated: that may get one's number.
        for fd in range(FIRST_DESCRIPTOR, FIRST_DESCRIPTOR + count):
            sockets.append(_listening(fd))
    except ListenError:
        for sock in sockets:
            sock.close()
        raise
    for fd in range(FIRST_DESCRIPTOR, FIRST_DESCRIPTOR + count):
        os.close(fd)
    return list(zip(names, sockets))


def _number(name, text):
    # type: (str, str) -> int
    if _NUMBER.match(text) is None:
        raise ListenError("cannot use inherited sockets: %s is not a number: %r" % (name, text))
    return int(text)


def _names(text, count):
    # type: (Optional[str], int) -> List[str]
    if text is None:
        return [_UNNAMED] * count
    names = text.split(":") if text or count else []
    if len(names) != count:
        raise ListenError(
            "cannot use inherited sockets: LISTEN_FDS is %d, but LISTEN_FDNAMES has %d names"
            % (count, len(names)))
    return names


def _check_socket(fd):
    # type: (int) -> None
    try:
        if not stat.S_ISSOCK(os.fstat(fd).st_mode):  # Python 3's fromfd() would leave one open.
            raise _wrong(fd, "is not a socket")
    except EnvironmentError as error:
        raise _unusable(fd, error)


def _unusable(fd, error):
    # type: (int, EnvironmentError) -> ListenError
    return _wrong(fd, "is not open" if error.errno == errno.EBADF else str(error))


def _listening(fd):
    # type: (int) -> socket.socket
    """Return a socket with a duplicate of a descriptor, which is closed on exec.

    Raises: ListenError: it is not the descriptor of a stream socket that listens.
    """
    try:
        sock = socket_fromfd(fd, _family(fd), socket.SOCK_STREAM)
    except EnvironmentError as error:
        raise _unusable(fd, error)
    py2_close_on_exec(sock)
    try:
        if sock.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) != socket.SOCK_STREAM:
            raise _wrong(fd, "is not a stream socket; use ListenStream= in the socket unit")
        if not sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            raise _wrong(fd, "does not listen; use Accept=no in the socket unit")
        sock.setblocking(False)
    except ListenError:
        sock.close()
        raise
    return sock


def _family(fd):
    # type: (int) -> int
    # As a unix socket, whose addresses are the longest; Python makes the name by the real family.
    # py2: there is no `socket.socket(fileno=fd)`, which finds it out.
    probe = socket.fromfd(fd, socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        name = probe.getsockname()
    finally:
        probe.close()
    if not isinstance(name, tuple):
        return socket.AF_UNIX
    if isinstance(name[0], str) and len(name) in (2, 4):
        return socket.AF_INET if len(name) == 2 else socket.AF_INET6
    raise _wrong(fd, "is not a socket of TCP or a unix socket")


def _wrong(fd, why):
    # type: (int, str) -> ListenError
    return ListenError("cannot use inherited sockets: descriptor %d %s" % (fd, why))
