"""The base of JSONHandler that answers every error in JSON and logs what the service must fix."""

from __future__ import absolute_import, division, print_function

import binascii
import logging
import os

import tornado.web
from tornado import gen, httputil, iostream
from tornado.concurrent import Future
from tornado.escape import native_str
from tornado.log import app_log

from waterspout._compat import TORNADO_SERVER, TYPE_CHECKING, CancelledError, resolve
from waterspout.service._json_bodies.encoder import encode_json
from waterspout.service._json_handler.cancellable_calls import cancellable_calls
from waterspout.service._json_handler.client_departure import ClientDepartureHandler
from waterspout.service._json_handler.date_header import date_now
from waterspout.service._json_handler.problem_document import CONTENT_TYPE as PROBLEM_TYPE
from waterspout.service._json_handler.problem_document import problem_document
from waterspout.service._json_handler.replaceable import replaceable_property
from waterspout.service._json_handler.response_excerpt import response_excerpt
from waterspout.service._observing.request_context import (
    context_kept,
    context_of,
    handler_context,
    id_header_of,
    logged_id,
)
from waterspout.service.exceptions import CallCancelled, InvalidBody, Refusal
from waterspout.service.log_lines import one_line
from waterspout.service.reason_phrases import CLIENT_CLOSED_REQUEST
from waterspout.service.upstream_failures import upstream_failure

if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional  # noqa: F401

    from waterspout.instrumentation.call_context import CallContext  # noqa: F401
    from waterspout.policies.deadline import Deadline  # noqa: F401
    from waterspout.service._access.principal import Principal  # noqa: F401

_log = logging.getLogger("waterspout.service")

#: What a handler raises that gives up because its client has left: it waited for that, or it has
#: cancelled in `on_connection_close` what it waited for.
_AFTER_CLIENT = (iostream.StreamClosedError, CallCancelled, CancelledError)

#: Sentences for statuses whose reason phrase alone does not explain enough.
MESSAGES = {
    404: "nothing is served at this path",
    405: "this method is not served at this path",
    413: "the body is longer than this service accepts",
    500: "internal error; the log has it under this incident id",
}

#: What Tornado sets before `set_default_headers`, beside the Date.
_FIELDS = {
    "Server": TORNADO_SERVER,
    "Content-Type": "text/html; charset=UTF-8",
}


