"""call_flow: what a call does after its first response, as in requests' ``Session.send``."""

from __future__ import absolute_import, division, print_function

from functools import partial

from waterspout._compat import is_awaitable
from waterspout._flows.challenge_answer import answer_challenge
from waterspout._flows.commands import Done, Send, Wait
from waterspout._flows.hook_calls import response_hooks
from waterspout._flows.redirects import check_redirect_limit, next_request
from waterspout.cookies.cookie_headers import store_cookies


def needs_flow(request, response, cookies):
    # type: (PreparedRequest, Response, Optional[CookieJar]) -> bool
    """Whether ``response`` needs a flow; nearly every response is the result itself."""
    return (request.has_hooks or request.responder is not None
            or response.status_code >= 300 and response.is_redirect
            or cookies is not None and response.sets_cookies)


def call_flow(request, options, response, cookies, credentials):
    # type: (PreparedRequest, CallOptions, Response, Optional[CookieJar], Callable) -> Generator
    """Answer a challenge, call the hooks, and follow redirects until there are no more.

    Each response's cookies are stored in the jar. A hook returns a replacement for the response, or
    None, or an awaitable of either. After an error the last response is closed.

    Args:
        cookies (CookieJar or None): the session's jar; None if the session keeps no cookies.
        credentials (callable): ``credentials(url)`` returns the credentials to send to a redirect's
            URL (a netrc entry), or None.
    Raises: TooManyRedirects, with the last response; InvalidURL or a subclass, MissingSchema,
        InvalidSchema: a bad Location; and the errors of hooks.
    """
    history = []  # type: List[Response]
    answered = False
    while True:
        try:
            if cookies is not None and response.sets_cookies:
                store_cookies(cookies, response)
            following = None if answered else answer_challenge(request, response, cookies)
            answered = following is not None
            if following is None:
                for hook in response_hooks(request, options):
                    made = options.run(hook, response)
                    if is_awaitable(made):
                        made = yield Wait(made, request)
                    if made is not None:
                        response = made
                following, options = _redirected(
                    request, options, response, history, cookies, credentials)
        except BaseException:  # GeneratorExit if the call was cancelled.
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
    """The request and options to send after ``response``; no request if it is the result."""
    if not response.is_redirect:
        return None, options
    following = partial(next_request, request, options, response, cookies, credentials)
    if not options.allow_redirects:
        response.find_next(lambda: following()[0])
        return None, options
    check_redirect_limit(request, options, response, history)
    return following()
