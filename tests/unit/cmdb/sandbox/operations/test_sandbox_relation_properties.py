# -*- coding: utf-8 -*-
"""Random models, relations and rows: SQL has the same results as plain Python."""

from __future__ import absolute_import, division, print_function

import itertools

import hypothesis
import pytest
from hypothesis import strategies as st
from sandbox_data import Data
from sandbox_models import relation
from sandbox_reference import matches

from waterspout_cmdb.sandbox.operations import (
    defining_models,
    defining_relations,
    editing_instances,
    relating_instances,
)
from waterspout_cmdb.sandbox.operations.searching import count, search
from waterspout_cmdb.sandbox.operations.showing import Shape
from waterspout_cmdb.sandbox.query.projection import Projection
from waterspout_cmdb.sandbox.storage import Store

pytestmark = pytest.mark.slow

WHOLE, PLAIN = Shape(), Shape(Projection(["*"]))

MODELS = [u"A", u"B", u"C"]
ATTRIBUTES = [u"a", u"b", u"c"]

TEXTS = st.sampled_from([u"", u"x", u"X", u"xy", u"%", u"'", u'"', u"[x]", u"中", u"\U0001f600"])
NUMBERS = st.integers(-2, 2) | st.sampled_from([2**53 + 1, -(2**63)])
SCALARS = TEXTS | NUMBERS | st.booleans() | st.sampled_from([0.5, 1.0])

#: What the attributes of a type may have as values.
VALUES = {
    u"str": TEXTS,
    u"int": NUMBERS,
    u"float": st.sampled_from([0.0, 0.1, 0.5, 1e30, -2.0]),
    u"bool": st.booleans(),
    u"arr": st.lists(SCALARS, max_size=3),
    u"json": SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(TEXTS, SCALARS, max_size=2),
}

CONDITIONS = (
    SCALARS
    | st.none()
    | st.fixed_dictionaries({"$ne": SCALARS | st.none()})
    | st.fixed_dictionaries({"$in": st.lists(SCALARS | st.none(), max_size=3)})
    | st.fixed_dictionaries({"$nin": st.lists(SCALARS | st.none(), max_size=3)})
    | st.fixed_dictionaries({"$gt": TEXTS | NUMBERS})
    | st.fixed_dictionaries({"$gte": TEXTS | NUMBERS, "$lte": TEXTS | NUMBERS})
    | st.fixed_dictionaries({"$like": TEXTS})
    | st.fixed_dictionaries({"$nlike": TEXTS})
    | st.fixed_dictionaries({"$exists": st.booleans()})
)
SIDE_CONDITIONS = (
    st.none()
    | st.fixed_dictionaries({"$exists": st.booleans()})
    | st.fixed_dictionaries({"$size": st.integers(-1, 3)})
    | st.fixed_dictionaries({"$size": st.fixed_dictionaries({"$gte": st.integers(0, 3)})})
    | st.fixed_dictionaries({"$size": st.fixed_dictionaries({"$ne": st.integers(0, 3)})})
)


class World(object):
    """Models, relations and rows, and what they look like in plain Python."""

    def __init__(self, draw):
        self.types = {
            model: {name: draw(st.sampled_from(sorted(VALUES))) for name in ATTRIBUTES}
            for model in MODELS
        }
        ends = st.tuples(st.sampled_from(MODELS), st.sampled_from(MODELS))
        #: (model, side) pairs of the left and the right end.
        self.relations = [
            ((left, u"l%d" % number), (right, u"r%d" % number))
            for number, (left, right) in enumerate(draw(st.lists(ends, min_size=1, max_size=3)))
        ]
        self.rows = {model: [self._row(draw, model) for _ in range(3)] for model in MODELS}
        pairs = st.tuples(st.integers(0, 2), st.integers(0, 2))
        self.links = [draw(st.sets(pairs, max_size=4)) for _ in self.relations]

    def _row(self, draw, model):
        drawn = {
            name: draw(st.none() | VALUES[type_]) for name, type_ in self.types[model].items()
        }
        return {name: value for name, value in drawn.items() if value is not None}

    def sides(self, model):
        """What fields of the model lead to which other one."""
        return {
            here[1]: there[0]
            for relation_ends in self.relations
            for here, there in (relation_ends, relation_ends[::-1])
            if here[0] == model
        }

    def lists(self, model, hops=3, prefix=u""):
        """The paths from a model to attributes whose values are lists."""
        for name, type_ in self.types[model].items():
            if type_ == u"arr":
                yield prefix + name
        for side, peer in self.sides(model).items() if hops else ():
            for path in self.lists(peer, hops - 1, prefix + side + u"."):
                yield path

    def define(self, transaction):
        for model, types in self.types.items():
            attributes = [
                {"id": name, "name": name, "value": {"type": type_}}
                for name, type_ in types.items()
            ]
            defining_models.create(
                transaction, {"objectId": model, "name": model, "attrList": attributes}
            )
        for left, right in self.relations:
            defining_relations.create(
                transaction, relation(left[0], left[1], right[1], right[0])
            )

    def fill(self, transaction):
        """Store the rows, and relate them: by the one API and by the other."""
        documents = {
            model: [editing_instances.create(transaction, model, row) for row in rows]
            for model, rows in self.rows.items()
        }
        for ((left, side), (right, back)), pairs in zip(self.relations, self.links):
            for one, other in sorted(pairs):
                here, there = documents[left][one], documents[right][other]
                if (one + other) % 2:
                    body = {
                        "instance_ids": [here["instanceId"]],
                        "related_instance_ids": [there["instanceId"]],
                    }
                    relating_instances.change(transaction, left, side, "append", body)
                else:
                    now = editing_instances.get(
                        transaction, right, there["instanceId"], WHOLE
                    )[back]
                    peers = now + [here["instanceId"]]
                    editing_instances.update(transaction, right, there["instanceId"], {back: peers})
        return self._graph(transaction, documents)

    def _graph(self, transaction, documents):
        """The instances as they are stored, related to one another as they were drawn."""
        graph = {
            model: [
                editing_instances.get(transaction, model, document["instanceId"], PLAIN)
                for document in some
            ]
            for model, some in documents.items()
        }
        for ((left, side), (right, back)), pairs in zip(self.relations, self.links):
            for one, other in pairs:
                here, there = graph[left][one], graph[right][other]
                here.setdefault(side, []).append(there)
                there.setdefault(back, []).append(here)
        return graph


