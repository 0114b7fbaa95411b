"""Reads one request whole and hands it to its handler.

Tornado answers some requests before their body has arrived (an unknown method, an error in
``prepare``). Here no handler runs before the body is complete, so that a handler's decision never
depends on how fast its client sends.
"""

from __future__ import absolute_import, division, print_function

import sys
from functools import partial

from tornado import gen, httputil
from tornado.concurrent import Future
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError

from waterspout._compat import (
    TYPE_CHECKING,
    CancelledError,
    is_awaitable,
    reject,
    resolve,
    to_native,
)
from waterspout.service._server.head_checks import head_refusal, is_read_to_its_end
from waterspout.service._server.late_request import make_request
from waterspout.service._server.refusal_sentences import SENTENCES
from waterspout.service._server.request_target import origin_form

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

#: The Host field that a request without one gets, if the application serves such requests. What
#: Tornado before 6.5 takes for the host.
NO_HOST = "127.0.0.1"


class RequestDelegate(httputil.HTTPMessageDelegate):
    """Receives one request from a server's connection, for an :class:`Application`."""

    #: Of a head check: a Refusal, or ``exc_info`` if it has raised. Nothing of the body is kept.
    _refusal = None  # type: Any

    #: The client has left, or was answered, before the request was complete.
    _has_ended = False

    #: Done when the answering handler's ``prepare`` has ended. None: it has ended already.
    _preparing = None  # type: Optional[Future[None]]

    def __init__(self, application, connection):
        self._application = application
        self._connection = connection
        self._start_line = None  # type: Optional[httputil.RequestStartLine]
        self._request = None  # type: Any  # The HTTPServerRequest.
        self._body = []  # type: List[bytes]
        self._delegate = None  # type: Any  # Of the handler that answers.

    @property
    def has_begun(self):
        # type: () -> bool
        """The request's head has arrived."""
        return self._request is not None

    def headers_received(self, start_line, headers):
        """Count the request, check its head, and limit its body.

        Returns: None, or a Future: nothing is to be read of the body until it is done.
        Raises: HTTPInputError: the request cannot be served; the server refuses it.
        """
        application = self._application
        self._start_line = start_line = origin_form(start_line, headers)
        if application.allow_missing_host and start_line.version != "HTTP/1.0":
            headers.setdefault("Host", NO_HOST)
        self._start(start_line, headers)
        self._connection.set_max_body_size(application.max_body_bytes)
        if application.head_checks and not application.is_for_operators(self._request):
            return self._check_head(is_read_to_its_end(headers))

    def data_received(self, chunk):
        """Keep a piece of the body, whose length the server limits.

        Returns: None, or a Future, as `headers_received`.
        """
        if self._refusal is None:
            if self._application.body_check is not None:
                refusal = self._application.body_check(self._request, len(chunk))
                if refusal is not None:
                    self._body = []
                    return self._decide(False, refusal)
            self._body.append(chunk)

    def finish(self):
        """The body is complete: let a handler run."""
        if self._refusal is None:
            self._hand_over(self._application.find_handler)
        elif self._delegate is None:
            self._answer_refused()

    def refuse(self, refused, connection):
        # type: (Any, httputil.HTTPConnection) -> None
        """Answer with an error in place of the handler: the server refuses the request.

        Args:
            refused: the reason, with ``status_code``, ``kind``, and ``method`` and ``target`` of
                the request as far as they could be read.
            connection: to answer on.
        """
        self._body = []
        self._has_ended = True
        if self._request is None:
            self._connection = connection
            # None of its own fields: they may be what is wrong.
            self._start(self._line_of(refused), httputil.HTTPHeaders({"Host": "none"}))
        self._request.connection = connection
        self._answer_refusal(refused.kind, refused.status_code)

    def on_connection_close(self):
        """The client closed the connection while it was sending, or was refused."""
        self._has_ended = True
        if self._delegate is not None:
            handler = getattr(self._delegate, "handler", None)
            if handler is None or not handler._finished:  # Otherwise the refusal was sent.
                self._delegate.on_connection_close()
        elif self._request is not None:
            self._application.log_incomplete(self._request)

    def _start(self, start_line, headers):
        """Make the request, which may fail, and count it: from now on it must be ended."""
        self._request = self._make_request(start_line, headers)
        self._application.request_started(self._request)

    def _line_of(self, refused):
        """The start line of a refused request: its path only, since the rest may hold secrets."""
        if self._start_line is not None:
            method, target = self._start_line.method, self._start_line.path
        else:
            method = to_native(refused.method or b"-", "latin-1")
            target = to_native(refused.target or b"-", "latin-1")
        path = target.partition("?")[0] if target.startswith("/") else "-"
        return httputil.RequestStartLine(method, path, "HTTP/1.1")

    def _make_request(self, start_line, headers):
        return make_request(self._connection, start_line, headers)

    def _check_head(self, is_read_on):
        # type: (bool) -> Optional[Future[None]]
        """Ask the head checks.

        Args:
            is_read_on (bool): a refusal is answered when all of the request has arrived; otherwise
                at once.
        Returns: as `headers_received`.
        """
        try:
            verdict = head_refusal(
                self._application.head_checks, self._request,
                lambda: self._has_ended)  # type: Any
        except Exception:
            verdict = sys.exc_info()
        if verdict is None or not is_awaitable(verdict):
            return self._decide(is_read_on, verdict)
        decided = Future()  # type: Future[None]
        IOLoop.current().add_future(verdict, partial(self._checked, is_read_on, decided))
        return decided

    def _checked(self, is_read_on, decided, future):
        try:
            verdict = future.result()
        except Exception:
            verdict = sys.exc_info()
        if self._has_ended:
            return
        try:
            preparing = self._decide(is_read_on, verdict)
        except Exception as error:
            reject(decided, error)
            return
        if preparing is None:
            resolve(decided, None)
        else:
            IOLoop.current().add_future(preparing, lambda future: resolve(decided, None))

    def _decide(self, is_read_on, verdict):
        # type: (bool, Any) -> Optional[Future[None]]
        self._refusal = verdict
        return None if verdict is None or is_read_on else self._answer_refused()

    def _answer_refused(self):
        # type: () -> Optional[Future[None]]
        refusal, self._refusal = self._refusal, True
        if isinstance(refusal, tuple):
            self._answer_bug(refusal)
            return self._preparing
        self._application.count_refusal(self._request, refusal.kind)
        keywords = {"headers": refusal.headers} if refusal.headers else {}
        self._hand_over(lambda request: self._application.error_delegate(
            request, refusal.status_code, refusal.why, **keywords))
        return self._preparing

    def _answer_refusal(self, kind, status_code):
        # type: (str, int) -> None
        self._application.count_refusal(self._request, kind)
        self._hand_over(lambda request: self._application.error_delegate(
            request, status_code, SENTENCES.get(kind)))

    def _hand_over(self, find_delegate):
        """Let a handler answer; if a bug prevents that, let the error handler answer with 500.

        Raises: what a handler's ``data_received`` raised. The server logs it and closes the
            connection.
        """
        try:
            self._deliver(find_delegate)
        except Exception:
            handler = getattr(self._delegate, "handler", None)
            if handler is None:
                self._answer_bug(sys.exc_info())
                return
            self._application.request_ended(self._request, handler)
            raise

    def _answer_bug(self, exc_info):
        self._delegate = None
        try:
            self._deliver(
                lambda request: self._application.error_delegate(request, 500, exc_info=exc_info)
            )
        except Exception:
            self._application.request_ended(self._request)
            raise

    def _deliver(self, find_delegate):
        run = self._application.run_request
        if run is None:
            self._deliver_whole(find_delegate)
        else:
            run(self._request, partial(self._deliver_whole, find_delegate))

    def _deliver_whole(self, find_delegate):
        """Give the whole body as one piece to the delegate that answers the request.

        The handler's ``prepare`` may not have ended when the body arrives. That is allowed: a
        :class:`JSONHandler` only keeps the body, or starts to decode it, and its method does not
        run until both have ended.
        """
        self._request.body_is_whole = True
        delegate = self._delegate = find_delegate(self._request)
        self._preparing = delegate.headers_received(None, self._request.headers)
        pieces, self._body = self._body, []
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        taking = delegate.data_received(body) if body else None
        if taking is None:
            delegate.finish()
        else:
            IOLoop.current().add_future(gen.convert_yielded(taking), self._taken)

    def _taken(self, future):
        """The handler has taken the body, in a Future of its own."""
        try:
            future.result()
        except StreamClosedError:  # The client has left, so the body was not decoded.
            self._request.connection.close()
            self._application.request_ended(self._request, self._delegate.handler)
        except (Exception, CancelledError) as error:
            self._delegate.handler._answer_exception(error)
        else:
            self._delegate.finish()
