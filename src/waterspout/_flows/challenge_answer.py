"""Answers an authentication challenge (a 401 response) with a signed request."""

from __future__ import absolute_import, division, print_function

from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout.cookies.call_jars import jar_after_redirect
from waterspout.exceptions import RequestException


def answer_challenge(request, response, cookies):
    # type: (PreparedRequest, Response, Optional[CookieJar]) -> Optional[PreparedRequest]
    """The request to send after ``response``; None if there is nothing to answer.

    Args:
        cookies (CookieJar or None): the session's jar.

    Raises: UnrewindableBodyError; InvalidHeader: the answer cannot be sent. Each has ``request``
        and ``response``, which is then closed.
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
            # As in requests, an existing Cookie header is not changed.
            if response.sets_cookies and "Cookie" not in request.headers:
                answer.prepare_cookies(jar_after_redirect(request, response, cookies))
    except RequestException as error:
        error.request, error.response, error.phase = request, response, "read"
        raise
    return answer
