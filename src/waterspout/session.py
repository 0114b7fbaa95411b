"""Session: requests' interface on any transport."""

from __future__ import absolute_import, division, print_function

from tornado.ioloop import IOLoop

from waterspout import constants, transports
from waterspout._compat import TYPE_CHECKING, current_context, monotonic, resolved
from waterspout._driver.call import Call
from waterspout._driver.observed_future import ObservedFuture
from waterspout._driver.planning import plan_of
from waterspout._driver.tallied_call import TalliedCall, TalliedObservedFuture
from waterspout._encoding import urls
from waterspout._flows.call_flow import call_flow, needs_flow
from waterspout._flows.deadlines import check_deadline, sooner
from waterspout._routes.route_selection import routing_of
from waterspout.auth.netrc_file import netrc_login
from waterspout.cookies.call_jars import merge_cookies
from waterspout.cookies.contents import is_empty
from waterspout.cookies.jar import RequestsCookieJar, as_jar
from waterspout.exceptions import RequestException, SessionClosed
from waterspout.instrumentation.call_context import CallContext, checked_context
from waterspout.instrumentation.dispatch import dispatch_to
from waterspout.limits import Limits
from waterspout.models.absent import SessionWithoutAdapters, check_preparable, not_prepared
from waterspout.models.call_options import CallOptions, call_directly
from waterspout.models.default_headers import DEFAULT_HEADERS
from waterspout.models.hooks import merge_hooks
from waterspout.models.keywords import Unset, passes_on
from waterspout.models.mappings import check_mappings
from waterspout.models.merging import merge_params
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.request import Request
from waterspout.models.request_headers import RequestHeaders
from waterspout.policies.circuit_breaker import CircuitChange
from waterspout.policies.deadline.deadline import Deadline, checked_deadline
from waterspout.policies.session_policies import SessionPolicies
from waterspout.policies.state_counts import PolicyCounts
from waterspout.timeouts import ClientTimeout
from waterspout.transports.per_loop import TransportsPerLoop

if TYPE_CHECKING:
    from http.cookiejar import CookieJar  # noqa: F401
    from typing import Any, Dict, Iterable, Mapping, Optional, Tuple, Union  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401
    from typing_extensions import Self, Unpack  # noqa: F401

    from waterspout._encoding.urls import URL  # noqa: F401
    from waterspout._routes.route import Route  # noqa: F401
    from waterspout.instrumentation.dispatch import Dispatch  # noqa: F401
    from waterspout.models.keywords import (  # noqa: F401
        CallKeywords,
        CertTypes,
        HeaderTypes,
        LimitKeywords,
        PostKeywords,
        ProxyTypes,
        PutKeywords,
        RetryTypes,
    )
    from waterspout.policies.bulkhead import Bulkhead  # noqa: F401
    from waterspout.policies.circuit_breaker import CircuitBreaker  # noqa: F401
    from waterspout.structures import Headers  # noqa: F401
    from waterspout.timeouts import TimeoutTypes  # noqa: F401
    from waterspout.transports.base import Transport  # noqa: F401

#: Defaults of a timeout, for which None means "no limit", and of a jar, for which it means "none".
_OF_SESSION = Unset("the session's")  # type: Any
_NEW_JAR = Unset("a new jar")  # type: Any

#: Checked and encoded once; never changed, since a session has a copy.
_DEFAULT_HEADERS = RequestHeaders(DEFAULT_HEADERS)


