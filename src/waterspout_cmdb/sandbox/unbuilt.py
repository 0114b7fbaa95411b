"""What the vendor's CMDB serves and the sandbox does not: path patterns and feature names.

A client that uses one of these learns what is missing, instead of suspecting its own URL.
"""

from __future__ import absolute_import, division, print_function

_OBJECT = r"/object/[^/]+"
_INSTANCE = _OBJECT + r"/instance"

_GATEWAY = u"the platform's gateway, and signatures; send the CMDB's own paths"

UNBUILT = [
    (r"/fulltext/_search", u"full-text search"),
    (_INSTANCE + r"/[^/]+/_relation_count", u"counting relations"),
    (_INSTANCE + r"/_relation_count_aggregate", u"counting relations"),
    (_OBJECT + r"/instance_default_value_template", u"default values"),
    (r"/history" + _INSTANCE + r"/[^/]+", u"history"),
    (r"/import" + _INSTANCE + r"/[^/]+", u"import of files"),
    (_INSTANCE + r"/_batch_modify", u"modifying several instances"),
    (_INSTANCE + r"/update_by_query", u"update by query"),
    (_INSTANCE + r"/validate", u"validation without a write"),
    (r"/mix/object/instance/[^/]+", u"mixed batches"),
    (_INSTANCE + r"/add_str_to_(?:array|set)", u"appending to lists"),
    (r"/permission/[^/]+/instances/_batch", u"permissions"),
    (_INSTANCE + r"/[^/]+/_rollback", u"rollback"),
    (r"/object/instance/(?:list/)?[^/]+(?:/[^/]+)?", u"the legacy instance API"),
    (_INSTANCE + r"/aggregate", u"aggregated lists"),
    (_OBJECT + r"/instance_(?:archive|active)(?:/[^/]+)?", u"the archive"),
    (_OBJECT + r"/instance_archive_instances", u"the archive"),
    (r"(?:/v2)?/object_relation/[^/]+/.+", u"edges of relations, and their discovery"),
    (r"/instance_relation/[^/]+/list", u"edges of relations, and their discovery"),
    (r"(?:/v2)?/object_import.*", u"import of models"),
    # The ways to the CMDB that lead through the platform's gateway, where requests are signed.
    (r"/next/api/gateway/.*", _GATEWAY),
    (r"/(?:cmdb|cmdbservice|cmdb_resource)/.*", _GATEWAY),
]
