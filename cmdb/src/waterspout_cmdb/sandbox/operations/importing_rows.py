"""Import many rows: each is inserted, or merged into the instance with its key attributes.

A row that fails is reported and changes nothing; the other rows are stored.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.models import documents
from waterspout_cmdb.sandbox.models.model import convert
from waterspout_cmdb.sandbox.operations import editing_instances
from waterspout_cmdb.sandbox.wire_format.api_errors import (
    FailedPrecondition,
    InvalidArgument,
    SandboxError,
)
from waterspout_cmdb.sandbox.wire_format.body_fields import read_boolean
from waterspout_cmdb.sandbox.wire_format.values import PLAIN_KINDS

#: The vendor documents no limit; its users send 1000 rows. This many take three seconds.
MAX_ROWS = 10000

_INSTANCE_ID = "instanceId"


def import_instances(transaction, object_id, body, max_rows=MAX_ROWS):
    # type: (Transaction, Text, dict, int) -> dict
    """Import the rows of a request.

    Args:
        body: ``keys``, the attributes that together identify an instance (or ``instanceId``
            alone); ``datas``, the rows; ``importMetadata``, whether rows may set ``ctime`` and
            ``creator``; ``disableNestedCreateInstance``, whether related instances must exist.
    Returns: ``insert_count``, ``update_count``, ``failed_count`` and ``data``: the ``code`` and
        ``error`` of each failed row, with the row in a list. ``warnings``, if there are any, is a
        list of texts about attributes in stored rows that the model does not have.
    Raises: NotFound: no such model. InvalidArgument: the request is not valid. In both cases
        nothing is written.
    """
    table = transaction.table(object_id)
    keys = _keys(table.model, body.get("keys"))
    rows = _rows(body.get("datas"), max_rows)
    if keys != [_INSTANCE_ID]:
        table.ensure_index(keys)
    importer = _Importer(
        transaction,
        table,
        keys,
        with_metadata=read_boolean(body, "importMetadata"),
        nested=not read_boolean(body, "disableNestedCreateInstance"),
    )
    for row in rows:
        importer.add(row)
    return importer.result()


class _Importer(object):
    def __init__(self, transaction, table, keys, with_metadata, nested):
        self._transaction = transaction
        self._table = table
        self._keys = keys
        self._with_metadata = with_metadata
        self._nested = nested
        self._counts = {"insert": 0, "update": 0}
        self._failures = []

    def add(self, row):
        """Import one row, or note why not."""
        try:
            with self._transaction.savepoint():
                outcome = self._import(row)
        except SandboxError as error:
            self._failures.append({"code": error.code, "error": error.text, "data": [row]})
        else:
            self._counts[outcome] += 1
            self._transaction.unknown.note(self._table.model, row)

    def result(self):
        result = {
            "insert_count": self._counts["insert"],
            "update_count": self._counts["update"],
            "failed_count": len(self._failures),
            "data": self._failures,
        }
        warnings = self._transaction.unknown.take()
        return dict(result, warnings=warnings) if warnings else result

    def _import(self, row):
        found = self._find(row)
        accepted = documents.accept(self._table.model, row)
        if self._with_metadata:
            accepted.update(documents.accept_metadata(row))
        if found is None:
            accepted = self._completed(accepted)
            editing_instances.insert(self._transaction, self._table, accepted, row, self._nested)
            return "insert"
        editing_instances.merge(self._transaction, self._table, found, accepted, row, self._nested)
        return "update"

    def _completed(self, accepted):
        """Record the importing user as the modifier of an instance with imported metadata."""
        if self._with_metadata:
            author = self._transaction.author
            accepted = dict(accepted, modifier=author.user, mtime=author.local_time)
        return accepted

    def _find(self, row):
        """Return the instance that the row's key attributes identify, or None."""
        for name in self._keys:
            if documents.is_empty(row.get(name)):
                raise InvalidArgument(u"key attribute %s is missing" % name)
        model = self._table.model
        key = {name: convert(name, model.type_of(name), row[name]) for name in self._keys}
        found = self._table.find(key, limit=2)
        if len(found) > 1:
            raise FailedPrecondition(u"several instances have this %s" % u", ".join(self._keys))
        return found[0] if found else None


def _keys(model, keys):
    """Return the key attributes, each once. Raises: InvalidArgument."""
    if not isinstance(keys, list) or not keys:
        raise InvalidArgument(u"keys must be a list of attribute ids")
    if keys == [_INSTANCE_ID]:
        return keys
    for name in keys:
        attribute = model.attributes.get(name) if not isinstance(name, (list, dict)) else None
        if attribute is None or attribute.type.kind not in PLAIN_KINDS:
            raise InvalidArgument(
                u"key %s is not a plain attribute of %s" % (name, model.object_id)
            )
    return sorted(set(keys))


def _rows(rows, max_rows):
    """Return the rows after checking that each is a map. Raises: InvalidArgument."""
    if not isinstance(rows, list):
        raise InvalidArgument(u"datas must be a list of maps")
    if len(rows) > max_rows:
        raise InvalidArgument(u"datas has %d rows, %d are allowed" % (len(rows), max_rows))
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise InvalidArgument(u"datas[%d] must be a map" % number)
    return rows
