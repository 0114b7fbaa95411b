"""Whether the file that is open is still the one at its path.

A file that is deleted, moved away or replaced stays open, and SQLite goes on reading and writing
it: everything seems to be well until the process ends, and the data with it.
"""

from __future__ import absolute_import, division, print_function

import os

from waterspout_cmdb.sandbox.storage.database import StorageError

# The write-ahead log, which holds what was last committed, and the index into it.
_BESIDE = ("-wal", "-shm")


class FileIdentity(object):
    """Remembers which files a database is, by device and inode.

    Make it while a connection that has read is open, and keep that connection: the files beside
    the database last as long as there is one.
    """

    def __init__(self, path):
        # type: (str) -> None
        self._path = path
        target = os.path.realpath(path)  # SQLite puts them beside what a link leads to.
        self._paths = [path] + [target + ending for ending in _BESIDE]
        self._found = [_identity(one) for one in self._paths]

    def check(self):
        # type: () -> None
        """Three calls of stat(). Raises: StorageError: a file is gone, or is another one."""
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
