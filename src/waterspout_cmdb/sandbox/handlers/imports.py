"""Imports over HTTP."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout_cmdb.sandbox.body import read_boolean, require
from waterspout_cmdb.sandbox.envelope import Refused, SandboxHandler
from waterspout_cmdb.sandbox.errors import InvalidArgument
from waterspout_cmdb.sandbox.importer import import_instances
from waterspout_cmdb.sandbox.json_importer import import_items


class ImportHandler(SandboxHandler):
    """``POST /object/{objectId}/instance/_import``."""

    def initialize(self, store, max_rows):
        # type: (Store, int) -> None
        super(ImportHandler, self).initialize(store)
        self._max_rows = max_rows

    @gen.coroutine
    def post(self, object_id):
        body = yield self.read_many(self.read_json_object)
        result = yield self.change(import_instances, object_id, body, self._max_rows)
        self.write_data(result)


class ImportItemsHandler(ImportHandler):
    """``POST /object/{objectId}/instance/_import-json``, whose body is an array."""

    @gen.coroutine
    def post(self, object_id):
        items = yield self.read_many(self.read_json_array)
        details = yield self.change(import_items, object_id, items, self._max_rows)
        self.write_data(details)


class ImportItemsV2Handler(ImportHandler):
    """``POST /v2/object/{objectId}/instance/_import-json``."""

    @gen.coroutine
    def post(self, object_id):
        body = yield self.read_many(self.read_json_object)
        self.checked(require, body, "importData")
        items = body["importData"]
        if not isinstance(items, list):
            raise Refused(InvalidArgument(u"importData must be a list of maps"))
        nested = not self.checked(read_boolean, body, "disableNestedCreateInstance")
        details = yield self.change(import_items, object_id, items, self._max_rows, nested)
        self.write_data({"importDetails": details})
