"""Blocks: pieces of a file, each of which a worker can read by itself."""

from __future__ import absolute_import, division, print_function

import io
import pickle

from tornado.util import basestring_type

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import ranges
from waterspout_cmdb.bulk.rows import Row

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Iterator, List, Optional  # noqa: F401


#: Bytes of a block, at most, but for one longer row. A call costs the scheduler some 2 ms, and a
#: block of 512 KiB a worker some 100 ms.
MOST_BYTES = 512 * 1024


class Block(object):
    """The rows of a piece of the file, as bytes.

    Args:
        first_row, last_row (int or None): numbers of the rows that it may have: all those between
            are in it, or blank. The last one is None at the end of a file in ranges.
        columns (list of text): those beside which its cells are.
        data (bytes or callable): a range of the file, or pickled rows; a callable returns them,
            so that they are in memory only once they are sent.
        description: of the table, for `ranges.rows`; None: the data are pickled rows.
    """

    def __init__(self, first_row, last_row, columns, data, description=None):
        # type: (int, Optional[int], List[Any], Any, Any) -> None
        self.first_row = first_row
        self.last_row = last_row
        self.columns = columns
        self._data = data
        self._description = description

    def loaded(self):
        # type: () -> Block
        """Return the block with its data in memory, to be sent to a worker. Raises: BulkError."""
        data = self._data() if callable(self._data) else self._data
        return Block(self.first_row, self.last_row, self.columns, data, self._description)

    def rows(self):
        # type: () -> Iterator[Row]
        """Yield the rows of a loaded block. Raises: BulkError: one cannot be read, and which."""
        if self._description is None:
            return iter([Row(*each) for each in pickle.loads(self._data)])
        return ranges.rows(self._description, self._data, self.first_row)

    def __repr__(self):
        return "<rows %s to %s>" % (self.first_row, self.last_row or "the last")


def of_ranges(table, size):
    # type: (Any, int) -> List[Block]
    """Return the blocks of a table that has ranges: about ``size`` bytes of its file each.

    The file is read once as a whole here; call it in a thread.

    Raises: BulkError: the format or encoding has no ranges, or the file cannot be read.
    """
    description = table.describe()
    columns = list(description.columns)
    found = ranges.split(table, size)
    lasts = [each.first_row - 1 for each in found[1:]] + [None]  # type: List[Optional[int]]
    return [
        Block(each.first_row, last, columns, _reader(table.path, each), description)
        for each, last in zip(found, lasts)]


def of_rows(table, rows, count):
    # type: (Any, Iterable[Row], int) -> Iterator[Block]
    """Yield blocks of rows that are read here, for files that have no ranges.

    Args:
        count (int): rows of a block, at most; it has fewer where they are long.
    """
    first, size, chunk = 0, 0, []  # type: int, int, List[Any]
    for row in rows:
        chunk.append((row.number, row.cells))
        size += sum(map(_size, row.cells))
        if len(chunk) == count or size >= MOST_BYTES:
            yield _of_chunk(chunk, first, table)
            first, size, chunk = chunk[-1][0] + 1, 0, []
    if chunk:
        yield _of_chunk(chunk, first, table)


def _of_chunk(chunk, first_row, table):
    data = pickle.dumps(chunk, pickle.HIGHEST_PROTOCOL)
    return Block(first_row, chunk[-1][0], list(table.columns), data)


def _size(cell):
    # type: (Any) -> int
    """About the bytes of a cell: enough to tell long ones."""
    if isinstance(cell, (list, dict)):
        return len(pickle.dumps(cell, pickle.HIGHEST_PROTOCOL))
    return len(cell) if isinstance(cell, basestring_type) else 8


def _reader(path, byte_range):
    # type: (str, Any) -> Callable[[], bytes]
    def read():
        try:
            with io.open(path, "rb") as file:
                file.seek(byte_range.start)
                return file.read(byte_range.end - byte_range.start)
        except EnvironmentError as error:
            raise BulkError("%s cannot be read: %s" % (path, error.strerror or error))

    return read
