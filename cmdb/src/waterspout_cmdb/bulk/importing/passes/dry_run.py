"""Comparer: what an import would change, found out instead of sent."""

from __future__ import absolute_import, division, print_function

import collections
import json

from tornado import gen
from tornado.escape import to_unicode

from waterspout_cmdb.bulk.checking import compare

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Text  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

#: What would become of a batch; as a `BatchResult`, with the rows that would be left alone.
Compared = collections.namedtuple("Compared", "inserted updated unchanged rejected warnings")

#: What would change in one row: its number, its key, and for each field the old and new value.
RowChange = collections.namedtuple("RowChange", "row key fields")

_SEVERAL = u"several instances of %s have this %s: the CMDB would refuse the row"


class Comparison(object):
    """What a dry run has found besides its counts.

    Attributes:
        by_field (Counter): in how many rows each field would change.
        changes (list of RowChange): of the first rows that would be updated, in the file's order.
    """

    def __init__(self, shown):
        # type: (int) -> None
        self._shown = shown
        self.by_field = collections.Counter()  # type: Any
        self.changes = []  # type: List[RowChange]

    def add(self, row, key, fields):
        # type: (int, Any, Any) -> None
        self.by_field.update(fields.keys())
        self.changes.append(RowChange(row, key, fields))

    def shorten(self):
        # type: () -> None
        """Forget all but the first rows; batches may come in another order than the file's."""
        self.changes.sort(key=lambda change: change.row)
        del self.changes[self._shown :]


class Comparer(object):
    """Stands in for a `Sender`: looks up the rows of a batch, and sends nothing.

    Args:
        target, object_id: where rows would go.
        mapper (Mapper): made the rows' documents.
        limits (Limits)
        shown (int): for how many rows the old and new values are kept.
    """

    def __init__(self, target, object_id, mapper, limits, shown):
        # type: (Any, Text, Any, Any, int) -> None
        self.limits = limits
        self.wanted_rows = limits.max_rows
        self._target = target
        self._object_id = object_id
        self._model = mapper.model
        self._keys = mapper.keys
        self.comparison = Comparison(shown)

    def close(self):
        # type: () -> None
        """Do nothing: a look that is under way changes nothing either."""

    @gen.coroutine
    def send(self, batch):
        # type: (Any) -> Future[Compared]
        """Return what would become of a batch. Raises: BulkError: the target cannot be asked."""
        rows = [
            (number, key, json.loads(to_unicode(encoded))) for number, key, encoded in batch.rows]
        fields = sorted({name for _, _, document in rows for name in document})
        found = yield self._target.find(
            self._object_id, self._keys, [document for _, _, document in rows], fields)
        inserted = updated = unchanged = 0
        rejected = []
        for number, key, document in rows:
            instance = found.get(key)
            if key in found.several:
                rejected.append((number, _SEVERAL % (self._object_id, u", ".join(self._keys))))
            elif instance is None:
                inserted += 1
            else:
                names = compare(self._model, document, instance)
                if names:
                    updated += 1
                    self.comparison.add(number, key, {
                        name: (instance.get(name), document[name]) for name in names})
                else:
                    unchanged += 1
        self.comparison.shorten()
        raise gen.Return(Compared(inserted, updated, unchanged, rejected, []))
