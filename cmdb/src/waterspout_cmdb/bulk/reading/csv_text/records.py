"""The records of CSV text: a number and a list of cells each, with clear errors."""

from __future__ import absolute_import, division, print_function

import csv
import io

from waterspout_cmdb.bulk.reading import places
from waterspout_cmdb.bulk.reading.csv_text import dialects

#: Characters of one row. Where a closing quote is missing, the rest of a file is one cell: it must
#: not be in memory as a whole. A cell may have as many as `csv.field_size_limit` says, 131,072:
#: that is not changed here, because it holds for the whole process.
MAX_ROW = 1 << 20

UNCLOSED = (
    u"has a cell that begins with a quote, and the file ends before the closing one; add it, or "
    u'write a quote that belongs to the text twice, as in "a ""b"" c"')

IS_2 = str is bytes


class _Unreadable(Exception):
    """What a row cannot be read for; the reader of rows knows its number."""


def read_records(file, codec, dialect, path, first_line=1):
    # type: (io.BufferedIOBase, str, Dialect, str, int) -> Iterator[tuple[int, list]]
    """Yield the number of the line where a record begins, and its cells as they are written.

    A line end in quotes is part of a cell, and counts as a line. Blank lines are empty lists.

    Args:
        file: it is at the first record; it is not closed.
        path: for errors.
        first_line: the number of the line that it is at.
    Raises: BulkError: what is wrong with a record, with its number.
    """
    pending = [0]
    text = io.TextIOWrapper(file, codec, "strict", newline="")
    lines = _lines(text, pending)
    reader = dialects.reader(_as_bytes(lines) if IS_2 else lines, dialect)
    number = first_line
    try:
        for cells in reader:
            pending[0] = 0
            if IS_2 and cells:  # One call for all of them; there is no NUL in a line.
                cells = "\0".join(cells).decode("utf-8").split(u"\0")
            yield number, cells
            number = first_line + reader.line_num
    except _Unreadable as error:
        raise places.trouble(path, error.args[0], row=number)
    except UnicodeDecodeError as error:
        raise places.trouble(
            path, u"is not in %s (%s); name the encoding of the file with --encoding"
            % (codec, error.reason), row=number)
    except csv.Error as error:
        raise places.trouble(path, explained(error), row=number)
    finally:
        if not text.closed:
            text.detach()


def _lines(text, pending):
    readline = text.readline
    while True:
        line = readline(MAX_ROW + 1)
        if not line:
            break
        if u"\0" in line:
            raise _Unreadable(
                u"has a NUL character, which no text has; save the file again as CSV UTF-8, "
                u"or name its encoding with --encoding")
        pending[0] += len(line)
        if pending[0] > MAX_ROW:
            raise _Unreadable(
                u"has more than %d characters; is a closing quote missing?" % MAX_ROW)
        yield line
    if pending[0]:  # The reader wants more for a record that has begun.
        raise _Unreadable(UNCLOSED)


def _as_bytes(lines):
    for line in lines:
        yield line.encode("utf-8")


def explained(error):
    # type: (Exception) -> Text
    """Return what csv's reader, or the decoder, finds wrong with a row, and what to do."""
    text = str(error)
    if "end of data" in text:
        return UNCLOSED
    if "limit" in text:
        return (u"has a cell of more than %d characters; is a closing quote missing?"
                % csv.field_size_limit())
    if "expected after" in text:
        return (u"has text behind the closing quote of a cell; write a quote that belongs to the "
                u'text twice, as in "a ""b"" c"')
    return u"cannot be read as CSV (%s)" % text
