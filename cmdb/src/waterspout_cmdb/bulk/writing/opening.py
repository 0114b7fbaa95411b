"""open_writer: the writer of a format."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str, to_unicode

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.writing.csv_writer import CSVWriter
from waterspout_cmdb.bulk.writing.json_writer import JSONWriter
from waterspout_cmdb.bulk.writing.xlsx_writer import XLSXWriter

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Text  # noqa: F401

    from waterspout_cmdb.bulk.writing.writer import Writer  # noqa: F401

FORMATS = ("csv", "tsv", "json", "jsonl", "xlsx")


def open_writer(path, format, columns, encoding="utf-8", delimiter=None, sheet=None,
                neutralize=False, gzip=False):
    # type: (Text, str, Iterable[Text], Text, Text, Text, bool | str, bool) -> Writer
    """Return a `Writer` for a new file.

    It is written under a temporary name in the same folder, and renamed by ``close()``.

    Args:
        path: "-" is the standard output.
        format: one of FORMATS.
        columns: the header, which is written at once.
        encoding: of CSV and TSV, as the reader names it: "utf-8-sig" has a byte order mark.
        delimiter: of CSV; by default a comma, and a tab in TSV.
        sheet: the name of the sheet in xlsx.
        neutralize: what to do with cells that begin like formulas, in CSV and TSV. "cells": put a
            quote in front, the cells come from a file, where some may have one; "values": the
            same, the cells are values of the CMDB, and a quote belongs to one; True means
            "values". In xlsx such cells are always text.
        gzip: compress the file; xlsx is compressed as it is.
    Raises: BulkError: it cannot be made, or the format or encoding is unknown.
    """
    format = native_str(format)
    columns = [to_unicode(each) for each in columns]
    neutralize = "values" if neutralize is True else neutralize or None
    if format in ("csv", "tsv"):
        delimiter = to_unicode(delimiter) or (u"\t" if format == "tsv" else u",")
        return CSVWriter(path, columns, encoding, delimiter, neutralize, gzip)
    if format in ("json", "jsonl"):
        return JSONWriter(path, columns, format == "jsonl", gzip)
    if format == "xlsx":
        return XLSXWriter(path, columns, sheet, neutralize)
    raise BulkError("%s: there is no such format, it may be %s" % (format, ", ".join(FORMATS)))
