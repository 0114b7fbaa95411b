"""GatewaySDK: a CMDB gateway's HTTP API as one class, and its error."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str
from tornado.util import basestring_type

import waterspout

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Text  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401


class GatewayError(waterspout.HTTPError):
    """The gateway answered with an error, or with a success that it never sends.

    Attributes:
        status (int): the HTTP status.
        upstream_status, upstream_code (int or None): those of the CMDB, if the gateway has them.
        text (native str): the gateway's own words, or what is wrong with its answer.
    """

    def __init__(self, response, body, text):
        # type: (waterspout.Response, Dict[str, Any], str) -> None
        self.status = response.status_code
        upstream = body.get("upstream")
        upstream = upstream if isinstance(upstream, dict) else {}
        self.upstream_status = _int(upstream.get("status"))
        self.upstream_code = _int(upstream.get("code"))
        self.text = text
        super(GatewayError, self).__init__(
            "%s %s: the gateway answered %d: %s"
            % (response.request.method, response.request.parsed_url.for_messages, self.status,
               text),
            request=response.request,
            response=response,
            phase="read",
        )


class GatewaySDK(waterspout.BaseSDK):
    """A CMDB gateway's API; the arguments are those of `waterspout.BaseSDK`.

    Every method returns a Future of the CMDB's whole answer, as those of `CMDBSDK` do.

    Raises, from every method:
        GatewayError: the gateway answered with an error.
        waterspout.RequestException: there was no answer.
    """

    def model(self, object_id, **keywords):
        # type: (Text, **Any) -> Future[Dict]
        """Return a model: ``data`` is the model with its attributes and relations."""
        return self._call("GET", "model", object_id, **keywords)

    def search(self, object_id, payload, **keywords):
        # type: (Text, Any, **Any) -> Future[Dict]
        """Return a page of the instances that match; ``payload`` is that of the CMDB's search."""
        return self._call("POST", "search", object_id, json=payload, idempotent=True, **keywords)

    def import_instances(self, object_id, payload, idempotent=False, **keywords):
        # type: (Text, Any, bool, **Any) -> Future[Dict]
        """Insert or update instances; see ``CMDBSDK.instance_api_import_instance``."""
        return self._call(
            "POST", "import", object_id, json=payload, idempotent=idempotent, **keywords)

    def decode(self, response):
        # type: (waterspout.Response) -> Dict
        """Return the CMDB's envelope.

        Raises: GatewayError: see the class. JSONDecodeError: the body of a 2xx is not JSON.
        """
        success = 200 <= response.status_code < 300
        try:
            body = response.json()
        except waterspout.JSONDecodeError:
            if success:
                raise
            body = None
        body = body if isinstance(body, dict) else {}
        if not success:
            raise GatewayError(response, body, _text(body, response))
        envelope = body.get("data")
        if not isinstance(envelope, dict) or "data" not in envelope:
            raise GatewayError(response, body, "this is no answer of a CMDB gateway")
        return envelope

    def _call(self, method, operation, object_id, **keywords):
        return self.fetch_async(
            method, "/cmdb/" + operation + "/{object_id}", path={"object_id": object_id},
            **keywords)


def _text(body, response):
    for name in ("error", "detail", "message", "title"):  # Also of problem documents (RFC 9457).
        text = body.get(name)
        if text and isinstance(text, basestring_type):
            return native_str(text)
    if 300 <= response.status_code < 400:
        return "it redirects elsewhere, which is not followed"
    return response.reason or "no text"


def _int(value):
    # type: (Any) -> Optional[int]
    return value if isinstance(value, int) and not isinstance(value, bool) else None
