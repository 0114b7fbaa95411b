"""What the vendor's CMDB serves and the sandbox does not: path patterns and feature names.

A client that uses one of these learns what is missing, instead of suspecting its own URL.
"""

from __future__ import absolute_import, division, print_function

_OBJECT = r"/object/[^/]+"
_INSTANCE = _OBJECT + r"/instance"

UNBUILT = [
    (r"/v[23]" + _INSTANCE + r"/_search", u"search, versions 2 and 3"),
    (r"/batch/object/instance/_search", u"searching several models at once"),
    (_INSTANCE + r"/_search_total", u"counting what a query matches"),
    (r"/v1/batch/instance/count", u"counting what several queries match"),
    (r"/object_count_all", u"counting the instances of all models"),
    (_INSTANCE, u"listing instances, and creating them by version 1"),
    (r"/fulltext/_search", u"full-text search"),
    (_INSTANCE + r"/[^/]+/_relation_count", u"counting relations"),
    (_INSTANCE + r"/_relation_count_aggregate", u"counting relations"),
    (_OBJECT + r"/instance_default_value_template", u"default values"),
    (r"/history" + _INSTANCE + r"/[^/]+", u"history"),
    (r"(?:/v2)?" + _INSTANCE + r"/_import-json", u"import by filters (_import-json)"),
    (r"/import" + _INSTANCE + r"/[^/]+", u"import of files"),
    (_INSTANCE + r"/_batch", u"deleting several instances"),
    (_INSTANCE + r"/_batch_modify", u"modifying several instances"),
    (_INSTANCE + r"/upsert", u"batch upsert"),
    (_INSTANCE + r"/update_by_query", u"update by query"),
    (_INSTANCE + r"/validate", u"validation without a write"),
    (r"/mix/object/instance/[^/]+", u"mixed batches"),
    (_INSTANCE + r"/add_str_to_(?:array|set)", u"appending to lists"),
    (r"/permission/[^/]+/instances/_batch", u"permissions"),
    (_INSTANCE + r"/[^/]+/_rollback", u"rollback"),
    (r"/object/instance/(?:list/)?[^/]+(?:/[^/]+)?", u"the legacy instance API"),
    (r"(?:/v[23])?" + _INSTANCE + r"/group", u"grouping"),
    (_INSTANCE + r"/aggregate(?:/count/[^/]+)?", u"aggregation"),
    (r"/v2" + _OBJECT + r"/instance_aggregate/count/[^/]+", u"aggregation"),
    (_OBJECT + r"/instance_(?:archive|active)(?:/[^/]+)?", u"the archive"),
    (_OBJECT + r"/instance_archive_instances", u"the archive"),
    (_OBJECT + r"/relation/[^/]+/[^/]+", u"relations"),
    (r"(?:/v2)?/object_relation(?:/.+)?", u"relations"),
    (r"/instance_relation/[^/]+/list", u"relations"),
    (r"/object(?:_all|_basic|_basic_all)?", u"models over HTTP"),
    (_OBJECT + r"(?:/(?:attr|index)(?:/[^/]+)?)?", u"models over HTTP"),
    (r"/v2/object_import", u"models over HTTP"),
]
