"""CSVTable: the table in a CSV or TSV file."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.reading import header, range_rules, text_encodings
from waterspout_cmdb.bulk.reading.csv_text import dialects
from waterspout_cmdb.bulk.reading.csv_text.records import read_records
from waterspout_cmdb.bulk.reading.table import Description, Table
from waterspout_cmdb.bulk.rows import Row


class CSVTable(Table):
    """The table in a text file with cells between delimiters.

    Args:
        source (BinarySource): the file.
        options (ReadOptions): what is known.
    Raises: BulkError: it has no header, or cannot be read in the encoding.
    """

    def __init__(self, source, options):
        # type: (BinarySource, ReadOptions) -> None
        super(CSVTable, self).__init__(source)
        self._encoding = text_encodings.find_encoding(source, options.encoding)
        self.encoding = self._encoding.name
        usual = u"\t" if options.format == "tsv" else None
        self.dialect, told = dialects.find_dialect(
            source, self._encoding, options.delimiter, usual)
        self.delimiter = self.dialect.delimiter
        self.format = options.format or ("tsv" if self.delimiter == u"\t" else "csv")
        found, remarks = header.find_header(self._first_rows(), self.path, options.header_row)
        self.columns = found.columns
        self.last_header_row = found.last
        self.header_row = (
            "%d" % found.last if found.first == found.last else "%d-%d" % found[:2])
        self.findings = [self._encoding.told] if self._encoding.told else []
        self.findings += [told] if len(self.columns) > 1 or options.delimiter else []
        self.findings += remarks

    def rows(self):
        # type: () -> Iterator[Row]
        records = self._records()
        try:
            for row in without_blanks(records, len(self.columns), self.last_header_row):
                yield row
        finally:
            records.close()

    def describe(self):
        # type: () -> Description
        range_rules.refuse(self, self._encoding.codec)
        return Description(
            self.path, self.format, self._encoding.codec, self._encoding.skip, self.dialect,
            self.last_header_row, tuple(self.columns), ())

    def _records(self):
        file = self._source.open()
        try:
            file.read(self._encoding.skip)
            for record in read_records(file, self._encoding.codec, self.dialect, self.path):
                if record[0] > self.dialect.after:
                    yield record
        finally:
            file.close()

    def _first_rows(self):
        rows = []
        records = self._records()
        for number, cells in records:
            if any(cell.strip() for cell in cells):
                rows.append((number, cells))
            if len(rows) >= header.LOOKED_AT:
                break
        records.close()
        return rows


def without_blanks(records, width, after=0):
    # type: (Iterable[tuple[int, list]], int, int) -> Iterator[Row]
    """Yield rows that have something in them, without blank cells beyond the columns.

    Args:
        width: number of columns.
        after: number of the row behind which they begin.
    """
    for number, cells in records:
        if len(cells) != width:
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
        if not cells:
            continue
        first = cells[0]
        if (not first or first.isspace()) and not any(cell.strip() for cell in cells):
            continue
        if number > after:
            yield Row(number, cells)
