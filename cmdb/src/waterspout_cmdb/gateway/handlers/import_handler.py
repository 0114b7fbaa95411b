"""ImportHandler: insert or update instances."""

from __future__ import absolute_import, division, print_function

import json
import logging

from tornado.util import basestring_type

from waterspout.service import one_line
from waterspout_cmdb.gateway.handlers.cmdb_handler import CMDB, PostHandler
from waterspout_cmdb.gateway.import_report import ImportReport
from waterspout_cmdb.sdk import is_repeatable_import

_log = logging.getLogger("waterspout.cmdb")


class ImportHandler(PostHandler):
    """``POST /cmdb/import/<object_id>``: insert or update instances.

    It goes on after the client has left: cancelled, it could leave a part of the rows stored.
    """

    cancel_without_client = False

    may_have_happened = "; the import may have been carried out"

    def call(self, object_id, payload, value):
        return self.upstream(CMDB).instance_api_import_instance(
            object_id, payload, idempotent=is_repeatable_import(value))

    def answer_body(self, object_id, answer):
        """Add the numbers of rows to the message, and the CMDB's warnings.

        The CMDB's answer is a success even if no row was stored.
        """
        body = super(ImportHandler, self).answer_body(object_id, answer)
        report = ImportReport(answer)
        if report.failed:
            body["message"] = str(report)
            _log.warning("Import into %s: %s", object_id, report)
        elif self.client_left_after is not None:
            _log.info("Import into %s, whose client has left: %s", object_id, report)
        if report.warnings:
            body["warnings"] = report.warnings
            _log.warning(
                "Import into %s: the CMDB warns (%d), first: %s",
                object_id,
                len(report.warnings),
                one_line(_shown(report.warnings[0])),
            )
        return body


def _shown(warning):
    return warning if isinstance(warning, basestring_type) else json.dumps(warning)