class Session(SessionWithoutAdapters):
    """Calls other services with requests' keywords and returns Futures.

    It may be made before the IOLoop runs and before a fork: connections, threads and clients are
    made by the first call, and each IOLoop and each process has its own.

    Args:
        transport (native str or object): one of `waterspout.TRANSPORTS`, or an object with
            ``send(request, options)`` and ``close()``.
        timeout (float seconds, (connect, read), ClientTimeout or None): the default of calls.
        headers, params (mapping): sent with every call. A call's own are merged over them; None as
            a value removes one.
        auth: the default of calls; see `request`.
        cookies (mapping, CookieJar or None): the session's jar, or its first cookies. None: no jar,
            for a session that calls for many users; cookies are then kept for one call and its
            redirects.
        max_redirects (int): redirects followed in one call.
        verify, cert, proxies: the defaults of calls; a call's ``proxies`` are merged over them.
        trust_env (bool): use the environment, as in requests: ``HTTP_PROXY``, ``HTTPS_PROXY``,
            ``ALL_PROXY``, ``NO_PROXY``, ``REQUESTS_CA_BUNDLE``, ``CURL_CA_BUNDLE``; and for calls
            without ``auth`` to a URL without a user the netrc file (``NETRC``, or ``~/.netrc``).
        unix_socket (path): connect to this socket for every URL.
        observers (iterable of `waterspout.instrumentation.Observer`): are told what happens to
            each call.
        retry (Retry, int or None): sends requests again; see `waterspout.Retry`. Also urllib3's
            Retry, and requests' HTTPAdapter for its ``max_retries``.
        breaker (CircuitBreaker or None), bulkhead (Bulkhead or None): one for each origin.
        operations (mapping): keywords for all calls of an operation, by its name: ``retry``,
            ``breaker``, ``bulkhead``, ``timeout``, ``idempotent``. Those of a call replace them.
        **limits: the arguments of `waterspout.limits.Limits`: max_connections, max_workers, ...

    Raises: ValueError, TypeError: an invalid argument; TransportUnavailable: the transport's
        package is not installed.
    """

    #: The name in errors of the class that takes the constructor's keywords.
    _maker = "Session"

    #: For observers: the class of the SDK whose session this is.
    _upstream = None  # type: Optional[str]

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
        observers=(),
        retry=None,
        breaker=None,
        bulkhead=None,
        operations=None,
        **limits
    ):
        # type: (Any, TimeoutTypes, HeaderTypes, Any, Any, int, Union[bool, str], CertTypes, ProxyTypes, bool, Any, Optional[str], Iterable[Any], RetryTypes, Optional[CircuitBreaker], Optional[Bulkhead], Optional[Mapping[str, Mapping[str, Any]]], **Unpack[LimitKeywords]) -> None
        try:
            self._headers = _DEFAULT_HEADERS.merged(headers)
            self.proxies = dict(proxies or {})  # type: Dict[str, Any]
        except (TypeError, ValueError) as error:
            check_mappings(error, headers=headers, proxies=proxies)
            raise
        self.params = params
        self.auth = auth
        self.trust_env = trust_env
        self.timeout = timeout
        self.max_redirects = max_redirects
        self.verify = verify
        self.cert = cert
        self.unix_socket = unix_socket
        self.cookies = RequestsCookieJar() if cookies is _NEW_JAR else cookies
        self.hooks = {"response": []}  # type: Dict[str, Any]
        self.stream = False
        for name in limits:
            if name not in Limits.__slots__:
                raise TypeError("%s() got an unexpected keyword argument %r" % (self._maker, name))
        self.limits = Limits(**limits)
        self._dispatch = dispatch_to(observers)
        self._all_policies = self._make_policies(
            {"retry": retry, "breaker": breaker, "bulkhead": bulkhead}, operations)
        self._policies = self._all_policies or None
        self._transport_label = (
            transport if isinstance(transport, str) else type(transport).__name__)
        self._transports = TransportsPerLoop(
            self._load_transport(transport, limits), self.limits)
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
        operation=None,  # type: Optional[str]
        context=None,  # type: Optional[CallContext]
        deadline=None,  # type: Optional[Deadline]
        idempotent=None,  # type: Optional[bool]
        retry=_OF_SESSION,  # type: RetryTypes
        breaker=_OF_SESSION,  # type: Optional[CircuitBreaker]
        bulkhead=_OF_SESSION,  # type: Optional[Bulkhead]
    ):
        # type: (...) -> Call
        """Send one request and resolve to its `Response`, for any status.

        It starts at once, not when it is awaited. (Of many calls in a row the requests leave at the
        end of the IOLoop's iteration; see docs/connections.md.) Cancelling the Future (Python 3)
        aborts the exchange. On Python 3 it is an `asyncio.Future`, for ``asyncio.gather``,
        ``wait_for``, ``wait`` and ``ensure_future``. ``asyncio.create_task`` and
        ``TaskGroup.create_task`` accept only coroutines: give them an ``async def`` that awaits the
        call.

        Args:
            method (native str): a token of RFC 9110 section 9; sent in upper case.
            url (text): ``http`` or ``https``.
            params (mapping, (name, value) pairs, text or bytes): appended to the query.
            data (mapping, (name, value) pairs, text, bytes, file, iterator of bytes): a form, or
                the body itself; a file or iterator is read while it is sent.
            json: a value that is sent as JSON.
            headers (mapping): merged over the session's; None as a value removes one.
            auth: (user name, password), one of `waterspout.auth`, or any callable that takes the
                `PreparedRequest` and returns it signed, such as those written for requests. It
                replaces a user in the URL; ``()`` means no authentication.
            cookies (mapping or CookieJar): added to the session's, for this call and its redirects.
                A cookie without a domain is sent to the URL's origin only.
            timeout (float seconds, (connect, read), ClientTimeout or None): None means no limit.
            allow_redirects (bool): follow redirects, by requests' rules; credentials are not sent
                to another origin.
            hooks (mapping): ``{"response": callable or list of callables}``, called with each
                response as in requests. A hook may return a Future or coroutine, which is awaited.
            verify (bool or path): False accepts any certificate; a path is a file or folder of CA
                certificates to trust instead of the system's.
            cert (path or (certificate, key)): the client's certificate.
            proxies (mapping): ``{"https": "http://user:password@host:port"}``. The keys are
                ``scheme://host``, a scheme, ``all://host`` or ``all``; ``no_proxy`` lists hosts
                without a proxy. None as a value removes one of the session's.
            stream (bool): resolve at the head. `Response.iter_content` or `Response.read` reads the
                body, and the connection is in use until then.
            operation (native str): names the call for observers: a constant, not a URL.
            context (CallContext): header fields that are carried on from another request, such as
                its id and its deadline. ``headers`` take precedence.
            deadline (Deadline): the call ends until then, with all that it does. The earlier one
                counts, of this and ``timeout.total``.
            idempotent (bool): True vouches that it does no harm to send the request twice, whatever
                its method, so that it may be retried. For a search by POST, say.
            retry, breaker, bulkhead: in place of the operation's or the session's; None for none.
        Returns: Future of Response; its body was read unless ``stream``.
        Raises: at once TypeError: an unknown keyword, a wrong type; SessionClosed. Through the
            Future the classes of `waterspout.exceptions`, which say whether a retry is safe.
        Source: requests' ``Session.request``; docs/compatibility.md lists the differences.
        """
        if self._closed:
            raise SessionClosed("%s on a closed session" % (method,))
        transport = self._transports.of(IOLoop.current())
        if context is not None and getattr(context, "tally", None) is not None:
            call = self._tallied(transport, method, operation, context)
        elif self._dispatch is None:
            call = Call(transport, self._follow)
        else:
            call = self._observed(transport, method, operation, context)
        try:
            if context is not None:
                if type(context) is not CallContext:
                    checked_context(context)
                headers = context.merged(headers) if headers else context.headers
                if deadline is None:
                    deadline = context.deadline
            plan = None
            if (self._policies is not None or deadline is not None or retry is not _OF_SESSION
                    or breaker is not _OF_SESSION or bulkhead is not _OF_SESSION):
                timeout, plan = self._plan(
                    transport, operation, timeout, deadline, idempotent, retry, breaker, bulkhead)
            request = self._prepared(
                method, url, params, data, json, headers, files, cookies, auth, hooks)
            options = self._options(
                request, timeout, stream, allow_redirects, proxies, verify, cert, deadline)
            if plan is not None:
                call.guard(plan)
        except Exception as error:
            check_mappings(error, headers=headers, proxies=proxies, hooks=hooks)
            if not isinstance(error, (IOError, ValueError)):
                raise
            return _refused(call, error)
        return call.begin(request, options)

    def prepare_request(self, request):
        # type: (Request) -> PreparedRequest
        """The PreparedRequest that `request` would send; it may be changed before `send`.

        Args:
            request (waterspout.Request): requests' own Request is accepted too.
        Raises: at once the errors of `request` for bad arguments; TypeError: not a Request. Nothing
            was sent.
        """
        check_preparable(request)
        return self._prepared(
            request.method, request.url, request.params, request.data, request.json,
            request.headers, request.files, request.cookies, request.auth, request.hooks)

    def send(self, request, stream=None, timeout=_OF_SESSION, verify=None, cert=None,
             proxies=None, allow_redirects=True):
        # type: (PreparedRequest, Optional[bool], TimeoutTypes, Union[None, bool, str], CertTypes, ProxyTypes, bool) -> Call
        """Send a prepared request, without the session's headers, parameters, auth and cookies.

        A copy is sent: ``request`` may be sent again, also at the same time unless its body is a
        file.

        Args:
            request (PreparedRequest): from `prepare_request`, or made by the caller.
            timeout, stream, verify, cert, proxies, allow_redirects: as for `request`.
        Returns: Future of Response; see `request`.
        Raises: at once ValueError: a Request that was not prepared; TypeError: requests' own
            PreparedRequest, or another object; SessionClosed. Through the Future InvalidHeader:
            a header or the method is invalid, nothing was sent; and the errors of `request`.
        """
        if self._closed:
            raise SessionClosed("%r on a closed session" % (request,))
        if isinstance(request, Request):
            raise ValueError("You can only send PreparedRequests: "
                             "session.send(session.prepare_request(request))")
        if not isinstance(request, PreparedRequest):
            raise not_prepared(request)
        transport = self._transports.of(IOLoop.current())
        call = Call(transport, self._follow) if self._dispatch is None else self._observed(
            transport, request.method, None, None)
        try:
            request = request.copy()
            request.settle()
            if self._policies is not None:
                timeout, plan = self._plan(transport, None, timeout)
                if plan is not None:
                    call.guard(plan)
            options = self._options(
                request, timeout, stream, allow_redirects, proxies, verify, cert)
        except (IOError, ValueError) as error:
            return _refused(call, error)
        return call.begin(request, options)

    @property
    def headers(self):
        # type: () -> Headers
        """The headers of every call; may be changed in place or replaced by any mapping."""
        return self._headers

    @headers.setter
    def headers(self, headers):
        # type: (Any) -> None
        self._headers = RequestHeaders().merged(headers)

    @property
    def observers(self):
        # type: () -> Tuple[Any, ...]
        """Those given to the constructor."""
        return () if self._dispatch is None else self._dispatch.observers

    @property
    def timeout(self):
        # type: () -> ClientTimeout
        """The default timeout; may be set to any value for ``timeout=``."""
        return self._timeout

    @timeout.setter
    def timeout(self, timeout):
        # type: (TimeoutTypes) -> None
        self._timeout = ClientTimeout.of(timeout)

    @property
    def cookies(self):
        # type: () -> RequestsCookieJar
        """The jar that stores the cookies of every response; None if there is none.

        May be set to any value for ``cookies=`` of the constructor. As in requests its type, for
        checkers, is that of the usual jar: `RequestsCookieJar`.
        """
        return self._cookies  # type: ignore[return-value]

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
        """`request` with HEAD. As in requests, ``allow_redirects`` is False by default."""
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
        # type: () -> Dict[str, Dict[str, Any]]
        """The connections and the policies of the current IOLoop for each origin.

        Counts of active, idle and queued connections now, opened and reused so far: for ``pooled``
        alone. With policies their counts and states; see docs/resilience.md. Empty before the first
        call.
        """
        transport = self._transports.get(IOLoop.current())  # type: Any
        found = transport.stats() if hasattr(transport, "stats") else {}
        for origin, counts in self._count_policies().stats(monotonic()).items():
            found.setdefault(origin, {}).update(counts)
        return found

    def _counted_transport(self):
        # type: () -> Any
        """What counts the connections of `stats`: one object if several sessions share them."""
        transport = self._transports.get(IOLoop.current())  # type: Any
        return getattr(transport, "shared", transport)

    def _count_policies(self, counts=None):
        # type: (Optional[PolicyCounts]) -> PolicyCounts
        """Add the states of policies that calls on the current IOLoop have, and return ``counts``.
        """
        transport = self._transports.get(IOLoop.current())
        return self._all_policies.count_in(counts or PolicyCounts(), transport)

    def close(self):
        # type: () -> Future[None]
        """Release all connections and threads; running calls fail with ConnectionError.

        Never blocks the IOLoop; the Future is done when the connections are closed. Idempotent.
        """
        self._closed = True
        self._all_policies.close()
        return self._transports.close()

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
        """A function that makes an IOLoop's transport; a subclass overrides it to share one."""
        return transports.load(transport, limits)

    def forget_closed_loops(self):
        # type: () -> None
        """Release the transports of closed IOLoops, such as several ``asyncio.run`` leave.

        The first call on another IOLoop does that too.
        """
        self._transports.forget_closed_loops()
        self._all_policies.forget_all_but(self._transports.values())

    def _prepared(self, method, url, params, data, json, headers, files, cookies, auth, hooks):
        if self.trust_env or self.auth is not None:
            auth = self._auth(url, auth)
        jar = self._cookies
        if cookies is not None or jar is not None and not is_empty(jar):
            cookies = merge_cookies(jar, cookies)
        if self.params:
            params = merge_params(self.params, params)
        if self.hooks and self.hooks.get("response"):
            hooks = merge_hooks(hooks, self.hooks)
        # By position: keywords would cost a tenth of preparing.
        if headers:
            return PreparedRequest(
                method, url, params, data, json, self._headers.merged(headers),
                files, cookies, auth, hooks, True)
        return PreparedRequest(
            method, url, params, data, json, self._headers, files, cookies, auth, hooks)

    def _options(self, request, timeout, stream, allow_redirects, proxies, verify, cert,
                 deadline=None):
        timeout = self._timeout if timeout is _OF_SESSION else ClientTimeout.of(timeout)
        ends = None if timeout.total is None else monotonic() + timeout.total
        if deadline is not None:
            check_deadline(request, deadline, monotonic())
            timeout, ends = sooner(timeout, ends, deadline)
        routing = routing_of(self, proxies, verify, cert)
        # Without the namedtuple's own __new__, which would cost more than all the rest.
        return tuple.__new__(CallOptions, (
            timeout,
            ends,
            self.stream if stream is None else stream,
            None if routing is None else _route(routing, request),
            routing,
            allow_redirects,
            self.max_redirects,
            current_context() if request.has_hooks else call_directly,
        ))

    def _plan(self, transport, operation, timeout, deadline=None, idempotent=None,
              retry=_OF_SESSION, breaker=_OF_SESSION, bulkhead=_OF_SESSION):
        """The timeout of a call, and its `Plan`; None if it has no policies."""
        if deadline is not None and type(deadline) is not Deadline:
            checked_deadline(deadline)
        of_operation = self._all_policies.operation(operation)
        if of_operation is not None and of_operation.timeout is not None:
            timeout = of_operation.timeout if timeout is _OF_SESSION else timeout
        chosen = None
        if retry is not _OF_SESSION or breaker is not _OF_SESSION or bulkhead is not _OF_SESSION:
            chosen = dict((name, value) for name, value in (
                ("retry", retry), ("breaker", breaker), ("bulkhead", bulkhead))
                if value is not _OF_SESSION)
        return timeout, plan_of(
            self._all_policies, transport, of_operation, chosen, idempotent, deadline)

    def _make_policies(self, policies, operations):
        """A subclass overrides it to share the states."""
        return SessionPolicies(
            policies, operations, self._tell_change, self._live_transports)

    def _live_transports(self):
        return self._transports.values()

    def _tell_change(self, change):
        """A policy has changed its mind about an upstream."""
        dispatch = self._dispatch
        if dispatch is not None:
            is_circuit = isinstance(change, CircuitChange)
            dispatch.tell(dispatch.circuit_changed if is_circuit else dispatch.host_changed, change)

    def _observed(self, transport, method, operation, context):
        return ObservedFuture(transport, self._follow, self._dispatch, (
            method, operation, self._upstream, self._transport_label, context))

    def _tallied(self, transport, method, operation, context):
        dispatch = self._dispatch
        if type(context) is not CallContext:
            checked_context(context)
        if context.observers:
            dispatch = dispatch_to(self.observers + context.observers)
        if dispatch is None:
            return TalliedCall(transport, self._follow, context.tally)
        return TalliedObservedFuture(transport, self._follow, dispatch, (
            method, operation, self._upstream, self._transport_label, context), context.tally)

    def _auth(self, url, auth):
        # requests' rule, except that a user in the URL takes precedence over the file.
        if self.trust_env and not auth and not self.auth:
            url = urls.parse(url)
            if url.credentials is None:
                auth = self._credentials(url) or auth
        return self.auth if auth is None else auth

    def _credentials(self, url):
        # type: (urls.URL) -> Optional[Tuple[str, str]]
        """The netrc credentials for ``url``, or None."""
        return netrc_login(url.host) if self.trust_env else None

    def _follow(self, request, options, response):
        if not needs_flow(request, response, self._cookies):
            return None
        return call_flow(request, options, response, self._cookies, self._credentials)

    def __repr__(self):
        return "<waterspout.Session transport=%s%s>" % (
            self._transport_label, " closed" if self._closed else "")


def _route(routing, request):
    try:
        route = routing.route(request.parsed_url)
    except RequestException as error:
        error.request = request
        raise
    if route is not None and route.proxy is not None:
        # A given Proxy-Authorization is for the proxy only, and never sent through a tunnel.
        given = request.headers.pop("Proxy-Authorization", None)
        if given is not None:
            route = route.authorized(given)
    return route


def _refused(call, error):
    # type: (Call, Exception) -> Call
    if isinstance(error, RequestException):
        error.may_have_been_sent = False
    return call.refuse(error)
