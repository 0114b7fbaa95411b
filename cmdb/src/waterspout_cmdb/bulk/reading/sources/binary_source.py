"""BinarySource: the bytes of a file, taken out of gzip if they are in it."""

from __future__ import absolute_import, division, print_function

import io
import os
import stat

from waterspout_cmdb.bulk.reading import places
from waterspout_cmdb.bulk.reading.sources.gzip_limits import GunzipFile

GZIP = b"\x1f\x8b"

#: Bytes at the beginning of a file by which its format and encoding are found out.
HEAD = 65536


class BinarySource(object):
    """A local file that can be opened many times.

    Args:
        path (str): the file.
    Attributes:
        path (str)
        is_gzip (bool): told by the first bytes, whatever the file's name is.
        head (bytes): the first `HEAD` bytes of the content.
    Raises: BulkError: it is no file with something in it that can be read.
    """

    def __init__(self, path):
        # type: (str) -> None
        self.path = path
        self.is_gzip = False
        self._opened = []  # type: list
        try:
            kind = os.stat(path).st_mode
        except (OSError, ValueError) as error:
            raise places.trouble(path, u"cannot be read (%s)" % _why(error))
        if stat.S_ISDIR(kind):
            raise places.trouble(path, u"is a folder; name one file in it")
        if not stat.S_ISREG(kind):
            raise places.trouble(
                path, u"is no ordinary file, and is read more than once; "
                u"give it as standard input, with - as the file's name")
        with self.open() as file:
            self.is_gzip = file.read(2) == GZIP
        with self.open() as file:
            self.head = file.read(HEAD)
        if not self.head:
            raise places.trouble(path, u"is empty")

    def open(self):
        # type: () -> io.BufferedIOBase
        """Return a binary file at the start of the content. Raises: BulkError."""
        try:
            file = io.open(self.path, "rb")
        except (IOError, OSError) as error:
            raise places.trouble(self.path, u"cannot be read (%s)" % _why(error))
        self._opened = [each for each in self._opened if not each.closed]
        if self.is_gzip:
            file = io.BufferedReader(GunzipFile(file, self.path), HEAD)
        self._opened.append(file)
        return file

    def close(self):
        # type: () -> None
        """Close what is open of it."""
        for file in self._opened:
            file.close()
        self._opened = []


def _why(error):
    return getattr(error, "strerror", None) or error
