# -*- coding: utf-8 -*-
"""Requests with random JSON are answered or refused with a SandboxError."""

from __future__ import absolute_import, division, print_function

import json

import hypothesis
import pytest
from hypothesis import strategies as st
from sandbox_data import Data
from sandbox_models import RELATED

from waterspout_cmdb.sandbox.operations import (
    defining_attributes,
    defining_models,
    defining_relations,
    editing_batches,
    editing_instances,
    grouping,
    importing_by_filter,
    importing_rows,
    relating_instances,
    searching,
)
from waterspout_cmdb.sandbox.operations.showing import Shape
from waterspout_cmdb.sandbox.query.projection import Projection
from waterspout_cmdb.sandbox.storage import Store
from waterspout_cmdb.sandbox.wire_format.api_errors import SandboxError

pytestmark = pytest.mark.slow

NAMES = st.sampled_from(
    [
        u"name", u"cpu", u"tags", u"chip", u"chip.cores", u"apps", u"apps.name", u"instanceId",
        u"apps.owner.boss.name", u"_version", u"*", u"", u".", u"a.b", u"'", u'"', u"$.x", u"name'",
        u"x); DROP TABLE models; --", u"a\0b", u"中", u"$and", u"$or", u"$where", u"__proto__",
        u"boss." * 40, u"HOST", u"APP", u"NOWHERE", u"docs/../..", u"apps.apps", u"%", u"a" * 300,
    ]
)
#: The names that requests give a meaning to.
FIELDS = st.sampled_from(
    [
        u"keys", u"datas", u"query", u"fields", u"sort", u"page", u"page_size", u"permission",
        u"filter", u"update", u"upsert", u"instance_ids", u"related_instance_ids", u"data",
        u"object_id", u"search", u"objectList", u"objectId", u"group_field", u"group_fields",
        u"funcs", u"op", u"field", u"alias", u"key", u"order", u"id", u"name", u"value", u"type",
        u"attrList", u"indexList", u"relation_list", u"propertyIds", u"unique", u"view",
        u"left_object_id", u"left_id", u"left_max", u"right_object_id", u"right_id", u"regex",
        u"relation_limit", u"only_relation_view", u"importMetadata", u"instanceId",
        u"struct_define",
        u"$eq", u"$ne", u"$in", u"$gt", u"$like", u"$exists", u"$size", u"default", u"default_type",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | NAMES
    | st.sampled_from([0, 1, -1, 2, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**400, 18.0, 0.5])
    | st.sampled_from([1e308, 5e-324, -0.0, u"1", u"true", u"str", u"int", u"count", u"sum"])
    | st.text(max_size=3)
)
DEEP = st.integers(1, 60).map(lambda depth: json.loads(u"[" * depth + u"]" * depth)) | st.integers(
    1, 50
).map(lambda depth: json.loads(u'{"$and":[' * depth + u"{}" + u"]}" * depth))
ANYTHING = st.recursive(
    SCALARS | DEEP,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS | NAMES, inner, max_size=5),
    max_leaves=25,
)


def bodies(*fields):
    """Maps with some of the fields that a request looks for, and others."""
    known = st.dictionaries(st.sampled_from(fields), ANYTHING) if fields else st.just({})
    return st.builds(
        lambda one, other: dict(other, **one), known, st.dictionaries(FIELDS, ANYTHING, max_size=3)
    )


def version(number):
    return lambda transaction, name, body: searching.search(transaction, name, body, number)


QUERY = ("query", "fields", "sort", "page", "page_size", "relation_limit")
ROWS = st.lists(bodies("name", "cpu", "tags", "chip", "apps", "instanceId"), max_size=3)

