"""The paths that the vendor's CMDB serves and the sandbox does not, with the names of features.

They are answered with 501 and the name of the feature; with 404 a client would suspect its URL.
"""

from __future__ import absolute_import, division, print_function

_OBJECT = r"/object/[^/]+"
_INSTANCE = _OBJECT + r"/instance"

_GATEWAY = u"the platform's gateway, and signatures; send the CMDB's own paths"

_VERSION = r"(?:/v[1-4])?"  # The versions that exist.
_GRAPHS = u"graphs, trees and paths of instances"
_MODELS = u"what else there is about models"

UNIMPLEMENTED_PATHS = [
    (r"/fulltext/_search", u"full-text search"),
    (_VERSION + _INSTANCE + r"(?:/[^/]+)?/_relation_count", u"counting relations"),
    (_INSTANCE + r"/_relation_count_aggregate", u"counting relations"),
    (_INSTANCE + r"/_search_relation_max_check", u"counting relations"),
    (_INSTANCE + r"/_(?:flatten|group)_search_path", _GRAPHS),
    (_OBJECT + r"/instance_default_value_template", u"default values"),
    (r"/history/.+", u"history"),
    (r"/import" + _INSTANCE + r"/[^/]+", u"import of files"),
    (r"/validate" + _OBJECT + r"/instances/[^/]+", u"import of files"),
    (r"/export/.+", u"export of files"),
    (_INSTANCE + r"/export", u"export of files"),
    (_INSTANCE + r"/_batch_modify", u"modifying several instances"),
    (_INSTANCE + r"/update_by_query", u"update by query"),
    (_INSTANCE + r"/validate", u"validation without a write"),
    (r"/mix/object/instance/[^/]+", u"mixed batches"),
    (_INSTANCE + r"/add_str_to_(?:array|set)", u"appending to lists"),
    (r"/permission/[^/]+/instances/_batch", u"permissions"),
    (_OBJECT + r"/authorizers", u"permissions"),
    (_INSTANCE + r"/[^/]+/_rollback", u"rollback"),
    (r"/object/instance/batch/_rollback/.+", u"rollback"),
    (r"/object/instance/(?:list/)?[^/]+(?:/[^/]+)?", u"the legacy instance API"),
    (_INSTANCE + r"/aggregate", u"aggregated lists"),
    (r"/v1" + _INSTANCE + r"/honeycomb", u"aggregated lists"),
    (_OBJECT + r"/instance_(?:archive|active)(?:/[^/]+)?", u"the archive"),
    (_OBJECT + r"/instance_archive_instances", u"the archive"),
    (_VERSION + r"/object_relation/[^/]+/.+", u"edges of relations, and their discovery"),
    (r"/instance_relation/[^/]+/list", u"edges of relations, and their discovery"),
    (r"/relation/[^/]+/instance/.+", u"edges of relations, and their discovery"),
    (_OBJECT + r"/relation_group(?:/[^/]+)?", u"groups of relations"),
    (r"/object_relation_(?:path|related_key)", _GRAPHS),
    (_VERSION + r"/instance(?:_tree)?/.+", _GRAPHS),
    (_VERSION + r"/path/.+", _GRAPHS),
    (r"/systems?/.+", _GRAPHS),
    (
        _VERSION + r"(?:/batch)?/object(?:/[^/]+)?"
        r"/(?:query/strategy|relation_query_strategy)(?:/.+)?",
        u"stored queries",
    ),
    (r"/convert" + _OBJECT + r"/.+", u"stored queries"),
    (_VERSION + r"/object_import.*", u"import of models"),
    (_VERSION + r"/object_export", u"export of models"),
    (r"/(?:initialization/.+|v1/database)", u"import of models"),
    (r"/object(?:/search_collect|_conflict_check|_id_map_name|_ref)", _MODELS),
    (_OBJECT + r"/(?:child|fields|attribute_category/[^/]+)", _MODELS),
    (_VERSION + r"/object_category", _MODELS),
    (r"/object_(?:view|word_index|notify_denied)/[^/]+", _MODELS),
    (r"/(?:batch/object|v2/object/[^/]+)", u"changing models but by PUT /object/{objectId}"),
    (r"/api/.+", u"services of the platform beside the CMDB"),
    # Paths of the platform's gateway, where requests are signed.
    (r"/next/api/gateway/.*", _GATEWAY),
    (r"/(?:cmdb|cmdbservice|cmdb_resource)/.*", _GATEWAY),
    # Unknown operations: they begin with an underscore, and an instance's id does not.
    (_VERSION + _INSTANCE + r"(?:/[^/]+)?/_[^/]+", u"this operation on instances"),
]
