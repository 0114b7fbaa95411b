"""ServerSpans: a span of each request of a service."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, in_this_context
from waterspout.instrumentation.otel import span_attributes
from waterspout.instrumentation.otel.tracing_observer import TracingObserver

if TYPE_CHECKING:
    from typing import Any, Callable, Dict  # noqa: F401

    from waterspout.instrumentation import details  # noqa: F401

#: The value in a request's context by which its calls find its `SpanState`.
REQUEST_KEY = "waterspout.request"

#: The ``error.type`` of a request whose client has not waited for the response.
CLIENT_LEFT = "client_left"

#: The ``error.type`` of a request whose response is not whole.
CUT_OFF = "cut_off"


class ServerSpans(TracingObserver):
    """Starts a span with a request and ends it with the response."""

    def request_received(self, detail):
        # type: (details.RequestReceived) -> None
        request, http_request = detail.request, detail.http_request
        headers, scheme = http_request.headers, http_request.protocol
        # Not in the current context: whatever has started the server does not cause the request.
        context = self._propagator().extract(headers, self._api.context.Context())
        name, attributes = span_attributes.method_attributes(request.method, self._known_methods)
        attributes[span_attributes.URL_PATH] = http_request.path
        attributes[span_attributes.URL_SCHEME] = scheme
        attributes.update(span_attributes.host_attributes(headers.get("Host"), scheme))
        user_agent = headers.get("User-Agent")
        if user_agent:
            attributes[span_attributes.USER_AGENT] = user_agent
        if request.client:
            attributes[span_attributes.CLIENT_ADDRESS] = request.client
        if request.request_id:
            attributes[span_attributes.REQUEST_ID] = request.request_id
        if http_request.version.startswith("HTTP/"):
            attributes[span_attributes.PROTOCOL_VERSION] = http_request.version[5:]
        state = self._start(
            name, self._server_kind, context, attributes, request.started)
        state.context = self._api.context.set_value(
            REQUEST_KEY, request.id, self._api.trace.set_span_in_context(state.span, context))
        self._requests[request.id] = state

    def run_request(self, request, run):
        # type: (details.ObservedRequest, Callable[[], None]) -> None
        state = self._requests.get(request.id)
        if state is None:
            run()
        else:
            # In a copy of the context, which has no end: nothing needs to be detached from it, and
            # whatever the handler waits for goes on in it.
            in_this_context(self._run_attached)(state.context, run)

    def _run_attached(self, context, run):
        # type: (Any, Callable[[], None]) -> None
        self._api.context.attach(context)
        run()

    def response_sent(self, detail):
        # type: (details.ResponseSent) -> None
        state = self._requests.pop(detail.request.id, None)
        if state is None:
            return
        span = state.span
        try:
            if span.is_recording():
                self._describe_response(span, detail)
        finally:
            span.end(state.nanoseconds(detail.time))

    def _describe_response(self, span, detail):
        # type: (Any, details.ResponseSent) -> None
        attributes = {}  # type: Dict[str, Any]
        if detail.route is not None:
            method, _ = span_attributes.method_attributes(
                detail.request.method, self._known_methods)
            span.update_name("%s %s" % (method, detail.route))
            attributes[span_attributes.ROUTE] = detail.route
        if detail.client_left:
            attributes[span_attributes.ERROR] = CLIENT_LEFT
        else:
            attributes[span_attributes.STATUS_CODE] = detail.status_code
            if detail.cut_off:
                attributes[span_attributes.ERROR] = CUT_OFF
            elif detail.status_code >= 500:
                attributes[span_attributes.ERROR] = str(detail.status_code)
            if detail.response_bytes is not None:
                attributes[span_attributes.RESPONSE_BYTES] = detail.response_bytes
        span.set_attributes(attributes)
        if span_attributes.ERROR in attributes:
            span.set_status(self._error)
