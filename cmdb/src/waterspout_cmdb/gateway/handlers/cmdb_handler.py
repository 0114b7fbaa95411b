"""CMDBHandler: the base of handlers that pass a request on to the CMDB."""

from __future__ import absolute_import, division, print_function

import logging
import re

import waterspout
from waterspout.service import CallCancelled, InvalidInput, one_line
from waterspout_cmdb.gateway.handlers.error_form import GatewayHandler
from waterspout_cmdb.gateway.tenants import call_fields
from waterspout_cmdb.gateway.upstream_errors import CallFailed, translate_error

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Text  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

_log = logging.getLogger("waterspout.cmdb")

# Old servers allow 32 characters; newer ids (NAME@NAMESPACE) are longer. None is near 128, and
# longer ones would only fill logs.
_OBJECT_ID = re.compile(r"[a-zA-Z_][0-9a-zA-Z_@]{0,127}\Z")

#: The name of the CMDB's SDK among the application's upstreams.
CMDB = "cmdb"


def before_answer(success):
    # type: (str) -> bytes
    """Return what is before the CMDB's answer in the body of an answer with this message."""
    return ('{"message":"%s","data":' % success).encode("ascii")


class CMDBHandler(GatewayHandler):
    """Calls the CMDB, and answers with the CMDB's answer."""

    #: The message of a success.
    success = ""

    #: What is before the CMDB's answer in the body of a success: `before_answer` of ``success``.
    before_answer = b""

    #: Added to the reason of an error after which the CMDB may have carried out the request.
    may_have_happened = ""

    _object_id = None

    def check_object_id(self, object_id):
        # type: (Text) -> None
        """Keep the object id of the path. Raises: InvalidInput."""
        if not _OBJECT_ID.match(object_id):
            raise InvalidInput(
                "the object id must be letters, digits, _ and @, begin with a letter or _, "
                "and have at most 128 characters"
            )
        self._object_id = str(object_id)  # py2: a log line cannot mix unicode and bytes.

    def answer_with_call(self, *args):
        # type: (*Any) -> None
        """Start `call` with ``args``, and have its result answered."""
        try:
            call = self.call(self._object_id, *args)
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
        if encoded is not None and body.get("message") is self.success and len(body) == 2:
            self.write_json(waterspout.EncodedJSON(self.before_answer + encoded + b"}"))
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

    def call(self, object_id, *args):
        # type: (str, *Any) -> Future[dict]
        """Start the call to the CMDB; the Future resolves to its whole envelope.

        Args:
            args: those of `answer_with_call`.
        """
        raise NotImplementedError()

    def answer_body(self, object_id, answer):
        # type: (str, dict) -> dict
        """Return the body of the answer after a successful call."""
        return {"message": self.success, "data": answer}


class PostHandler(CMDBHandler):
    """Passes a JSON object on to the CMDB.

    ``call`` gets what the client has sent, a `waterspout.EncodedJSON`, and the same decoded.
    """

    success = "POST request successful"
    before_answer = before_answer(success)

    def post(self, object_id):
        self.check_object_id(object_id)
        value = self.read_json_object()  # Raises InvalidInput.
        # The client's own bytes: numbers and the order of names stay as they were written.
        self.answer_with_call(waterspout.EncodedJSON(self.body), value)
