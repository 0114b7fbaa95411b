"""Writer: what the writers of all formats have in common."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.writing.new_file import NewFile, failure

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, List, Text  # noqa: F401

#: Remarks of one kind that are kept; a file may have a million.
MOST_FINDINGS = 20


class Writer(object):
    """Writes rows of cells to a file; a context manager, which discards the file at an error.

    Attributes:
        path (native str)
        columns (list of text)
        rows (int): how many have been written.
        findings (list of text): what could not be written as it was, a line for the user each.
    """

    def __init__(self, path, columns, is_gzip=False):
        # type: (Text, Iterable[Text], bool) -> None
        self.columns = list(columns)
        self.rows = 0
        self.findings = []  # type: List[Text]
        self._left_out = 0
        self._new = NewFile(path, is_gzip)
        self.path = self._new.path

    def write(self, cells):
        # type: (list) -> None
        """Write a row; it may have fewer cells than columns, or more.

        Raises: BulkError: the disk is full, or a cell cannot be in such a file.
        """
        self.rows += 1
        try:
            self._write(cells)
        except EnvironmentError as error:
            raise failure(self.path, error)

    def close(self):
        # type: () -> None
        """Put the file in place. Raises: BulkError: it could not be written; nothing is left."""
        if self._new is None:
            return
        try:
            try:
                self._finish()
            except EnvironmentError as error:
                raise failure(self.path, error)
        except BaseException:
            self.discard()
            raise
        new, self._new = self._new, None
        new.close()
        if self._left_out:
            self.findings.append(u"%d more cells were changed" % self._left_out)

    def discard(self):
        # type: () -> None
        """Remove what was written; a file that was there before stays. May be called again."""
        new, self._new = self._new, None
        if new is not None:
            self._forget()
            new.discard()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is None:
            self.close()
        else:
            self.discard()

    def _note(self, index, text):
        """Note that a cell of this row is not written as it was; ``text`` says how."""
        if len(self.findings) >= MOST_FINDINGS:
            self._left_out += 1
            return
        column = self.columns[index] if index < len(self.columns) else u"column %d" % (index + 1)
        self.findings.append(u"row %d, %s: %s" % (self.rows + 1, column, text))

    def _write(self, cells):
        raise NotImplementedError()

    def _finish(self):
        """Write what belongs behind the rows, and flush to the new file."""
        raise NotImplementedError()

    def _forget(self):
        """Let go of what is open, besides the new file."""
