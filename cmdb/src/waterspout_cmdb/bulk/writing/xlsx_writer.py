"""XLSXWriter: rows of cells as an Excel workbook, in flat memory.

The XML is written here rather than by openpyxl: with et_xmlfile 1.0.1, the last one for 2.7, that
has all rows in memory (9 KB each), and on 3.11 it takes many times as long.
"""

from __future__ import absolute_import, division, print_function

import re
import shutil
import tempfile
import zipfile

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.column_letters import column_letters
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.rows import ABSENT
from waterspout_cmdb.bulk.writing import formulas, xlsx_parts
from waterspout_cmdb.bulk.writing.cell_texts import cell_text
from waterspout_cmdb.bulk.writing.writer import Writer
from waterspout_cmdb.bulk.writing.xlsx_cells import cell_xml, text_xml

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Text  # noqa: F401

MAX_ROWS = 1048576
MAX_COLUMNS = 16384

#: Rows by which the widths of columns are chosen; they must be known before the first is written.
_SAMPLE = 100
_WIDTHS = 8, 60

_CHUNK = 1 << 20
_NOT_IN_NAMES = re.compile(u"[\\[\\]:*?/\\\\]")


class XLSXWriter(Writer):
    """Write a workbook; rows beyond Excel's limit go to further sheets, which is a finding."""

    def __init__(self, path, columns, sheet=None, neutralize=None, max_rows=MAX_ROWS):
        # type: (Text, Iterable[Text], Text | None, str | None, int) -> None
        super(XLSXWriter, self).__init__(path, columns)
        self._names = []  # type: list  # Of the sheets.
        self._files = []  # type: list  # With their XML.
        self._name = sheet_name(sheet or u"Rows")
        self._keeps_quotes = neutralize == "values"
        self._max_rows = max_rows
        self._in_sheet = 0
        self._sample = []  # type: list
        self._index = 0
        self._letters = [column_letters(number) for number in range(len(self.columns))]
        if len(self.columns) > MAX_COLUMNS:
            self.discard()
            raise BulkError("%s: %d columns, Excel takes %d: write CSV"
                            % (self.path, len(self.columns), MAX_COLUMNS))

    def _write(self, cells):
        if not self._files:
            if len(self._sample) < _SAMPLE:
                self._sample.append(list(cells))
                return
            self._begin()
        self._append(cells)

    def _begin(self):
        """Begin the first sheet, with the rows so far."""
        self._widths = widths(self.columns, self._sample)
        self._begin_sheet()
        rows, sample, self._sample = self.rows, self._sample, []
        for self.rows, cells in enumerate(sample, 1):
            self._append(cells)
        self.rows = rows

    def _begin_sheet(self):
        name = self._name
        if self._names:
            self._files[-1].write(xlsx_parts.SHEET_END)
            end = u" (%d)" % (len(self._names) + 1)
            name = name[: 31 - len(end)] + end
            self.findings.append(
                u"a sheet of Excel has %d rows: more are in the sheet %s"
                % (self._max_rows, name))
        self._names.append(name)
        self._files.append(tempfile.NamedTemporaryFile(suffix=".xml"))
        self._files[-1].write(xlsx_parts.sheet_begin(self._widths))
        self._in_sheet = 0
        self._put([
            text_xml(letter + u"1", name, self._note_cell, xlsx_parts.HEADER)
            for letter, name in zip(self._letters, self.columns)])

    def _append(self, cells):
        if self._in_sheet >= self._max_rows:
            self._begin_sheet()
        while len(cells) > len(self._letters):
            self._letters.append(column_letters(len(self._letters)))
        number = u"%d" % (self._in_sheet + 1)
        made = []
        try:
            for self._index, cell in enumerate(cells):
                if cell is ABSENT:
                    continue
                if self._keeps_quotes and cell_text(cell)[:1] == u"'" and formulas.is_quoted(cell):
                    cell = u"'" + cell
                made.append(cell_xml(self._letters[self._index] + number, cell, self._note_cell))
        except BulkError as error:
            index = self._index
            column = self.columns[index] if index < len(self.columns) else index + 1
            raise BulkError(u"%s, row %d, %s: %s" % (
                self.path, self.rows + 1, column, to_unicode(str(error))))
        self._put(made)

    def _put(self, elements):
        self._in_sheet += 1
        text = u'<row r="%d">%s</row>\n' % (self._in_sheet, u"".join(elements))
        self._files[-1].write(text.encode("utf-8"))

    def _note_cell(self, text):
        self._note(self._index, text)

    def _finish(self):
        if not self._files:
            self._begin()
        self._files[-1].write(xlsx_parts.SHEET_END)
        with tempfile.TemporaryFile() as whole:  # An archive is not written from front to back.
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
                for name, content in xlsx_parts.parts(self._names):
                    archive.writestr(name, content)
                for number, file in enumerate(self._files, 1):
                    file.flush()
                    archive.write(file.name, xlsx_parts.sheet_part(number))
            whole.seek(0)
            shutil.copyfileobj(whole, self._new.file, _CHUNK)
        self._new.file.flush()
        self._forget()

    def _forget(self):
        for file in self._files:
            try:
                file.close()
            except EnvironmentError:
                pass  # A full disk: its buffer cannot be written.


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
