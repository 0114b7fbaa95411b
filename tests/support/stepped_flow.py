"""Calls whose flow a test steps by hand: no IOLoop, no clock, no socket."""

from __future__ import absolute_import, division, print_function

from waterspout._flows.call_flow import call_flow, needs_flow
from waterspout._flows.commands import Done, Send, Wait
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.models.response import Response
from waterspout.structures import Headers
from waterspout.timeouts import ClientTimeout


class SteppedCall(object):
    """One call, with the test in the place of both the driver and the server.

    ::

        call = SteppedCall("POST", "http://a.example/", data=b"body")
        following = call.answer(303, Location="/other")
        call.answer(200)
        assert call.result.status_code == 200

    Args:
        method, url, ``**arguments``: of a `PreparedRequest`.
        how (dict): fields of `CallOptions` that differ from the defaults; ``route``, a callable
            that takes the URL of a redirect; ``cookies``, the session's jar; ``credentials``, a
            callable that takes a URL.

    Attributes:
        sent (list of PreparedRequest): every request so far, the one that waits included.
        options (CallOptions): how the last of them is sent.
        answers (list of Response): every response that was given.
        waits_for (object or None): the awaitable that the flow waits for.
        result (Response or None): set when the flow is done.
    """

    def __init__(self, method, url, how=(), **arguments):
        how = dict(how)
        route = how.pop("route", None)
        self.sent = [PreparedRequest(method, url, **arguments)]
        self.answers = []
        self.waits_for = None
        self.result = None
        self._cookies = how.pop("cookies", None)
        self._credentials = how.pop("credentials", lambda url: None)
        timeout = ClientTimeout.of(how.pop("timeout", None))
        routing = _Routing(route) if callable(route) else None
        self.options = CallOptions(
            timeout, routing=routing, route=None if routing else route, **how)
        self._flow = None

    @property
    def request(self):
        """The request that waits for its response."""
        return self.sent[-1]

    def answer(self, status, headers=(), **fields):
        """Respond to the request; return the one that follows, None where there is none.

        Args:
            headers (pairs), fields: the response's header fields; ``_`` in a keyword is ``-``.
        Raises: what the flow raises.
        """
        headers = list(headers)
        headers += [(name.replace("_", "-"), value) for name, value in fields.items()]
        response = response_to(self.request, status, headers)
        self.answers.append(response)
        if self._flow is not None:
            return self._advance(self._flow.send, response)
        if not needs_flow(self.request, response, self._cookies):
            self.result = response
            return None
        self._flow = call_flow(
            self.request, self.options, response, self._cookies, self._credentials)
        return self._advance(self._flow.send, None)

    def resume(self, value=None):
        """Give the flow what it waited for."""
        self.waits_for = None
        return self._advance(self._flow.send, value)

    def fail(self, error):
        """Raise ``error`` into the flow: its exchange, or what it waited for, has failed."""
        return self._advance(self._flow.throw, error)

    def cancel(self):
        """Close the flow, as a cancelled call does."""
        self._flow.close()

    @property
    def open_answers(self):
        """The statuses of the responses whose connection is still held."""
        return [each.status_code for each in self.answers if not each._stream.closed]

    def _advance(self, resume, value):
        command = resume(value)
        if isinstance(command, Send):
            self.sent.append(command.request)
            self.options = command.options
            return command.request
        if isinstance(command, Wait):
            assert command.request is self.request
            self.waits_for = command.awaitable
        else:
            assert isinstance(command, Done)
            self.result = command.response
            self._flow.close()
        return None


class _Routing(object):
    def __init__(self, route):
        self.route = route


def response_to(request, status, headers=()):
    """A streamed Response, whose stream knows whether it was closed."""
    return Response(request, status, "Reason", Headers(headers), None, stream=_Stream())


class _Stream(object):
    closed = False

    def close(self):
        self.closed = True
