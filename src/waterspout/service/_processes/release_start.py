"""Starts a new release of the service, with the listening sockets of this one.

The sockets are passed on as systemd does it: as the descriptors from 3 on, of which variables of
the environment tell the number and the names. ``LISTEN_PID`` has to be the pid of the new process,
which is known only between fork and exec; therefore this does not use `subprocess`.
"""

from __future__ import absolute_import, division, print_function

import errno
import fcntl
import os
import signal

from waterspout._compat import TYPE_CHECKING, py2_close_on_exec
from waterspout.service._host.socket_activation import FIRST_DESCRIPTOR
from waterspout.service._processes.predecessor import READY_VARIABLE
from waterspout.service._processes.standard_streams import flush_standard_streams

if TYPE_CHECKING:
    import socket  # noqa: F401
    from typing import Any, Dict, List, Sequence, Tuple  # noqa: F401

#: Names of the sockets in ``LISTEN_FDNAMES``.
SERVICE, OPERATIONS = "service", "operations"

#: What the new process writes to its pipe if there is no such program; the reason follows.
NOT_STARTED = b"not started: "


def start_release(command, service_sockets, operations_sockets):
    # type: (Sequence[str], Sequence[socket.socket], Sequence[socket.socket]) -> Tuple[int, int]
    """Start ``command`` with these sockets, and with a pipe to tell when it serves.

    Args:
        command (list of native str): a program, which is looked for on the PATH, and its arguments.
    Returns: (int, int): its pid, and the read end of the pipe, non-blocking.
    Raises: OSError: there is no such program, or no memory or process left.
    """
    path = _found(command[0])
    sockets = list(service_sockets) + list(operations_sockets)
    names = [SERVICE] * len(service_sockets) + [OPERATIONS] * len(operations_sockets)
    environ = dict(os.environ)
    environ.pop("LISTEN_PIDFDID", None)
    environ.update({
        "LISTEN_FDS": str(len(sockets)),
        "LISTEN_FDNAMES": ":".join(names),
        READY_VARIABLE: str(FIRST_DESCRIPTOR + len(sockets)),
    })
    read_fd, write_fd = os.pipe()
    for fd in (read_fd, write_fd):
        py2_close_on_exec(fd)
    fcntl.fcntl(read_fd, fcntl.F_SETFL, fcntl.fcntl(read_fd, fcntl.F_GETFL) | os.O_NONBLOCK)
    flush_standard_streams()  # Otherwise an error in the child could write the buffers again.
    try:
        pid = os.fork()
    except OSError:
        os.close(read_fd)
        os.close(write_fd)
        raise
    if not pid:
        try:
            _become(path, command, environ, [sock.fileno() for sock in sockets], write_fd)
        finally:
            os._exit(127)
    os.close(write_fd)
    return pid, read_fd


def _found(program):
    # type: (str) -> str
    if "/" in program:
        return program
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, program)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise OSError(errno.ENOENT, "%s: %s" % (program, os.strerror(errno.ENOENT)))


def _become(path, command, environ, sockets, write_fd):
    # type: (str, Sequence[str], Dict[str, str], List[int], int) -> None
    """In the new process: arrange its descriptors, and run the program. Nothing is logged here."""
    end = FIRST_DESCRIPTOR + len(sockets) + 1
    errors = fcntl.fcntl(write_fd, fcntl.F_DUPFD, end)
    try:
        fcntl.fcntl(errors, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it; other programs do not.
        # Out of the way first: each may have the number that another one gets.
        copies = [fcntl.fcntl(fd, fcntl.F_DUPFD, end) for fd in sockets + [write_fd]]
        for number, copy in enumerate(copies, FIRST_DESCRIPTOR):
            os.dup2(copy, number)
            os.close(copy)
        environ["LISTEN_PID"] = str(os.getpid())
        if "WATCHDOG_PID" in environ:  # It will be the main process.
            environ["WATCHDOG_PID"] = str(os.getpid())
        os.execve(path, list(command), environ)
    except Exception as error:
        os.write(errors, NOT_STARTED + str(error).encode("utf-8", "replace"))
