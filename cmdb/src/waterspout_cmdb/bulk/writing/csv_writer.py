"""CSVWriter: rows of cells as CSV or TSV."""

from __future__ import absolute_import, division, print_function

import csv
import io

from tornado.escape import native_str
from tornado.util import unicode_type

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.writing import formulas
from waterspout_cmdb.bulk.writing.cell_texts import cell_text
from waterspout_cmdb.bulk.writing.writer import Writer

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Text  # noqa: F401

_NEUTRALIZERS = {"cells": formulas.neutral_cell, "values": formulas.neutral_value}

_END = u"\r\n"

_BEGINS = frozenset(u"=+-@\t\r'")


class CSVWriter(Writer):
    """Write CSV; the parameters are those of `open_writer`."""

    def __init__(self, path, columns, encoding, delimiter, neutralize, is_gzip):
        # type: (Text, Iterable[Text], Text, Text, str | None, bool) -> None
        super(CSVWriter, self).__init__(path, columns, is_gzip)
        self._encoding = native_str(encoding)
        self._neutral = _NEUTRALIZERS.get(neutralize)
        self._lines = _Lines()
        try:
            self._text = io.TextIOWrapper(self._new.file, self._encoding, newline="")
        except LookupError:
            self.discard()
            raise BulkError(u"%s: there is no encoding of that name; write for example utf-8"
                            % encoding)
        self._end = u"\n" if delimiter == u"\t" else _END
        # Cells with a character of the line's end are quoted, and readers take each for one.
        self._csv = csv.writer(
            self._lines, delimiter=native_str(delimiter), lineterminator=native_str(_END))
        self.rows -= 1  # The header is none of the rows.
        try:
            self.write(self.columns)
        except BaseException:
            self.discard()
            raise

    def _write(self, cells):
        texts = [cell if cell.__class__ is unicode_type else cell_text(cell) for cell in cells]
        texts += [u""] * (len(self.columns) - len(texts))
        for index, text in enumerate(texts):
            if u"\0" in text:  # No reader of CSV takes it.
                texts[index] = text = text.replace(u"\0", u"\ufffd")
                self._note(index, u"a NUL character was replaced by U+FFFD")
            if text[:1] in _BEGINS and self._neutral is not None:
                texts[index] = self._neutral(text)
        self._csv.writerow(texts if str is not bytes else [each.encode("utf-8") for each in texts])
        line = self._lines.line if str is not bytes else self._lines.line.decode("utf-8")
        try:
            self._text.write(line[: -len(_END)] + self._end)
        except UnicodeEncodeError:
            raise self._not_in_the_encoding(texts)

    def _not_in_the_encoding(self, texts):
        for index, text in enumerate(texts):
            try:
                text.encode(self._encoding)
            except UnicodeEncodeError as error:
                column = self.columns[index] if index < len(self.columns) else index + 1
                return BulkError(
                    u"%s, row %d, %s: the character U+%04X is not in the encoding %s: "
                    u"--encoding utf-8-sig can write all of them"
                    % (self.path, self.rows + 1, column, ord(text[error.start]), self._encoding))
        return BulkError(u"%s, row %d is not in the encoding %s: write for example utf-8-sig"
                         % (self.path, self.rows + 1, self._encoding))

    def _finish(self):
        self._text.flush()
        self._text.detach()


class _Lines(object):
    """The file that the csv module writes to: it keeps one line."""

    line = None

    def write(self, line):
        self.line = line
