"""GunzipFile: what is in a gzip file, read as it comes, and not without end."""

from __future__ import absolute_import, division, print_function

import io
import zlib

from waterspout_cmdb.bulk.reading import places

#: The most that a file may become, in bytes.
MAX_TOTAL = 8 << 30

#: The most times its own size, once it is beyond `SMALL` bytes: text of few words that repeat has
#: 50, zeros have 1000.
MAX_RATIO = 250
SMALL = 16 << 20

_CHUNK = 65536
_GZIP_ONLY = 16 + zlib.MAX_WBITS


class GunzipFile(io.RawIOBase):
    """The content of a gzip file, of all its members, one after the other.

    Args:
        file (io.BufferedIOBase): it is closed with this.
        path (str): for errors.
    Raises: BulkError: by reading: the file ends too early, is damaged, or becomes too large.
    """

    def __init__(self, file, path):
        # type: (io.BufferedIOBase, str) -> None
        super(GunzipFile, self).__init__()
        self._file = file
        self._path = path
        self._taken = self._given = 0
        self._left = b""
        self._member = None

    def readable(self):
        return True

    def close(self):
        self._file.close()
        super(GunzipFile, self).close()

    def readinto(self, buffer):
        data = self._read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _read(self, size):
        while True:
            if not self._left:
                self._left = self._file.read(_CHUNK)
                self._taken += len(self._left)
            if self._member is None and not self._begin():
                return b""
            data = self._take(size)
            if data:
                self._given += len(data)
                self._refuse_bomb()
                return data

    def _begin(self):
        """Begin the next member; say whether there is one. Zeros at the end are no member."""
        while self._given and self._left[:1] == b"\0":
            self._left = self._left.lstrip(b"\0")
            if not self._left:
                self._left = self._file.read(_CHUNK)
                self._taken += len(self._left)
        if not self._left:
            return False
        self._member = zlib.decompressobj(_GZIP_ONLY)
        return True

    def _take(self, size):
        is_end = not self._left
        try:
            data = self._member.decompress(self._left, size)
        except zlib.error as error:
            raise places.trouble(
                self._path, u"is damaged: after byte %d it is no gzip (%s); fetch or pack it again"
                % (max(0, self._taken - len(self._left)), error))
        self._left = self._member.unconsumed_tail
        # 2.7 has no `eof`: a decompressor that has not come to its end leaves nothing unused.
        if getattr(self._member, "eof", False) or self._member.unused_data:
            self._left = self._member.unused_data
            self._member = None
        elif is_end and not data:
            if not hasattr(self._member, "eof") and self._is_whole():
                self._member = None
                return b""
            raise places.trouble(
                self._path, u"ends too early, after %d bytes (%d of what is in it): a part of the "
                u"gzip file is missing; fetch or pack it again" % (self._taken, self._given))
        return data

    def _is_whole(self):
        """Say whether a member has ended where the file does, on 2.7."""
        more = self._member.copy()
        try:
            more.decompress(b"\0")
        except zlib.error:
            return False
        return bool(more.unused_data)  # It takes nothing more.

    def _refuse_bomb(self):
        if self._given > MAX_TOTAL:
            why = u"more than %d MB" % (MAX_TOTAL >> 20)
        elif self._given > SMALL and self._given > MAX_RATIO * self._taken:
            why = u"more than %d times its size" % MAX_RATIO
        else:
            return
        raise places.trouble(
            self._path, u"becomes %s when unpacked; if that is right, unpack it with gunzip and "
            u"import what comes out" % why)
