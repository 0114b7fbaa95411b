"""XLSXWriter: rows of cells as an Excel workbook, in flat memory."""

from __future__ import absolute_import, division, print_function

import functools
import re
import shutil
import tempfile
import zipfile

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.rows import ABSENT
from waterspout_cmdb.bulk.writing import formulas
from waterspout_cmdb.bulk.writing.cell_texts import cell_text
from waterspout_cmdb.bulk.writing.writer import Writer
from waterspout_cmdb.bulk.writing.xlsx_cells import CellMaker

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Text  # noqa: F401

MAX_ROWS = 1048576
MAX_COLUMNS = 16384

#: Rows by which the widths of columns are chosen; they must be known before the first is written.
_SAMPLE = 100
_WIDTHS = 8, 60

_NOT_IN_NAMES = re.compile(u"[\\[\\]:*?/\\\\]")


class XLSXWriter(Writer):
    """Write a workbook; rows beyond Excel's limit go to further sheets, which is a finding."""

    def __init__(self, path, columns, sheet=None, neutralize=None, max_rows=MAX_ROWS):
        # type: (Text, Iterable[Text], Text | None, str | None, int) -> None
        self._openpyxl = import_openpyxl()
        super(XLSXWriter, self).__init__(path, columns)
        self._name = sheet_name(sheet or u"Rows")
        self._keeps_quotes = neutralize == "values"
        self._max_rows = max_rows
        self._book = self._openpyxl.Workbook(write_only=True)
        self._sheet, self._sheets, self._in_sheet = None, 0, 0
        self._sample = []  # type: list
        self._index = 0
        if len(self.columns) > MAX_COLUMNS:
            self.discard()
            raise BulkError("%s: %d columns, Excel takes %d: write CSV"
                            % (self.path, len(self.columns), MAX_COLUMNS))

    def _write(self, cells):
        if self._sheet is None and len(self._sample) < _SAMPLE:
            self._sample.append(list(cells))
            return
        if self._sheet is None:
            self._begin_sheet()
        self._append(cells)

    def _begin_sheet(self):
        self._sheets += 1
        name = self._name
        if self._sheets > 1:
            end = u" (%d)" % self._sheets
            name = name[: 31 - len(end)] + end
            self.findings.append(
                u"a sheet of Excel has %d rows: more are in the sheet %s"
                % (self._max_rows, name))
        self._sheet = self._book.create_sheet(name)
        make_cell = functools.partial(self._openpyxl.cell.WriteOnlyCell, self._sheet)
        self._maker = CellMaker(make_cell, lambda text: self._note(self._index, text))
        self._sheet.freeze_panes = "A2"
        get_letter = self._openpyxl.utils.get_column_letter
        for index, width in enumerate(widths(self.columns, self._sample)):
            self._sheet.column_dimensions[get_letter(index + 1)].width = width
        self._sheet.append(header(self._openpyxl, make_cell, self.columns))
        self._in_sheet = 1
        sample, self._sample = self._sample, []
        rows = self.rows
        for self.rows, cells in enumerate(sample, 1):
            self._append(cells)
        self.rows = rows

    def _append(self, cells):
        if self._in_sheet >= self._max_rows:
            self._sheet.close()
            self._begin_sheet()
        made = []
        try:
            for self._index, cell in enumerate(cells):
                if cell is ABSENT:
                    cell = None
                elif self._keeps_quotes and cell and cell_text(cell)[:1] == u"'":
                    if formulas.is_quoted(cell_text(cell)):
                        cell = u"'" + cell_text(cell)
                made.append(self._maker.make(cell))
        except BulkError as error:
            index = self._index
            column = self.columns[index] if index < len(self.columns) else index + 1
            raise BulkError(u"%s, row %d, %s: %s" % (
                self.path, self.rows + 1, column, to_unicode(str(error))))
        self._sheet.append(made)
        self._in_sheet += 1

    def _finish(self):
        if self._sheet is None:
            self._begin_sheet()
        try:
            save(self._book, self._new.file)
        except zipfile.LargeZipFile:
            raise BulkError("%s is too large for Excel: write CSV" % self.path)

    def _forget(self):
        """Have openpyxl remove the temporary files of the sheets."""
        for sheet in self._book.worksheets:
            try:
                if not sheet.closed:
                    sheet.close()
                sheet._writer.cleanup()
            except (EnvironmentError, ValueError):
                pass  # A full disk, or it was removed while the workbook was saved.


def import_openpyxl():
    """Return the module with what is used of it. Raises: BulkError: it is not installed."""
    try:
        import openpyxl
        import openpyxl.cell
        import openpyxl.comments
        import openpyxl.styles
        import openpyxl.utils
        import openpyxl.worksheet.datavalidation
    except ImportError:
        raise BulkError('Excel files need openpyxl: pip install "waterspout-cmdb[bulk]"')
    return openpyxl


def save(book, file):
    """Write a workbook to a file of bytes, which may be a pipe."""
    # A zip file is not written from front to back; and openpyxl leaves it open at an error.
    with tempfile.TemporaryFile() as temporary:
        book.save(temporary)
        temporary.seek(0)
        shutil.copyfileobj(temporary, file, 1 << 20)
    file.flush()


def sheet_name(text):
    # type: (Text) -> Text
    """Return a text as Excel takes it as the name of a sheet."""
    return _NOT_IN_NAMES.sub(u"_", to_unicode(text))[:31].strip(u"'") or u"Rows"


def widths(columns, rows):
    """Return the width of each column in characters, for what is in the first rows."""
    found = [max(_WIDTHS[0], len(name) + 3) for name in columns]
    for cells in rows:
        for index, cell in enumerate(cells[: len(found)]):
            found[index] = max(found[index], len(cell_text(cell)) + 2)
    return [min(each, _WIDTHS[1]) for each in found]


def header(openpyxl, make_cell, columns):
    """Return the cells of a header in bold."""
    maker = CellMaker(make_cell, lambda text: None)
    bold = openpyxl.styles.Font(bold=True)
    cells = []
    for name in columns:
        cell = maker.text(name)
        cell.font = bold
        cells.append(cell)
    return cells
