"""The sandbox as a Tornado application."""

from __future__ import absolute_import, division, print_function

from tornado.ioloop import IOLoop

from waterspout.service import Application
from waterspout_cmdb.sandbox.handlers import (
    imports,
    instance_relations,
    instances,
    objects,
    search,
)
from waterspout_cmdb.sandbox.handlers.envelope import NotServed
from waterspout_cmdb.sandbox.handlers.unimplemented_paths import UNIMPLEMENTED_PATHS
from waterspout_cmdb.sandbox.operations.importing_rows import MAX_ROWS

#: Bytes of one request body: room for ``MAX_ROWS`` rows of 3 KB.
MAX_BODY_BYTES = 32 * 1024 * 1024

_OBJECT = r"/object/([^/]+)"
_INSTANCE = _OBJECT + r"/instance"
_BASIC, _WHOLE = {"basic": True}, {"basic": False}


def make_app(store, max_import_rows=MAX_ROWS):
    # type: (Store, int) -> Application
    """Return the sandbox's application.

    Args:
        store (Store): its data; closed when the application shuts down.
        max_import_rows (int): an import of more rows is answered with 400.
    """
    routes = _instance_routes({"max_rows": max_import_rows}) + _model_routes()
    # The last ones match any text after ``/instance/`` and ``/object/``, so they come last.
    last = [
        (_INSTANCE + r"/([^/]+)", instances.InstanceHandler, {}),
        (r"/v2" + _INSTANCE + r"/([^/]+)", instances.UpdateHandler, {}),
        (_OBJECT, objects.ObjectHandler, {}),
    ]
    unimplemented = [
        (pattern, instances.UnimplementedHandler, {"feature": feature})
        for pattern, feature in UNIMPLEMENTED_PATHS
    ]
    application = Application(
        [
            (pattern, handler, dict(arguments, store=store))
            for pattern, handler, arguments in routes + unimplemented + last
        ],
        max_body_bytes=MAX_BODY_BYTES,
        error_handler=NotServed,
        allow_names=False,
    )
    # In a thread, so that the IOLoop handles further signals while it waits for the last requests.
    application.on_shutdown(lambda: IOLoop.current().run_in_executor(None, store.close))
    return application


def _instance_routes(limit):
    return [
        (_INSTANCE, instances.InstancesHandler, {}),
        (r"/v2" + _INSTANCE, instances.CreateHandler, {}),
        (_INSTANCE + r"/_batch", instances.BatchDeleteHandler, {}),
        (_INSTANCE + r"/upsert", imports.UpsertHandler, limit),
        (_INSTANCE + r"/_import", imports.ImportHandler, limit),
        (_INSTANCE + r"/_import-json", imports.ImportItemsHandler, limit),
        (r"/v2" + _INSTANCE + r"/_import-json", imports.ImportItemsV2Handler, limit),
        (_INSTANCE + r"/_search", search.SearchHandler, {"version": 1}),
        (r"/v2" + _INSTANCE + r"/_search", search.SearchHandler, {"version": 2}),
        (r"/v3" + _INSTANCE + r"/_search", search.SearchHandler, {"version": 3}),
        (r"/batch/object/instance/_search", search.BatchSearchHandler, {}),
        (_INSTANCE + r"/_search_total", search.CountHandler, {}),
        (r"/v1/batch/instance/count", search.BatchCountHandler, {}),
        (r"/object_count_all", search.CountAllHandler, {}),
        (_INSTANCE + r"/group", search.GroupHandler, {}),
        (r"/v2" + _INSTANCE + r"/group", search.FlatGroupHandler, {"version": 2}),
        (r"/v3" + _INSTANCE + r"/group", search.FlatGroupHandler, {"version": 3}),
        (_INSTANCE + r"/aggregate/count/([^/]+)", search.ValueCountHandler, {}),
        (
            r"/v2" + _OBJECT + r"/instance_aggregate/count/([^/]+)",
            search.TopValueCountHandler,
            {},
        ),
        (
            _OBJECT + r"/relation/([^/]+)/(set|append|remove)",
            instance_relations.InstanceRelationHandler,
            {},
        ),
    ]


def _model_routes():
    return [
        (r"/object", objects.ObjectsAndCreateHandler, _WHOLE),
        (r"/object_basic", objects.ObjectsHandler, _BASIC),
        (r"/object_all", objects.AllObjectsHandler, _WHOLE),
        (r"/object_basic_all", objects.AllObjectsHandler, _BASIC),
        (_OBJECT + r"/attr", objects.AttributesHandler, {}),
        (_OBJECT + r"/attr/([^/]+)", objects.AttributeHandler, {}),
        (_OBJECT + r"/index", objects.IndexesHandler, {}),
        (_OBJECT + r"/index/([^/]+)", objects.IndexHandler, {}),
        (r"/object_relation", objects.RelationsHandler, {}),
        (r"/object_relation/([^/]+)", objects.RelationHandler, {}),
    ]
