"""Rows that name their instance by ``instanceId``: only those of existing ones may be sent.

The CMDB would insert the others, under an id of its own, again and again.
"""

from __future__ import absolute_import, division, print_function

from tornado import gen

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Sequence, Text, Tuple  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

INSTANCE_ID = "instanceId"

_REASON = "no %s has this instanceId; leave the column out to import it as a new one"


@gen.coroutine
def split_by_existence(target, object_id, keys, rows):
    # type: (Any, Text, Sequence[Text], Sequence[Tuple]) -> Future[Tuple]
    """Return ``(rows that have an instance, [(row number, reason) of the others])``."""
    position = list(keys).index(INSTANCE_ID)
    found = yield target.find(
        object_id, [INSTANCE_ID], [{INSTANCE_ID: row[1][position]} for row in rows], [INSTANCE_ID])
    ids = set(key[0] for key in found)
    reason = _REASON % object_id
    present = [row for row in rows if row[1][position] in ids]
    missing = [(row[0], reason) for row in rows if row[1][position] not in ids]
    raise gen.Return((present, missing))
