"""PreparedRequest: the method, URL, headers and body of a request, encoded."""

from __future__ import absolute_import, division, print_function

from base64 import b64encode

from waterspout._compat import TYPE_CHECKING, text_type, to_native
from waterspout._encoding import urls
from waterspout._encoding.bodies import FORM, encode_body
from waterspout._encoding.header_checks import checked_field, valid_method
from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout.auth.basic import HTTPBasicAuth, as_auth
from waterspout.cookies.call_cookies import CallCookies, bound_cookies
from waterspout.cookies.cookie_headers import cookie_header
from waterspout.field_names import OF_BODY
from waterspout.models.absent import PreparedRequestWithoutJar
from waterspout.models.hooks import Hooked, hook_lists
from waterspout.models.request_headers import RequestHeaders

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, FrozenSet, List, Optional, Union  # noqa: F401

    from waterspout.structures import Headers  # noqa: F401

#: Methods for which requests sends no ``Content-Length: 0``.
_NO_LENGTH_IF_EMPTY = frozenset(["GET", "HEAD"])


class PreparedRequest(Hooked, PreparedRequestWithoutJar):
    """One encoded request message. `CallOptions` has how it is sent.

    It may be changed until it is sent, with requests' methods too; `settle` validates it again.

    Args:
        method (native str): a token (RFC 9110 section 9); sent in upper case.
        url (text): ``http`` or ``https``; escaped as requests does.
        params, data, json, files, cookies, auth, hooks: as in requests (see
            `waterspout.Session.request`).
        headers (mapping): native ``str`` or bytes; a value of None is left out.
        takes_headers (bool): ``headers`` are RequestHeaders that the caller does not use any more,
            so they need not be copied.

    Attributes:
        method, url (native str), headers (RequestHeaders).
        parsed_url (waterspout._encoding.urls.URL): ``url``, with user name and password.
        body (bytes, StreamedBody or None).
        says_empty (bool): there is no body, and ``Content-Length: 0`` is sent.
        responder (AuthBase or None): answers challenges in responses.
        cookies (CookieJar or None): the jar that the Cookie header was made from, for redirects.

    Raises: InvalidURL or a subclass, MissingSchema, InvalidSchema, InvalidHeader,
        InvalidJSONError, ValueError. Nothing was sent. Arguments are never changed.
    """

    __slots__ = ("method", "parsed_url", "_headers", "body", "says_empty", "responder",
                 "_cookies_sent", "_credentials", "_hooks")

    if TYPE_CHECKING:
        says_empty = False
        body = None  # type: Union[None, bytes, StreamedBody]
        responder = None  # type: Any

    def __init__(self, method, url, params=None, data=None, json=None, headers=None, files=None,
                 cookies=None, auth=None, hooks=None, takes_headers=False):
        # type: (str, str, Any, Any, Any, Any, Any, Any, Any, Any, bool) -> None
        self.method = method = valid_method(method)
        self.parsed_url = urls.parse(url)
        if params:
            self._add_query(params)
        if not takes_headers:
            headers = RequestHeaders.of(headers)
        self._headers = headers
        self.responder = None
        self._cookies_sent = None  # type: Any
        self._credentials = frozenset()  # type: FrozenSet[str]
        self._hooks = None  # type: Optional[Dict[str, List[Callable]]]
        if data is None and json is None and files is None:  # As most requests are.
            self.body = content_type = None
        else:
            self.body, content_type = encode_body(data, json, files)
            if content_type is not None:
                headers.set_content_type(content_type)
        if self.body is None and method in _NO_LENGTH_IF_EMPTY:
            self.says_empty = False
            if headers.states_length:
                headers.state_no_length()
        else:
            self._state_length(self.body, True)
        if self.parsed_url.userinfo is not None:
            self._use_credentials_of_url(auth)
        if cookies is not None:
            self.prepare_cookies(cookies)
        if auth:
            self._sign(auth, data, content_type)
        if hooks:
            self.prepare_hooks(hooks)

    @property
    def headers(self):
        # type: () -> RequestHeaders
        """The given headers and those that follow from body and URL; any mapping may be set."""
        return self._headers

    @headers.setter
    def headers(self, headers):
        # type: (Any) -> None
        self._headers = RequestHeaders.of(headers)

    @property
    def cookies(self):
        # type: () -> Any
        """The jar that the Cookie header was made from, or None."""
        sent = self._cookies_sent
        return sent.jar if isinstance(sent, CallCookies) else sent

    @cookies.setter
    def cookies(self, jar):
        # type: (Any) -> None
        self._cookies_sent = jar

    @property
    def hooks(self):
        # type: () -> Dict[str, List[Callable]]
        """The callables for each event."""
        if self._hooks is None:
            self._hooks = hook_lists(None)
        return self._hooks

    @property
    def has_hooks(self):
        # type: () -> bool
        """Whether there is a hook for the response."""
        return self._hooks is not None and bool(self._hooks["response"])

    @property
    def url(self):
        # type: () -> str
        """The URL, without user name and password.

        Raises, when set: InvalidURL or a subclass, MissingSchema, InvalidSchema.
        """
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

    def prepare_cookies(self, cookies):
        # type: (Any) -> None
        """Make a Cookie header from a mapping or CookieJar, unless there is one already.

        Cookies without a domain are sent to this origin only, not after a redirect to another.
        Raises: TypeError; InvalidHeader: a cookie cannot be sent.
        """
        self._cookies_sent = bound = bound_cookies(cookies, self.parsed_url.origin)
        if "Cookie" in self._headers:
            return
        header = cookie_header(bound, self)
        if header is not None:
            self._headers.append_checked(checked_field("Cookie", header))

    # requests' methods, used mostly by ``auth`` callables

    def prepare_url(self, url, params):
        # type: (str, Any) -> None
        """Set the URL. Raises: InvalidURL or a subclass; ValueError: ``params`` are invalid."""
        self.parsed_url = urls.parse(url)
        if params:
            self._add_query(params)

    def prepare_headers(self, headers):
        # type: (Any) -> None
        """Replace all headers. Raises: InvalidHeader."""
        self._headers = RequestHeaders.of(headers)

    def prepare_body(self, data, files, json=None):
        # type: (Any, Any, Any) -> None
        """Set the body. Raises: InvalidJSONError; ValueError: ``data`` cannot be a body."""
        self.body, content_type = encode_body(data, json, files)
        if content_type is not None:
            self._headers.set_content_type(content_type)
        self.prepare_content_length(self.body)

    def prepare_content_length(self, body):
        # type: (Any) -> None
        """State the length of ``body`` in the headers."""
        self._state_length(_encoded(body), "Content-Length" in self._headers)

    def prepare_hooks(self, hooks):
        # type: (Any) -> None
        """Add hooks. Raises: ValueError: unknown event; TypeError: not callable."""
        for event in hooks or ():
            self.register_hook(event, hooks[event])

    def prepare_auth(self, auth):
        # type: (Any) -> None
        """Have ``auth`` (see `waterspout.Session.request`) sign the request as it is now.

        Raises: TypeError; the errors of ``auth``; InvalidHeader: it has set an invalid header.
        """
        if not auth:
            return
        self.responder = None
        before = self._headers.copy()
        signed = as_auth(auth)(self)
        if not isinstance(signed, PreparedRequest):
            raise TypeError("auth= must return the request, not %s" % type(signed).__name__)
        self._take(signed)
        self.settle()
        self.mark_credentials(before)

    def mark_credentials(self, before):
        # type: (Headers) -> None
        """Mark the headers that are not in ``before``: a redirect to another origin drops them."""
        known = before.get_all()
        self._credentials = self._credentials.union(
            field[0] for field in self._headers.fields
            if field[1:3] not in known and field[0] not in OF_BODY)

    def drop_credentials(self):
        # type: () -> None
        """Remove all credentials, for a redirect to another origin."""
        for name in self._credentials.union(["authorization"]):
            self._headers.pop(name, None)
        self.responder, self._credentials = None, frozenset()

    def settle(self):
        # type: () -> None
        """Validate again; nothing downstream does.

        Raises: InvalidHeader; ValueError: the body cannot be one. Nothing was sent.
        """
        self.method = valid_method(self.method)
        self._headers.check()
        self.body = _encoded(self.body)
        self._state_length(
            self.body, "Content-Length" in self._headers and self.method not in _NO_LENGTH_IF_EMPTY)

    def drop_body(self, says_empty):
        # type: (bool) -> None
        """Remove the body and the header fields that describe it.

        Args:
            says_empty (bool): send ``Content-Length: 0``.
        """
        self.body = None
        for name in ("Content-Type", "Expect"):
            self._headers.pop(name, None)
        self._state_length(None, says_empty)

    def copy(self):
        # type: () -> PreparedRequest
        """An independent copy; only a body that is a file is shared."""
        twin = PreparedRequest.__new__(PreparedRequest)
        twin._take(self)
        twin._headers = self._headers.copy()
        twin._hooks = self._hooks and hook_lists(self._hooks)
        return twin

    def _take(self, other):
        # type: (PreparedRequest) -> None
        self.method = other.method
        self.parsed_url = other.parsed_url
        self._headers = other._headers
        self.body, self.says_empty = other.body, other.says_empty
        self.responder, self._credentials = other.responder, other._credentials
        self._cookies_sent = other._cookies_sent
        self._hooks = other._hooks

    def _add_query(self, params):
        query = urls.encode_query(params)
        if query:
            self.parsed_url = self.parsed_url.with_query(query)

    def _use_credentials_of_url(self, auth):
        if auth is not None:  # As in requests, the URL's user is then ignored.
            self.parsed_url = self.parsed_url.without_userinfo
        elif self.parsed_url.credentials is not None:
            self._headers["Authorization"] = "Basic " + to_native(
                b64encode(self.parsed_url.credentials))

    def _sign(self, auth, data, content_type):
        if type(auth) is tuple and len(auth) == 2:
            # It sets Authorization, which a redirect to another origin always drops, and no more.
            HTTPBasicAuth(*auth)(self)
            return
        # The body is text for ``auth`` if it is text in requests.
        if isinstance(data, text_type):
            self.body = data
        elif content_type == FORM:
            self.body = to_native(self.body)
        self.prepare_auth(auth)

    def _state_length(self, body, says_empty):
        """State the length of ``body`` in the headers.

        Only here: a second length in the same request would allow request smuggling.
        """
        headers = self._headers
        self.says_empty = says_empty and body is None
        if body is not None:
            headers.state_length(body.length if isinstance(body, StreamedBody) else len(body))
        elif says_empty:
            headers.state_length(0)
        else:
            headers.state_no_length()

    def __reduce__(self):
        """Support pickling, with a `Response`: method, URL, headers, and a body in memory."""
        body = self.body if isinstance(self.body, bytes) else None
        return _unpickled, (self.method, self.url, self._headers, body)

    def __repr__(self):
        return "<PreparedRequest %s %s>" % (self.method, self.parsed_url.for_messages)


def _unpickled(method, url, headers, body):
    request = PreparedRequest(method, url)
    request._headers = headers
    request.body = body
    request._state_length(body, "Content-Length" in headers)
    return request


def _encoded(body):
    if body is None or isinstance(body, (bytes, StreamedBody)):
        return body
    return encode_body(body)[0]
