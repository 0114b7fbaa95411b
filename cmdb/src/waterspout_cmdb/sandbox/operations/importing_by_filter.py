"""Import by filters, which discovery programs use to keep the CMDB up to date.

Each item has a filter for one instance, its new values, and whether to create it if the filter
finds none. An item that fails is reported and changes nothing; the other items are stored.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.models import documents
from waterspout_cmdb.sandbox.operations import editing_instances
from waterspout_cmdb.sandbox.query.compiler import compile_query
from waterspout_cmdb.sandbox.query.parser import parse_query
from waterspout_cmdb.sandbox.wire_format.api_errors import (
    FailedPrecondition,
    InvalidArgument,
    SandboxError,
)
from waterspout_cmdb.sandbox.wire_format.body_fields import read_boolean, read_map
from waterspout_cmdb.sandbox.wire_format.values import PLAIN_KINDS


def import_items(transaction, object_id, items, max_items, nested=True):
    # type: (Transaction, Text, List[dict], int, bool) -> List[dict]
    """Import ``items``, each ``{"filter": query, "update": values, "upsert": bool}``.

    Returns: for each item its ``instanceId``, ``code`` and ``message``, and whether it ``matched``
        an instance and ``effected`` a change. The ``message`` of an imported item names the
        attributes that the model does not have.
    Raises: NotFound: no such model. InvalidArgument: not a list of maps, or too long. In both
        cases nothing is written.
    """
    if len(items) > max_items:
        raise InvalidArgument(u"there are %d items, %d are allowed" % (len(items), max_items))
    for number, item in enumerate(items):
        if not isinstance(item, dict):
            raise InvalidArgument(u"item %d must be a map" % number)
    table = transaction.table(object_id)
    for names in sorted(set(_key(table.model, item) for item in items) - {()}):
        table.ensure_index(names)
    return [_result(transaction, table, item, nested) for item in items]


def _result(transaction, table, item, nested):
    result = {"instanceId": u"", "code": 0, "message": u"", "matched": False, "effected": False}
    try:
        with transaction.savepoint():
            found, stored = _import(transaction, table, item, nested)
    except SandboxError as error:
        transaction.unknown.take()  # Discard the names of this item.
        result.update(code=error.code, message=error.text)
    else:
        result.update(matched=found is not None, effected=stored is not found)
        if stored is not None:
            result["instanceId"] = stored.document["instanceId"]
            transaction.unknown.note(table.model, read_map(item, "update"))
        result["message"] = u"; ".join(transaction.unknown.take())
    return result


def _import(transaction, table, item, nested):
    """Return the row that was found and the stored row, each None if there is none."""
    query = read_map(item, "filter")
    if not query:
        raise InvalidArgument(u"filter is empty")
    where = compile_query(parse_query(query), table.model, transaction.table)
    found = table.select(where.sql, where.values, limit=2)
    if len(found) > 1:
        raise FailedPrecondition(u"several instances match the filter")
    values = read_map(item, "update")
    if found:
        row = found[0]
        accepted = documents.accept(table.model, values)
        return row, editing_instances.merge(transaction, table, row, accepted, values, nested)
    if not read_boolean(item, "upsert"):
        return None, None
    values = dict(_equalities(query))
    values.update(read_map(item, "update"))
    accepted = documents.accept(table.model, values)
    return None, editing_instances.insert(transaction, table, accepted, values, nested)


def _equalities(query):
    """Return the fields for which the filter has a plain value, which a new instance must have."""
    return {name: value for name, value in query.items() if not isinstance(value, (dict, list))}


def _key(model, item):
    """Return the attributes that a filter compares for equality and that can have an index."""
    query = item.get("filter")
    if not isinstance(query, dict):
        return ()
    return tuple(
        sorted(
            name
            for name in _equalities(query)
            if name in model.attributes and model.attributes[name].type.kind in PLAIN_KINDS
        )
    )
