"""Session: requests' face on any transport."""

from __future__ import absolute_import, division, print_function

import os

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout import constants, transports
from waterspout._compat import TYPE_CHECKING, is_closed, monotonic, resolved
from waterspout._decoding.content_codings import ACCEPT_ENCODING
from waterspout._driver.call import Call
from waterspout._encoding import urls
from waterspout._flows.call_flow import call_flow, needs_flow
from waterspout._routes.route_selection import routing_of
from waterspout._version import __version__
from waterspout.auth.netrc_file import netrc_login
from waterspout.cookies.cookie_headers import is_empty, merged
from waterspout.cookies.jar import RequestsCookieJar, as_jar
from waterspout.exceptions import RequestException, SessionClosed
from waterspout.limits import Limits
from waterspout.models.absent import SessionWithoutAdapters, check_preparable, not_prepared
from waterspout.models.call_options import CallOptions
from waterspout.models.hooks import merge_hooks
from waterspout.models.keywords import Unset, passes_on
from waterspout.models.merging import merge_params
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.request import Request
from waterspout.models.request_headers import RequestHeaders
from waterspout.timeouts import ClientTimeout

if TYPE_CHECKING:
    from http.cookiejar import CookieJar  # noqa: F401
    from typing import Any, Dict, Mapping, Optional, Tuple, Union  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401
    from typing_extensions import Self, Unpack  # noqa: F401

    from waterspout._encoding.urls import URL  # noqa: F401
    from waterspout._routes.route import Route  # noqa: F401
    from waterspout.models.keywords import (  # noqa: F401
        CallKeywords,
        CertTypes,
        HeaderTypes,
        LimitKeywords,
        PostKeywords,
        ProxyTypes,
        PutKeywords,
    )
    from waterspout.structures import Headers  # noqa: F401
    from waterspout.timeouts import TimeoutTypes  # noqa: F401
    from waterspout.transports.base import Transport  # noqa: F401

#: What every request says unless told otherwise; requests' list less ``Connection``, which is
#: the transport's own business.
DEFAULT_HEADERS = (
    ("User-Agent", "waterspout/" + __version__),
    ("Accept-Encoding", ACCEPT_ENCODING),
    ("Accept", "*/*"),
)

#: Of a timeout, for which None means "no limit", and of a jar, for which it means "none".
_OF_SESSION = Unset("the session's")  # type: Any
_NEW_JAR = Unset("a new jar")  # type: Any


