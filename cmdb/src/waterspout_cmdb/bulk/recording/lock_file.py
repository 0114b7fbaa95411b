"""A lock that says that an import runs; the kernel releases it when the process ends."""

from __future__ import absolute_import, division, print_function

import errno
import fcntl
import os
import time

from tornado.escape import native_str

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Text  # noqa: F401

#: How often, 10 ms apart: `is_locked` holds the lock for a moment, too.
_TRIES = 30


class LockFile(object):
    """Hold the lock of a journal, from construction to `close`.

    The file is beside the journal, because closing any file that is the database would release
    SQLite's own locks. The lock is that of ``flock``: a killed process holds it no longer. On NFS
    it holds between machines only if the server has a lock manager; without one, imports on two
    machines can use one journal at the same time: keep journals on a local disk.

    Args:
        path (text): the journal; the lock is ``<path>.lock``.
    Raises: BulkError: another import holds it, or the folder cannot be written.
    """

    def __init__(self, path):
        # type: (Text) -> None
        self._journal = native_str(path)
        self._path = self._journal + ".lock"
        self._file = None
        for _ in range(_TRIES):
            self._file = self._attempt()
            if self._file is not None:
                return
            time.sleep(0.01)
        raise BulkError(
            "%s is in use by an import that is running: wait for it, or stop it with Ctrl-C"
            % self._journal)

    def _attempt(self):
        """Return the open, locked file; None if another one holds the lock."""
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise BulkError(
                "the journal %s cannot be locked (%s): name another folder with --journal"
                % (self._journal, error.strerror))
        try:
            fcntl.fcntl(file, fcntl.F_SETFD, fcntl.FD_CLOEXEC)  # 2.7 gives it to children.
            if _take(file, fcntl.LOCK_EX) and _is_still(file, self._path):
                file, kept = None, file
                return kept
        except EnvironmentError as error:  # Some network file systems have no locks.
            raise BulkError(
                "the journal %s cannot be locked (%s): name a file on a local disk with --journal"
                % (self._journal, error.strerror))
        finally:
            if file is not None:
                os.close(file)

    def close(self):
        # type: () -> None
        """Release the lock and remove its file. May be called again."""
        if self._file is None:
            return
        file, self._file = self._file, None
        try:
            os.unlink(self._path)  # While it is held: another one sees that its file is gone.
        except OSError:
            pass  # Someone tidied up, or made the folder read-only: an unlocked file is no harm.
        os.close(file)


def is_locked(path):
    # type: (Text) -> bool
    """Say whether an import that uses this journal is running now."""
    try:
        file = os.open(native_str(path) + ".lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _take(file, fcntl.LOCK_SH)
    except EnvironmentError:
        return False  # There are no locks here, and so no import that has one.
    finally:
        os.close(file)


def _take(file, kind):
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except (IOError, OSError) as error:  # They are two classes on 2.7.
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            raise
        return False
    return True


def _is_still(file, path):
    """Say whether the file has not been removed by the one that had the lock before."""
    try:
        named = os.stat(path)
    except OSError:
        return False
    opened = os.fstat(file)
    return (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)
