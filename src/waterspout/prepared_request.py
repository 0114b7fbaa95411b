"""PreparedRequest: what is sent, encoded."""

from __future__ import absolute_import, division, print_function

from base64 import b64encode

from waterspout import urls
from waterspout._compat import to_native
from waterspout.content import encode_body
from waterspout.fields import valid_headers, valid_method
from waterspout.timeouts import Timeout

#: Methods for which requests sends no ``Content-Length: 0``.
BODILESS = frozenset(["GET", "HEAD"])

#: Headers that follow from the body alone, whatever is given (RFC 9112 section 6).
FRAMING = ("Content-Length", "Transfer-Encoding")


class PreparedRequest(object):
    """One request, encoded: what the bytes on the wire will say.

    Args:
        method (native str): a token (RFC 9110 section 9); sent in upper case.
        url (text): ``http`` or ``https``; escaped as requests does.
        params, data, json, files, cookies, auth, hooks: as in requests (see
            `waterspout.Session.request`).
        headers (mapping): native ``str`` or bytes; a value of None is left out.
        timeout (float seconds, (connect, read), Timeout or None).

    Attributes:
        method, url (native str), headers (Headers), timeout (Timeout).
        body (bytes, StreamedContent or None); stream (bool): the response's body is to be pulled.
        given_headers (Headers), content_type (native str or None): what `headers` is made of.
        deadline (float or None): the `monotonic` time at which ``timeout.total`` runs out.
        route (Route or None): how to get there, where it is not the plain way.
        hooks (dict of lists or None): what is called with each response, by event.

    Raises: InvalidURL kin, InvalidHeader, InvalidJSONError, ValueError. Nothing that is
        passed in is changed.
    """

    __slots__ = ("method", "_url", "given_headers", "_headers", "content_type", "body", "timeout",
                 "deadline", "stream", "route", "hooks", "_shares_headers")

    def __init__(self, method, url, params=None, data=None, json=None, headers=None, timeout=None,
                 stream=False, files=None, cookies=None, auth=None, hooks=None):
        # type: (str, str, Any, Any, Any, Any, Any, bool, Any, Any, Any, Any) -> None
        self.method = valid_method(method)
        self._url = urls.parse(url)
        if params:
            query = urls.encode_query(params)
            if query:
                self._url = self._url.with_query(query)
        self.given_headers = valid_headers(headers)
        # The Content-Type of files= is nobody else's.
        self._shares_headers = self.given_headers is headers and not files
        self._headers = None
        self.timeout = Timeout.of(timeout)
        self.deadline = None
        self.stream = stream
        self.route = None
        self.hooks = None
        self.body, self.content_type = encode_body(data, json, files)

    @property
    def headers(self):
        # type: () -> Headers
        """Those that were given and those that follow from body and URL.

        Put together when first looked at, which most requests never need.
        """
        headers = self._headers
        if headers is None:
            headers = self._headers = self.given_headers.copy()
            for name in FRAMING:  # The body says how long it is; two voices are an attack.
                headers.pop(name, None)
            if self.content_type is not None:
                headers.setdefault("Content-Type", self.content_type)
            if isinstance(self.body, bytes):
                headers["Content-Length"] = str(len(self.body))
            elif self.body is not None:
                self._describe_stream(headers)
            elif self.method not in BODILESS:
                headers["Content-Length"] = "0"
            credentials = self._url.credentials
            if credentials is not None:
                headers["Authorization"] = "Basic " + to_native(b64encode(credentials))
        return headers

    def _describe_stream(self, headers):
        if self.body.length is None:
            headers["Transfer-Encoding"] = "chunked"
        else:
            headers["Content-Length"] = str(self.body.length)

    @headers.setter
    def headers(self, headers):
        self._headers = headers

    @property
    def plain(self):
        # type: () -> bool
        """Nobody looked at `headers`, and those given are many requests': to be encoded once."""
        return self._shares_headers and self._headers is None and self._url.userinfo is None

    @property
    def url(self):
        # type: () -> str
        return str(self._url)

    @property
    def parsed_url(self):
        # type: () -> urls.URL
        return self._url

    def redirected(self, method, url, body, headers):
        # type: (str, urls.URL, Optional[bytes], Headers) -> PreparedRequest
        """The request that follows this one to ``url``; timeout and deadline carry on."""
        twin = PreparedRequest.__new__(PreparedRequest)
        twin.method = method
        twin._url = url
        twin.given_headers = twin._headers = headers
        twin._shares_headers = False
        twin.content_type = None
        twin.body = body
        twin.timeout = self.timeout
        twin.deadline = self.deadline
        twin.stream = self.stream
        twin.route = self.route
        twin.hooks = self.hooks
        return twin

    def __repr__(self):
        return "<PreparedRequest %s %s>" % (self.method, self._url.for_messages)
