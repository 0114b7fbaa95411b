"""The handlers of imports and upserts."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout_cmdb.sandbox.handlers.envelope import Refused, SandboxHandler
from waterspout_cmdb.sandbox.operations import editing_batches
from waterspout_cmdb.sandbox.operations.importing_by_filter import import_items
from waterspout_cmdb.sandbox.operations.importing_rows import import_instances
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument
from waterspout_cmdb.sandbox.wire_format.body_fields import read_boolean, require


class _ManyHandler(SandboxHandler):
    """Accepts a limited number of instances in one body."""

    def initialize(self, store, max_rows):
        # type: (Store, int) -> None
        super(_ManyHandler, self).initialize(store)
        self._max_rows = max_rows


class ImportHandler(_ManyHandler):
    """``POST /object/{objectId}/instance/_import``."""

    store_many = staticmethod(import_instances)

    @gen.coroutine
    def post(self, object_id):
        body = self.read_json_object()
        result = yield self.change(self.store_many, object_id, body, self._max_rows)
        self.write_data(result)


class UpsertHandler(ImportHandler):
    """``POST /object/{objectId}/instance/upsert``."""

    store_many = staticmethod(editing_batches.upsert)


class ImportItemsHandler(_ManyHandler):
    """``POST /object/{objectId}/instance/_import-json``, whose body is an array."""

    @gen.coroutine
    def post(self, object_id):
        items = self.read_json_array()
        details = yield self.change(import_items, object_id, items, self._max_rows)
        self.write_data(details)


class ImportItemsV2Handler(_ManyHandler):
    """``POST /v2/object/{objectId}/instance/_import-json``."""

    @gen.coroutine
    def post(self, object_id):
        body = self.read_json_object()
        self.checked(require, body, "importData")
        items = body["importData"]
        if not isinstance(items, list):
            raise Refused(InvalidArgument(u"importData must be a list of maps"))
        nested = not self.checked(read_boolean, body, "disableNestedCreateInstance")
        details = yield self.change(import_items, object_id, items, self._max_rows, nested)
        self.write_data({"importDetails": details})
