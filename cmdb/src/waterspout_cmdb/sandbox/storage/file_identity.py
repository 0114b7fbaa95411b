"""Check that the open file is still the file at its path.

A file that is deleted, moved away or replaced stays open, and SQLite goes on reading and writing
it. There is no error until the process ends, and then the data is lost.
"""

from __future__ import absolute_import, division, print_function

import os

from waterspout_cmdb.sandbox.storage.database import StorageError

# The write-ahead log, which has the latest commits, and its index.
_BESIDE = ("-wal", "-shm")


class FileIdentity(object):
    """Remembers the files of a database by device and inode.

    Create it while a connection that has read is open, and keep that connection open: SQLite
    deletes the files beside the database with the last connection.
    """

    def __init__(self, path):
        # type: (str) -> None
        self._path = path
        target = os.path.realpath(path)  # SQLite puts them beside the target of a link.
        self._paths = [path] + [target + ending for ending in _BESIDE]
        self._found = [_identity(one) for one in self._paths]

    def check(self):
        # type: () -> None
        """Check by three calls of stat(). Raises: StorageError: a file is gone or was replaced."""
        for path, found in zip(self._paths, self._found):
            if _identity(path) != found:
                raise StorageError(
                    "%s was deleted, moved or replaced while in use: stop the sandbox, put the"
                    " file back or choose another, and start it" % path,
                    u"it was deleted, moved or replaced while in use",
                )


def _identity(path):
    try:
        status = os.stat(path)
    except EnvironmentError:
        return None
    return status.st_dev, status.st_ino
