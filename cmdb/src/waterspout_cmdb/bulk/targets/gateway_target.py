"""GatewayTarget: a CMDB gateway as the place where rows go."""

from __future__ import absolute_import, division, print_function

import hashlib
import re

from tornado.escape import native_str, to_unicode, utf8

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.targets.gateway_sdk import GatewaySDK
from waterspout_cmdb.bulk.targets.target import (
    IMPORT_RETRY,
    MODEL_RETRY,
    Target,
    account,
    make_sdk,
)

_KEY = re.compile(r"[\x21-\x7e]+\Z")

#: Of the SHA-256 of a key, in hex.
_KEPT_DIGITS = 16

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Optional, Text  # noqa: F401


class GatewayTarget(Target):
    """A CMDB gateway.

    Args:
        url: its base URL, such as ``http://127.0.0.1:8888``, or a list of these.
        api_key: sent as ``Authorization: Bearer``; never shown.
        org, user: sent with every call, if they are given; the key must permit them.
        keywords: of `GatewaySDK`, such as ``verify`` and ``cert`` for TLS, ``timeout``,
            ``transport``.
    Raises: BulkError: the address or the key cannot be used.
    """

    def __init__(self, url, api_key=None, org=None, user=None, **keywords):
        # type: (Any, Optional[Text], Any, Any, **Any) -> None
        if api_key:
            if not _KEY.match(native_str(api_key)):  # Its error would be that of a header field.
                raise BulkError("the API key has characters that cannot be sent, such as a line "
                                "break; give it as it was printed")
            keywords["headers"] = dict(
                keywords.get("headers") or {}, Authorization="Bearer " + native_str(api_key))
        sdk = make_sdk(GatewaySDK, url, dict(keywords, org=org, user=user))
        super(GatewayTarget, self).__init__(
            sdk, "gateway " + sdk.base_url,
            dict(account(org, user), api_key=_fingerprint(api_key) if api_key else None))

    def _get_model(self, object_id):
        return self._sdk.model(object_id, retry=MODEL_RETRY)

    def _search(self, object_id, payload):
        return self._sdk.search(object_id, payload)

    def _import(self, object_id, payload, idempotent):
        return self._sdk.import_instances(
            object_id, payload, idempotent=idempotent, retry=IMPORT_RETRY)


def _fingerprint(api_key):
    # type: (Text) -> Text
    """Return what tells keys apart. They are random bits, which are not to be guessed from it."""
    return to_unicode(hashlib.sha256(utf8(api_key)).hexdigest()[:_KEPT_DIGITS])
