"""Answering challenges: what authenticates a request may have something to say to a response."""

from __future__ import absolute_import, division, print_function

from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout.cookies.cookie_headers import after_redirect
from waterspout.exceptions import RequestException


def answer_challenge(request, response, cookies):
    # type: (PreparedRequest, Response, Optional[CookieJar]) -> Optional[PreparedRequest]
    """What to send after ``response``; None where it may be the result.

    Args:
        cookies: the session's jar.

    Raises: UnrewindableBodyError; InvalidHeader for an answer that cannot be sent. Each has
        ``request`` and ``response``, which is closed then.
    """
    if request.responder is None:
        return None
    try:
        answer = request.responder.respond(request, response)
        if answer is not None:
            answer.settle()
            answer.mark_credentials(request.headers)
            if isinstance(answer.body, StreamedBody):
                answer.body.rewind()
            # As in requests, a Cookie that is there stays as it is, wherever it came from.
            if response.sets_cookies and "Cookie" not in request.headers:
                answer.prepare_cookies(after_redirect(request, response, cookies))
    except RequestException as error:
        error.request, error.response, error.phase = request, response, "read"
        raise
    return answer
