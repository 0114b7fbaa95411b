"""The rest of a call, from its first response on, as in requests' ``Session.send``."""

from __future__ import absolute_import, division, print_function

from functools import partial

from waterspout._compat import is_awaitable
from waterspout._flows.commands import Done, Send, Wait
from waterspout._flows.hooks import response_hooks
from waterspout._flows.redirects import check_count, next_request
from waterspout.cookie_exchange import learn


def needs_flow(request, response, cookies):
    # type: (PreparedRequest, Response, Optional[CookieJar]) -> bool
    """Whether ``response`` is not simply the result, as nearly every one is."""
    return (request.has_hooks or response.is_redirect
            or cookies is not None and response.sets_cookies)


def call_flow(request, response, policy):
    # type: (PreparedRequest, Response, Policy) -> Generator
    """Hooks see every response, the jar learns from it; redirects are followed to their end.

    A hook returns what takes the response's place, or None, or either later. However it ends
    but well, the response that came last is closed.
    Raises: TooManyRedirects, with the last response; InvalidURL kin for a bad Location; what a
        hook raises.
    """
    history = []  # type: List[Response]
    while True:
        try:
            for hook in response_hooks(request):
                made = hook(response)
                if is_awaitable(made):
                    made = yield Wait(made)
                if made is not None:
                    response = made
            request = _next(request, response, history, policy)
        except BaseException:  # Of a call that was cancelled, it is a GeneratorExit.
            response.close()
            raise
        if request is None:
            break
        response.close()
        history.append(response)
        response = yield Send(request)
        response.history = history[:]
    yield Done(response)


def _next(request, response, history, policy):
    """What to send after ``response``, or None where it is the result."""
    if policy.cookies is not None and response.sets_cookies:
        learn(policy.cookies, response)
    if not response.is_redirect:
        return None
    following = partial(next_request, request, response, policy)
    if not policy.allow_redirects:
        response.find_next(following)
        return None
    check_count(request, response, history, policy)
    return following()
