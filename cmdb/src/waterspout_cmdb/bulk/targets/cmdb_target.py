"""CMDBTarget: a CMDB itself as the place where rows go."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.targets.target import (
    IMPORT_RETRY,
    MODEL_RETRY,
    Target,
    account,
    make_sdk,
)
from waterspout_cmdb.sdk import CMDBSDK

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

#: The account that the vendor's installations have.
USER = "defaultUser"

# The methods of the SDK have no retry=, and these two need others than searches do.
_MODEL = "/object/{object_id}"
_IMPORT = "/object/{object_id}/instance/_import"


class CMDBTarget(Target):
    """A CMDB.

    Args:
        hosts: ``"10.0.0.1:8079"``, a base URL, or a list of these.
        org, user: sent with every call.
        keywords: of `CMDBSDK`, such as ``verify`` and ``cert`` for TLS, ``timeout``, ``transport``.
    Raises: BulkError: the address cannot be used.
    """

    def __init__(self, hosts, org=None, user=USER, **keywords):
        # type: (Any, Any, Any, **Any) -> None
        sdk = make_sdk(CMDBSDK, hosts, dict(keywords, org=org, user=user))
        super(CMDBTarget, self).__init__(sdk, "CMDB " + sdk.base_url, account(org, user))

    def _get_model(self, object_id):
        return self._sdk.fetch_async(
            "GET", _MODEL, path={"object_id": object_id}, retry=MODEL_RETRY)

    def _search(self, object_id, payload):
        return self._sdk.instance_api_search_instance(object_id, payload)

    def _import(self, object_id, payload, idempotent):
        return self._sdk.fetch_async(
            "POST", _IMPORT, path={"object_id": object_id}, json=payload, idempotent=idempotent,
            retry=IMPORT_RETRY)
