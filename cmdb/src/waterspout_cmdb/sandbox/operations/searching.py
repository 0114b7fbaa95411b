"""Search, list and count the instances of a model, in three versions of the vendor's API."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout_cmdb.sandbox.operations.showing import Shape, check_fields, show
from waterspout_cmdb.sandbox.query import tree
from waterspout_cmdb.sandbox.query.compiler import (
    EVERYTHING,
    compile_on_values,
    compile_query,
)
from waterspout_cmdb.sandbox.query.ordering import compile_order
from waterspout_cmdb.sandbox.query.parser import parse_query
from waterspout_cmdb.sandbox.query.projection import Projection
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, Unimplemented
from waterspout_cmdb.sandbox.wire_format.body_fields import (
    read_boolean,
    read_integer,
    read_map,
    read_maps,
    read_text,
    read_texts,
    refuse_features,
    require,
)
from waterspout_cmdb.sandbox.wire_format.paging import LIST_PAGE_SIZE, PAGE_SIZE, page_of, read_page

#: The highest number of related instances per side in a request.
MAX_RELATION_LIMIT = 2**31

#: Searches in one batch.
MAX_BATCH = 100

#: Rights that every user has, because the sandbox has no permissions.
RIGHTS = frozenset(["read", "update", "delete"])

_UNIMPLEMENTED = {
    "only_my_instance": u"only_my_instance",
    "limitations": u"limitations",
    "filter_relation": u"filter_relation",
    "query_context": u"query_context",
    "metrics_filter": u"metrics_filter",
}


def search(transaction, object_id, body, version=1):
    # type: (Transaction, Text, dict, int) -> dict
    """Return one page of the instances that match.

    Args:
        body: ``query``, ``fields``, ``sort`` (most significant first), ``page``, ``page_size``,
            ``relation_limit``, ``only_relation_view``. In version 1 ``fields`` and ``sort`` are
            maps. In version 2 ``sort`` is a list of ``{"key": ..., "order": ...}``. In version 3
            ``fields`` is a list, too; its names must exist unless ``ignore_missing_field_error``.
    Returns: ``list``, ``total``, ``page``, ``page_size``.
    """
    table = transaction.table(object_id)
    fields = _fields(body, version)
    if version == 3 and not read_boolean(body, "ignore_missing_field_error"):
        check_fields(transaction, table, fields)
    pairs = _sort_map(body) if version == 1 else _sort_list(body)
    only_view = read_boolean(body, "only_relation_view") and version == 1
    return _page(transaction, table, body, pairs, _shape(body, fields, only_view), PAGE_SIZE)


def search_batch(transaction, body):
    # type: (Transaction, dict) -> List[dict]
    """Return a page for each of ``data``: ``{"object_id": ..., "search": as in version 1}``."""
    searches = read_maps(body, "data")
    if not 0 < len(searches) <= MAX_BATCH:
        raise InvalidArgument(u"data must have 1 to %d searches" % MAX_BATCH)
    for one in searches:
        require(one, "object_id")
    return [
        search(transaction, read_text(one, "object_id"), read_map(one, "search"))
        for one in searches
    ]


def list_instances(transaction, object_id, body):
    # type: (Transaction, Text, dict) -> dict
    """Return one page of all instances.

    Args:
        body: ``page``, ``page_size``, ``relation_limit``, ``only_relation_view`` and
            ``select_relations``: the sides to show, separated by commas; ``*`` means none; absent
            means all.
    """
    names = [name.strip() for name in body.get("select_relations", u"").split(u",")]
    fields = Projection(["*"] + [name for name in names if name] if any(names) else [])
    shape = _shape(body, fields, body.get("only_relation_view", False))
    return _page(transaction, transaction.table(object_id), body, [], shape, LIST_PAGE_SIZE)


def count(transaction, object_id, body):
    # type: (Transaction, Text, dict) -> int
    """Count the instances that match ``query``."""
    _refuse_rights(body)
    table = transaction.table(object_id)
    node = parse_query(body.get("query"))
    return _count(table, node, compile_query(node, table.model, transaction.table))


def count_several(transaction, body):
    # type: (Transaction, dict) -> dict
    """Count the matches of each of ``objectList``: ``{"objectId": ..., "query": ...}``."""
    counts = []
    for one in read_maps(body, "objectList"):
        require(one, "objectId")
        object_id = read_text(one, "objectId")
        counts.append({"objectId": object_id, "count": count(transaction, object_id, one)})
    return {"objectInfo": counts}


def count_all(transaction, object_ids):
    # type: (Transaction, Optional[List[Text]]) -> Dict[Text, int]
    """Count the instances of each model in ``object_ids``; None means all models.

    Raises: NotFound: no such model.
    """
    if object_ids is None:
        object_ids = [stored.definition["objectId"] for stored in transaction.models.all()]
    return {name: transaction.table(name).count(*EVERYTHING) for name in object_ids}


def _page(transaction, table, body, pairs, shape, default_size):
    _refuse_rights(body)
    page = read_page(body, default_size)
    node = parse_query(body.get("query"))
    where = compile_query(node, table.model, transaction.table)
    order = compile_order(pairs, table.model)
    rows = table.select(where.sql, where.values, order, limit=page.size, offset=page.offset)
    if 0 < len(rows) < page.size:
        total = page.offset + len(rows)  # The last page: the total is known.
    else:
        total = _count(table, node, where)
    return page_of(page, show(transaction, table, rows, shape), total)


def _count(table, node, where):
    total = _known_count(table, node)
    return table.count(where.sql, where.values) if total is None else total


def _known_count(table, node):
    """Return the total of a query on one attribute from the stored counts; None for others."""
    if isinstance(node, tree.Not):
        rest = _known_count(table, node.part)
        return None if rest is None else table.count(*EVERYTHING) - rest
    found = compile_on_values(node, table.model)
    return None if found is None else table.count_values(*found)


def _shape(body, fields, only_view):
    return Shape(fields, read_integer(body, "relation_limit", 0, MAX_RELATION_LIMIT), only_view)


def _fields(body, version):
    if version == 1:
        return Projection.from_map(body.get("fields"))
    require(body, "fields")
    if version == 2:
        return Projection.from_map(body["fields"])
    return Projection(read_texts(body, "fields"), always=["instanceId"])


def _sort_map(body):
    sort = body.get("sort") or {}
    if not isinstance(sort, dict):
        raise InvalidArgument(u"sort must be a map from names to 1 or -1")
    return sort.items()


def _sort_list(body):
    pairs = []
    for term in read_maps(body, "sort"):
        if not isinstance(term.get("key"), basestring_type):
            raise InvalidArgument(u"each of sort must have a key, which is text, and an order")
        pairs.append((term["key"], term.get("order")))
    return pairs


def _refuse_rights(body):
    """Raise Unimplemented if the request needs other rights, or a feature that is missing."""
    refuse_features(body, _UNIMPLEMENTED)
    unknown = RIGHTS.union(read_texts(body, "permission")) - RIGHTS
    if unknown:
        raise Unimplemented(u"permission %s" % u", ".join(sorted(unknown)))
