"""The handlers: from HTTP to a call on the data, and back."""

from __future__ import absolute_import, division, print_function

import collections

from tornado import gen

from waterspout_cmdb.sandbox import instances
from waterspout_cmdb.sandbox.envelope import Refused, SandboxHandler
from waterspout_cmdb.sandbox.errors import NotBuilt
from waterspout_cmdb.sandbox.importer import import_instances
from waterspout_cmdb.sandbox.query.projection import Projection
from waterspout_cmdb.sandbox.search import search


class ImportHandler(SandboxHandler):
    """``POST /object/{objectId}/instance/_import``."""

    def initialize(self, store, max_rows):
        # type: (Store, int) -> None
        super(ImportHandler, self).initialize(store)
        self._max_rows = max_rows

    @gen.coroutine
    def post(self, object_id):
        body = self.read_json_object()
        result = yield self.change(import_instances, object_id, body, self._max_rows)
        self.write_data(result)


class SearchHandler(SandboxHandler):
    """``POST /object/{objectId}/instance/_search``."""

    @gen.coroutine
    def post(self, object_id):
        # Ordered: the order of the keys in ``sort`` is their precedence.
        body = self.read_json_object(collections.OrderedDict)
        page = yield self.read(search, object_id, body)
        self.write_data(page)


class CreateHandler(SandboxHandler):
    """``POST /v2/object/{objectId}/instance``."""

    @gen.coroutine
    def post(self, object_id):
        instance = yield self.change(instances.create, object_id, self.read_json_object())
        self.write_instance(instance)


class UpdateHandler(SandboxHandler):
    """``PUT /v2/object/{objectId}/instance/{instanceId}``."""

    @gen.coroutine
    def put(self, object_id, instance_id):
        values = self.read_json_object()
        instance = yield self.change(instances.update, object_id, instance_id, values)
        self.write_instance(instance)


class InstanceHandler(UpdateHandler):
    """``GET``, ``PUT``, ``DELETE /object/{objectId}/instance/{instanceId}``."""

    @gen.coroutine
    def get(self, object_id, instance_id):
        if self.asks_for("get_show_key"):
            raise Refused(NotBuilt(u"get_show_key"))
        show = Projection.from_list(self.get_query_argument("fields", u""))
        instance = yield self.read(instances.get, object_id, instance_id, show)
        self.write_data(instance)

    @gen.coroutine
    def delete(self, object_id, instance_id):
        instance = yield self.change(instances.delete, object_id, instance_id)
        self.write_instance(instance)


class NotBuiltHandler(SandboxHandler):
    """Whatever the vendor serves at a path, the sandbox does not."""

    def initialize(self, store, feature):
        # type: (Store, str) -> None
        super(NotBuiltHandler, self).initialize(store)
        self._feature = feature

    def prepare(self):
        super(NotBuiltHandler, self).prepare()
        raise Refused(NotBuilt(self._feature))
