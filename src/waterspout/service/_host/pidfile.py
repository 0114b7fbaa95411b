"""PidFile: the file with the number of the process that runs a service."""

from __future__ import absolute_import, division, print_function

import errno
import fcntl
import os
import re
import stat
import tempfile

from waterspout._compat import TYPE_CHECKING, py2_close_on_exec
from waterspout.service.exceptions import PidFileError

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

_CONTENT = re.compile(br"([0-9]{1,19}\n?)?\Z")

#: Everybody may read it.
_MODE = 0o644

_LOCKED = (errno.EACCES, errno.EAGAIN)


class PidFile(object):
    """A file with the pid of this process, and a lock on it for as long as the process lives.

    The number alone does not say whether that process is alive: after a crash another one may have
    it, and in a container it nearly always has. The lock (flock(2)) ends with the process and with
    the workers that it has forked, so it does not say it alone either.

    Args:
        path (native str): of the file. Its folder must exist.
    """

    def __init__(self, path):
        # type: (str) -> None
        # Absolute, in case that the program changes its working directory.
        self._path = os.path.abspath(path)
        self._file = None  # type: Optional[int]  # A descriptor, which holds the lock.
        self._pid = None  # type: Optional[int]

    def __repr__(self):
        # type: () -> str
        return "<PidFile %r pid=%r>" % (self._path, self._pid)

    def write(self):
        # type: () -> None
        """Write the file, at once and as a whole.

        A file whose process has ended is replaced. So is that of the parent process: a new release
        that the running one has started takes over. Idempotent; if the file was deleted or replaced
        since, it is written again.

        Raises: PidFileError: a running process has written the file, what is there is not a pid
            file, or the system refuses.
        """
        if self._is_ours():
            return
        try:
            old = self._take_lock()
            try:
                lock = self._replace()
            finally:
                os.close(old)
        except EnvironmentError as error:
            raise self._error(error.strerror or error)
        if self._file is not None:
            os.close(self._file)
        self._file, self._pid = lock, os.getpid()

    def remove(self):
        # type: () -> None
        """Delete the file if this process has written it. Idempotent; raises nothing."""
        try:
            if self._is_ours():
                os.remove(self._path)
        except OSError:
            pass
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _is_ours(self):
        # type: () -> bool
        """The file at the path is the one that this process, and not its parent, has written."""
        return (
            self._file is not None and self._pid == os.getpid() and self._is_at_path(self._file))

    def _take_lock(self):
        # type: () -> int
        """Return a descriptor of the file that is at the path; no other process may replace it."""
        while True:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, _MODE)
            try:
                py2_close_on_exec(fd)
                is_file = stat.S_ISREG(os.fstat(fd).st_mode)
                content = os.read(fd, 64) if is_file else b"?"
                if _CONTENT.match(content) is None:
                    raise self._error("there is something that is not a pid file")
                pid = int(content or b"0")
                if not _lock(fd) and pid != os.getppid() and _is_alive(pid):
                    raise self._error("process %s, which has written it, is running" % (pid or "?"))
                if self._is_at_path(fd):
                    return fd
            except Exception:
                os.close(fd)
                raise
            os.close(fd)  # Another process has replaced or removed it in the meantime.

    def _replace(self):
        # type: () -> int
        """Put a new file at the path; return a descriptor of it, locked."""
        fd, path = tempfile.mkstemp(dir=os.path.dirname(self._path), prefix=".pid-")
        try:
            os.write(fd, b"%d\n" % os.getpid())
            os.fchmod(fd, _MODE)
            _lock(fd)
            os.rename(path, self._path)
        except Exception:
            os.close(fd)
            os.remove(path)
            raise
        return fd

    def _is_at_path(self, fd):
        # type: (int) -> bool
        try:
            return os.path.samestat(os.fstat(fd), os.lstat(self._path))
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise
            return False

    def _error(self, why):
        # type: (object) -> PidFileError
        return PidFileError("cannot write the pid file %s: %s" % (self._path, why))


def _lock(fd):
    # type: (int) -> bool
    """Return False if another process has locked the file."""
    try:
        # Not lockf(): its lock would end whenever this process closes any descriptor of the file.
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except EnvironmentError as error:
        if error.errno not in _LOCKED:
            raise
        return False
    return True


def _is_alive(pid):
    # type: (int) -> bool
    if pid == 0:  # Not written yet: another process has just begun.
        return True
    try:
        os.kill(pid, 0)
    except OSError as error:
        return error.errno != errno.ESRCH
    except OverflowError:
        return False
    return True