@st.composite
def worlds(draw):
    return World(draw)


@st.composite
def queries(draw, world, model):
    """A query on the model that goes over up to three relations."""
    if draw(st.integers(0, 4)) == 0:
        parts = draw(st.lists(queries(world, model), min_size=1, max_size=3))
        return {draw(st.sampled_from([u"$and", u"$or"])): parts}
    path, here = [], model
    while len(path) < 3 and world.sides(here) and draw(st.integers(0, 2)):
        path.append(draw(st.sampled_from(sorted(world.sides(here)))))
        here = world.sides(here)[path[-1]]
    if path and draw(st.integers(0, 4)) == 0:
        return {u".".join(path): draw(SIDE_CONDITIONS)}
    names = [u"a", u"b", u"c", u"instanceId", u"_version", u"mtime"]
    return {u".".join(path + [draw(st.sampled_from(names))]): draw(CONDITIONS)}


@pytest.fixture(scope="module")
def store(tmpdir_factory):
    """One for all examples; each has an organisation of its own."""
    store = Store.open(str(tmpdir_factory.mktemp("related").join("sandbox.db")), seed=[])
    yield store
    store.close()


ORGANISATIONS = itertools.count(1)
# Worlds are small but costly to make: what fails is shown as it was found.
PATIENT = hypothesis.settings(
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large
    ],
    phases=[hypothesis.Phase.reuse, hypothesis.Phase.generate],
)


def filled_world(store, data):
    """A world, the organisation that it is stored for, and its instances."""
    world = data.draw(worlds())
    organisation = Data(store, org=next(ORGANISATIONS))
    organisation.write(world.define)
    return world, organisation, organisation.write(world.fill)


@PATIENT
@hypothesis.given(data=st.data())
def test_sql_results_equal_those_of_plain_python(store, data):
    """SQLite and the reference evaluator agree for every row."""
    world, organisation, graph = filled_world(store, data)
    for _ in range(5):
        model = data.draw(st.sampled_from(MODELS))
        query = data.draw(queries(world, model))
        page = organisation.read(search, model, {"query": query, "sort": {"instanceId": 1}})
        lists = set(world.lists(model))
        expected = [
            instance["instanceId"]
            for instance in graph[model]
            if matches(query, instance, lists)
        ]
        assert [instance["instanceId"] for instance in page["list"]] == expected
        assert page["total"] == len(expected)
        assert organisation.read(count, model, {"query": query}) == len(expected)


@PATIENT
@hypothesis.given(data=st.data())
def test_reads_show_all_related_instances(store, data):
    """On every side of every instance, in a get and in a search."""
    world, organisation, graph = filled_world(store, data)
    for model in MODELS:
        found = organisation.read(search, model, {"sort": {"instanceId": 1}})["list"]
        for shown, expected in zip(found, graph[model]):
            for side in world.sides(model):
                assert sorted(peer["instanceId"] for peer in shown[side]) == sorted(
                    peer["instanceId"] for peer in expected.get(side, [])
                )
            assert organisation.get(model, shown["instanceId"]) == shown
