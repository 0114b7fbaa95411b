"""Batch: rows that are sent together; and what becomes of them."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple  # noqa: F401

    _SentRow = Tuple[int, Tuple[Any, ...], bytes]

#: What became of the rows of a batch: numbers of rows; ``rejected``, a list of ``(row number,
#: reason)`` in the order of the rows; ``warnings``, JSON values that the CMDB has said.
#: ``inserted + updated + len(rejected)`` is the number of rows.
BatchResult = namedtuple("BatchResult", "inserted updated rejected warnings")


class Batch(object):
    """Rows that are sent together.

    Args:
        rows: a list, not empty, of ``(number, key, encoded)``: the row's number in the file, the
            values of the key attributes as a tuple, and the row as JSON in UTF-8.
    Attributes:
        first_row, last_row (int): numbers of rows.
        size (int): bytes of the rows.
    """

    __slots__ = ("rows", "size")

    def __init__(self, rows, size=None):
        # type: (List[_SentRow], Optional[int]) -> None
        self.rows = rows
        self.size = sum(len(row[2]) for row in rows) if size is None else size

    @property
    def first_row(self):
        # type: () -> int
        return self.rows[0][0]

    @property
    def last_row(self):
        # type: () -> int
        return self.rows[-1][0]

    def __len__(self):
        # type: () -> int
        return len(self.rows)

    def __repr__(self):
        # type: () -> str
        return "<Batch of rows %d to %d: %d rows, %d bytes>" % (
            self.first_row, self.last_row, len(self), self.size)
