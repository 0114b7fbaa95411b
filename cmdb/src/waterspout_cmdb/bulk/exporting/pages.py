"""Pages: all instances that match a query, some at a time, while others write."""

from __future__ import absolute_import, division, print_function

from tornado import gen
from tornado.escape import native_str
from tornado.util import unicode_type

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Text  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

_ID = u"instanceId"


class Pages(object):
    """Reads instances in the order of their ids, each page from behind the last id on.

    An instance that is there from the beginning to the end is read once, whatever is inserted or
    deleted meanwhile; with numbers of pages, a deletion would move another one out of sight.

    Args:
        target: has ``search``.
        query (dict): which instances; empty: all.
        fields (list of text)
        page_size (int): instances at a time.
    Attributes:
        total (int or None): how many match; None before the first page.
    """

    def __init__(self, target, object_id, query, fields, page_size):
        # type: (Any, Text, dict, List[Text], int) -> None
        self.total = None  # type: int | None
        self._target = target
        self._object_id = object_id
        self._query = query or {}
        self._fields = sorted(set(fields) | {_ID})
        self._page_size = page_size
        self._last = None  # type: Text | None
        self._is_done = False

    @gen.coroutine
    def next(self):
        # type: () -> Future[List[dict]]
        """Return the next instances, an empty list behind the last. Raises: BulkError."""
        if self._is_done:
            raise gen.Return([])
        found, total = yield self._target.search(
            self._object_id, self._condition(), self._fields, 1, self._page_size, [(_ID, 1)])
        if self.total is None:
            self.total = total
        self._check_order(found)
        # Not "fewer than asked for": a server may allow fewer on a page.
        self._is_done = not found or len(found) >= total
        raise gen.Return(found)

    def _condition(self):
        if self._last is None:
            return self._query
        rest = {_ID: {"$gt": self._last}}
        return {"$and": [self._query, rest]} if self._query else rest

    def _check_order(self, instances):
        """Without the order, rows would be lost or repeated, or this would have no end."""
        for instance in instances:
            identifier = instance.get(_ID)
            if not isinstance(identifier, unicode_type) or (
                    self._last is not None and identifier <= self._last):
                raise BulkError(
                    "the %s does not answer in the order of instanceId (%s comes behind %s): an "
                    "export could lose rows" % (
                        self._target.name, identifier, native_str(self._last or u"nothing")))
            self._last = identifier
