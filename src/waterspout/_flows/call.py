"""The rest of a call, from its first response on, as in requests' ``Session.send``."""

from __future__ import absolute_import, division, print_function

from functools import partial

from waterspout._compat import is_awaitable
from waterspout._flows.challenge_answer import answer_challenge
from waterspout._flows.commands import Done, Send, Wait
from waterspout._flows.hook_calls import response_hooks
from waterspout._flows.redirects import check_redirect_limit, next_request
from waterspout.cookies.cookie_headers import learn


def needs_flow(request, response, cookies):
    # type: (PreparedRequest, Response, Optional[CookieJar]) -> bool
    """Whether ``response`` is not simply the result, as nearly every one is."""
    return (request.has_hooks or request.responder is not None
            or response.status_code >= 300 and response.is_redirect
            or cookies is not None and response.sets_cookies)


def call_flow(request, options, response, cookies, credentials):
    # type: (PreparedRequest, CallOptions, Response, Optional[CookieJar], Callable) -> Generator
    """A challenge is answered, hooks see what comes of it; redirects are followed to their end.

    The jar learns from every response. A hook returns what takes the response's place, or None,
    or either later. However it ends but well, the response that came last is closed.

    Args:
        cookies: the session's jar, which learns from every response and is asked for every
            redirect; None if the session keeps no cookies.
        credentials (callable): ``credentials(url)`` gives what authenticates there unasked (a
            netrc entry), or None.
    Raises: TooManyRedirects, with the last response; InvalidURL kin for a bad Location; what a
        hook raises.
    """
    history = []  # type: List[Response]
    answered = False
    while True:
        try:
            if cookies is not None and response.sets_cookies:
                learn(cookies, response)
            following = None if answered else answer_challenge(request, response, cookies)
            answered = following is not None
            if following is None:
                for hook in response_hooks(request, options):
                    made = hook(response)
                    if is_awaitable(made):
                        made = yield Wait(made, request)
                    if made is not None:
                        response = made
                following, options = _redirected(
                    request, options, response, history, cookies, credentials)
        except BaseException:  # Of a call that was cancelled, it is a GeneratorExit.
            response.close()
            raise
        if following is None:
            break
        request = following
        response.close()
        history.append(response)
        response = yield Send(request, options)
        response.history = history[:]
    yield Done(response)


def _redirected(request, options, response, history, cookies, credentials):
    """What to send after ``response``, and how; None where it is the result."""
    if not response.is_redirect:
        return None, options
    following = partial(next_request, request, options, response, cookies, credentials)
    if not options.allow_redirects:
        response.find_next(lambda: following()[0])
        return None, options
    check_redirect_limit(request, options, response, history)
    return following()
