"""The gateway's two handlers, and the shape of what it answers."""

from __future__ import absolute_import, division, print_function

import collections
import json
import logging
import re

from tornado import gen
from tornado.util import basestring_type

from waterspout.service import ErrorHandler, InvalidInput, JSONHandler, one_line, uncancelled
from waterspout_cmdb.failures import CallFailed, call_failed
from waterspout_cmdb.import_report import ImportReport

_log = logging.getLogger("waterspout.cmdb")

# Contract section 1. Old servers stop at 32 characters, newer ids (NAME@NAMESPACE) are longer;
# none is near 128, and longer ones would only fill logs.
_OBJECT_ID = re.compile(r"[a-zA-Z_][0-9a-zA-Z_@]{0,127}\Z")

_MESSAGES = {
    400: "Invalid input data",
    403: "Cross-site request refused",
    404: "Not found",
    405: "Method not allowed",
    413: "Request body too large",
}


class GatewayHandler(JSONHandler):
    """What every answer of the gateway has in common."""

    def error_body(self, status, message, exception=None, incident=None):
        """``{"message": what happened, "error": why}``, and who said what if it was the CMDB."""
        if isinstance(exception, CallFailed):
            return {
                "message": "POST request failed",
                "error": message,
                "upstream": {
                    "status": exception.upstream_status,
                    "code": exception.upstream_code,
                },
            }
        body = {"message": _MESSAGES.get(status, "Internal error"), "error": message}
        if incident is not None:
            body["incident"] = incident
        return body


class NotServed(ErrorHandler, GatewayHandler):
    """Unknown paths, and bodies over the limit."""


class CMDBHandler(GatewayHandler):
    """``POST`` a JSON object for one kind of objects; answered with what the CMDB says."""

    payload_type = dict

    def initialize(self, sdk):
        # type: (CMDBSDK) -> None
        self.sdk = sdk

    @gen.coroutine
    def post(self, object_id):
        if not _OBJECT_ID.match(object_id):
            raise InvalidInput(
                "the object id must be letters, digits, _ and @, begin with a letter or _, "
                "and have at most 128 characters"
            )
        object_id = str(object_id)  # py2: as text it could not stand beside bytes in a log line
        payload = self.read_json_object(self.payload_type)
        try:
            answer = yield uncancelled(self.call(object_id, payload))
        except Exception as error:
            failure = call_failed(error)
            if failure is None:
                raise
            _log.warning(
                "%s of %s failed with %d: %s: %s",
                type(self).__name__,
                object_id,
                failure.status_code,
                type(error).__name__,
                one_line(error),
            )
            raise failure
        body = self.answer_body(object_id, answer)
        try:
            self.write_json(body)
        except ValueError:  # Python's reader lets NaN in, JSON does not let it out.
            raise CallFailed(502, "the CMDB's answer holds numbers that JSON has not", 200, 0)

    def call(self, object_id, payload):
        # type: (str, dict) -> Future[dict]
        """Start the call to the CMDB; resolves to its whole envelope."""
        raise NotImplementedError()

    def answer_body(self, object_id, answer):
        # type: (str, dict) -> dict
        """What to answer when the CMDB has done what was asked."""
        return {"message": "POST request successful", "data": answer}


class ImportHandler(CMDBHandler):
    """``POST /cmdb/import/<object_id>``: insert or update instances."""

    def call(self, object_id, payload):
        return self.sdk.instance_api_import_instance(object_id, payload)

    def answer_body(self, object_id, answer):
        """The CMDB answers with success even if no row was stored, so the message says how many
        were; what it warns of stands beside."""
        body = super(ImportHandler, self).answer_body(object_id, answer)
        report = ImportReport(answer)
        if report.failed:
            body["message"] = str(report)
            _log.warning("Import into %s: %s", object_id, report)
        if report.warnings:
            body["warnings"] = report.warnings
            _log.warning(
                "Import into %s: %d warnings of the CMDB, the first: %s",
                object_id,
                len(report.warnings),
                one_line(_shown(report.warnings[0])),
            )
        return body


class SearchHandler(CMDBHandler):
    """``POST /cmdb/search/<object_id>``: find instances."""

    # The order of the names in ``sort`` is their precedence.
    payload_type = collections.OrderedDict

    def call(self, object_id, payload):
        return self.sdk.instance_api_search_instance(object_id, payload)


def _shown(warning):
    return warning if isinstance(warning, basestring_type) else json.dumps(warning)
