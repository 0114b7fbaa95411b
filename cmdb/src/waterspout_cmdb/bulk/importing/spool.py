"""SpooledRows: the rows of a file that is slow to read, kept on disk for the second pass."""

from __future__ import absolute_import, division, print_function

import pickle
import tempfile

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Iterator, Text  # noqa: F401

    from waterspout_cmdb.bulk.rows import Row  # noqa: F401

#: Rows that are written at once.
_CHUNK = 500


class SpooledRows(object):
    """Rows that are read slowly once, and then as often as needed from a file without a name.

    The file is of this process alone and gone when it ends, so that pickles are safe in it.

    Args:
        rows (callable): returns an iterator of Row, as ``table.rows`` does.
        folder (text or None): where there is space for it; None for the system's.
    """

    def __init__(self, rows, folder=None):
        # type: (...) -> None
        self._read = rows
        self._folder = folder
        self._file = None
        self._is_whole = False

    def rows(self):
        # type: () -> Iterator[Row]
        """Return an iterator of all rows, from the first.

        Raises: BulkError: there is no space for the spool.
        """
        return self._spooled() if self._is_whole else self._spooling()

    def close(self):
        # type: () -> None
        if self._file is not None:
            self._file.close()
        self._file, self._is_whole = None, False

    def _spooling(self):
        self.close()
        chunk = []
        for row in self._read():
            chunk.append(row)
            if len(chunk) == _CHUNK:
                self._write(chunk)
                for each in chunk:
                    yield each
                chunk = []
        self._write(chunk)
        for each in chunk:
            yield each
        self._is_whole = True

    def _write(self, chunk):
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder)
            pickle.dump(chunk, self._file, 2)
            self._file.flush()
        except EnvironmentError as error:
            self.close()
            raise BulkError(
                "rows cannot be kept in a temporary file in %s: %s; make space there, or save the "
                "file as CSV" % (self._folder or tempfile.gettempdir(), error.strerror or error))

    def _spooled(self):
        self._file.seek(0)
        chunk = pickle.load(self._file)
        while chunk:
            for row in chunk:
                yield row
            chunk = pickle.load(self._file) if len(chunk) == _CHUNK else []
