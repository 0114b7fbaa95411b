"""The application: routes, what no route serves, and what must be closed at the end."""

from __future__ import absolute_import, division, print_function

import logging
import re

import tornado.web
from tornado import gen

from waterspout.service._cross_origin.origin_check import OriginCheck
from waterspout.service._cross_origin.preflight import PreflightHandler
from waterspout.service._tornado_server.request_delegate import Exchange
from waterspout.service.handlers import CLIENT_LEFT, ErrorHandler

#: Bytes of one request body. 10 MiB holds some 50,000 rows of a bulk import; more is a mistake.
MAX_BODY_BYTES = 10 * 1024 * 1024

_access_log = logging.getLogger("tornado.access")
_log = logging.getLogger("waterspout.service")


class Application(tornado.web.Application):
    """A ``tornado.web.Application`` whose every answer is JSON.

    Args:
        handlers (list): routes, as for Tornado; their classes are :class:`JSONHandler` s.
        max_body_bytes (int): a longer request body is answered with 413.
        error_handler (type): an :class:`ErrorHandler`; it answers unknown paths and bodies
            over the limit. Give your own to keep your error envelope there too.
        allowed_origins (iterable of native str): ``"https://tools.example"``; its pages may send
            requests and read the answers (CORS, without credentials). Other origins' pages get
            403 for every method but GET, HEAD, OPTIONS and TRACE (``origin_check.py``).
            Clients that are not browsers are not affected.
        allow_names (bool): False refuses with 403 what a page sends that calls this service by
            a host name, unless its origin is allowed. For services on an address that pages
            can reach but must not use by DNS rebinding, and that serve no pages themselves.
        settings: Tornado's; handlers find them in ``self.settings``.
    Raises: ValueError: what is not an origin.

    A request is read whole before its handler runs (``request_delegate.py`` says why), so a
    handler that wants to stream its request belongs in a plain ``tornado.web.Application``.
    """

    def __init__(
        self,
        handlers,
        max_body_bytes=MAX_BODY_BYTES,
        error_handler=ErrorHandler,
        allowed_origins=(),
        allow_names=True,
        **settings
    ):
        self.max_body_bytes = max_body_bytes
        self.origin_check = OriginCheck(allowed_origins, allow_names)
        #: True when the server is stopping: answers then carry ``Connection: close``.
        self.draining = False
        self._in_flight = set()
        self._on_progress = None
        self._shutdown_callbacks = []
        self._error_handler = error_handler
        super(Application, self).__init__(
            handlers,
            default_handler_class=error_handler,
            default_handler_args={"status_code": 404},
            **settings
        )

    def __repr__(self):
        return "<Application in_flight=%d draining=%s>" % (self.requests_in_flight, self.draining)

    # Life of a request

    def start_request(self, server_conn, request_conn):
        """Called by Tornado for every request on every connection."""
        return Exchange(self, request_conn)

    def find_handler(self, request, **kwargs):
        """Called for every request that has arrived whole: what answers it."""
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
        if PreflightHandler.is_asked(request) and self.origin_check.allowed(request.headers):
            return self.get_handler_delegate(request, PreflightHandler)
        return super(Application, self).find_handler(request, **kwargs)

    def error_delegate(self, request, status_code, why=None, **kwargs):
        """Something that answers this request with an error, whatever its path."""
        if status_code == 413 and why is None:
            why = "the body is longer than the %d bytes accepted here" % self.max_body_bytes
        return self.get_handler_delegate(
            request, self._error_handler, dict(kwargs, status_code=status_code, why=why)
        )

    @property
    def requests_in_flight(self):
        # type: () -> int
        """Requests whose headers have arrived and which are not answered yet."""
        return len(self._in_flight)

    def request_started(self, request):
        # type: (HTTPServerRequest) -> None
        self._in_flight.add(request)

    def request_ended(self, request):
        # type: (HTTPServerRequest) -> None
        """It was answered, or never will be. Idempotent."""
        self._in_flight.discard(request)
        if self.draining:
            self._on_progress()

    def log_request(self, handler):
        """Called by Tornado once per answer, whichever handler gave it: count it, log it.

        The line leaves the query out: people put tokens there. If the client has left, its
        status is 499, as nginx has it, and it says when that was and what came of the request.
        """
        request = handler.request
        self.request_ended(request)
        status = handler.get_status()
        log = _access_log.info if status < 500 else _access_log.warning
        outcome = ""
        left_after = getattr(handler, "client_left_after", None)
        if left_after is not None:
            outcome = ": the client left after %.1fms, the request %s" % (
                1000 * left_after,
                "was given up" if status == CLIENT_LEFT else "ended with %d" % status,
            )
            status = CLIENT_LEFT
        self._log_access(log, status, request, outcome)

    def log_abandoned(self, request):
        # type: (HTTPServerRequest) -> None
        """A connection ended before the whole request had come: count it out, log it."""
        self.request_ended(request)
        outcome = ": the connection ended before the request had arrived whole"
        self._log_access(_access_log.info, CLIENT_LEFT, request, outcome)

    def _log_access(self, log, status, request, outcome):
        log(
            "%d %s %s (%s) %.1fms%s",
            status,
            printable(request.method),
            printable(request.path),
            request.remote_ip,
            1000 * request.request_time(),
            outcome,
        )

    # End of the application

    def start_draining(self, on_progress):
        # type: (Callable[[], None]) -> None
        """The server stops: say so in every answer, and tell it whenever a request has ended."""
        self.draining = True
        self._on_progress = on_progress

    def on_shutdown(self, callback):
        # type: (Callable[[], Optional[Future]]) -> None
        """Have ``callback()`` called when the last request is answered; last added, first called.

        Args:
            callback: takes nothing; if it returns a Future, that is waited for.
        """
        self._shutdown_callbacks.append(callback)

    @gen.coroutine
    def shutdown(self):
        # type: () -> Future[None]
        """Run what ``on_shutdown`` collected, each once. One that fails is logged, not raised."""
        while self._shutdown_callbacks:
            callback = self._shutdown_callbacks.pop()
            try:
                future = callback()
                if future is not None:
                    yield future
            except Exception:
                _log.exception("A shutdown callback failed: %r", callback)


def printable(text):
    # type: (str) -> str
    """What a stranger sent, made fit for one line of a log: ASCII, no controls, not too long."""
    return re.sub(r"[^\x21-\x7e]", "?", text)[:200]
