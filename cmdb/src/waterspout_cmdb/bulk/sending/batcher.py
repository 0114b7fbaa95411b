"""Batcher: puts rows together into batches, as large as the sender wants them."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.sending.batch import Batch

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterable, Iterator, List, Optional, Tuple  # noqa: F401

    from waterspout_cmdb.bulk.sending.sender import Sender  # noqa: F401

    _SentRow = Tuple[int, Tuple[Any, ...], bytes]


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
