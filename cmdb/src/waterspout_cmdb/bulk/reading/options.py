"""ReadOptions: what the user says about a file; the rest is found out."""

from __future__ import absolute_import, division, print_function

import collections

_Options = collections.namedtuple("_Options", "format encoding delimiter sheet header_row")


class ReadOptions(_Options):
    """What is known about a file; None is found out.

    Args:
        format (str or None): "csv", "tsv", "json", "jsonl" or "xlsx".
        encoding (str or None): a name that Python knows, such as "gb18030".
        delimiter (text or None): one character between cells; "tab" is a tab.
        sheet (text or None): the name of an Excel file's sheet.
        header_row (str, int or None): the row with the columns' names, from 1, or "3-4" for two
            rows that are joined, as "Network / IP".
    """

    __slots__ = ()

    def __new__(cls, format=None, encoding=None, delimiter=None, sheet=None, header_row=None):
        return super(ReadOptions, cls).__new__(cls, format, encoding, delimiter, sheet, header_row)
