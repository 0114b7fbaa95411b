"""Unix sockets: listening at a path, and removing what a service that died has left there."""

from __future__ import absolute_import, division, print_function

import errno
import os
import socket
import stat

from waterspout._compat import TYPE_CHECKING, integer_types, py2_close_on_exec, text_type

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

#: What an address of a unix socket begins with; its path follows.
UNIX_PREFIX = "unix:"

#: Only the service's own user may connect.
UNIX_MODE = 0o600

#: Connections that the kernel keeps until they are accepted: as Tornado for ports.
_BACKLOG = 128


def path_of(place):
    # type: (Any) -> Optional[str]
    """Return the path in ``unix:PATH``; None if ``place`` is not the address of a unix socket."""
    is_unix = isinstance(place, (str, text_type)) and place.startswith(UNIX_PREFIX)
    return place[len(UNIX_PREFIX):] if is_unix else None


def check_mode(mode):
    # type: (Any) -> None
    """Raises: TypeError, ValueError: ``mode`` is not the permissions of a file."""
    if not isinstance(mode, integer_types) or isinstance(mode, bool):
        raise TypeError("mode must be an int such as 0o660, not %r" % (mode,))
    if not 0 <= mode <= 0o777:
        raise ValueError("mode must be from 0 to 0o777, not %#o" % mode)


def listen_unix(path, mode=UNIX_MODE):
    # type: (str, int) -> socket.socket
    """Return a socket that listens at ``path``, non-blocking and closed on exec.

    A socket at that path that no process listens to any more is replaced. The umask of this process
    is changed for a moment, so call this before there are threads.

    Args:
        path (native str): of the file. Its folder must exist.
        mode (int): permissions of the file; to connect, a client needs the one to write.
    Raises:
        EnvironmentError: the system refuses, or another program listens there (EADDRINUSE).
        ValueError: the path is empty or has a NUL character, or another kind of file is there.
    """
    if not path or "\0" in path:
        raise ValueError("the path of a unix socket cannot be empty or have a NUL character")
    _remove_stale(path)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        py2_close_on_exec(sock)
        sock.setblocking(False)
        _bind(sock, path, mode)
        sock.listen(_BACKLOG)
    except Exception:
        sock.close()
        raise
    return sock


def _bind(sock, path, mode):
    # By the umask, because after a chmod the file would have had other permissions for a moment.
    umask = os.umask(0o777 & ~mode)
    try:
        sock.bind(path)
    finally:
        os.umask(umask)


def _remove_stale(path):
    # type: (str) -> None
    """Remove the socket of a service that has ended; raise if there is anything else."""
    try:
        kind = os.lstat(path).st_mode
    except OSError as error:
        if error.errno == errno.ENOENT:
            return
        raise
    if not stat.S_ISSOCK(kind):
        raise ValueError("there is a file that is not a socket")
    probe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        probe.setblocking(False)  # With a full queue connect() would wait.
        refusal = probe.connect_ex(path)
    finally:
        probe.close()
    if refusal == errno.ECONNREFUSED:
        os.remove(path)
    elif refusal in (0, errno.EAGAIN):
        raise EnvironmentError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    elif refusal != errno.ENOENT:  # EACCES, or EPROTOTYPE: a socket of another type.
        raise EnvironmentError(refusal, os.strerror(refusal))