#: What is called with a model's name and a body, and the bodies it gets.
CALLS = {
    "import": (importing_rows.import_instances, bodies("keys", "datas", "importMetadata")),
    "import rows": (
        importing_rows.import_instances,
        st.fixed_dictionaries({"keys": st.just([u"name"]), "datas": ROWS}),
    ),
    "import-json": (
        lambda transaction, name, items: importing_by_filter.import_items(
            transaction, name, items, 100
        ),
        st.lists(bodies("filter", "update", "upsert"), max_size=3),
    ),
    "create": (editing_instances.create, bodies("name", "cpu", "tags", "chip", "apps")),
    "upsert": (
        lambda transaction, name, body: editing_batches.upsert(transaction, name, body, 100),
        bodies("datas") | st.fixed_dictionaries({"datas": ROWS}),
    ),
    "search 1": (version(1), bodies(*QUERY)),
    "search 2": (version(2), bodies(*QUERY)),
    "search 3": (version(3), bodies(*QUERY)),
    "queries": (searching.count, st.fixed_dictionaries({"query": ANYTHING})),
    "group": (grouping.group, bodies("group_field", "funcs", "query")),
    "group 3": (
        lambda transaction, name, body: grouping.group_flat(transaction, name, body, 3),
        bodies("group_fields", "funcs", "query"),
    ),
    "batch search": (
        lambda transaction, name, body: searching.search_batch(transaction, body), bodies("data")
    ),
    "batch count": (
        lambda transaction, name, body: searching.count_several(transaction, body),
        bodies("objectList"),
    ),
    "relate": (
        lambda transaction, name, body: relating_instances.change(
            transaction, name, u"apps", "set", body
        ),
        bodies("instance_ids", "related_instance_ids", "properties"),
    ),
    "create model": (
        lambda transaction, name, body: defining_models.create(transaction, body),
        bodies("objectId", "name", "attrList", "indexList", "relation_list", "view"),
    ),
    "update model": (defining_models.update, bodies("name", "attrList", "view", "relation_list")),
    "create attribute": (
        defining_attributes.create_attribute, bodies("id", "name", "value", "unique")
    ),
    "update attribute": (
        lambda transaction, name, body: defining_attributes.update_attribute(
            transaction, name, u"cpu", body
        ),
        bodies("value", "unique", "required", "name"),
    ),
    "create index": (defining_attributes.create_index, bodies("propertyIds", "unique", "name")),
    "create relation": (
        lambda transaction, name, body: defining_relations.create(transaction, body),
        bodies("left_object_id", "left_id", "right_object_id", "right_id", "left_max"),
    ),
    "fields": (
        lambda transaction, name, names: editing_instances.get(
            transaction, name, u"x", Shape(Projection.from_list(names))
        ),
        st.lists(NAMES, max_size=4).map(u",".join),
    ),
    "count values": (
        lambda transaction, name, path: grouping.count_values(transaction, name, path, {}), NAMES
    ),
    "delete attribute": (defining_attributes.delete_attribute, NAMES),
}


class RolledBack(Exception):
    """What was done stays undone, so that each example meets the same data."""


@pytest.fixture(scope="module")
def data(tmpdir_factory):
    """A host with an application, on which everybody has a try."""
    store = Store.open(str(tmpdir_factory.mktemp("hostile").join("sandbox.db")), seed=RELATED)
    data = Data(store)
    app = data.create(u"APP", name=u"web")["instanceId"]
    data.create(u"HOST", name=u"a", cpu=4, tags=[u"x"], apps=[app])
    yield data
    store.close()


@pytest.mark.parametrize("call", sorted(CALLS))
def test_any_json_is_answered_or_refused(data, call):
    """Only SandboxErrors are raised, with a text; the stored data does not change."""
    function, inputs = CALLS[call]
    before = data.search(u"HOST")

    @hypothesis.settings(suppress_health_check=[hypothesis.HealthCheck.too_slow])
    @hypothesis.given(name=st.sampled_from([u"HOST", u"APP"]) | NAMES, body=inputs)
    def check(name, body):
        def attempt(transaction):
            json.dumps(function(transaction, name, body), allow_nan=False)
            raise RolledBack()

        try:
            data.write(attempt)
        except SandboxError as error:
            assert error.text and error.code and error.status >= 400
        except RolledBack:
            pass

    check()
    assert data.search(u"HOST") == before
