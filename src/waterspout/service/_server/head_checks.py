"""Checks of requests whose head has arrived, before anything of their body is read."""

from __future__ import absolute_import, division, print_function

import re

from tornado import gen

from waterspout._compat import TYPE_CHECKING, is_awaitable
from waterspout.service.exceptions import Refusal
from waterspout.service.futures import uncancelled

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Iterator, Optional, Union  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401
    from tornado.httputil import HTTPHeaders, HTTPServerRequest  # noqa: F401

    #: May return a Future or a coroutine of what it returns.
    HeadCheck = Callable[[HTTPServerRequest], Any]

#: More digits are more than any body has, and Python would not convert some thousands of them.
_is_length = re.compile("[0-9]{1,18}\\Z").match

#: Bytes: the body of a refused request is read and dropped up to this length, so that its
#: connection can be used again. A longer one would cost more than a new connection.
DROPPED_BODY_BYTES = 64 * 1024


def head_refusal(checks, request, has_ended=lambda: False):
    # type: (Iterable[HeadCheck], HTTPServerRequest, Callable[[], bool]) -> Union[None, Refusal, Future[Optional[Refusal]]]  # noqa: E501
    """Return the refusal of the first check that refuses ``request``; None if none does.

    A Future of these if a check returns a Future; later checks run when that is done.

    Args:
        has_ended (callable): whether the client has left, or was answered, meanwhile. Later checks
            do not run then: what they give to the request, such as a place, would not be given
            back, since a request ends once.
    Raises, or the Future fails with: what a check raises; CallCancelled: the Future of a check was
        cancelled; TypeError: a check has returned something else.
    """
    remaining = iter(checks)
    for check in remaining:
        verdict = check(request)
        if verdict is not None:
            if is_awaitable(verdict):
                return _later_refusal(verdict, check, remaining, request, has_ended)
            return _checked(verdict, check)
    return None


@gen.coroutine
def _later_refusal(awaitable, check, remaining, request, has_ended):
    # type: (Any, HeadCheck, Iterator[HeadCheck], HTTPServerRequest, Callable[[], bool]) -> Any
    verdict = yield uncancelled(gen.convert_yielded(awaitable))
    if verdict is not None:
        raise gen.Return(_checked(verdict, check))
    if has_ended():
        raise gen.Return(None)
    verdict = head_refusal(remaining, request, has_ended)
    if is_awaitable(verdict):
        verdict = yield verdict
    raise gen.Return(verdict)


def _checked(verdict, check):
    # type: (Any, HeadCheck) -> Refusal
    if not isinstance(verdict, Refusal):
        raise TypeError(
            "a head check must return None or a waterspout.service.Refusal, not %r: %r"
            % (verdict, check))
    return verdict


def is_read_to_its_end(headers):
    # type: (HTTPHeaders) -> bool
    """Return whether a refused request with these fields is read before it is answered.

    Otherwise it is answered at once, and its connection ends: the body is long, or has no known
    length, or its client waits for a sign to send it (RFC 9110 section 10.1.1).
    """
    if "Transfer-Encoding" in headers or "Expect" in headers:
        return False
    if "Content-Length" not in headers:
        return True
    length = announced_length(headers)
    return length is not None and length <= DROPPED_BODY_BYTES


def announced_length(headers):
    # type: (HTTPHeaders) -> Optional[int]
    """Return the number of the Content-Length field; None if there is none, or it is no length."""
    value = headers.get("Content-Length", "")
    return int(value) if _is_length(value) else None
