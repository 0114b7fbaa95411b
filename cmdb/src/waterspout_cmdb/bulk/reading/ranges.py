"""Parts of a file that can be read apart, by other processes: ranges of its bytes."""

from __future__ import absolute_import, division, print_function

import collections
import csv
import io

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import places
from waterspout_cmdb.bulk.reading.csv_text import dialects
from waterspout_cmdb.bulk.reading.csv_text.records import MAX_ROW, explained, read_records
from waterspout_cmdb.bulk.reading.csv_text.table import without_blanks
from waterspout_cmdb.bulk.reading.json_text.lines import read_lines
from waterspout_cmdb.bulk.reading.json_text.table import Names

#: Whole rows: the bytes from ``start`` to before ``end`` of a file; the first is in line
#: ``first_row`` of it, from 1.
ByteRange = collections.namedtuple("ByteRange", "start end first_row")

_CHUNK = 1 << 20
#: Bytes of a line; one with more is too long for a row in any encoding.
_MAX_LINE = 4 * MAX_ROW


def split(table, size):
    # type: (Table, int) -> list[ByteRange]
    """Return the ranges that together have all rows of a table, in their order.

    The file is scanned once; line ends in quotes do not end a row.

    Args:
        table: a CSV, TSV or JSON Lines file, not in gzip.
        size: bytes of a range, at least; all but the last have as many and one row more at most.
    Raises: BulkError: the table cannot be split, or a row cannot be read.
    """
    description = table.describe()
    scan = _Scan(description, max(1, size))
    with table.open_bytes() as file:
        scan.read(file)
    return scan.ranges


def rows(description, data, first_row):
    # type: (Description, bytes, int) -> Iterator[Row]
    """Yield the rows of one range, as the table's ``rows()`` has them.

    Args:
        description: what the table's ``describe()`` returned.
        data: the bytes of the range.
        first_row: that of the `ByteRange`.
    Raises: BulkError: a row cannot be read, and which.
    """
    file = io.BytesIO(data)
    if description.format == "jsonl":
        objects = read_lines(file, description.codec, description.path, first_row)
        names = Names(description.columns, description.path, description.names)
        return names.rows(objects)
    records = read_records(
        file, description.codec, description.dialect, description.path, first_row)
    return without_blanks(records, len(description.columns))


class _Scan(object):
    """Where rows begin in a file."""

    def __init__(self, description, size):
        self._description = description
        self._size = size
        self._position = self._start = description.skip
        self._line, self._first_row = 1, None
        self._is_between = True
        self.ranges = []

    def read(self, file):
        lines = self._lines(file)
        if self._description.format == "jsonl":
            for _ in lines:
                raise AssertionError("no line of it goes on in the next")
        else:
            if str is bytes:
                codec = self._description.codec
                lines = (line.decode(codec).encode("utf-8") for line in lines)
            else:
                lines = (line.decode(self._description.codec) for line in lines)
            try:
                for _ in dialects.reader(lines, self._description.dialect):
                    self._is_between = True
            except (csv.Error, UnicodeDecodeError) as error:
                raise places.trouble(self._description.path, explained(error),
                                     row=self._record)
        if self._first_row is not None and self._position > self._start:
            self._cut()

    def _lines(self, file):
        """Yield lines that may go on in the next; only they need csv's reader to tell."""
        is_csv = self._description.format != "jsonl"
        file.read(self._description.skip)
        for line in _split_lines(file, self._description.path):
            if self._is_between:
                self._begin()
            self._position += len(line)
            self._line += 1
            if is_csv and not (self._is_between and b'"' not in line):
                self._is_between = False
                yield line

    def _begin(self):
        """A row begins here."""
        self._record = self._line
        if self._first_row is None:
            if self._line > self._description.after:
                self._start, self._first_row = self._position, self._line
        elif self._position - self._start >= self._size:
            self._cut()

    def _cut(self):
        self.ranges.append(ByteRange(self._start, self._position, self._first_row))
        self._start, self._first_row = self._position, self._line


def _split_lines(file, path):
    """Yield lines with their ends, as text files have them: ``\\n``, ``\\r`` or both."""
    rest = b""
    while True:
        chunk = file.read(_CHUNK)
        if not chunk:
            break
        lines = (rest + chunk).splitlines(True)
        # The last may go on, and a \r at the end may have its \n in the next chunk.
        rest = lines.pop()
        for line in lines:
            yield line
        if len(rest) > _MAX_LINE:
            raise BulkError(u"%s: has a line of more than %d bytes" % (path, _MAX_LINE))
    for line in rest.splitlines(True):
        yield line
