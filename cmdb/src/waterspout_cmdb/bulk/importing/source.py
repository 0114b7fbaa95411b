"""Source: the file of an import, brought to this machine, and its rows, read twice."""

from __future__ import absolute_import, division, print_function

import shutil
import tempfile

from tornado import gen

from waterspout_cmdb.bulk.importing.files import is_fetched, shown_source
from waterspout_cmdb.bulk.importing.identity import SourceFile
from waterspout_cmdb.bulk.importing.spool import SpooledRows
from waterspout_cmdb.bulk.reading import fetch_input, open_table

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterator, Optional, Text  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

    from waterspout_cmdb.bulk.rows import Row  # noqa: F401

#: Formats that take so long to read that their rows are kept for the second pass.
_SLOW = ("xlsx",)


class Source(object):
    """The file of an import. `open` comes first; `close` removes what was made for it.

    Args:
        name (text): a path, ``-`` or a URL, of which ``name`` has no secrets.
        options (ReadOptions)
        folder (text or None): for temporary files; None for the system's.
    Attributes:
        file (SourceFile), table: once it is open.
        is_json (bool): cells are JSON values, and columns may come late.
    """

    def __init__(self, name, options, folder):
        # type: (Text, Any, Optional[Text]) -> None
        self.name = shown_source(name)
        self._address = name
        self._options = options
        self._folder = folder
        self._work = None  # type: Any
        self._spool = None  # type: Any
        self.file = self.table = None  # type: Any

    @gen.coroutine
    def open(self):
        # type: () -> Future[None]
        """Fetch the file, unless it is here, and find out what it is like. Raises: BulkError."""
        path = self._address
        if is_fetched(path):
            path = yield fetch_input(path, self.work_folder)
        self.file = SourceFile(path, self.name)
        self.table = open_table(path, self._options)

    @property
    def work_folder(self):
        # type: () -> Text
        """A folder of this import's own, which `close` removes."""
        if self._work is None:
            self._work = tempfile.mkdtemp(prefix=".waterspout-", dir=self._folder)
        return self._work

    @property
    def is_json(self):
        # type: () -> bool
        return self.table.format in ("json", "jsonl")

    def rows(self, again=False):
        # type: (bool) -> Iterator[Row]
        """Return the rows from the first; ``again`` says that they will be read once more."""
        if self._spool is None and again and self.table.format in _SLOW:
            self._spool = SpooledRows(self.table.rows, self._folder)
        return self.table.rows() if self._spool is None else self._spool.rows()

    def close(self):
        # type: () -> None
        for each in (self._spool, self.table):
            if each is not None:
                each.close()
        if self._work is not None:
            shutil.rmtree(self._work, ignore_errors=True)
