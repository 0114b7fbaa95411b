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

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Dict  # noqa: F401


class CMDBSDK(InstanceAPI, ObjectAPI, RelationAPI):
    """The CMDB's API: a method for each operation on instances, models and relations.

    ::

        cmdb = CMDBSDK("10.0.0.1:8079", org=777777)
        answer = await cmdb.instance_api_search_instance("HOST", {"query": {"cpu": {"$gte": 4}}})

    The arguments are those of `waterspout.BaseSDK`. With ``retry=`` calls that only read are
    repeated, whatever their method, and imports of which the CMDB makes the second run harmless.
    Every method returns a Future of the CMDB's whole answer, ``{"code": 0, "error": "",
    "message": "", "data": ...}``; a method's docstring describes ``data``.

    Raises, from every method:
        CMDBError: the CMDB answered with a status other than 2xx or with a ``code`` other than 0;
            it uses both.
        waterspout.RequestException: there was no answer. Reading again is safe; a write may have
            been carried out if the error's ``may_have_been_sent`` is True.
    """

    def decode(self, response):
        # type: (waterspout.Response) -> Dict
        """Return the envelope of a response.

        Raises: CMDBError: see the class. JSONDecodeError: the body of a 2xx is not JSON.
        """
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
    if type(code) is int:  # Usually. `Integral` takes some time to ask.
        return code
    if isinstance(code, float) and code.is_integer():  # Protobuf-based servers send 0.0.
        code = int(code)
    return code if isinstance(code, Integral) and not isinstance(code, bool) else None


def _text(envelope, response):
    # The vendor's clients read the fields in this order.
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
