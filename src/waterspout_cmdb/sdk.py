"""CMDBSDK: the CMDB's instance API."""

from __future__ import absolute_import, division, print_function

from numbers import Integral

from tornado.escape import native_str
from tornado.util import basestring_type

import waterspout
from waterspout_cmdb.errors import CMDBError

_INSTANCES = "/object/{object_id}/instance"
_INSTANCES_V2 = "/v2/object/{object_id}/instance"
_INSTANCE = "/{instance_id}"


class CMDBSDK(waterspout.BaseSDK):
    """Imports, searches, reads and writes instances of CMDB models.

    Every method resolves to the CMDB's whole answer, ``{"code": 0, "error": "", "message":
    "", "data": ...}``, with ``data`` as described. It fails with `CMDBError` for a status
    that is not 2xx as well as for a ``code`` that is not 0 (the CMDB sends either), and with
    `waterspout.RequestException` when there was no answer.

    Arguments as for `waterspout.BaseSDK`: ``CMDBSDK("10.0.0.1:8079", org=777777)``.
    """

    def instance_api_import_instance(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Insert or update many instances.

        Args:
            payload: ``{"keys": ["name"], "datas": [{...}, ...]}``; ``keys`` together identify
                a row.
        ``data`` is ``{insert_count, update_count, failed_count, data}``, the last one naming
        the rows that failed. Safe to retry: the same rows become updates.
        """
        return self.fetch_async(
            "POST", _INSTANCES + "/_import", path={"object_id": object_id}, json=payload
        )

    def instance_api_search_instance(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Search instances: ``payload`` has ``query``, ``fields``, ``sort``, ``page``,
        ``page_size``. ``data`` is ``{list, total, page, page_size}``."""
        return self.fetch_async(
            "POST", _INSTANCES + "/_search", path={"object_id": object_id}, json=payload
        )

    def instance_api_get_instance(self, object_id, instance_id, fields=None):
        # type: (str, str, Optional[Iterable[str]]) -> Future[Dict]
        """One instance; ``fields`` names the attributes wanted, all of them unless given."""
        return self.fetch_async(
            "GET",
            _INSTANCES + _INSTANCE,
            path={"object_id": object_id, "instance_id": instance_id},
            params={"fields": ",".join(fields)} if fields else None,
        )

    def instance_api_create_instance(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Create one instance of the attributes in ``payload``; ``data`` is what was stored.

        Not safe to retry blindly: the model may allow a second one.
        """
        return self.fetch_async(
            "POST", _INSTANCES_V2, path={"object_id": object_id}, json=payload
        )

    def instance_api_update_instance(self, object_id, instance_id, payload):
        # type: (str, str, Mapping) -> Future[Dict]
        """Change the attributes in ``payload``; ``data`` is the instance as it is then."""
        return self.fetch_async(
            "PUT",
            _INSTANCES + _INSTANCE,
            path={"object_id": object_id, "instance_id": instance_id},
            json=payload,
        )

    def instance_api_delete_instance(self, object_id, instance_id):
        # type: (str, str) -> Future[Dict]
        """Delete one instance; ``data`` is the instance as it was."""
        return self.fetch_async(
            "DELETE",
            _INSTANCES + _INSTANCE,
            path={"object_id": object_id, "instance_id": instance_id},
        )

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
    return response.reason or "no text"
