"""Searching the instances of a model."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout_cmdb.sandbox.body import read_integer, refuse_features
from waterspout_cmdb.sandbox.errors import InvalidArgument, NotBuilt
from waterspout_cmdb.sandbox.query.compiler import compile_query
from waterspout_cmdb.sandbox.query.ordering import compile_order
from waterspout_cmdb.sandbox.query.parser import parse_query
from waterspout_cmdb.sandbox.query.projection import Projection

PAGE_SIZE = 30
MAX_PAGE_SIZE = 3000

#: Keeps page times page size within SQLite's integers.
MAX_PAGE = 2**31

#: Rights that everybody has here, where there are no permissions.
RIGHTS = frozenset(["read", "update", "delete"])

_NOT_BUILT = {"only_my_instance": u"only_my_instance", "limitations": u"limitations"}


def search(transaction, object_id, body):
    # type: (Transaction, Text, dict) -> dict
    """One page of the instances that match, as version 1 of the search API has it.

    ``only_relation_view``, ``relation_limit`` and ``filter_relation`` shape related instances,
    of which there are none.

    Args:
        body: ``query``, ``fields`` (map), ``sort`` (map, most significant first), ``page``,
            ``page_size``.
    Returns: ``list``, ``total``, ``page``, ``page_size``.
    """
    refuse_features(body, _NOT_BUILT)
    _check_permission(body.get("permission") or [])
    page = read_integer(body, "page", 1, MAX_PAGE)
    size = read_integer(body, "page_size", PAGE_SIZE, MAX_PAGE_SIZE)
    show = Projection.from_map(body.get("fields"))
    table = transaction.table(object_id)
    where = compile_query(parse_query(body.get("query")), table.model)
    order = compile_order(_sort_pairs(body.get("sort")), table.model)
    offset = (page - 1) * size
    rows = table.select(where.sql, where.values, order, limit=size, offset=offset)
    if 0 < len(rows) < size:
        total = offset + len(rows)  # The last page: no need to count.
    else:
        total = table.count(where.sql, where.values)
    documents = [show(row.document) for row in rows]
    return {"list": documents, "total": total, "page": page, "page_size": size}


def _sort_pairs(sort):
    if not isinstance(sort or {}, dict):
        raise InvalidArgument(u"sort must be a map from names to 1 or -1")
    return (sort or {}).items()


def _check_permission(rights):
    if not isinstance(rights, list) or not all(isinstance(r, basestring_type) for r in rights):
        raise InvalidArgument(u"permission must be a list of rights")
    unknown = RIGHTS.union(rights) - RIGHTS
    if unknown:
        raise NotBuilt(u"permission %s" % u", ".join(sorted(unknown)))
