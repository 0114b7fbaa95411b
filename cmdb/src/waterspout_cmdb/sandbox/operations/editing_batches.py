"""Upsert and delete several instances in one request, all or none."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout_cmdb.sandbox.models import documents
from waterspout_cmdb.sandbox.operations import editing_instances
from waterspout_cmdb.sandbox.operations.showing import Shape, show
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument
from waterspout_cmdb.sandbox.wire_format.body_fields import read_boolean, read_maps, require


def upsert(transaction, object_id, body, max_rows):
    # type: (Transaction, Text, dict, int) -> dict
    """Update the instances that rows identify, insert the others, and return all of them.

    A row identifies an instance by ``instanceId``, or else by all values of a unique key.

    Args:
        body: ``datas``, the rows; ``only_instance_id``, whether to return only the ids.
    Returns: ``list``, and ``warnings`` as in `importing_rows.import_instances`.
    Raises: the errors of `editing_instances.create`, for the first wrong row; nothing is written.
    """
    require(body, "datas")
    rows = read_maps(body, "datas")
    if len(rows) > max_rows:
        raise InvalidArgument(u"datas has %d rows, %d are allowed" % (len(rows), max_rows))
    table = transaction.table(object_id)
    stored = [_upsert_one(transaction, table, values) for values in rows]
    warnings = transaction.unknown.take()
    result = {"warnings": warnings} if warnings else {}
    if read_boolean(body, "only_instance_id"):
        return dict(result, list=[{"instanceId": row.document["instanceId"]} for row in stored])
    return dict(result, list=show(transaction, table, stored, Shape()))


def delete(transaction, object_id, instance_ids):
    # type: (Transaction, Text, List[Text]) -> dict
    """Delete the instances that exist, and return those that do not."""
    table = transaction.table(object_id)
    failed = []
    for instance_id in instance_ids:
        row = table.get(instance_id)
        if row is None:
            failed.append({"instanceId": instance_id, "_object_id": object_id, "name": u""})
        else:
            editing_instances.remove(transaction, table, row)
    return {"deleteFailedInstances": failed}


def _upsert_one(transaction, table, values):
    accepted = documents.accept(table.model, values)
    transaction.unknown.note(table.model, values)
    row = _named(table, values, accepted)
    if row is None:
        return editing_instances.insert(transaction, table, accepted, values)
    return editing_instances.merge(transaction, table, row, accepted, values)


def _named(table, values, accepted):
    """Return the instance that a row identifies, or None."""
    instance_id = values.get("instanceId")
    if instance_id:
        if not isinstance(instance_id, basestring_type):
            raise InvalidArgument(u"instanceId must be text")
        return editing_instances.find(table, instance_id)
    for names in table.model.unique_keys:
        key = {name: accepted.get(name) for name in names}
        found = [] if None in key.values() else table.find(key, limit=1)
        if found:
            return found[0]
    return None
