"""Answering challenges: what authenticates a request may have something to say to a response."""

from __future__ import absolute_import, division, print_function

from waterspout.content import StreamedContent
from waterspout.exceptions import RequestException


def signed_answer(request, response):
    # type: (PreparedRequest, Response) -> Optional[PreparedRequest]
    """What to send after ``response``; None where it may be the result.

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
            if isinstance(answer.body, StreamedContent):
                answer.body.rewind()
    except Exception as error:
        response.close()
        if isinstance(error, RequestException):
            error.request, error.response, error.phase = request, response, "read"
        raise
    return answer
