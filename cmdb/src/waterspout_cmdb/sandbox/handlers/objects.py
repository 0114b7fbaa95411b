"""The handlers of models, their attributes, indexes and relations."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout_cmdb.sandbox.handlers.envelope import Refused, SandboxHandler
from waterspout_cmdb.sandbox.operations import (
    defining_attributes,
    defining_models,
    defining_relations,
)
from waterspout_cmdb.sandbox.wire_format.api_errors import Unimplemented


class _Handler(SandboxHandler):
    """Answers with the result of an operation."""

    @gen.coroutine
    def answer(self, method, function, *args):
        self.write_data((yield method(function, *args)))


class _ObjectListHandler(_Handler):
    """Lists models, whole or without their parts.

    Attributes:
        basic (bool): without attributes, indexes and relations.
    """

    def initialize(self, store, basic):
        # type: (Store, bool) -> None
        super(_ObjectListHandler, self).initialize(store)
        self.basic = basic

    def chosen(self):
        """Return the condition for the models that the query asks for."""
        if self.get_query_argument("visible", u"all") not in (u"all", u"visible"):
            raise Refused(Unimplemented(u"models that are not visible"))
        if self.asks_for("system"):
            raise Refused(Unimplemented(u"system models"))
        return self.checked(
            defining_models.chosen_by,
            object_ids=self.names("objectIds"),
            category=self.get_query_argument("category", u"") or None,
            text=self.get_query_argument("q", u"") or None,
        )

    def shortened(self, models):
        """Return the models with the fields that the query or the path selects."""
        fields = self.names("fields")
        if self.basic:
            fields = defining_models.BASIC
        if not fields:
            return models
        return [{name: one[name] for name in one if name in fields} for one in models]


class ObjectsHandler(_ObjectListHandler):
    """``GET /object`` and ``/object_basic``: a page of models."""

    @gen.coroutine
    def get(self):
        wanted = self.numbers("page", "page_size")
        page = yield self.read(defining_models.get_page, self.chosen(), wanted)
        self.write_data(dict(page, list=self.shortened(page["list"])))


class ObjectsAndCreateHandler(ObjectsHandler):
    """``POST /object``: create a model. ``/object_basic`` has no POST."""

    def post(self):
        return self.answer(self.change, defining_models.create, self.read_json_object())


class AllObjectsHandler(_ObjectListHandler):
    """``GET /object_all`` and ``/object_basic_all``."""

    @gen.coroutine
    def get(self):
        models = yield self.read(defining_models.get_all, self.chosen())
        self.write_data(self.shortened(models))


class ObjectHandler(_Handler):
    """``GET``, ``PUT /object/{objectId}``."""

    def get(self, object_id):
        return self.answer(self.read, defining_models.get, object_id)

    def put(self, object_id):
        return self.answer(self.change, defining_models.update, object_id, self.read_json_object())

    def post(self, object_id):
        raise Refused(Unimplemented(u"operations on models; POST /object creates one"))

    def delete(self, object_id):
        raise Refused(Unimplemented(u"deleting models"))


class AttributesHandler(_Handler):
    """``POST /object/{objectId}/attr``."""

    def post(self, object_id):
        body = self.read_json_object()
        return self.answer(self.change, defining_attributes.create_attribute, object_id, body)


class AttributeHandler(_Handler):
    """``GET``, ``PUT``, ``DELETE /object/{objectId}/attr/{attrId}``."""

    def get(self, object_id, name):
        return self.answer(self.read, defining_attributes.get_attribute, object_id, name)

    def put(self, object_id, name):
        body = self.read_json_object()
        return self.answer(self.change, defining_attributes.update_attribute, object_id, name, body)

    def delete(self, object_id, name):
        return self.answer(self.change, defining_attributes.delete_attribute, object_id, name)


class IndexesHandler(_Handler):
    """``POST /object/{objectId}/index``."""

    def post(self, object_id):
        body = self.read_json_object()
        return self.answer(self.change, defining_attributes.create_index, object_id, body)


class IndexHandler(_Handler):
    """``DELETE /object/{objectId}/index/{indexName}``."""

    def delete(self, object_id, name):
        return self.answer(self.change, defining_attributes.delete_index, object_id, name)


class RelationsHandler(_Handler):
    """``POST /object_relation``."""

    def post(self):
        return self.answer(self.change, defining_relations.create, self.read_json_object())


class RelationHandler(_Handler):
    """``GET``, ``PUT``, ``DELETE /object_relation/{relationId}``."""

    def get(self, relation_id):
        return self.answer(self.read, defining_relations.get, relation_id)

    def put(self, relation_id):
        body = self.read_json_object()
        return self.answer(self.change, defining_relations.update, relation_id, body)

    def delete(self, relation_id):
        return self.answer(self.change, defining_relations.delete, relation_id)
