"""The handler of relations between instances."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout_cmdb.sandbox.handlers.envelope import SandboxHandler
from waterspout_cmdb.sandbox.operations import relating_instances


class InstanceRelationHandler(SandboxHandler):
    """``POST /object/{objectId}/relation/{relationSideId}/{set,append,remove}``."""

    @gen.coroutine
    def post(self, object_id, side, operation):
        body = self.read_json_object()
        yield self.change(relating_instances.change, object_id, side, operation, body)
        self.write_data(None)
