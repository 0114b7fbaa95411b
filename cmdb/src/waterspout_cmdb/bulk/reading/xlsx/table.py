"""XLSXTable: the table in a sheet of an Excel file."""

from __future__ import absolute_import, division, print_function

import itertools
import shutil
import tempfile
import warnings

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import header, places
from waterspout_cmdb.bulk.reading.table import Table
from waterspout_cmdb.bulk.reading.xlsx import limits, sheets
from waterspout_cmdb.bulk.reading.xlsx.cells import CellReader
from waterspout_cmdb.bulk.reading.xlsx.marks import read_marks
from waterspout_cmdb.bulk.rows import Row

#: Rows that are asked of openpyxl at once, with its warnings off.
_AT_ONCE = 200


class XLSXTable(Table):
    """The table in one sheet of an Excel file.

    The texts of all cells are in memory, as openpyxl reads them; `limits` says how much that
    is at most. Rows are streamed.

    Args:
        source (BinarySource): the file.
        options (ReadOptions): what is known.
    Raises: BulkError: it is no workbook, is too large, has no such sheet, or no header.
    """

    format = "xlsx"

    def __init__(self, source, options):
        # type: (BinarySource, ReadOptions) -> None
        super(XLSXTable, self).__init__(source)
        self._spool = self._workbook = None
        try:
            self._open(options)
        except BaseException:
            self.close()
            raise

    def _open(self, options):
        load_workbook = sheets.import_openpyxl()
        file = self._seekable()
        limits.check_archive(file, self.path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                self._workbook = load_workbook(
                    file, read_only=True, data_only=True, keep_links=False)
            except Exception as error:  # It raises all kinds of errors.
                raise places.trouble(self.path, limits.DAMAGED % error)
        self._sheet, self.sheet, self.findings = sheets.choose(
            self._workbook, self.path, options.sheet)
        # Some programs write a size that is not that of the sheet; rows beyond it would be lost.
        self._sheet.reset_dimensions()
        with self._sheet._get_source() as part:
            marks = read_marks(part, header.LOOKED_AT * 2)
        first = list(itertools.islice(
            ((number, cells) for number, cells in self._records() if cells), header.LOOKED_AT))
        try:
            found, remarks = header.find_header(first, self.path, options.header_row, marks.heads)
        except BulkError as error:
            raise BulkError(error.reasons + self.findings)  # Another sheet may be meant.
        self.columns = found.columns
        self._last_header_row = found.last
        self.header_row = (
            "%d" % found.last if found.first == found.last else "%d-%d" % found[:2])
        self.findings += remarks + self._told_of(marks)

    def rows(self):
        # type: () -> Iterator[Row]
        width, beyond = len(self.columns), 0
        for number, cells in self._records():
            if number > self._last_header_row and any(
                    cell is not None and cell != u"" for cell in cells):
                while len(cells) > width and _is_blank(cells[-1]):
                    cells.pop()
                if len(cells) > width:
                    beyond += len(cells) - width
                    if beyond > limits.MAX_BEYOND:
                        raise places.trouble(
                            self.path, u"has, with the rows above, too many cells to the right of "
                            u"the last column with a name; delete them", row=number)
                yield Row(number, cells)

    def close(self):
        # type: () -> None
        if self._workbook is not None:
            self._workbook.close()
        if self._spool is not None:
            self._spool.close()
        super(XLSXTable, self).close()

    def _seekable(self):
        if not self.is_gzip:
            return self._source.open()
        self._spool = tempfile.TemporaryFile()  # A zip file is read from its end.
        with self._source.open() as file:
            shutil.copyfileobj(file, self._spool, 1 << 20)
        self._spool.seek(0)
        return self._spool

    def _records(self):
        """Yield the number of each row, and its values, with the trouble of any."""
        read = CellReader().read
        number = 0
        rows = self._sheet.iter_rows()
        try:
            while True:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    part = [read(cells) for cells in itertools.islice(rows, _AT_ONCE)]
                for cells in part:
                    number += 1
                    yield number, cells
                if len(part) < _AT_ONCE:
                    return
                if number > limits.MAX_ROWS:
                    raise places.trouble(
                        self.path, u"is beyond the last row that a sheet can have", row=number)
        except (BulkError, GeneratorExit):
            raise
        except Exception as error:  # It raises all kinds of errors.
            raise places.trouble(
                self.path, u"it or one of the next %d cannot be read (%s); open the file in Excel "
                u"and save it again" % (_AT_ONCE, error), row=number + 1)

    def _told_of(self, marks):
        told = []
        if marks.formulas:
            told.append(
                u"formulas without a stored result: %d, read as empty cells; open the file in "
                u"Excel and save it, which stores them" % marks.formulas)
        below = [shown for top, bottom, shown in sorted(marks.below)
                 if bottom > self._last_header_row]
        if below:
            more = marks.below_count - len(marks.below)
            told.append(
                u"cells are merged over several rows (%s%s): only the first row has the value; if "
                u"it is for all of them, unmerge the cells, and write it into each row" % (
                    u", ".join(below), u" and %d more" % more if more else u""))
        return told


def _is_blank(cell):
    return cell is None or (isinstance(cell, type(u"")) and not cell.strip())


