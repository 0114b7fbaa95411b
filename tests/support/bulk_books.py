"""Workbooks that tests make with openpyxl."""

from __future__ import absolute_import, division, print_function

import pytest


class Book(object):
    """A workbook that a test makes with openpyxl."""

    def __init__(self):
        openpyxl = pytest.importorskip("openpyxl")
        self._book = openpyxl.Workbook()
        self._book.remove(self._book.active)

    def sheet(self, title, rows, formats=None, merged=()):
        """Add a sheet; ``formats``: the number format of each column from 0 that has one."""
        sheet = self._book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cells in sheet.iter_rows(min_row=2):
            for index, form in (formats or {}).items():
                cells[index].number_format = form
        for each in merged:
            sheet.merge_cells(each)

    def texts(self, title, text):
        """Have cells that begin as formulas be texts, as they are after a quote in Excel."""
        for cells in self._book[title].iter_rows():
            for cell in cells:
                if cell.value == text:
                    cell.data_type = "s"

    def save(self, path):
        self._book.save(str(path))
        return str(path)
