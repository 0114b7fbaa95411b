"""Locks of files (``flock``): each is held until the last process that has it open has ended."""

from __future__ import absolute_import, division, print_function

import errno
import fcntl
import os

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401


def try_lock(path):
    # type: (str) -> Optional[int]
    """Lock a file, which is made if it is not there.

    Returns: int, a descriptor; the lock ends when it and its copies in child processes are closed.
        None: another process holds the lock.
    Raises: EnvironmentError: the file cannot be opened.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # py2: programs that are started would keep it open.
        fcntl.fcntl(fd, fcntl.F_SETFD, fcntl.fcntl(fd, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except EnvironmentError as error:
        os.close(fd)
        if error.errno in (errno.EAGAIN, errno.EACCES):
            return None
        raise
    return fd
