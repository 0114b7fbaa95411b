"""The handlers of searches, counts and groups."""

from __future__ import absolute_import, division, print_function

import collections

from tornado import gen

from waterspout_cmdb.sandbox.handlers.envelope import SandboxHandler
from waterspout_cmdb.sandbox.operations import grouping, searching


class BodyHandler(SandboxHandler):
    """Answers the POST of a JSON object with the result of a read.

    The names in the path are the first arguments of ``function``; the body is the last.
    """

    function = None
    json_object_type = collections.OrderedDict  # The order of ``sort`` is significant.

    @gen.coroutine
    def post(self, *names):
        body = self.read_json_object()
        self.write_data((yield self.read(self.function, *names + (body,))))


class SearchHandler(BodyHandler):
    """``POST /object/{objectId}/instance/_search``; the same in versions 2 and 3."""

    def initialize(self, store, version):
        # type: (Store, int) -> None
        super(SearchHandler, self).initialize(store)
        self._version = version

    def function(self, transaction, object_id, body):
        return searching.search(transaction, object_id, body, self._version)


class BatchSearchHandler(BodyHandler):
    """``POST /batch/object/instance/_search``."""

    function = staticmethod(searching.search_batch)


class CountHandler(BodyHandler):
    """``POST /object/{objectId}/instance/_search_total``."""

    function = staticmethod(searching.count)


class BatchCountHandler(BodyHandler):
    """``POST /v1/batch/instance/count``."""

    function = staticmethod(searching.count_several)


class CountAllHandler(SandboxHandler):
    """``GET /object_count_all``."""

    @gen.coroutine
    def get(self):
        counts = yield self.read(searching.count_all, self.names("objectIds"))
        self.write_data(counts)


class GroupHandler(BodyHandler):
    """``POST /object/{objectId}/instance/group``."""

    function = staticmethod(grouping.group)


class FlatGroupHandler(SearchHandler):
    """The same in versions 2 and 3."""

    def function(self, transaction, object_id, body):
        return grouping.group_flat(transaction, object_id, body, self._version)


class ValueCountHandler(SandboxHandler):
    """``GET /object/{objectId}/instance/aggregate/count/{attrId}``."""

    @gen.coroutine
    def get(self, object_id, name):
        wanted = self.numbers("page", "page_size")
        counts = yield self.read(grouping.count_values, object_id, name, wanted)
        self.write_data(counts)


class TopValueCountHandler(SandboxHandler):
    """``GET /v2/object/{objectId}/instance_aggregate/count/{attrId}``."""

    @gen.coroutine
    def get(self, object_id, name):
        top = self.numbers("top").get("top", grouping.TOP)
        counts = yield self.read(grouping.count_top_values, object_id, name, top)
        self.write_data(counts)
