"""JSONWriter: rows of cells as a JSON array, or as JSON Lines."""

from __future__ import absolute_import, division, print_function

import datetime
import json

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.rows import ABSENT
from waterspout_cmdb.bulk.writing.cell_texts import cell_text
from waterspout_cmdb.bulk.writing.writer import Writer

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Text  # noqa: F401


class JSONWriter(Writer):
    """Write an object for each row, on a line of its own, in UTF-8; ABSENT cells are left out.

    Args:
        is_lines (bool): without the brackets of an array and the commas.
    """

    def __init__(self, path, columns, is_lines, is_gzip):
        # type: (Text, Iterable[Text], bool, bool) -> None
        super(JSONWriter, self).__init__(path, columns, is_gzip)
        self._is_lines = is_lines
        self._names = [_dumps(name) + u": " for name in self.columns]
        if not is_lines:
            self._new.file.write(b"[")

    def _write(self, cells):
        for index in range(len(self._names), len(cells)):  # Nothing is lost without a word.
            self._names.append(_dumps(u"column %d" % (index + 1)) + u": ")
        text = u"{%s}" % u", ".join([
            name + _dumps(cell) for name, cell in zip(self._names, cells) if cell is not ABSENT])
        if self._is_lines:
            text += u"\n"
        else:
            text = (u"\n" if self.rows == 1 else u",\n") + text
        self._new.file.write(text.encode("utf-8"))

    def _finish(self):
        if not self._is_lines:
            self._new.file.write(b"\n]\n" if self.rows else b"]\n")
        self._new.file.flush()


def _dumps(value):
    if isinstance(value, (datetime.date, datetime.datetime)):
        value = cell_text(value)
    text = to_unicode(json.dumps(value, ensure_ascii=False, default=cell_text))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # Half of a surrogate pair: only an escape can write it.
        return to_unicode(json.dumps(value, default=cell_text))
    return text
