"""Table: what all formats have in common, rows beneath named columns."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout_cmdb.bulk.reading import places

#: What another process needs to read a range of a file's bytes (see `ranges`): a value that can be
#: pickled. ``skip`` is the number of bytes before the text, ``after`` the row behind which the
#: table begins; ``dialect`` is that of CSV, ``names`` are those of JSON objects.
Description = collections.namedtuple(
    "Description", "path format codec skip dialect after columns names")


class Table(object):
    """Rows beneath named columns, in a file.

    Attributes:
        path (str): the file.
        format (str): "csv", "tsv", "json", "jsonl" or "xlsx".
        encoding (str or None): of its text; one in which Python can write it again.
        delimiter (text or None): between cells, of "csv" and "tsv".
        sheet (text or None): the name of the sheet, of "xlsx".
        is_gzip (bool)
        header_row (str or None): the row with the columns' names, "1", or rows, "3-4".
        columns (list of text): their names, without spaces around them; those of "json" and
            "jsonl" become more at the end of the list while rows are read.
        findings (list of text): what was found out, a line each for the user.
    """

    format = encoding = delimiter = sheet = header_row = None  # type: str | None

    def __init__(self, source):
        # type: (BinarySource) -> None
        self._source = source
        self.path = source.path
        self.is_gzip = source.is_gzip
        self.columns = []  # type: list
        self.findings = []  # type: list

    def rows(self):
        # type: () -> Iterator[Row]
        """Return an iterator of the rows, from the first; each call begins at the first one.

        Raises: BulkError: while it goes on: a row cannot be read, and which.
        """
        raise NotImplementedError

    def describe(self):
        # type: () -> Description
        """Return what another process needs to read a range of the file's bytes (see `ranges`).

        Raises: BulkError: the format or encoding has no ranges.
        """
        raise places.trouble(
            self.path, u"is %s, and cannot be split; CSV, TSV and JSON Lines can" % self.format)

    def open_bytes(self):
        # type: () -> io.BufferedIOBase
        """Return a binary file at the start of the content. Raises: BulkError."""
        return self._source.open()

    def close(self):
        # type: () -> None
        """Close the file; iterators of its rows end with an error."""
        self._source.close()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()
