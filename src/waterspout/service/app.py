"""Application: routes, limits, the requests in flight, and shutdown callbacks."""

from __future__ import absolute_import, division, print_function

import collections
import logging

import tornado.web
from tornado.http1connection import HTTP1Connection

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.dispatch import dispatch_to
from waterspout.instrumentation.request_ids import REQUEST_ID
from waterspout.service._access.access_check import AccessCheck
from waterspout.service._access_log.access_log import ALL_REQUESTS, checked_access_log
from waterspout.service._access_log.writer import AccessLogWriter
from waterspout.service._admission.admission import Admission
from waterspout.service._cross_origin.origin_check import OriginCheck
from waterspout.service._cross_origin.preflight import PreflightHandler
from waterspout.service._deadlines.request_deadlines import REFUSAL_KIND, RequestDeadlines
from waterspout.service._json_handler import handler_delegate
from waterspout.service._json_handler.handler_delegate import HandlerDelegate
from waterspout.service._observing.observed_requests import ObservedRequests
from waterspout.service._observing.request_context import (
    checked_id_header,
    context_kept,
    context_of,
)
from waterspout.service._observing.response_facts import keep_route, label_of
from waterspout.service._observing.upstreams import Upstreams
from waterspout.service._proxies.forwarded_requests import FIELDS, ForwardedRequests
from waterspout.service._server.path_route import PathRoute
from waterspout.service._server.request_delegate import RequestDelegate
from waterspout.service._server.server import Server
from waterspout.service._server.streamed_routes import has_stream, streaming_class
from waterspout.service._server.tornado_request_delegate import TornadoRequestDelegate
from waterspout.service._tls.ssl_options import checked_ssl_options
from waterspout.service.handlers import ErrorHandler
from waterspout.service.log_lines import printable
from waterspout.service.shutdown_callbacks import ShutdownCallbacks

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, List, Optional, Set, Type  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401
    from tornado.httputil import HTTPServerRequest  # noqa: F401

    from waterspout.instrumentation.call_context import CallContext  # noqa: F401
    from waterspout.policies.deadline import DeadlineHeader  # noqa: F401
    from waterspout.service._access.api_keys import APIKeys  # noqa: F401
    from waterspout.service._access_log.access_log import AccessLog  # noqa: F401
    from waterspout.service._admission.overload import Overload  # noqa: F401
    from waterspout.service._operations.operations import Operations  # noqa: F401

#: Bytes of one request body. 10 MiB holds some 50,000 rows of a bulk import; more is a mistake.
MAX_BODY_BYTES = 10 * 1024 * 1024

_log = logging.getLogger("waterspout.service")


