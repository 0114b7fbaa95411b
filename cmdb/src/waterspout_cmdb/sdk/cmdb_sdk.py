"""CMDBSDK: the CMDB's API as one class."""

from __future__ import absolute_import, division, print_function

from numbers import Integral

from tornado.escape import native_str
from tornado.util import basestring_type

import waterspout
from waterspout_cmdb.sdk.cmdb_error import CMDBError
from waterspout_cmdb.sdk.instance_api import InstanceAPI
from waterspout_cmdb.sdk.object_api import ObjectAPI
from waterspout_cmdb.sdk.relation_api import RelationAPI


class CMDBSDK(InstanceAPI, ObjectAPI, RelationAPI):
    """The CMDB: its instances, models and relations.

    Every method resolves to the CMDB's whole answer, ``{"code": 0, "error": "", "message":
    "", "data": ...}``, with ``data`` as described. It fails with `CMDBError` for a status
    that is not 2xx as well as for a ``code`` that is not 0 (the CMDB sends either), and with
    `waterspout.RequestException` when there was no answer.

    Arguments as for `waterspout.BaseSDK`: ``CMDBSDK("10.0.0.1:8079", org=777777)``.
    """

    def decode(self, response):
        # type: (waterspout.Response) -> Dict
        """The envelope. Raises: CMDBError; JSONDecodeError for a 2xx that is not JSON."""
        success = 200 <= response.status_code < 300
        try:
            envelope = response.json()
        except waterspout.JSONDecodeError:
            if success:
                raise
            envelope = None
        code = _code(envelope)
        if success and code == 0:
            return envelope
        raise CMDBError(response, code, _text(envelope, response))


def _code(envelope):
    code = envelope.get("code") if isinstance(envelope, dict) else None
    if isinstance(code, float) and code.is_integer():  # Protobuf-based servers say 0.0.
        code = int(code)
    return code if isinstance(code, Integral) and not isinstance(code, bool) else None


def _text(envelope, response):
    # The vendor's own order of precedence.
    if isinstance(envelope, dict):
        for name in ("message", "msg", "error", "codeExplain"):
            text = envelope.get(name)
            if text and isinstance(text, basestring_type):
                return native_str(text)
        if _code(envelope) is not None:
            return "code %d" % _code(envelope)
    if 200 <= response.status_code < 300:
        return "the answer has no code"
    if 300 <= response.status_code < 400 and "Location" in response.headers:
        return "the CMDB redirects elsewhere, which is not followed"
    return response.reason or "no text"
