"""Makes an `Answer` from the keywords of `Expectation.respond` and `Expectation.fail`."""

from __future__ import absolute_import, division, print_function

import inspect
import re

from waterspout import exceptions
from waterspout._compat import TYPE_CHECKING, string_types, to_text
from waterspout._encoding.header_checks import checked_field
from waterspout._wire.response_head import ends_with_head
from waterspout.models.response import Response
from waterspout.testing._exchanges.answer import FAILING_PHASES, Answer
from waterspout.testing._response_content import checked_bytes, content_and_fields, has_field

if TYPE_CHECKING:
    from typing import Any, Iterable, List, Optional, Tuple, Type  # noqa: F401

#: For each class that a call may fail with: the phase in which it does, and the class that the
#: exchange is failed with, which within the body becomes the first.
_FAILURES = {
    exceptions.PoolTimeout: ("pool", exceptions.PoolTimeout),
    exceptions.QueueFull: ("pool", exceptions.QueueFull),
    exceptions.ConnectError: ("connect", exceptions.ConnectError),
    exceptions.ConnectTimeout: ("connect", exceptions.ConnectTimeout),
    exceptions.SSLError: ("connect", exceptions.SSLError),
    exceptions.ProxyError: ("connect", exceptions.ProxyError),
    exceptions.WriteError: ("send", exceptions.WriteError),
    exceptions.WriteTimeout: ("send", exceptions.WriteTimeout),
    exceptions.ConnectionError: ("read", exceptions.ReadError),
    exceptions.ReadError: ("read", exceptions.ReadError),
    exceptions.ReadTimeout: ("read", exceptions.ReadTimeout),
    exceptions.Timeout: ("read", exceptions.ReadTimeout),
    exceptions.DeadlineExceeded: ("read", exceptions.DeadlineExceeded),
    exceptions.RemoteProtocolError: ("read", exceptions.RemoteProtocolError),
    exceptions.ProtocolError: ("read", exceptions.RemoteProtocolError),
    exceptions.ResponseTooLarge: ("read", exceptions.ResponseTooLarge),
    exceptions.IncompleteBody: ("body", exceptions.ReadError),
    exceptions.ChunkedEncodingError: ("body", exceptions.ReadError),
    exceptions.BodyTimeout: ("body", exceptions.ReadTimeout),
    exceptions.MalformedBody: ("body", exceptions.RemoteProtocolError),
    exceptions.ContentDecodingError: ("body", exceptions.ContentDecodingError),
}

#: What a failure is that is given by its phase.
_USUAL = {
    "pool": exceptions.PoolTimeout,
    "connect": exceptions.ConnectError,
    "send": exceptions.WriteError,
    "read": exceptions.ReadError,
    "body": exceptions.ReadError,
}


def response_answer(status_code, json, text, content, headers, reason, pieces, delay,
                    connect_delay):
    # type: (int, Any, Any, Optional[bytes], Any, Optional[str], Optional[Iterable[Any]], float, float) -> Answer
    """The answer of `Expectation.respond`. Raises: TypeError, ValueError."""
    _check_status(status_code)
    for name, seconds in (("delay", delay), ("connect_delay", connect_delay)):
        _check_seconds(name, seconds)
    if pieces is not None and not (json is text is content is None):
        raise TypeError("a response has one body: pieces=, or json=, text= or content=")
    body, fields = content_and_fields(json, text, content, headers)
    for name, value in fields:
        checked_field(name, value)
    _check_reason(reason)
    timed = [(0.0, body)] if body else []
    if pieces is not None:
        timed = [_timed_piece(each) for each in pieces]
    if ends_with_head(status_code):
        if timed:
            raise ValueError("a response with status %d has no body" % status_code)
    elif not (has_field(fields, "content-length") or has_field(fields, "transfer-encoding")):
        if pieces is None:
            fields.append(("Content-Length", "%d" % len(body)))
        else:
            fields.append(("Transfer-Encoding", "chunked"))
    return Answer(status_code, reason, fields, timed, connect_delay, delay)


def failing_answer(failure, message, delay):
    # type: (Any, Optional[str], float) -> Answer
    """The answer of `Expectation.fail`. Raises: TypeError, ValueError."""
    _check_seconds("delay", delay)
    phase, error_class, message = _failure(failure, message)
    fields = [("Transfer-Encoding", "chunked")] if phase == "body" else []
    return Answer(
        headers=fields,
        connect_delay=delay if phase in ("pool", "connect") else 0.0,
        head_delay=0.0 if phase in ("pool", "connect") else delay,
        failure=(phase, error_class, message or "the mock made it fail"),
    )


def answer_of(result):
    # type: (Any) -> Answer
    """The answer for what a function given to `Expectation.call` returned. Raises: TypeError."""
    if isinstance(result, Answer):
        return result
    if not isinstance(result, Response):
        raise TypeError("the function given to call() must return a Response, as make_response() "
                        "makes one, not %s" % type(result).__name__)
    return response_answer(result.status_code, None, None, result.content, result.headers,
                           result.reason, None, 0.0, 0.0)


def without_body(answer):
    # type: (Answer) -> Answer
    """``answer`` to HEAD: the same header fields and no body."""
    return Answer(answer.status_code, answer.reason, answer.headers, (), answer.connect_delay,
                  answer.head_delay, answer.failure, answer.never)


def first_bytes(answer, count):
    # type: (Answer, int) -> List[Tuple[float, bytes]]
    """The pieces of ``answer`` that hold the first ``count`` bytes of its body."""
    left, pieces = count, []
    for seconds, data in answer.pieces:
        if left > 0:
            pieces.append((seconds, data[:left]))
            left -= len(data)
    return pieces


def _failure(failure, message):
    # type: (Any, Optional[str]) -> Tuple[str, Type[exceptions.RequestException], Optional[str]]
    if isinstance(failure, exceptions.RequestException):
        failure, message = type(failure), message or str(failure)
    if isinstance(failure, string_types):
        if failure not in FAILING_PHASES:
            raise ValueError("%r: a call fails in one of the phases %s"
                             % (failure, ", ".join(FAILING_PHASES)))
        return failure, _USUAL[failure], message
    if not inspect.isclass(failure):
        raise TypeError("fail() takes a class of waterspout's errors or a phase, not %s"
                        % type(failure).__name__)
    if failure not in _FAILURES:
        raise ValueError("%s is no failure of one exchange; these are: %s" % (
            failure.__name__, ", ".join(sorted(each.__name__ for each in _FAILURES))))
    phase, error_class = _FAILURES[failure]
    return phase, error_class, message


def _timed_piece(piece):
    seconds = 0.0
    if isinstance(piece, tuple):
        seconds, piece = piece
        _check_seconds("the delay of a piece", seconds)
    return seconds, checked_bytes(piece, "a piece of a body")


def _check_status(status_code):
    if isinstance(status_code, bool) or not isinstance(status_code, int):
        raise TypeError("a status is an int, not %s" % type(status_code).__name__)
    if not 200 <= status_code <= 999:
        raise ValueError("%d is not the status of a final response" % status_code)


def _check_reason(reason):
    # RFC 9112 section 4, without what only a hostile server would send.
    if reason is not None and re.match(u"[\t\x20-\x7e\xa0-\xff]*\\Z", to_text(reason)) is None:
        raise ValueError("reason=%r has characters that cannot be sent" % (reason,))


def _check_seconds(name, seconds):
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError("%s is in seconds, not %s" % (name, type(seconds).__name__))
    if not 0 <= seconds < float("inf"):
        raise ValueError("%s=%r: give seconds from 0 on" % (name, seconds))
