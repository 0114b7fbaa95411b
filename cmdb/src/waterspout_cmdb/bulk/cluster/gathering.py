"""Gathering: the first batch of the rows that a worker was given."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.importing.preparing.chunks import chunks
from waterspout_cmdb.bulk.importing.preparing.encoding import encode
from waterspout_cmdb.bulk.importing.preparing.preparation import Preparation, reason_of
from waterspout_cmdb.bulk.sending import Batcher

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterator  # noqa: F401


class Gathering(object):
    """Reads and maps rows of a shipment until a batch is full, or none is left.

    Args:
        shipment (Shipment)
        place (Place)
    Attributes:
        batch (Batch or None): once the steps are done; None if there is nothing to send.
        cells (dict): of the rows in it, and maybe of the next one, by number.
        count (int): how many rows are in it.
        rejects (list): (row number, reason, cells) of rows that cannot be sent any more.
        last_row (int or None): with this batch the rows up to this one are finished.
        is_last (bool): no row of the shipment is left then.
    """

    def __init__(self, shipment, place):
        # type: (Any, Any) -> None
        self._shipment = shipment
        self._mapper = place.mapper(shipment.block.columns)
        self._preparation = Preparation(self._mapper, place.references)
        self._batcher = Batcher(_Wanted(place.plan.limits, shipment.most))
        self.batch = None  # type: Any
        self.cells = {}  # type: dict
        self.rejects = []  # type: list
        self.last_row = shipment.last_row
        self.count, self.is_last = 0, False

    def steps(self):
        # type: () -> Iterator[Any]
        """Yield what must be waited for: a Future, or None for a turn of the loop."""
        for chunk in chunks(self._rows()):
            for waiting in self._preparation.steps(chunk):
                yield waiting
            for row, mapped in self._preparation.ready:
                self.batch = self._collected(row, mapped)
                if self.batch is not None:
                    self.last_row = self.batch.last_row
                    self.count = len(self.batch.rows)
                    self.rejects = [each for each in self.rejects if each[0] <= self.last_row]
                    return
            if self._shipment.last_row is None:
                self.last_row = chunk[-1].number
            yield None
        self.batch = self._batcher.rest()
        self.count = len(self.batch.rows) if self.batch is not None else 0
        self.is_last = True

    def _rows(self):
        shipment = self._shipment
        refused = set(shipment.refused)
        for row in shipment.block.rows():
            number = row.number
            if shipment.last_row is not None and number > shipment.last_row:
                return
            if number >= shipment.first_row and number not in refused:
                yield row

    def _collected(self, row, mapped):
        """Add a row to the batch, and return the batch if it is full, else None."""
        if mapped.problems:  # What it refers to has gone since the check.
            self.rejects.append((row.number, reason_of(mapped.problems), row.cells))
            return None
        document = mapped.document
        self.cells[row.number] = row.cells
        return self._batcher.add(row.number, self._mapper.key(document), encode(document))


class _Wanted(object):
    """Tells a batcher how many rows the import wants in a batch now."""

    def __init__(self, limits, most):
        self.limits = limits
        self.wanted_rows = min(limits.max_rows, most or limits.max_rows)
