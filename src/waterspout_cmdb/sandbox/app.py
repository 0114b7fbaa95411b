"""The sandbox as a Tornado application."""

from __future__ import absolute_import, division, print_function

from waterspout.service import Application
from waterspout_cmdb.sandbox.envelope import NotServed
from waterspout_cmdb.sandbox.handlers import (
    CreateHandler,
    ImportHandler,
    InstanceHandler,
    NotBuiltHandler,
    SearchHandler,
    UpdateHandler,
)
from waterspout_cmdb.sandbox.importer import MAX_ROWS
from waterspout_cmdb.sandbox.unbuilt import UNBUILT

#: Bytes of one request body: room for ``MAX_ROWS`` rows of 3 KB.
MAX_BODY_BYTES = 32 * 1024 * 1024

_OBJECT = r"/object/([^/]+)"


def make_app(store, max_import_rows=MAX_ROWS):
    # type: (Store, int) -> Application
    """The sandbox's application.

    Args:
        store (Store): its data; closed when the application shuts down.
        max_import_rows (int): an import of more is answered with 400.
    """
    served = [
        (_OBJECT + r"/instance/_import", ImportHandler, {"max_rows": max_import_rows}),
        (_OBJECT + r"/instance/_search", SearchHandler, {}),
        (r"/v2" + _OBJECT + r"/instance", CreateHandler, {}),
    ]
    unbuilt = [(pattern, NotBuiltHandler, {"feature": feature}) for pattern, feature in UNBUILT]
    # Anything may follow ``/instance/`` in these, so they stand behind all others.
    last = [
        (_OBJECT + r"/instance/([^/]+)", InstanceHandler, {}),
        (r"/v2" + _OBJECT + r"/instance/([^/]+)", UpdateHandler, {}),
    ]
    application = Application(
        [
            (pattern, handler, dict(arguments, store=store))
            for pattern, handler, arguments in served + unbuilt + last
        ],
        max_body_bytes=MAX_BODY_BYTES,
        error_handler=NotServed,
    )
    application.on_shutdown(store.close)
    return application
