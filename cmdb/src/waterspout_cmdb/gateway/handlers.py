"""The gateway's two handlers, and the form of their answers."""

from __future__ import absolute_import, division, print_function

import json
import logging
import re

from tornado.util import basestring_type

import waterspout
from waterspout.service import (
    CallCancelled,
    ErrorHandler,
    InvalidInput,
    JSONHandler,
    one_line,
)
from waterspout_cmdb.gateway.import_report import ImportReport
from waterspout_cmdb.gateway.tenants import call_fields
from waterspout_cmdb.gateway.upstream_errors import CallFailed, translate_error
from waterspout_cmdb.sdk import is_repeatable_import

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401

_log = logging.getLogger("waterspout.cmdb")

# Old servers allow 32 characters; newer ids (NAME@NAMESPACE) are longer. None is near 128, and
# longer ones would only fill logs.
_OBJECT_ID = re.compile(r"[a-zA-Z_][0-9a-zA-Z_@]{0,127}\Z")

#: The name of the CMDB's SDK among the application's upstreams.
CMDB = "cmdb"

_SUCCESS = "POST request successful"

#: What is before the CMDB's answer in the body of a success.
_BEFORE_ANSWER = ('{"message":"%s","data":' % _SUCCESS).encode("ascii")

_MESSAGES = {
    400: "Invalid input data",
    401: "Authentication needed",
    403: "Request refused",
    404: "Not found",
    405: "Method not allowed",
    408: "Request timed out",
    413: "Request body too large",
    414: "Request target too long",
    417: "Expectation failed",
    429: "Too many requests",
    431: "Request header fields too large",
    501: "Transfer coding not supported",
    503: "Too many requests",
    504: "Too little time left",
    505: "HTTP version not supported",
}


class GatewayHandler(JSONHandler):
    """The base of the gateway's handlers: the form of error answers."""

    def error_body(self, status, message, exception=None, incident=None):
        """Return ``{"message": what happened, "error": why}``; with the CMDB's status and code
        if a call to it failed."""
        if isinstance(exception, CallFailed):
            return {
                "message": "POST request failed",
                "error": message,
                "upstream": _upstream(exception),
            }
        body = {"message": _MESSAGES.get(status, "Internal error"), "error": message}
        if incident is not None:
            body["incident"] = incident
        return body

    def problem_document(self, problem, exception=None):
        """Add the CMDB's status and code if a call to it failed."""
        if isinstance(exception, CallFailed):
            problem["upstream"] = _upstream(exception)
        return problem


def _upstream(exception):
    # type: (CallFailed) -> Dict[str, Any]
    return {"status": exception.upstream_status, "code": exception.upstream_code}


class NotServed(ErrorHandler, GatewayHandler):
    """Answers unknown paths, and requests that the server refuses."""


class CMDBHandler(GatewayHandler):
    """Passes a JSON object on to the CMDB, and answers with the CMDB's answer."""

    #: Added to the reason of an error after which the CMDB may have carried out the request.
    may_have_happened = ""

    _object_id = None

    def post(self, object_id):
        if not _OBJECT_ID.match(object_id):
            raise InvalidInput(
                "the object id must be letters, digits, _ and @, begin with a letter or _, "
                "and have at most 128 characters"
            )
        self._object_id = str(object_id)  # py2: a log line cannot mix unicode and bytes.
        value = self.read_json_object()  # Raises InvalidInput.
        # The client's own bytes: numbers and the order of names stay as they were written.
        payload = waterspout.EncodedJSON(self.body)
        try:
            call = self.call(self._object_id, payload, value)
        except Exception as error:
            self._raise_failure(error)
        self.finish_after(call, self._pass_on)

    def upstream_headers(self):
        """The ``org`` and the ``user`` of this request, if it may say for whom it is."""
        return call_fields(self.request)

    def _pass_on(self, call):
        # type: (Future[dict]) -> None
        """Write the answer after the call to the CMDB, or raise why there is none."""
        try:
            answer = call.result()
        except Exception as error:
            self._raise_failure(error)
        body = self.answer_body(self._object_id, answer)
        encoded = getattr(answer, "encoded", None)  # Of an `Answer`.
        if encoded is not None and body.get("message") is _SUCCESS and len(body) == 2:
            self.write_json(waterspout.EncodedJSON(_BEFORE_ANSWER + encoded + b"}"))
            return
        try:
            self.write_json(body)
        except ValueError as error:
            raise self.encoding_failed(error)

    def _raise_failure(self, error):
        # type: (Exception) -> None
        """Raise what is answered when a call has failed. Call it while ``error`` is handled."""
        if isinstance(error, CallCancelled) and self.client_left_after is not None:
            raise CallFailed(499, "the client left", None, None)
        failure = translate_error(error, self.may_have_happened)
        if failure is None:
            raise
        _log.warning(
            "%s of %s failed with %d%s: %s: %s",
            type(self).__name__,
            self._object_id,
            failure.status_code,
            self._logged_id(),
            type(error).__name__,
            one_line(error),
        )
        raise failure

    def _logged_id(self):
        # type: () -> str
        return "" if self.request_id is None else " id=%s" % self.request_id

    def encoding_failed(self, error):
        """Answer 502: Python's JSON reader accepts NaN, but JSON cannot represent it."""
        why = "the CMDB's answer has numbers that JSON cannot represent"
        _log.warning("%s of %s failed with 502%s: %s",
                     type(self).__name__, self._object_id, self._logged_id(), why)
        return CallFailed(502, why + self.may_have_happened, 200, 0)

    def call(self, object_id, payload, value):
        # type: (str, waterspout.EncodedJSON, dict) -> Future[dict]
        """Start the call to the CMDB; the Future resolves to its whole envelope.

        Args:
            payload: what the client has sent; value: the same, decoded.
        """
        raise NotImplementedError()

    def answer_body(self, object_id, answer):
        # type: (str, dict) -> dict
        """Return the body of the answer after a successful call."""
        return {"message": _SUCCESS, "data": answer}


class ImportHandler(CMDBHandler):
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


class SearchHandler(CMDBHandler):
    """``POST /cmdb/search/<object_id>``: find instances."""

    cancel_without_client = True

    def call(self, object_id, payload, value):
        return self.upstream(CMDB).instance_api_search_instance(object_id, payload)


def _shown(warning):
    return warning if isinstance(warning, basestring_type) else json.dumps(warning)