class Session(SessionWithoutAdapters):
    """Calls other services with requests' keywords and Tornado's Futures.

    May be made before the IOLoop runs and before a fork: connections, threads and clients
    come with the first call, and each IOLoop and each process has its own.

    Args:
        transport: one of `waterspout.TRANSPORTS`, or an object with ``send`` and ``close``.
        timeout (float seconds, (connect, read), ClientTimeout or None): for calls that give none.
        headers, params (mapping): for every call; a call's own are merged over them, None
            removes one.
        auth: for calls that give none; see `request`.
        cookies (mapping, CookieJar or None): what the session's jar begins with, or the jar
            itself. None: no jar, for a session that calls for many users; cookies then live for
            one call and its redirects.
        max_redirects (int): redirects followed in one call.
        verify, cert, proxies: for calls that give none; a call's ``proxies`` are merged over them.
        trust_env (bool): let the environment count, as in requests: ``HTTP_PROXY``,
            ``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY``, ``REQUESTS_CA_BUNDLE``,
            ``CURL_CA_BUNDLE``; and for calls without ``auth`` to a URL without a user the netrc
            file (the one ``NETRC`` names, else ``~/.netrc``).
        unix_socket (path): connect to this socket, whatever host the URL names.
        **limits: `waterspout.limits.Limits`' arguments: max_connections, max_workers, ...

    Raises: ValueError, TypeError; TransportUnavailable when the transport's package is missing.
    """

    @passes_on(Limits.__init__)
    def __init__(
        self,
        transport=constants.TRANSPORT,
        timeout=constants.TIMEOUT,
        headers=None,
        params=None,
        auth=None,
        max_redirects=constants.MAX_REDIRECTS,
        verify=True,
        cert=None,
        proxies=None,
        trust_env=False,
        cookies=_NEW_JAR,
        unix_socket=None,
        **limits
    ):
        # type: (Any, TimeoutTypes, HeaderTypes, Any, Any, int, Union[bool, str], CertTypes, ProxyTypes, bool, Any, Optional[str], **Unpack[LimitKeywords]) -> None
        self._headers = RequestHeaders(DEFAULT_HEADERS).merged(headers)
        self.params = params
        self.auth = auth
        self.trust_env = trust_env
        self.timeout = timeout
        self.max_redirects = max_redirects
        self.verify = verify
        self.cert = cert
        self.proxies = dict(proxies or {})  # type: Dict[str, Any]
        self.unix_socket = unix_socket
        self.cookies = RequestsCookieJar() if cookies is _NEW_JAR else cookies
        self.hooks = {"response": []}  # type: Dict[str, Any]
        self.stream = False
        self.limits = Limits(**limits)
        self._transport_name = transport
        self._make_transport = self._load_transport(transport, limits)
        self._transports = {}  # type: Dict[IOLoop, Transport]
        self._pid = os.getpid()
        self._closed = False

    def request(
        self,
        method,  # type: str
        url,  # type: str
        params=None,  # type: Any
        data=None,  # type: Any
        headers=None,  # type: HeaderTypes
        cookies=None,  # type: Any
        files=None,  # type: Any
        auth=None,  # type: Any
        timeout=_OF_SESSION,  # type: TimeoutTypes
        allow_redirects=True,  # type: bool
        proxies=None,  # type: ProxyTypes
        hooks=None,  # type: Optional[Mapping[str, Any]]
        stream=None,  # type: Optional[bool]
        verify=None,  # type: Union[None, bool, str]
        cert=None,  # type: CertTypes
        json=None,  # type: Any
    ):
        # type: (...) -> Call
        """Send one request and resolve to its `Response`, whatever the status.

        Starts at once, not when awaited. Cancelling the Future (Python 3) aborts the exchange. On
        Python 3 it is an `asyncio.Future`, for ``asyncio.gather``, ``wait_for``, ``wait`` and
        ``ensure_future``. ``asyncio.create_task`` and ``TaskGroup.create_task`` take coroutines
        alone: give them an ``async def`` that awaits the call.

        Args:
            method (native str): a token of RFC 9110 section 9; sent in upper case.
            url (text): ``http`` or ``https``.
            params (mapping, (name, value) pairs, text or bytes): appended to the query.
            data (mapping, (name, value) pairs, text, bytes, file, iterator of bytes): a form, or
                the body itself; a file or iterator is read as it is sent.
            json: the body, encoded.
            headers (mapping): over the session's; None as a value removes one.
            auth: (user name, password), one of `waterspout.auth`, or any callable that takes the
                `PreparedRequest` and returns it signed, such as those written for requests. It
                counts more than a user in the URL; ``()`` stands for nobody.
            cookies (mapping or CookieJar): beside the session's, for this call and its redirects;
                those without a domain stay on the URL's origin.
            timeout (float seconds, (connect, read), ClientTimeout or None): None means no limit.
            allow_redirects (bool): follow them; by requests' rules, credentials stay home.
            hooks (mapping): ``{"response": callable or list of them}``, called with each response
                as in requests; one may return a Future or coroutine, which is waited for.
            verify (bool or path): False takes any certificate for any name; a path is a file or
                folder of CA certificates to trust in place of the system's.
            cert (path or (certificate, key)): shown to servers that ask for one.
            proxies (mapping): ``{"https": "http://user:password@host:port"}``; the keys are
                ``scheme://host``, a scheme, ``all://host`` or ``all``, and ``no_proxy`` lists
                hosts to reach without one. None as a value removes one of the session's.
            stream (bool): resolve at the head; the body is pulled by `Response.iter_content`
                or `Response.read`, and the connection is held until all of it came.
        Returns: Future of Response, its body read unless ``stream``.
        Raises: at once TypeError for an unknown keyword, and SessionClosed. Through the
            Future everything in `waterspout.exceptions`; each class says whether a retry is
            safe.
        Source: requests' ``Session.request``; differences in docs/compatibility.md.
        """
        if self._closed:
            raise SessionClosed("%s on a closed session" % (method,))
        transport = self._transport(IOLoop.current())
        try:
            request = self._prepared(
                method, url, params, data, json, headers, files, cookies, auth, hooks)
            options = self._options(
                request, timeout, stream, allow_redirects, proxies, verify, cert)
        except (IOError, ValueError) as error:
            return _refused(transport, error)
        return Call(transport, self._follow).begin(request, options)

    def prepare_request(self, request):
        # type: (Request) -> PreparedRequest
        """What `request` would send for these arguments, to be looked at, changed and sent.

        Raises: what `request` raises for bad arguments, at once; TypeError for what is no
            Request. One of requests' own is taken.
        """
        check_preparable(request)
        return self._prepared(
            request.method, request.url, request.params, request.data, request.json,
            request.headers, request.files, request.cookies, request.auth, request.hooks)

    def send(self, request, stream=None, timeout=_OF_SESSION, verify=None, cert=None,
             proxies=None, allow_redirects=True):
        # type: (PreparedRequest, Optional[bool], TimeoutTypes, Union[None, bool, str], CertTypes, ProxyTypes, bool) -> Call
        """Send what was prepared, and nothing of the session's beside it; see `request`.

        A copy is sent: ``request`` may be sent again; at the same time as well, unless its body
        is a file.

        Args:
            request (PreparedRequest): of `prepare_request`, or one's own, without any of the
                session's headers, parameters, credentials and cookies.
            timeout, stream, verify, cert, proxies, allow_redirects: as of `request`.
        Raises: at once ValueError for a Request that was not prepared, TypeError for one of
            requests' and for anything else, and SessionClosed. Through the Future InvalidHeader
            for what the request may not say, and the rest.
        """
        if self._closed:
            raise SessionClosed("%r on a closed session" % (request,))
        if isinstance(request, Request):
            raise ValueError("You can only send PreparedRequests: "
                             "session.send(session.prepare_request(request))")
        if not isinstance(request, PreparedRequest):
            raise not_prepared(request)
        transport = self._transport(IOLoop.current())
        try:
            request = request.copy()
            request.settle()
            options = self._options(
                request, timeout, stream, allow_redirects, proxies, verify, cert)
        except (IOError, ValueError) as error:
            return _refused(transport, error)
        return Call(transport, self._follow).begin(request, options)

    @property
    def headers(self):
        # type: () -> Headers
        """What every call says, to be changed in place or replaced by any mapping."""
        return self._headers

    @headers.setter
    def headers(self, headers):
        # type: (Any) -> None
        self._headers = RequestHeaders().merged(headers)

    @property
    def timeout(self):
        # type: () -> ClientTimeout
        """For calls that give none; may be set to what ``timeout=`` takes."""
        return self._timeout

    @timeout.setter
    def timeout(self, timeout):
        # type: (TimeoutTypes) -> None
        self._timeout = ClientTimeout.of(timeout)

    @property
    def cookies(self):
        # type: () -> Optional[CookieJar]
        """The jar that learns from every response; may be set to what the constructor takes."""
        return self._cookies

    @cookies.setter
    def cookies(self, cookies):
        # type: (Any) -> None
        self._cookies = None if cookies is None else as_jar(cookies)

    @passes_on(request)
    def get(self, url, **kwargs):
        # type: (str, **Unpack[CallKeywords]) -> Call
        """`request` with GET."""
        return self.request("GET", url, **kwargs)

    @passes_on(request)
    def options(self, url, **kwargs):
        # type: (str, **Unpack[CallKeywords]) -> Call
        """`request` with OPTIONS."""
        return self.request("OPTIONS", url, **kwargs)

    @passes_on(request, allow_redirects=False)
    def head(self, url, **kwargs):
        # type: (str, **Unpack[CallKeywords]) -> Call
        """`request` with HEAD. As in requests, redirects are not followed unless asked."""
        kwargs.setdefault("allow_redirects", False)
        return self.request("HEAD", url, **kwargs)

    @passes_on(request)
    def post(self, url, data=None, json=None, **kwargs):
        # type: (str, Any, Any, **Unpack[PostKeywords]) -> Call
        """`request` with POST."""
        return self.request("POST", url, data=data, json=json, **kwargs)

    @passes_on(request)
    def put(self, url, data=None, **kwargs):
        # type: (str, Any, **Unpack[PutKeywords]) -> Call
        """`request` with PUT."""
        return self.request("PUT", url, data=data, **kwargs)

    @passes_on(request)
    def patch(self, url, data=None, **kwargs):
        # type: (str, Any, **Unpack[PutKeywords]) -> Call
        """`request` with PATCH."""
        return self.request("PATCH", url, data=data, **kwargs)

    @passes_on(request)
    def delete(self, url, **kwargs):
        # type: (str, **Unpack[CallKeywords]) -> Call
        """`request` with DELETE."""
        return self.request("DELETE", url, **kwargs)

    def stats(self):
        # type: () -> Dict[str, Dict[str, int]]
        """The connections of the current IOLoop, by origin.

        Each with active, idle and queued now, opened and reused so far. Empty before the first
        call, and on transports that cannot tell, which are all but ``pooled``.
        """
        transport = self._transports.get(IOLoop.current())  # type: Any
        return transport.stats() if hasattr(transport, "stats") else {}

    def close(self):
        # type: () -> Future[None]
        """Let go of every connection and thread; calls under way fail with ConnectionError.

        Never blocks the IOLoop; the Future is done when the connections are closed. Idempotent.
        """
        self._closed = True
        inherited = self._pid != os.getpid()
        closing = [] if inherited else [each.close() for each in self._transports.values()]
        self._transports = {}
        return _all_of(closing)

    @property
    def closed(self):
        # type: () -> bool
        """Whether `close` was called."""
        return self._closed

    def __aenter__(self):
        # type: () -> Future[Self]
        return resolved(self)

    def __aexit__(self, *exc_info):
        # type: (*Any) -> Future[None]
        return self.close()

    def _load_transport(self, transport, limits):
        """What makes the transport on each IOLoop; for a subclass to have it shared."""
        return transports.load(transport, limits)

    def _transport(self, io_loop):
        if self._pid != os.getpid():
            # Forked: the parent's sockets and threads are none of ours.
            self._pid = os.getpid()
            self._transports = {}
        transport = self._transports.get(io_loop)
        if transport is None:
            self.forget_closed_loops()
            transport = self._transports[io_loop] = self._make_transport(io_loop, self.limits)
        return transport

    def forget_closed_loops(self):
        # type: () -> None
        """Let go of what belongs to IOLoops that are closed.

        Such as one ``asyncio.run`` after the other leaves behind. The first call on another
        IOLoop does so too.
        """
        for io_loop in [each for each in self._transports if is_closed(each)]:
            try:
                self._transports.pop(io_loop).close()
            except RuntimeError:
                pass  # asyncio's word for a closed loop: there is nothing to take back from it.

    def _prepared(self, method, url, params, data, json, headers, files, cookies, auth, hooks):
        if self.trust_env or self.auth is not None:
            auth = self._auth(url, auth)
        jar = self._cookies
        if cookies is not None or jar is not None and not is_empty(jar):
            cookies = merged(jar, cookies)
        if self.params:
            params = merge_params(self.params, params)
        if self.hooks and self.hooks.get("response"):
            hooks = merge_hooks(hooks, self.hooks)
        # By position: names cost a tenth of what preparing does.
        return PreparedRequest(
            method, url, params, data, json,
            self._headers.merged(headers) if headers else self._headers,
            files, cookies, auth, hooks)

    def _options(self, request, timeout, stream, allow_redirects, proxies, verify, cert):
        timeout = self._timeout if timeout is _OF_SESSION else ClientTimeout.of(timeout)
        routing = routing_of(self, proxies, verify, cert)
        # Without a namedtuple's own __new__, which costs every call more than all of this.
        return tuple.__new__(CallOptions, (
            timeout,
            None if timeout.total is None else monotonic() + timeout.total,
            self.stream if stream is None else stream,
            None if routing is None else _route(routing, request),
            routing,
            allow_redirects,
            self.max_redirects,
        ))

    def _auth(self, url, auth):
        # requests' rule, except that a user in the URL counts more than a file.
        if self.trust_env and not auth and not self.auth:
            url = urls.parse(url)
            if url.credentials is None:
                auth = self._credentials(url) or auth
        return self.auth if auth is None else auth

    def _credentials(self, url):
        # type: (urls.URL) -> Optional[Tuple[str, str]]
        """What authenticates at ``url`` unasked, or None."""
        return netrc_login(url.host) if self.trust_env else None

    def _follow(self, request, options, response):
        if not needs_flow(request, response, self._cookies):
            return None
        return call_flow(request, options, response, self._cookies, self._credentials)

    def __repr__(self):
        name = self._transport_name
        return "<waterspout.Session transport=%s%s>" % (
            name if isinstance(name, str) else type(name).__name__,
            " closed" if self._closed else "",
        )


def _route(routing, request):
    try:
        route = routing.route(request.parsed_url)
    except RequestException as error:
        error.request = request
        raise
    if route is not None and route.proxy is not None:
        # A Proxy-Authorization given by hand is for the proxy alone; never into a tunnel.
        given = request.headers.pop("Proxy-Authorization", None)
        if given is not None:
            route = route.authorized(given)
    return route


@gen.coroutine
def _all_of(futures):
    # Resolves to None: what ``__aexit__`` resolves to decides whether an error is swallowed.
    yield futures


def _refused(transport, error):
    # type: (Transport, Exception) -> Call
    if isinstance(error, RequestException):
        error.may_have_been_sent = False
    return Call(transport).refuse(error)
