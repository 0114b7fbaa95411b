"""PreparedRequest: what is sent, encoded."""

from __future__ import absolute_import, division, print_function

from base64 import b64encode

from waterspout._compat import TYPE_CHECKING, text_type, to_native
from waterspout._encoding import urls
from waterspout._encoding.bodies import FORM, encode_body
from waterspout._encoding.header_checks import valid_method
from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout.auth.basic import as_auth
from waterspout.cookies.cookie_headers import bound, cookie_header, is_empty
from waterspout.cookies.jar import as_jar
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
    """One message, encoded: what the bytes on the wire will say. How it is sent, `CallOptions` say.

    All of it may be changed until it is sent, with requests' methods as well; `settle` then
    checks it again.

    Args:
        method (native str): a token (RFC 9110 section 9); sent in upper case.
        url (text): ``http`` or ``https``; escaped as requests does.
        params, data, json, files, cookies, auth, hooks: as in requests (see
            `waterspout.Session.request`).
        headers (mapping): native ``str`` or bytes; a value of None is left out.

    Attributes:
        method, url (native str), headers (RequestHeaders).
        parsed_url (waterspout._encoding.urls.URL): ``url``, with user name and password.
        body (bytes, StreamedBody or None).
        says_empty (bool): there is no body, and ``Content-Length: 0`` says so.
        responder (AuthBase or None): asked what to send after each response.
        cookies (CookieJar or None): what the Cookie header was made of, for redirects to ask.

    Raises: InvalidURL or a subclass, InvalidHeader, InvalidJSONError, ValueError. Nothing that is
        passed in is changed.
    """

    __slots__ = ("method", "parsed_url", "_headers", "body", "says_empty", "responder", "cookies",
                 "_credentials", "_hooks")

    if TYPE_CHECKING:
        says_empty = False
        body = None  # type: Union[None, bytes, StreamedBody]
        responder = None  # type: Any
        cookies = None  # type: Any

    def __init__(self, method, url, params=None, data=None, json=None, headers=None, files=None,
                 cookies=None, auth=None, hooks=None):
        # type: (str, str, Any, Any, Any, Any, Any, Any, Any, Any) -> None
        self.method = method = valid_method(method)
        self.parsed_url = urls.parse(url)
        if params:
            self._add_query(params)
        self._headers = headers = RequestHeaders.of(headers)
        self.responder = None
        self.cookies = None
        self._credentials = frozenset()  # type: FrozenSet[str]
        self._hooks = None  # type: Optional[Dict[str, List[Callable]]]
        if data is None and json is None and files is None:  # As most requests are.
            self.body = content_type = None
        else:
            self.body, content_type = encode_body(data, json, files)
            if content_type is not None:
                headers.set_default("Content-Type", content_type)
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
        """Those that were given and those that follow from body and URL; any mapping may be set."""
        return self._headers

    @headers.setter
    def headers(self, headers):
        # type: (Any) -> None
        self._headers = RequestHeaders.of(headers)

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

    @property
    def url(self):
        # type: () -> str
        """Without user name and password. Raises, when set: InvalidURL or a subclass."""
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
        """Make a Cookie header of a mapping or CookieJar, unless there is one already.

        Cookies without a domain are sent to this origin only, wherever redirects lead.
        Raises: TypeError; InvalidHeader for what would be more than a cookie.
        """
        self.cookies = jar = bound(as_jar(cookies), self.parsed_url.origin)
        if is_empty(jar) or "Cookie" in self._headers:
            return
        header = cookie_header(jar, self)
        if header is not None:
            self._headers = self._headers.merged({"Cookie": header})

    # As in requests, mostly for what signs requests

    def prepare_url(self, url, params):
        # type: (str, Any) -> None
        """Raises: InvalidURL or a subclass; ValueError for ``params`` that cannot be encoded."""
        self.parsed_url = urls.parse(url)
        if params:
            self._add_query(params)

    def prepare_headers(self, headers):
        # type: (Any) -> None
        """Have these, and no others. Raises: InvalidHeader."""
        self._headers = RequestHeaders.of(headers)

    def prepare_body(self, data, files, json=None):
        # type: (Any, Any, Any) -> None
        """Raises: InvalidJSONError; ValueError for ``data`` that cannot be a body."""
        self.body, content_type = encode_body(data, json, files)
        if content_type is not None:
            self._headers.set_default("Content-Type", content_type)
        self.prepare_content_length(self.body)

    def prepare_content_length(self, body):
        # type: (Any) -> None
        """Have the headers say how long ``body`` is."""
        self._state_length(_encoded(body), "Content-Length" in self._headers)

    def prepare_hooks(self, hooks):
        # type: (Any) -> None
        """Add them to those there are. Raises: ValueError, TypeError."""
        for event in hooks or ():
            self.register_hook(event, hooks[event])

    def prepare_auth(self, auth):
        # type: (Any) -> None
        """Have ``auth`` (see `waterspout.Session.request`) sign what is there now.

        Raises: TypeError; what ``auth`` raises; InvalidHeader for what it may not set.
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
        """Let no header that was not there ``before`` go to another origin, by a redirect."""
        known = before.get_all()
        self._credentials = self._credentials.union(
            field[0] for field in self._headers.fields
            if field[1:3] not in known and field[0] not in OF_BODY)

    def drop_credentials(self):
        # type: () -> None
        """Keep nothing that authenticates: this goes to another origin."""
        for name in self._credentials.union(["authorization"]):
            self._headers.pop(name, None)
        self.responder, self._credentials = None, frozenset()

    def settle(self):
        # type: () -> None
        """Check what was changed; nothing downstream does.

        Raises: InvalidHeader; ValueError for a body that cannot be one.
        """
        self.method = valid_method(self.method)
        self.body = _encoded(self.body)
        self._state_length(self.body, "Content-Length" in self._headers)
        self._headers.check()

    def drop_body(self, says_empty):
        # type: (bool) -> None
        """Send no body, nor header fields that are about it.

        Args:
            says_empty: send ``Content-Length: 0``.
        """
        self.body = None
        for name in ("Content-Type", "Expect"):
            self._headers.pop(name, None)
        self._state_length(None, says_empty)

    def copy(self):
        # type: () -> PreparedRequest
        """One that may be changed without changing this, except for a body that is a file."""
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
        self.cookies = other.cookies
        self._hooks = other._hooks

    def _add_query(self, params):
        query = urls.encode_query(params)
        if query:
            self.parsed_url = self.parsed_url.with_query(query)

    def _use_credentials_of_url(self, auth):
        if auth is not None:  # As in requests, the URL's user is not asked then.
            self.parsed_url = self.parsed_url.without_userinfo
        elif self.parsed_url.credentials is not None:
            self._headers["Authorization"] = "Basic " + to_native(
                b64encode(self.parsed_url.credentials))

    def _sign(self, auth, data, content_type):
        # What is text in requests is text to ``auth``.
        if isinstance(data, text_type):
            self.body = data
        elif content_type == FORM:
            self.body = to_native(self.body)
        self.prepare_auth(auth)

    def _state_length(self, body, says_empty):
        """Have the headers say how long ``body`` is.

        The one place where that is decided: a second length beside it would be an attack.
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
        """To be pickled with its `Response`: what was said."""
        body = self.body if isinstance(self.body, bytes) else None
        return _unpickled, (self.method, self.url, self._headers.get_all(), body)

    def __repr__(self):
        return "<PreparedRequest %s %s>" % (self.method, self.parsed_url.for_messages)


def _unpickled(method, url, fields, body):
    request = PreparedRequest(method, url, headers=fields)
    request.body = body
    request._state_length(body, "Content-Length" in dict(fields))
    return request


def _encoded(body):
    if body is None or isinstance(body, (bytes, StreamedBody)):
        return body
    return encode_body(body)[0]
