"""open_table: a file becomes a table, by what is in it."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.reading import formats
from waterspout_cmdb.bulk.reading.csv_text.table import CSVTable
from waterspout_cmdb.bulk.reading.json_text.table import JSONTable
from waterspout_cmdb.bulk.reading.options import ReadOptions
from waterspout_cmdb.bulk.reading.sources.binary_source import BinarySource
from waterspout_cmdb.bulk.reading.xlsx.table import XLSXTable


def open_table(path, options=None):
    # type: (str, ReadOptions | None) -> Table
    """Return the table in a local file.

    Text is read once as a whole here, to be sure of its encoding.

    Args:
        path: the file; one in gzip is told by its first bytes.
        options: what is known about it; the rest is found out, and told in the table's findings.
    Raises: BulkError: the file cannot be read as a table; it says why, and what to do.
    """
    options = options or ReadOptions()
    source = BinarySource(path)
    try:
        format = formats.find_format(source, options.format)
        if format in ("json", "jsonl"):
            return JSONTable(source, options, format)
        if format == "xlsx":
            return XLSXTable(source, options)
        return CSVTable(source, options)
    except BaseException:
        source.close()
        raise
