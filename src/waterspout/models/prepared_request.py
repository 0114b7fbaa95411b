"""PreparedRequest: what is sent, encoded."""

from __future__ import absolute_import, division, print_function

from base64 import b64encode

from waterspout._compat import TYPE_CHECKING, text_type, to_native
from waterspout._encoding import urls
from waterspout._encoding.bodies import FORM, encode_body
from waterspout._encoding.header_checks import valid_headers, valid_method
from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout.auth.basic import as_auth
from waterspout.cookies.cookie_headers import bound, cookie_header, is_empty
from waterspout.cookies.jar import as_jar
from waterspout.models.absent import PreparedRequestWithoutJar
from waterspout.models.hooks import Hooked, hook_lists
from waterspout.structures import Headers

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, FrozenSet, List, Optional, Union  # noqa: F401

#: Methods for which requests sends no ``Content-Length: 0``.
BODILESS = frozenset(["GET", "HEAD"])

#: Headers that follow from the body alone, whatever is given (RFC 9112 section 6).
FRAMING = ("Content-Length", "Transfer-Encoding")


#: The same in lower case, and what else is said of the body; no secrets, whoever says it.
DESCRIBE_BODY = ("content-length", "transfer-encoding", "content-type", "content-encoding")


class PreparedRequest(Hooked, PreparedRequestWithoutJar):
    """One request, encoded: what the bytes on the wire will say.

    All of it may be changed until it is sent, with requests' methods as well; `settle` then
    holds it to the rules again.

    Args:
        method (native str): a token (RFC 9110 section 9); sent in upper case.
        url (text): ``http`` or ``https``; escaped as requests does.
        params, data, json, files, cookies, auth, hooks: as in requests (see
            `waterspout.Session.request`).
        headers (mapping): native ``str`` or bytes; a value of None is left out.

    Attributes:
        method, url (native str), headers (Headers).
        parsed_url (waterspout._encoding.urls.URL): ``url``, with user name and password.
        body (bytes, StreamedBody or None).
        given_headers (Headers), content_type (native str or None): what `headers` is made of.
        responder (AuthBase or None): asked what to send after each response.
        cookies (CookieJar or None): what the Cookie header was made of, for redirects to ask.

    Raises: InvalidURL kin, InvalidHeader, InvalidJSONError, ValueError. Nothing that is
        passed in is changed.
    """

    __slots__ = ("method", "parsed_url", "given_headers", "_headers", "content_type", "body",
                 "responder", "cookies", "_credentials", "_hooks", "_shares_headers")

    if TYPE_CHECKING:
        content_type = None  # type: Optional[str]
        body = None  # type: Union[None, bytes, StreamedBody]
        responder = None  # type: Any
        cookies = None  # type: Any

    def __init__(self, method, url, params=None, data=None, json=None, headers=None, files=None,
                 cookies=None, auth=None, hooks=None):
        # type: (str, str, Any, Any, Any, Any, Any, Any, Any, Any) -> None
        self.method = valid_method(method)
        self.parsed_url = urls.parse(url)
        if params:
            query = urls.encode_query(params)
            if query:
                self.parsed_url = self.parsed_url.with_query(query)
        self.given_headers = valid_headers(headers)  # type: Headers
        # The Content-Type of files= is nobody else's.
        self._shares_headers = self.given_headers is headers and not files
        self._headers = None  # type: Optional[Headers]
        self.responder = None
        self.cookies = None
        self._credentials = frozenset()  # type: FrozenSet[str]
        self._hooks = None  # type: Optional[Dict[str, List[Callable]]]
        if data is None and json is None and files is None:  # As most requests are.
            self.body = self.content_type = None
        else:
            self.body, self.content_type = encode_body(data, json, files)
        if cookies is not None:
            self.prepare_cookies(cookies)
        if auth is not None:
            self._authenticate(auth, data)
        if hooks:
            self.prepare_hooks(hooks)

    @property
    def headers(self):
        # type: () -> Headers
        """Those that were given and those that follow from body and URL.

        Put together when first looked at, which most requests never need.
        """
        headers = self._headers
        if headers is None:
            headers = self._headers = self.given_headers.copy()
            for name in FRAMING:
                headers.pop(name, None)
            if self.content_type is not None:
                headers.setdefault("Content-Type", self.content_type)
            if self.method not in BODILESS:
                headers["Content-Length"] = "0"
            _frame(headers, self.body)
            credentials = self.parsed_url.credentials
            if credentials is not None:
                headers["Authorization"] = "Basic " + to_native(b64encode(credentials))
        return headers

    @headers.setter
    def headers(self, headers):
        # type: (Any) -> None
        self._headers = Headers(headers)

    @property
    def hooks(self):
        # type: () -> Dict[str, List[Callable]]
        """What is called with each response, by event."""
        if self._hooks is None:
            self._hooks = hook_lists(None)
        return self._hooks

    @property
    def has_hooks(self):
        # type: () -> bool
        """Whether a hook is to be called with the response."""
        return self._hooks is not None and bool(self._hooks["response"])

    def prepare_cookies(self, cookies):
        # type: (Any) -> None
        """Make a Cookie header of a mapping or CookieJar, unless there is one already.

        Cookies without a domain are sent to this origin only, wherever redirects lead.
        Raises: TypeError; InvalidHeader for what would be more than a cookie.
        """
        self.cookies = jar = bound(as_jar(cookies), self.parsed_url.origin)
        if is_empty(jar) or "Cookie" in self.given_headers or "Cookie" in (self._headers or ()):
            return
        header = cookie_header(jar, self)
        if header is not None:
            self.headers["Cookie"] = valid_headers({"Cookie": header})["Cookie"]

    @property
    def plain(self):
        # type: () -> bool
        """Nobody looked at `headers`, and those given are many requests': to be encoded once."""
        return (self._shares_headers and self._headers is None
                and self.parsed_url.userinfo is None)

    @property
    def expects_continue(self):
        # type: () -> bool
        """The body is to wait for ``100 Continue`` (RFC 9110 section 10.1.1)."""
        if self.body is None:
            return False
        headers = self.given_headers if self._headers is None else self._headers
        return headers.get("Expect", "").lower() == "100-continue"

    @property
    def url(self):
        # type: () -> str
        """Without user name and password. Raises, when it is set: InvalidURL kin."""
        return str(self.parsed_url)

    @url.setter
    def url(self, url):
        # type: (str) -> None
        self.parsed_url = urls.parse(url)

    @property
    def path_url(self):
        # type: () -> str
        """The request target: path and query."""
        return self.parsed_url.target

    # As in requests, mostly for what signs requests

    def prepare_url(self, url, params):
        # type: (str, Any) -> None
        """Raises: InvalidURL kin; ValueError for ``params`` that are none."""
        parsed = urls.parse(url)
        query = urls.encode_query(params) if params else ""
        self.parsed_url = parsed.with_query(query) if query else parsed

    def prepare_headers(self, headers):
        # type: (Any) -> None
        """These, and no others. Raises: InvalidHeader."""
        self._headers = valid_headers(headers).copy()

    def prepare_body(self, data, files, json=None):
        # type: (Any, Any, Any) -> None
        """Raises: InvalidJSONError; ValueError for ``data`` that is no body."""
        self.body, content_type = encode_body(data, json, files)
        if content_type is not None:
            self.headers.setdefault("Content-Type", content_type)
        self.prepare_content_length(self.body)

    def prepare_content_length(self, body):
        # type: (Any) -> None
        """Have the headers that announce ``body``, as in requests."""
        _frame(self.headers, _encoded(body))

    def prepare_hooks(self, hooks):
        # type: (Any) -> None
        """Add them to those there are. Raises: ValueError, TypeError."""
        for event in hooks or ():
            self.register_hook(event, hooks[event])

    def prepare_auth(self, auth):
        # type: (Any) -> None
        """Have ``auth`` (see `waterspout.Session.request`) sign what is there now.

        Raises: TypeError; what it raises; InvalidHeader kin for what it may not set.
        """
        if not auth:
            return
        self.responder = None
        before = self.headers.copy()
        signed = as_auth(auth)(self)
        if not isinstance(signed, PreparedRequest):
            raise TypeError("auth= must return the request, not %s" % type(signed).__name__)
        if signed is not self:
            for name in self.__slots__:
                setattr(self, name, getattr(signed, name))
        self.settle()
        self.mark_credentials(before)

    def mark_credentials(self, before):
        # type: (Headers) -> None
        """Let no header that was not there ``before`` go to another origin, by a redirect."""
        self._credentials = self._credentials.union(
            field[0] for field in self.headers.fields
            if field not in before.fields and field[0] not in DESCRIBE_BODY)

    def _authenticate(self, auth, data):
        # The URL's user is not asked then, as in requests.
        self.parsed_url = self.parsed_url.without_userinfo
        if auth:
            # What is text in requests is text to who signs.
            if isinstance(data, text_type):
                self.body = data
            elif self.content_type == FORM:
                self.body = to_native(self.body)
            self.prepare_auth(auth)

    def settle(self):
        # type: () -> None
        """Hold what was changed to the rules, as nobody does behind it.

        Raises: InvalidHeader; ValueError for a body that is none.
        """
        self.method = valid_method(self.method)
        self.body = _encoded(self.body)
        headers = valid_headers(self.headers).copy()
        _frame(headers, self.body)
        self._headers = headers

    def copy(self):
        # type: () -> PreparedRequest
        """One to be changed on its own, but for the body."""
        twin = self.redirected(self.method, self.parsed_url, self.body, self.headers.copy())
        twin._hooks = self._hooks and hook_lists(self._hooks)
        return twin

    def redirected(self, method, url, body, headers):
        # type: (str, urls.URL, Union[None, bytes, StreamedBody], Headers) -> PreparedRequest
        """The request that follows this one to ``url``.

        Who answers challenges comes along on the same origin only, and so does what ``auth``
        has set, whatever it is called.
        """
        twin = PreparedRequest.__new__(PreparedRequest)
        twin.method = method
        twin.parsed_url = url
        twin.given_headers = twin._headers = headers
        twin._shares_headers = False
        twin.content_type = None
        twin.body = body
        twin.cookies = self.cookies
        twin.responder, twin._credentials = self.responder, self._credentials
        if url.origin != self.parsed_url.origin:
            for name in self._credentials:
                headers.pop(name, None)
            twin.responder, twin._credentials = None, frozenset()
        twin._hooks = self._hooks
        return twin

    def __reduce__(self):
        """To be pickled with its `Response`: what was said, not how it was to be sent."""
        body = self.body if isinstance(self.body, bytes) else None
        return _unpickled, (self.method, self.url, self.headers.get_all(), body)

    def __repr__(self):
        return "<PreparedRequest %s %s>" % (self.method, self.parsed_url.for_messages)


def _encoded(body):
    if body is None or isinstance(body, (bytes, StreamedBody)):
        return body
    return encode_body(body)[0]


def _frame(headers, body):
    # The body says how long it is; two voices are an attack.
    length = body.length if isinstance(body, StreamedBody) else len(body or b"")
    if length is None:
        headers.pop("Content-Length", None)
        headers["Transfer-Encoding"] = "chunked"
    else:
        headers.pop("Transfer-Encoding", None)
        if body is not None or "Content-Length" in headers:
            headers["Content-Length"] = str(length)


def _unpickled(method, url, fields, body):
    request = PreparedRequest(method, url)
    request.headers = Headers(fields)
    request.body = body
    return request
