"""Request and Response: what is sent, and what came back."""

from __future__ import absolute_import, division, print_function

import datetime
import json as json_module
from base64 import b64encode

from waterspout import urls
from waterspout._compat import to_native, unquote_to_bytes
from waterspout.charsets import declared_charset, json_charset
from waterspout.content import encode_body
from waterspout.exceptions import HTTPError, JSONDecodeError
from waterspout.fields import valid_headers, valid_method
from waterspout.structures import Headers
from waterspout.timeouts import Timeout

#: Methods for which requests sends no ``Content-Length: 0``.
_BODILESS = frozenset(["GET", "HEAD"])
#: Of an encoding that nobody asked for yet; None means that there is none.
_UNKNOWN = object()

_REDIRECTS = frozenset([301, 302, 303, 307, 308])


class Request(object):
    """One request, encoded: what the bytes on the wire will say.

    Args:
        method (native str): a token (RFC 9110 section 9); sent in upper case.
        url (text): ``http`` or ``https``; escaped as requests does.
        params, data, json: as in requests (see `waterspout.Session.request`).
        headers (mapping): native ``str`` or bytes; a value of None is left out.
        timeout (float seconds, (connect, read), Timeout or None).

    Attributes:
        method, url (native str), headers (Headers), body (bytes or None), timeout (Timeout).
        given_headers (Headers), content_type (native str or None): what `headers` is made of.
        deadline (float or None): the `monotonic` time at which ``timeout.total`` runs out.

    Raises: InvalidURL kin, InvalidHeader, InvalidJSONError, ValueError. Nothing that is
        passed in is changed.
    """

    __slots__ = ("method", "_url", "given_headers", "_headers", "content_type", "body", "timeout",
                 "deadline")

    def __init__(self, method, url, params=None, data=None, json=None, headers=None, timeout=None):
        # type: (str, str, Any, Any, Any, Any, Any) -> None
        self.method = valid_method(method)
        self._url = urls.parse(url)
        if params:
            query = urls.encode_query(params)
            if query:
                self._url = self._url.with_query(query)
        self.given_headers = valid_headers(headers)
        self._headers = None
        self.timeout = Timeout.of(timeout)
        self.deadline = None
        self.body, self.content_type = encode_body(data, json)

    @property
    def headers(self):
        # type: () -> Headers
        """Those that were given and those that follow from body and URL.

        Put together when first looked at, which most requests never need.
        """
        headers = self._headers
        if headers is None:
            headers = self._headers = self.given_headers.copy()
            if self.content_type is not None:
                headers.setdefault("Content-Type", self.content_type)
            if self.body is not None:
                headers["Content-Length"] = str(len(self.body))
            elif self.method not in _BODILESS:
                headers.setdefault("Content-Length", "0")
            if self._url.userinfo is not None:
                headers.setdefault("Authorization", _basic(self._url.userinfo))
        return headers

    @headers.setter
    def headers(self, headers):
        self._headers = headers

    @property
    def plain(self):
        # type: () -> bool
        """Nobody looked at `headers`: they still follow from the other attributes."""
        return self._headers is None and self._url.userinfo is None

    @property
    def url(self):
        # type: () -> str
        return str(self._url)

    @property
    def parsed_url(self):
        # type: () -> urls.URL
        return self._url

    def redirected(self, method, url, body, headers):
        # type: (str, urls.URL, Optional[bytes], Headers) -> Request
        """The request that follows this one to ``url``; timeout and deadline carry on."""
        twin = Request.__new__(Request)
        twin.method = method
        twin._url = url
        twin.given_headers = twin._headers = headers
        twin.content_type = None
        twin.body = body
        twin.timeout = self.timeout
        twin.deadline = self.deadline
        return twin

    def __repr__(self):
        return "<Request %s %s>" % (self.method, self._url.for_messages)


class Response(object):
    """What came back, body included.

    Attributes:
        status_code (int), reason (native str).
        headers (Headers): repeated fields are joined by ``[]``; see `Headers.get_list`.
        content (bytes): the body, content codings undone.
        url (native str): where it came from, after redirects.
        request (Request): the one that was answered, after redirects.
        history (list of Response): the redirects that led here, oldest first.
        elapsed (datetime.timedelta): from sending the request to the end of the body; time
            spent waiting for a connection counts.
        encoding (native str or None): from the Content-Type, as in requests; may be set.
    """

    def __init__(self, request, status_code, reason, headers, content, seconds=0.0):
        # type: (Request, int, str, Any, bytes, float) -> None
        self.request = request
        self.status_code = status_code
        self.reason = reason
        self.content = content
        self.history = []  # type: List[Response]
        self._headers = headers  # Or what makes them, until somebody looks.
        self._seconds = seconds
        self._encoding = _UNKNOWN

    @property
    def headers(self):
        # type: () -> Headers
        headers = self._headers
        if not isinstance(headers, Headers):
            headers = self._headers = headers()
        return headers

    @property
    def elapsed(self):
        # type: () -> datetime.timedelta
        return datetime.timedelta(seconds=self._seconds)

    @property
    def encoding(self):
        # type: () -> Optional[str]
        if self._encoding is _UNKNOWN:
            self._encoding = declared_charset(self.headers.get("Content-Type", ""))
        return self._encoding

    @encoding.setter
    def encoding(self, encoding):
        self._encoding = encoding

    @property
    def url(self):
        # type: () -> str
        return self.request.url

    @property
    def ok(self):
        # type: () -> bool
        """Whether the status is below 400."""
        return self.status_code < 400

    @property
    def is_redirect(self):
        # type: () -> bool
        return self.status_code in _REDIRECTS and "Location" in self.headers

    @property
    def text(self):
        # type: () -> Text
        """The body as text: by `encoding`, else as UTF-8 if it is that, else as Latin-1."""
        if self.encoding is not None:
            try:
                return self.content.decode(self.encoding, "replace")
            except LookupError:  # A charset nobody knows.
                pass
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError:
            return self.content.decode("latin-1")

    def json(self, **kwargs):
        # type: (**Any) -> Any
        """The body decoded from JSON (UTF-8, -16 or -32); ``kwargs`` go to `json.loads`.

        Raises: JSONDecodeError, with this response on it.
        """
        try:
            return json_module.loads(self.content.decode(json_charset(self.content)), **kwargs)
        except (ValueError, RuntimeError) as error:  # RuntimeError: nested too deep.
            raise JSONDecodeError(
                "%s %s answered %d %s, which is not JSON: %s"
                % (
                    self.request.method,
                    self.request.parsed_url.for_messages,
                    self.status_code,
                    self.headers.get("Content-Type", "without a Content-Type"),
                    _json_complaint(error),
                ),
                request=self.request,
                response=self,
                phase="read",
            )

    def raise_for_status(self):
        # type: () -> None
        """Raises: HTTPError for a status of 400 or more."""
        if self.ok:
            return
        raise HTTPError(
            "%d %s Error: %s for url: %s"
            % (
                self.status_code,
                "Client" if self.status_code < 500 else "Server",
                self.reason,
                self.request.parsed_url.for_messages,
            ),
            request=self.request,
            response=self,
            phase="read",
        )

    def __repr__(self):
        return "<Response [%d]>" % self.status_code


def _basic(userinfo):
    user, _, password = userinfo.partition(":")
    pair = unquote_to_bytes(user) + b":" + unquote_to_bytes(password)
    return "Basic " + to_native(b64encode(pair))


def _json_complaint(error):
    # json's own texts quote a position, never the document; a decoding error's would quote bytes.
    return "not UTF-8" if isinstance(error, UnicodeError) else str(error)
