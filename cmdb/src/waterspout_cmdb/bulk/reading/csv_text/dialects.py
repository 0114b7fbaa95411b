"""How a CSV file separates its cells."""

from __future__ import absolute_import, division, print_function

import codecs
import collections
import csv
import re

from tornado.escape import native_str, to_unicode, utf8

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading.sources import binary_source

#: ``delimiter``: one ASCII character. ``skip_space``: whether a space before a quoted cell is no
#: part of it. ``after``: the number of the line behind which the table begins.
Dialect = collections.namedtuple("Dialect", "delimiter skip_space after")

DELIMITERS = u",;\t|"

_ROWS = 100
_SEPARATOR_LINE = re.compile(u"\"?sep=(.)\"?[\r\n]", re.IGNORECASE)


def find_dialect(source, encoding, wanted=None, usual=None):
    # type: (BinarySource, Encoding, Text | None, Text | None) -> tuple[Dialect, Text]
    """Return a file's dialect, and how it is known, for the user.

    Args:
        wanted: the delimiter that the user says.
        usual: that of the format that the user says.
    Raises: BulkError: ``wanted`` cannot be a delimiter.
    """
    wanted = wanted and _checked(wanted)
    lines = _first_lines(source, encoding)
    match = _SEPARATOR_LINE.match(lines[0]) if lines else None
    if match:
        lines = lines[1:]
    if wanted:
        delimiter, told = wanted, u"separator %s"
    elif match and _is_possible(match.group(1)):
        delimiter = match.group(1)
        told = u"separator %s (by the first line; --delimiter names another)"
    elif usual:
        delimiter, told = usual, u"separator %s"
    else:
        delimiter, told = _best(lines), u"separator %s (found out; --delimiter names another)"
    skips = _skips_space(lines, delimiter)
    return Dialect(delimiter, skips, 1 if match else 0), told % (
        u"tab" if delimiter == u"\t" else delimiter)


def reader(lines, dialect, strict=True):
    """Return csv's reader of native lines, which are bytes of UTF-8 on 2.7."""
    return csv.reader(
        lines, delimiter=native_str(dialect.delimiter), quotechar=str('"'), doublequote=True,
        skipinitialspace=dialect.skip_space, strict=strict)


def _checked(wanted):
    wanted = to_unicode(wanted)
    wanted = u"\t" if wanted in (u"tab", u"\\t") else wanted
    if not _is_possible(wanted):
        raise BulkError(
            u"--delimiter %s: is not one ASCII character other than a quote or a line end; "
            u"write for example ; or tab" % wanted)
    return wanted


def _is_possible(delimiter):
    return len(delimiter) == 1 and delimiter < u"\x7f" and delimiter not in u"\"\r\n\0"


def _first_lines(source, encoding):
    """Return the lines at the beginning of a file, with their ends."""
    decoder = codecs.getincrementaldecoder(encoding.codec)("strict")
    text = decoder.decode(source.head[encoding.skip :])
    lines = re.findall(u"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
    if len(lines) > 1 and len(source.head) >= binary_source.HEAD:
        lines.pop()  # The head may end in the middle of it.
    return lines


def _best(lines):
    """Return the delimiter by which most of the first rows have the same number of cells."""
    best, delimiter = (0, 0), u","
    for each in DELIMITERS:
        widths = collections.Counter(len(row) for row in _rows(lines, Dialect(each, False, 0)))
        total = sum(widths.values())
        counted = [(count / total, width) for width, count in widths.items() if width > 1]
        if counted and max(counted) > best:
            best, delimiter = max(counted), each
    return delimiter


def _rows(lines, dialect):
    native = lines if str is not bytes else [utf8(line) for line in lines]
    found = []
    try:
        for row in reader((line for line in native if "\0" not in line), dialect, strict=False):
            if row:
                found.append(row)
            if len(found) >= _ROWS:
                break
    except csv.Error:
        pass  # What can be read tells enough; the error is reported with its row later.
    return found


def _skips_space(lines, delimiter):
    """Say whether cells in quotes have a space before them, as in ``a, "b"``."""
    if delimiter == u" ":
        return False
    text = u"".join(lines[:_ROWS])
    return delimiter + u' "' in text and delimiter + u'"' not in text