class ErrorResponsesHandler(ClientDepartureHandler):
    """Turns exceptions into JSON responses and log lines."""

    _incident = None  # type: Optional[str]

    #: A ``prepare`` that is no coroutine and that always raises.
    _plain_prepare = None  # type: Any

    #: An error came when a part of the response was sent. For the access log.
    response_cut_off = False

    def error_body(self, status, message, exception=None, incident=None):
        # type: (int, str, Optional[BaseException], Optional[str]) -> Any
        """Hook: return the JSON value of an error response.

        The default is ``{"error": message}``, with ``"incident"`` for a 500, and ``"errors"``, a
        list of objects with ``"pointer"`` and ``"detail"``, for an `InvalidBody`.

        Args:
            status (int): of the response.
            message (native str): one sentence for the client, without internals.
            exception (Exception or None): the exception that was raised, if any. Do not send its
                text to the client.
            incident (native str or None): with a 500, the id under which the log has the error.
        """
        body = {"error": message}  # type: Dict[str, Any]
        if incident is not None:
            body["incident"] = incident
        if isinstance(exception, InvalidBody):
            body["errors"] = [
                {"pointer": each.pointer, "detail": each.detail} for each in exception.errors]
        return body

    def problem_document(self, problem, exception=None):
        # type: (Dict[str, Any], Optional[BaseException]) -> Dict[str, Any]
        """Hook: return the problem document of an error response (RFC 9457).

        It is called in place of `error_body` if ``Application(problem_documents=True)``.

        Args:
            problem (dict): with the members ``type`` (``"about:blank"``), ``title``, ``status``,
                ``detail``, ``instance``, for a 500 ``incident``, and for an `InvalidBody`
                ``errors``. Change it as you like.
            exception (Exception or None): as in `error_body`.
        """
        return problem

    # Methods that Tornado calls

    def clear(self):
        """Like Tornado's, but the Date is formatted once a second."""
        self._begin_headers()
        self._write_buffer = []
        self._status_code = 200
        self._reason = "OK"

    def _begin_headers(self):
        # type: () -> None
        """Make the header fields that the response begins with."""
        self._headers = httputil.HTTPHeaders(_FIELDS, Date=date_now())
        self.set_default_headers()
        id_header = id_header_of(self)
        if id_header is not None:
            # Not `self.request_id`, which a handler may have set to something of its own.
            self._headers[id_header] = context_of(self.request, id_header).request_id

    @replaceable_property
    def call_context(self):
        # type: () -> CallContext
        """What calls for this request carry on: its id, its trace, and its deadline."""
        context = handler_context(self)
        if self.cancel_without_client:
            cancellable_calls(context)
        return context

    @replaceable_property
    def request_id(self):
        # type: () -> Optional[str]
        """The id of this request, which was sent with it or made for it.

        None if the application has no ``request_id_header``.
        """
        context = self.call_context  # type: CallContext
        return context.request_id

    @replaceable_property
    def deadline(self):
        # type: () -> Optional[Deadline]
        """Until when this request is to be answered: ``self.deadline.left()`` are seconds.

        None if the request has none: see ``Application(deadline=...)``.
        """
        return handler_context(self).deadline

    @replaceable_property
    def principal(self):
        # type: () -> Optional[Principal]
        """The client that has sent this request: its name, and what it may do.

        None if the application has no ``api_keys`` and no ``client_certificates``, and for its
        ``public_paths``.
        """
        return getattr(self.request, "principal", None)

    def send_error(self, status_code=500, **kwargs):
        """Like Tornado's; an uncaught error of an upstream call gets its own status.

        A response that has begun is cut off: Tornado would end it, and what is missing would not
        be missed.
        """
        error = _exception_in(kwargs)
        # Tornado has no error for a handler whose own task was cancelled.
        given_up = isinstance(error, _AFTER_CLIENT) or error is None and self._is_cancelled
        if given_up and self._client_left():
            # Like an aborted download: the request ends and no response is sent.
            self.set_status(CLIENT_CLOSED_REQUEST)
            if not self._finished:
                self.finish()
            return
        if self._headers_written and not self._finished:
            self._cut_off()
            return
        failure = upstream_failure(error)
        super(ErrorResponsesHandler, self).send_error(
            status_code if failure is None else failure.status_code, **kwargs
        )

    def write_error(self, status_code, **kwargs):
        """Tornado's hook for every error. Override :meth:`error_body` or
        :meth:`problem_document` instead."""
        exception = _exception_in(kwargs)
        refusal = exception if isinstance(exception, Refusal) else upstream_failure(exception)
        if refusal is not None:
            message = refusal.why
            for name, value in refusal.headers.items():
                self.set_header(name, value)
        else:
            message = MESSAGES.get(status_code, self._reason)
        if status_code == 500 and self._incident is None and self.client_left_after is None:
            self._log_incident(None)
        if status_code == 405:
            self.set_header("Allow", ", ".join(_methods_of(type(self))))
        if getattr(self.application, "problem_documents", False):
            self.set_header("Content-Type", PROBLEM_TYPE)
            body = self.problem_document(problem_document(
                status_code, self._reason, message, exception, handler_context(self).request_id,
                self._incident), exception)
        else:
            body = self.error_body(status_code, message, exception, self._incident)
        self.finish(encode_json(body))

    def log_exception(self, typ, value, tb):
        """Log an uncaught exception.

        A bug has its traceback in the log, under the incident id of the response. A failed
        upstream call has one line, with the beginning of the upstream's error response. A refusal
        has none, unless it has a ``log_message``.
        """
        if isinstance(value, tornado.web.HTTPError) and value.status_code != 500:
            if value.log_message:
                _log.info("%s: %s", type(self).__name__, value)
            return
        if isinstance(value, _AFTER_CLIENT) and self._client_left():
            return  # The handler waited for the client, or for a call made for the client.
        failure = upstream_failure(value)
        if failure is not None:
            excerpt = response_excerpt(value)
            _log.warning(
                "%s.%s failed with %d%s: %s: %s%s",
                type(self).__name__,
                self.request.method.lower(),
                failure.status_code,
                logged_id(self.request),
                type(value).__name__,
                one_line(value),
                "; the response begins with: " + excerpt if excerpt else "",
                extra={"request_id": self._logged_id()},
            )
            return
        self._log_incident((typ, value, tb))

    def _log_incident(self, exc_info):
        self._incident = native_str(binascii.hexlify(os.urandom(8)))
        _log.error(
            "Incident %s in %s.%s%s",
            self._incident,
            type(self).__name__,
            self.request.method.lower(),
            logged_id(self.request),
            exc_info=exc_info,
            extra={"request_id": self._logged_id(), "incident": self._incident},
        )

    def _logged_id(self):
        # type: () -> Optional[str]
        context = context_kept(self.request)
        return None if context is None else context.request_id

    def _execute(self, transforms, *args, **kwargs):
        """Tornado's handling of the whole request, answered even if a coroutine is cancelled.

        Before Tornado 6.5 a handler that awaits a cancelled Future is never resumed, and its
        client waits forever (tornado#2990). Tornado has no public method around that.
        """
        future = gen.convert_yielded(
            super(ErrorResponsesHandler, self)._execute(transforms, *args, **kwargs)
        )
        future.add_done_callback(self._executed)
        if not self.cancel_without_client:
            return future
        self._running = future
        ended = Future()  # type: Future[None]  # Tornado would log that the other is cancelled.
        future.add_done_callback(
            lambda future: resolve(ended, None if future.cancelled() else future.result()))
        return ended

    def _executed(self, future):
        if future.cancelled() and self._client_left():
            try:
                raise CallCancelled()
            except CallCancelled as error:
                self._answer_exception(error)
        elif future.cancelled():
            if not self._finished:
                self.send_error(500)
        elif future.exception() is not None or self._auto_finish:
            self._close_unless_ended()

    def _answer_exception(self, error):
        # type: (Exception) -> None
        """Answer what the handler's method has raised. Call it while that is handled."""
        try:
            self._handle_request_exception(error)
        except Exception:
            app_log.error("Exception in exception handler", exc_info=True)
        self._close_unless_ended()

    def _cut_off(self):
        # type: () -> None
        """Close the connection, so that the client sees an incomplete body (RFC 9112 section 8)."""
        self.response_cut_off = True
        connection = self.request.connection
        connection.set_close_callback(None)  # It is not the client that leaves.
        connection.close()
        self._log()
        self._finished = True
        self.on_finish()
        self._break_cycles()

    def _close_unless_ended(self):
        # type: () -> None
        """Close the connection of a request that nothing will answer any more.

        An error while an error was answered; Tornado has logged it.
        """
        if not self._finished:
            self.response_cut_off = self._headers_written
            self.request.connection.close()
            self.application.request_ended(self.request, self)


def _exception_in(kwargs):
    # type: (Dict[str, Any]) -> Optional[BaseException]
    """Return the exception among the keywords that Tornado passes to ``send_error``."""
    return kwargs.get("exc_info", (None, None, None))[1]


def _methods_of(handler_class):
    # type: (type) -> List[str]
    """Return the HTTP methods that a handler class implements, in Tornado's order."""
    return [
        method
        for method in handler_class.SUPPORTED_METHODS
        if getattr(handler_class, method.lower())
        != getattr(tornado.web.RequestHandler, method.lower())
    ]
