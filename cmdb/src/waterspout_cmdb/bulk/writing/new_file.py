"""NewFile: a file that is there as a whole or not at all."""

from __future__ import absolute_import, division, print_function

import binascii
import errno
import gzip
import io
import os
import sys

from tornado.escape import native_str

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import IO, Text  # noqa: F401

STDOUT = "-"


class NewFile(object):
    """Write a file under another name in its folder, and rename it at the end.

    A file of that name stays until then, and stays for good if writing fails. "-" is the standard
    output; what is no plain file, such as a pipe, is written directly.

    Args:
        path (text)
        is_gzip (bool): compress it.
    Attributes:
        file: of bytes, to write to.
        path (native str)
    Raises: BulkError: it cannot be made.
    """

    def __init__(self, path, is_gzip=False):
        # type: (Text, bool) -> None
        self.path = native_str(path)
        self._temporary = None
        self._opened = []
        try:
            raw = self._open()
        except EnvironmentError as error:
            raise failure(self.path, error)
        self.file = raw  # type: IO[bytes]
        if is_gzip:
            # No name and no time in it: the same rows give the same file.
            self.file = io.BufferedWriter(
                gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0), 1 << 16)
            self._opened.insert(0, self.file)

    def _open(self):
        if self.path == STDOUT:
            output = getattr(sys.stdout, "buffer", sys.stdout)
            output.flush()
            file = io.open(os.dup(output.fileno()), "wb")
        elif os.path.exists(self.path) and not os.path.isfile(self.path):
            file = io.open(self.path, "wb")
        else:
            self._target = os.path.realpath(self.path)  # A link stays one.
            folder, name = os.path.split(self._target)
            unique = native_str(binascii.hexlify(os.urandom(4)))
            self._temporary = os.path.join(folder, ".%s.%s.part" % (name, unique))
            # Not mkstemp's mode: who may read the file is what the umask says.
            number = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            file = os.fdopen(number, "wb") if str is not bytes else io.open(number, "wb")
        self._opened.append(file)
        return file

    def close(self):
        # type: () -> None
        """Put the file in place. Raises: BulkError: it could not be written; nothing is left."""
        try:
            for each in self._opened:
                each.flush()
                if each is self._opened[-1] and self._temporary:
                    os.fsync(each.fileno())
                each.close()
                if each is self.file and each is not self._opened[-1]:
                    each.raw.close()  # 2.7 leaves the end of the compressed data to this.
            if self._temporary:
                os.rename(self._temporary, self._target)
        except EnvironmentError as error:
            self.discard()
            raise failure(self.path, error)
        self._opened, self._temporary = [], None

    def discard(self):
        # type: () -> None
        """Remove what was written. May be called again, and after `close`."""
        opened, self._opened = self._opened, []
        for each in opened:
            try:
                each.close()
            except (EnvironmentError, ValueError):
                pass  # A full disk, for example: it is removed.
        if self._temporary:
            temporary, self._temporary = self._temporary, None
            try:
                os.unlink(temporary)
            except OSError as error:
                if error.errno != errno.ENOENT:
                    raise failure(self.path, error)


def failure(path, error):
    # type: (Text, EnvironmentError) -> BulkError
    """Return the error of a file that cannot be written."""
    name = "the standard output" if path == STDOUT else path
    return BulkError("%s cannot be written: %s" % (name, error.strerror or error))
