"""Paths that the vendor's CMDB serves and the sandbox does not are answered with 501."""

from __future__ import absolute_import, division, print_function

from sandbox_http import SandboxTestCase

#: All of them, as of 2026. HOST is a model, 5f0000000000a an instance.
UNIMPLEMENTED_PATHS = """
DELETE /api/terraform/v1/object/HOST/instance/5f0000000000a/state
DELETE /object/HOST
DELETE /object/HOST/query/strategy/x
DELETE /object/HOST/instance_archive/5f0000000000a
DELETE /object/HOST/instance_archive_instances
DELETE /object/HOST/relation_group/x
DELETE /object_relation/attr/x/x
DELETE /v2/object/HOST/relation_query_strategy/x
GET /api/terraform/v1/object/HOST/instance/5f0000000000a/state
GET /batch/object/query/strategy
GET /fulltext/_search
GET /history/export/excel
GET /history/object/HOST
GET /history/object/HOST/instance/5f0000000000a
GET /history/object/HOST/instance/5f0000000000a/_recent_snapshot
GET /history/object_relation/x
GET /history/object_relation/x/relation_instance/x
GET /import/object/HOST/instance/csv
GET /import/object/HOST/instance/excel
GET /object/HOST/authorizers
GET /object/HOST/instance_default_value_template
GET /object/HOST/query/strategy/x
GET /object/HOST/query/strategy/view
GET /object/HOST/instance/5f0000000000a/_relation_count
GET /object/HOST/instance_archive
GET /object/HOST/query/strategy
GET /object/search_collect
GET /object_category
GET /object_id_map_name
GET /object_ref
GET /object_relation/x/relation_instance/_count_relation_instance
GET /object_relation_path
GET /object_relation_related_key
GET /system/business_tree/list
GET /systems/_graph_mode
GET /v2/batch/object/relation_query_strategy
GET /v2/object/HOST/relation_query_strategy
GET /v2/object/HOST/relation_query_strategy/x
GET /v2/object_category
GET /v1/database
POST /api/terraform/v1/object/HOST/instance/5f0000000000a/state
POST /api/terraform/v1/object/HOST/instance/5f0000000000a/state/lock
POST /api/terraform/v1/object/HOST/instance/5f0000000000a/state/unlock
POST /api/v1/discover/service
POST /api/v1/discover/service_node
POST /api/v1/role/cmdb/permission
POST /convert/object/HOST/parse_search_query/strategy
POST /export/object/HOST/instance/excel
POST /export/object/HOST/instance_archive/excel
POST /import/object/HOST/instance/csv
POST /import/object/HOST/instance/excel
POST /import/object/HOST/instance/json
POST /initialization/database
POST /initialization/objects
POST /initialization/relations
POST /instance/traverse
POST /instance/traverse/count
POST /instance_relation/x/list
POST /instance_tree/anchor
POST /instance_tree/expand
POST /instance_tree/full
POST /instance_tree/search
POST /mix/object/instance/create
POST /mix/object/instance/delete
POST /mix/object/instance/update
POST /object/HOST/instance/_relation_count_aggregate
POST /object/HOST/instance/_search_relation_max_check
POST /object/HOST/instance/add_str_to_array
POST /object/HOST/instance/add_str_to_set
POST /object/HOST/instance/aggregate
POST /object/HOST/instance/validate
POST /object/HOST/query/strategy
POST /object/HOST/instance/_flatten_search_path
POST /object/HOST/instance/_group_search_path
POST /object/HOST/instance/export
POST /object/HOST/instance/update_by_query
POST /object/HOST/instance_active/5f0000000000a
POST /object/HOST/instance_archive/5f0000000000a
POST /object/HOST/instance_archive_instances
POST /object/HOST/relation_group
POST /object/collect
POST /object_conflict_check
POST /object_import
POST /object_import_check
POST /object_relation/x/_autodiscovery/multi
POST /object_relation/attr/x
POST /relation/x/instance/_search
POST /relation/x/instance/group
POST /system/x/_search_apps
POST /system/x/_search_subsystem
POST /v1/object/HOST/instance/honeycomb
POST /v2/instance/traverse
POST /v2/instance_tree/anchor
POST /v2/object/HOST/relation_query_strategy
POST /v2/object_import
POST /v2/object_import_check
POST /v2/object_relation/x/_autodiscovery/multi
POST /v2/object_relation/x/relation_instance/delete
POST /v3/instance/traverse
POST /v3/object_import
POST /v3/path/_search
POST /v3/path/_search/export/excel
POST /v4/path/_search
POST /v4/path/_search/export/excel
POST /validate/object/HOST/instances/excel
PUT /api/v1/role/cmdb/permission
PUT /batch/object
PUT /object/HOST/attribute_category/x
PUT /object/HOST/instance/5f0000000000a/_rollback
PUT /object/HOST/query/strategy/x
PUT /object/HOST/query/strategy/view
PUT /object/HOST/relation_group/x
PUT /object/instance/batch/_rollback/x/edit
PUT /object_relation/x/relation_instance
PUT /object_relation/attr/x/x
PUT /object_view/HOST
PUT /permission/HOST/instances/_batch
PUT /v2/object/HOST
PUT /v2/object/HOST/relation_query_strategy/x
GET /object/HOST/child
GET /object/HOST/fields
GET /object_export
GET /object_relation/object/HOST/relation_group/x
POST /object_word_index/HOST
POST /v2/object_export
PUT /object_notify_denied/HOST
"""

#: What the vendor may add next: an operation begins with an underscore, an instance's id does not.
UNKNOWN = """
GET /object/HOST/instance/_anything
POST /object/HOST/instance/_import-yaml
POST /v2/object/HOST/instance/_import
POST /v3/object/HOST/instance/_import-json
PUT /v2/object/HOST/instance/_batch
DELETE /object/HOST/instance/_all
PUT /object/HOST/instance/5f0000000000a/_clone
POST /object/HOST
"""


class UnbuiltTest(SandboxTestCase):
    """A client learns what is missing, instead of suspecting an id or the verb."""

    def test_missing_feature_is_501(self):
        """Also if the path could be that of an instance or of a model."""
        for line in (UNIMPLEMENTED_PATHS + UNKNOWN).split("\n"):
            if line:
                method, path = line.split()
                self.assertIn("does not do this", self.refused(501, 100012, method, path), line)

    def test_served_paths_are_not_501(self):
        """An unknown id is 404, a wrong method 405."""
        for path in ("/object/HOST/instance/5f0000000000a", "/object/HOST/instance/web-1"):
            for method in ("GET", "DELETE"):
                self.refused(404, 100005, method, path)
            self.refused(405, 100012, "POST", path)
        self.refused(405, 100012, "PUT", "/object/HOST/instance/_search")
        for path in ("/nowhere", "/object/HOST/nothing", "/v9/objects", "/objects/_x"):
            self.refused(404, 100005, "GET", path)
