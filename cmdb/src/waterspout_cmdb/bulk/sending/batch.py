"""Batch: rows that are sent together; and the Batcher that puts them together."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterable, Iterator, List, Optional, Tuple  # noqa: F401

    from waterspout_cmdb.bulk.sending.sender import Sender  # noqa: F401

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


class Batcher(object):
    """Puts rows together: as many as the sender wants now, within its limits.

    Args:
        sender (Sender): has ``limits`` and ``wanted_rows``.
    """

    def __init__(self, sender):
        # type: (Sender) -> None
        self._sender = sender
        self._max_bytes = sender.limits.max_bytes
        self._rows = []  # type: List[_SentRow]
        self._size = 0

    def add(self, number, key, encoded):
        # type: (int, Tuple[Any, ...], bytes) -> Optional[Batch]
        """Add a row; return a batch if one is complete, with this row or without it."""
        size = len(encoded)
        rows, batch = self._rows, None
        wanted = self._sender.wanted_rows
        if rows and (len(rows) >= wanted or self._size + size > self._max_bytes):
            batch = self.rest()
            rows = self._rows
        rows.append((number, key, encoded))
        self._size += size
        if batch is None and len(rows) >= wanted:
            return self.rest()
        return batch

    def rest(self):
        # type: () -> Optional[Batch]
        """Return what was added since the last batch; None if that is nothing."""
        rows, size = self._rows, self._size
        self._rows, self._size = [], 0
        return Batch(rows, size) if rows else None

    def batches(self, rows):
        # type: (Iterable[_SentRow]) -> Iterator[Batch]
        """Yield the batches of ``rows``, each when it is complete."""
        for number, key, encoded in rows:
            batch = self.add(number, key, encoded)
            if batch is not None:
                yield batch
        batch = self.rest()
        if batch is not None:
            yield batch
