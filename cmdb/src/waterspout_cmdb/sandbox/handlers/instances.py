"""The handlers of single instances, and of deleting several."""

from __future__ import absolute_import, division, print_function

from tornado import gen
from tornado.util import unicode_type

from waterspout_cmdb.sandbox.handlers.envelope import Refused, SandboxHandler
from waterspout_cmdb.sandbox.operations import editing_batches, editing_instances
from waterspout_cmdb.sandbox.operations.searching import list_instances
from waterspout_cmdb.sandbox.operations.showing import Shape
from waterspout_cmdb.sandbox.query.projection import Projection
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, Unimplemented
from waterspout_cmdb.sandbox.wire_format.body_fields import read_boolean, read_texts


class InstancesHandler(SandboxHandler):
    """``GET /object/{objectId}/instance``: a page of instances."""

    @gen.coroutine
    def get(self, object_id):
        wanted = self.numbers("page", "page_size", "relation_limit")
        wanted["only_relation_view"] = self.asks_for("only_relation_view")
        wanted["select_relations"] = self.get_query_argument("select_relations", u"")
        page = yield self.read(list_instances, object_id, wanted)
        self.write_data(page)

    def post(self, object_id):
        raise Refused(Unimplemented(u"creating instances by version 1; use version 2"))


class CreateHandler(SandboxHandler):
    """``POST /v2/object/{objectId}/instance``."""

    @gen.coroutine
    def post(self, object_id):
        instance = yield self.change(editing_instances.create, object_id, self.read_json_object())
        self.write_instance(instance)


class UpdateHandler(SandboxHandler):
    """``PUT /v2/object/{objectId}/instance/{instanceId}``."""

    update = staticmethod(editing_instances.update)

    @gen.coroutine
    def put(self, object_id, instance_id):
        values = self.read_json_object()
        instance = yield self.change(self.update, object_id, instance_id, values)
        self.write_instance(instance)


class InstanceHandler(UpdateHandler):
    """``GET``, ``PUT``, ``DELETE /object/{objectId}/instance/{instanceId}``."""

    update = staticmethod(editing_instances.update_attributes)

    @gen.coroutine
    def get(self, object_id, instance_id):
        if self.asks_for("get_show_key"):
            raise Refused(Unimplemented(u"get_show_key"))
        fields = self.checked(Projection.from_list, self.get_query_argument("fields", u""))
        limit = self.numbers("relation_limit").get("relation_limit", 0)
        shape = Shape(fields, limit)
        instance = yield self.read(editing_instances.get, object_id, instance_id, shape)
        self.write_data(instance)

    @gen.coroutine
    def delete(self, object_id, instance_id):
        # Python clients send this option in a body, others in the query.
        body = self.read_json_object() if self.body.strip() else {}
        only_id = self.checked(read_boolean, body, "only_instance_id")
        instance = yield self.change(editing_instances.delete, object_id, instance_id)
        self.write_instance(instance, only_id)


class BatchDeleteHandler(SandboxHandler):
    """``DELETE /object/{objectId}/instance/_batch``.

    The ids are separated by semicolons, in the query or in a JSON body.
    """

    @gen.coroutine
    def delete(self, object_id):
        result = yield self.change(editing_batches.delete, object_id, self._ids())
        self.write_data(result)

    def _ids(self):
        # From the raw query: some parsers end an argument at a semicolon.
        text = self.raw_query().get("instanceIds")
        if text is None and self.body.strip():
            body = self.read_json_object()
            text = body.get("instanceIds")
            if isinstance(text, list):
                text = u";".join(self.checked(read_texts, body, "instanceIds"))
        if not text or not isinstance(text, unicode_type):
            raise Refused(InvalidArgument(u"instanceIds must be instance ids joined by semicolons"))
        return [one.strip() for one in text.split(u";") if one.strip()]


class UnimplementedHandler(SandboxHandler):
    """Answers a path that the sandbox does not serve with 501, for identified callers or not."""

    def initialize(self, store, feature):
        # type: (Store, str) -> None
        super(UnimplementedHandler, self).initialize(store)
        self._feature = feature

    def prepare(self):
        raise Refused(Unimplemented(self._feature))
