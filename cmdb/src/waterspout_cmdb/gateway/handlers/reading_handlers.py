"""Handlers that change nothing: they find instances, and describe models."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.gateway.handlers.cmdb_handler import (
    CMDB,
    CMDBHandler,
    PostHandler,
    before_answer,
)


class SearchHandler(PostHandler):
    """``POST /cmdb/search/<object_id>``: find instances."""

    cancel_without_client = True

    def call(self, object_id, payload, value):
        return self.upstream(CMDB).instance_api_search_instance(object_id, payload)


class ModelHandler(CMDBHandler):
    """``GET /cmdb/model/<object_id>``: the attributes and relations of a model."""

    cancel_without_client = True
    json_object_type = None  # There is no body to read.
    success = "GET request successful"
    before_answer = before_answer(success)

    def get(self, object_id):
        self.check_object_id(object_id)
        self.answer_with_call()

    def call(self, object_id):
        return self.upstream(CMDB).object_api_get_object(object_id)