class Application(tornado.web.Application):
    """A ``tornado.web.Application`` whose every response is JSON.

    Args:
        handlers (list): routes, as for Tornado, to subclasses of :class:`JSONHandler`.
        max_body_bytes (int): a request with a longer body is answered with 413.
        error_handler (type): the :class:`ErrorHandler` that answers unknown paths and bodies over
            the limit. Pass your own to use your error envelope there, too.
        allowed_origins (iterable of native str): origins, such as ``"https://tools.example"``,
            whose pages may send requests and read the responses (CORS, without credentials).
            Pages of other origins get 403 for every method but GET, HEAD, OPTIONS and TRACE.
            Clients that are not browsers are not affected.
        allow_names (bool): False: answer 403 to a page that calls this service by a host name,
            unless its origin is allowed. For a service that browsers can reach by an IP address
            and that serves no pages itself: it protects against DNS rebinding.
        allow_missing_host (bool): True: serve requests of HTTP/1.1 without a Host field, which RFC
            9112 section 3.2 forbids, as if they had ``Host: 127.0.0.1``. For old clients.
        upstreams (iterable of BaseSDK, or mapping of name to BaseSDK): the SDKs that handlers
            share; :meth:`JSONHandler.upstream` finds one by its class or name. The application
            closes them when it shuts down.
        observers (iterable of `waterspout.instrumentation.Observer`): are told of each request and
            its response. Those of calls are given to the SDKs.
        request_id_header (native str or None): the field with the id of a request. The id is taken
            from it, or made; it is in the response, in the access log, and in what is sent to
            upstreams. None: requests have no ids.
        deadline (DeadlineHeader or None): the field with the time that each request has. A request
            with too little of it left is answered with 504 before a handler runs; what is left is
            `JSONHandler.deadline`, and limits the calls to ``upstreams``, which send it on. None:
            requests have no deadlines.
        head_checks (iterable of callables): each is called as ``check(request)`` when the head of
            a request has arrived, before its body is read, and returns None or a
            :class:`Refusal`. The refused request is answered by the ``error_handler``, and no
            handler runs. The first check that refuses decides. A check may return a Future of
            these; the request waits for it.
        overload (Overload or None): how many requests, and how many bytes of their bodies, this
            process takes at once and from one tenant. None: there are no such limits.
        api_keys (APIKeys or None): answer 401 to requests without a valid key, or without a
            certificate that has an entry, and 403 to those that the key does not permit. The
            client is `JSONHandler.principal`. None: every client is served.
        client_certificates (bool): True: answer 403 to clients without a certificate that the
            server has verified, and let all others do everything. Instead of ``api_keys``.
        public_paths (iterable of native str): paths that are served to clients without key and
            certificate, such as ``"/healthz"``.
        trusted_proxies (iterable of native str): networks of proxies, such as ``"10.0.0.0/8"``,
            ``"::1"``, and ``"unix:"`` for the peers of unix sockets. A request that comes from one
            has the client's address and scheme (``remote_ip``, ``protocol``) that it states. Of
            other peers nothing is believed.
        forwarded_field (native str): the field in which these proxies state them:
            ``"X-Forwarded-For"``, with X-Forwarded-Proto, or ``"Forwarded"`` (RFC 7239).
        operations (Operations or None): pages for operators, such as ``/healthz``.
        access_log (AccessLog or None): which requests are logged, and what a line has. None: none.
        ssl_options (ssl.SSLContext, dict, callable or None): serve over TLS: what
            :func:`server_tls` returns, or a dict as for Tornado's HTTPServer, or a function without
            arguments that returns one of these and is called when the server is made. None:
            without TLS.
        problem_documents (bool): True: error responses are problem documents (RFC 9457), of the
            type ``application/problem+json``; see `JSONHandler.problem_document`.
        settings: Tornado's settings; handlers read them from ``self.settings``.
    Attributes:
        draining (bool): the service was told to stop. Connections may be accepted for a while yet
            (``drain_grace`` of `serve`), but a load balancer should use other servers.
        head_checks (list): see above. It may be changed. The one of ``overload`` is the last.
        admission (Admission or None): what counts for ``overload``; ``admission.stats()`` has
            the numbers.
        refused (collections.Counter): requests that were refused before a handler of a route ran,
            by the kind of refusal.
    Raises:
        ValueError: an allowed origin is not ``scheme://host`` or ``scheme://host:port``;
            ``request_id_header`` is not a field name; two upstreams of one class have no names; one
            of ``trusted_proxies`` is not a network; ``overload`` has no room for a body of
            ``max_body_bytes``; ``client_certificates`` with ``api_keys``.
        TypeError: an argument is of a wrong type, which the message names.

    Each request is read whole before its handler runs, but for those of a
    :class:`StreamingHandler`.
    """

    def __init__(
        self,
        handlers,  # type: List[Any]
        max_body_bytes=MAX_BODY_BYTES,  # type: int
        error_handler=ErrorHandler,  # type: Type[ErrorHandler]
        allowed_origins=(),  # type: Iterable[str]
        allow_names=True,  # type: bool
        allow_missing_host=False,  # type: bool
        upstreams=(),  # type: Any
        observers=(),  # type: Iterable[Any]
        request_id_header=REQUEST_ID,  # type: Optional[str]
        deadline=None,  # type: Optional[DeadlineHeader]
        head_checks=(),  # type: Iterable[Callable[[HTTPServerRequest], Any]]
        overload=None,  # type: Optional[Overload]
        trusted_proxies=(),  # type: Iterable[str]
        forwarded_field=FIELDS[0],  # type: str
        operations=None,  # type: Optional[Operations]
        access_log=ALL_REQUESTS,  # type: Optional[AccessLog]
        problem_documents=False,  # type: bool
        ssl_options=None,  # type: Any
        api_keys=None,  # type: Optional[APIKeys]
        client_certificates=False,  # type: bool
        public_paths=(),  # type: Iterable[str]
        **settings  # type: Any
    ):
        # type: (...) -> None
        self.max_body_bytes = max_body_bytes
        self.problem_documents = problem_documents
        self.origin_check = OriginCheck(allowed_origins, allow_names)
        self.allow_missing_host = allow_missing_host
        self.request_id_header = checked_id_header(request_id_header)
        self._deadlines = None if deadline is None else RequestDeadlines(deadline)
        forwarded = ForwardedRequests(trusted_proxies, forwarded_field)
        self._forwarded = forwarded if forwarded.networks else None
        self.ssl_options = checked_ssl_options(ssl_options)
        self.upstreams = Upstreams(upstreams)
        self.head_checks = list(head_checks)
        for check in self.head_checks:
            if not callable(check):
                raise TypeError("head_checks needs functions, not %r" % (check,))
        if api_keys is not None or client_certificates:
            self.head_checks.insert(0, AccessCheck(
                api_keys, client_certificates, public_paths, self._is_preflight))
        self.admission = None if overload is None else Admission(
            overload, max_body_bytes, self.streaming_class)
        #: ``body_check(request, count)`` is asked whether so many more bytes may be kept. None if
        #: nothing limits them beside ``max_body_bytes``.
        self.body_check = None if self.admission is None else self.admission.body_check
        if self.admission is not None:
            self.head_checks.append(self.admission.check)
        self.refused = collections.Counter()  # type: collections.Counter[str]
        self.draining = False
        dispatch = dispatch_to(observers)
        self._observed = None if dispatch is None else ObservedRequests(dispatch, self)
        #: ``run_request(request, function)`` calls ``function()``, which runs the request's handler
        #: until it first waits. None if no observer wants that.
        self.run_request = None  # type: Optional[Callable[..., None]]
        if self._observed is not None and self._observed.runs_handlers:
            self.run_request = self._observed.run
        access_log = checked_access_log(access_log)
        self._access_log = None if access_log is None else AccessLogWriter(access_log, self)
        #: Called with the context of each request if the access log wants to know of its calls.
        self._count_calls = None  # type: Optional[Callable[[CallContext], None]]
        if self._access_log is not None and self._access_log.wants_tally:
            self._count_calls = self._access_log.begin
        self._in_flight = set()  # type: Set[HTTPServerRequest]
        self._on_progress = None  # type: Optional[Callable[[], None]]
        self._shutdown_callbacks = ShutdownCallbacks()
        self._error_handler = error_handler
        super(Application, self).__init__(
            handlers,
            default_handler_class=error_handler,
            default_handler_args={"status_code": 404},
            **settings
        )
        #: One of its handlers reads the body as a stream.
        self.streams_bodies = has_stream(self.default_router.rules)
        for sdk in self.upstreams:
            self.on_shutdown(sdk.close)
        self.operations = operations
        #: Finds those of its requests that are for operators. None: it has no pages for them.
        self.operator_pages = None if operations is None else operations.attach(self, Application)
        self._debug = None if operations is None else operations.debug
        # The routes themselves, if there is nothing but paths of handlers: Tornado would ask two
        # routers, one inside the other.
        rules = self.wildcard_router.rules
        self._routes = [PathRoute(rule, label_of(rule)) for rule in rules] if (
            all(map(PathRoute.suits, rules))) else []

    #: The class of the HTTPServer that serves it, for `waterspout.testing.AppTransport`.
    http_server_class = Server

    def __repr__(self):
        return "<Application in_flight=%d draining=%s>" % (self.requests_in_flight, self.draining)

    # Life of a request

    def start_request(self, server_conn, request_conn):
        """Called by the server for each request: return the delegate that reads it."""
        if isinstance(request_conn, HTTP1Connection):  # Of Tornado's own server.
            return TornadoRequestDelegate(self, request_conn)
        return RequestDelegate(self, request_conn)

    def find_handler(self, request, **kwargs):
        """Called for each complete request: return the delegate that answers it."""
        complaint = self.origin_check.complaint(request.method, request.headers)
        if complaint is not None:
            _log.info(
                "Refused with 403: %s (Origin %s, Sec-Fetch-Site %s, Host %s)",
                complaint,
                *[
                    printable(request.headers.get(name, "-"))
                    for name in ("Origin", "Sec-Fetch-Site", "Host")
                ]
            )
            return self.error_delegate(request, 403, complaint)
        if request.method == "OPTIONS" and self._is_preflight(request):
            return self.get_handler_delegate(request, PreflightHandler)
        if self.operator_pages is not None:
            page = self.operator_pages.route(request)
            if page is not None:
                return self.get_handler_delegate(request, *page)
        if self._deadlines is not None:
            refusal = self._deadlines.refusal(request, context_kept(request))
            if refusal is not None:
                self.count_refusal(request, REFUSAL_KIND)
                return self.error_delegate(request, *refusal)
        # Other routes may have been added to Tornado's routers.
        if len(self.wildcard_router.rules) == len(self._routes) and (
                len(self.default_router.rules) == 1):
            for route in self._routes:
                arguments = route.arguments(request)
                if arguments is not None:
                    keep_route(request, route.label)
                    return self.get_handler_delegate(
                        request, route.handler_class, route.handler_kwargs, **arguments)
        return super(Application, self).find_handler(request, **kwargs)

    def streaming_class(self, request):
        # type: (HTTPServerRequest) -> Optional[Type[Any]]
        """Return the class of the request's handler if that reads the body as a stream."""
        if not self.streams_bodies:
            return None
        return streaming_class(self.default_router.rules, request)

    def add_handlers(self, host_pattern, host_handlers):
        """Like Tornado's."""
        super(Application, self).add_handlers(host_pattern, host_handlers)
        self.streams_bodies = has_stream(self.default_router.rules)

    def _is_preflight(self, request):
        # type: (HTTPServerRequest) -> bool
        return PreflightHandler.is_asked(request) and (
            self.origin_check.allowed(request.headers) is not None)

    def get_handler_delegate(
        self, request, target_class, target_kwargs=None, path_args=None, path_kwargs=None
    ):
        """Like Tornado's; a :class:`JSONHandler` is run without a coroutine around it.

        Only if nothing that Tornado would do beside is wanted: ``prepare`` is not overridden, no
        setting asks for it, and no library for tracing has replaced it.
        """
        if self._debug is not None:
            self._debug.look_at(request, self.request_id_header)
        if handler_delegate.suits(self, target_class):
            return HandlerDelegate(
                self, request, target_class, target_kwargs, path_args, path_kwargs)
        return super(Application, self).get_handler_delegate(
            request, target_class, target_kwargs, path_args, path_kwargs)

    def error_delegate(self, request, status_code, why=None, **kwargs):
        # type: (HTTPServerRequest, int, Optional[str], **Any) -> Any
        """Return a delegate that answers this request with an error, whatever its path."""
        if status_code == 413 and why is None:
            why = "the body is longer than the %d bytes accepted here" % self.max_body_bytes
        return self.get_handler_delegate(
            request, self._error_handler, dict(kwargs, status_code=status_code, why=why)
        )

    def count_refusal(self, request, kind):
        # type: (Any, str) -> None
        """Count a request that is refused before a handler of a route runs."""
        request.refusal_kind = kind  # For the access log.
        self.refused[kind] += 1

    @property
    def requests_in_flight(self):
        # type: () -> int
        """The number of requests whose head has arrived and which are not answered yet."""
        return len(self._in_flight)

    def request_started(self, request):
        # type: (HTTPServerRequest) -> None
        """Count a request whose head has arrived."""
        self._in_flight.add(request)
        if self._forwarded is not None:
            self._forwarded.apply(request)
        context = context_of(request, self.request_id_header)
        if self._deadlines is not None:
            self._deadlines.begin(request, context)
        if self._count_calls is not None:
            self._count_calls(context)
        if self._observed is not None and not self.is_for_operators(request):
            self._observed.received(request, context)

    def is_for_operators(self, request):
        # type: (HTTPServerRequest) -> bool
        """Whether a request is for a page of `Operations`, and its client may see that.

        Such a request needs no key and counts for no limit.
        """
        return self.operator_pages is not None and self.operator_pages.route(request) is not None

    def request_ended(self, request, handler=None):
        # type: (HTTPServerRequest, Any) -> None
        """Stop counting a request: ``handler`` has answered it, or it never will be. Idempotent."""
        self._in_flight.discard(request)
        if self.admission is not None:
            self.admission.ended(request)
        if self._observed is not None:
            self._observed.ended(request, handler)
        if self._on_progress is not None:
            self._on_progress()

    def log_request(self, handler):
        """Called by Tornado once for each response: count it and write the access log line."""
        self.request_ended(handler.request, handler)
        if self._access_log is not None:
            self._access_log.log_response(handler)

    def log_incomplete(self, request):
        # type: (HTTPServerRequest) -> None
        """The connection ended before the request was complete: stop counting it and log it."""
        self.request_ended(request)
        if self._access_log is not None:
            self._access_log.log_incomplete(request)

    # End of the application

    def watch_progress(self, on_progress):
        # type: (Callable[[], None]) -> None
        """Call ``on_progress()`` whenever a request has ended: a server waits for that."""
        self._on_progress = on_progress

    def on_shutdown(self, callback):
        # type: (Callable[[], Any]) -> None
        """Add a callback for the time after the last response; the last added is called first.

        Args:
            callback: takes no arguments. If it returns a Future, that is waited for: 5 seconds
                for all callbacks together. Pass ``sdk.close`` or ``session.close``.
        """
        self._shutdown_callbacks.add(callback)

    def shutdown(self):
        # type: () -> Future[None]
        """Run the shutdown callbacks, each once. An error is logged and not raised."""
        return self._shutdown_callbacks.run()
