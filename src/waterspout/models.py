"""Request and Response: what is sent, and what came back."""

from __future__ import absolute_import, division, print_function

import datetime
import json as json_module
from base64 import b64encode

from waterspout import urls
from waterspout._compat import to_native
from waterspout.charsets import declared_charset, json_charset
from waterspout.content import encode_body
from waterspout.exceptions import HTTPError, JSONDecodeError
from waterspout.fields import valid_headers, valid_method
from waterspout.timeouts import Timeout

#: Methods for which requests sends no ``Content-Length: 0``.
_BODILESS = frozenset(["GET", "HEAD"])
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
        deadline (float or None): the IOLoop's time at which ``timeout.total`` runs out.

    Raises: InvalidURL kin, InvalidHeader, InvalidJSONError, ValueError. Nothing that is
        passed in is changed.
    """

    __slots__ = ("method", "_url", "headers", "body", "timeout", "deadline")

    def __init__(self, method, url, params=None, data=None, json=None, headers=None, timeout=None):
        # type: (str, str, Any, Any, Any, Any, Any) -> None
        self.method = valid_method(method)
        self._url = urls.parse(url)
        if params:
            query = urls.encode_query(params)
            if query:
                self._url = self._url.with_query(query)
        self.headers = valid_headers(headers)
        self.timeout = Timeout.of(timeout)
        self.deadline = None
        self.body, content_type = encode_body(data, json)
        if content_type is not None and "Content-Type" not in self.headers:
            self.headers["Content-Type"] = content_type
        if self.body is not None:
            self.headers["Content-Length"] = str(len(self.body))
        elif self.method not in _BODILESS and "Content-Length" not in self.headers:
            self.headers["Content-Length"] = "0"
        credentials = self._url.credentials
        if credentials is not None:
            self.headers["Authorization"] = "Basic " + to_native(b64encode(credentials))

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
        twin.headers = headers
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

    def __init__(self, request, status_code, reason, headers, content, elapsed=0.0):
        # type: (Request, int, str, Headers, bytes, float) -> None
        self.request = request
        self.status_code = status_code
        self.reason = reason
        self.headers = headers
        self.content = content
        self.history = []  # type: List[Response]
        self.elapsed = datetime.timedelta(seconds=elapsed)
        self.encoding = declared_charset(headers.get("Content-Type", ""))

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
        """Whether it names another place, as 301, 302, 303, 307 and 308 should."""
        return self.status_code in _REDIRECTS and bool(self.headers.get("Location"))

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
        """The body decoded from JSON; ``kwargs`` go to `json.loads`.

        JSON is UTF-8, -16 or -32 (RFC 8259 section 8.1 and those before it); where it is none
        of them, `encoding` counts.
        Raises: JSONDecodeError, with this response on it.
        """
        try:
            return json_module.loads(self._json_text(), **kwargs)
        except (ValueError, LookupError, RuntimeError) as error:  # RuntimeError: nested too deep.
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

    def _json_text(self):
        try:
            return self.content.decode(json_charset(self.content))
        except UnicodeDecodeError:
            if self.encoding is None:
                raise
            return self.content.decode(self.encoding)

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


def _json_complaint(error):
    # json's own texts quote a position, never the document; a decoding error's would quote bytes.
    return "not UTF-8" if isinstance(error, UnicodeError) else str(error)
