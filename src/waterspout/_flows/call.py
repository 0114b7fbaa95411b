"""The rest of a call, from its first response on, as in requests' ``Session.send``."""

from __future__ import absolute_import, division, print_function

from waterspout._flows.challenges import signed_answer
from waterspout._flows.commands import Done, Send
from waterspout._flows.hooks import run_hooks
from waterspout._flows.redirects import next_request


def needs_flow(request, response, allow_redirects):
    # type: (PreparedRequest, Response, bool) -> bool
    """Whether ``response`` is not simply the result, as nearly every one is."""
    return (request.has_hooks or request.responder is not None
            or allow_redirects and response.is_redirect)


def call_flow(request, response, policy):
    # type: (PreparedRequest, Response, Policy) -> Generator
    """Challenges are answered; hooks see what comes of it; redirects are followed to their end.

    Raises: TooManyRedirects, with the last response; InvalidURL kin for a bad Location; what a
        hook raises.
    """
    history = []  # type: List[Response]
    while True:
        answer = signed_answer(request, response)
        if answer is not None:
            history.append(response)
            response.close()
            request = answer
            response = yield Send(request)
            response.history = history[:]
        response = run_hooks(request.hooks, response)
        if not (policy.allow_redirects and response.is_redirect):
            break
        request = next_request(request, response, history, policy)
        response.close()
        history.append(response)
        response = yield Send(request)
        response.history = history[:]
    yield Done(response)
