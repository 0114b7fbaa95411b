"""Attributes and objects of requests that are not supported here.

Each error says what to use instead.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, NoReturn  # noqa: F401


class Absent(object):
    """A descriptor for an attribute that requests' class has and ours does not have.

    Reading it raises an AttributeError, so that ``hasattr`` is False. Unlike ``__getattr__``, it
    does not make other attributes slower. A subclass or an instance may override it.

    Args:
        owner (native str): our class.
        name (native str): the attribute.
        instead (text): what to use instead.
        where (text): which class has it.
    """

    def __init__(self, owner, name, instead, where="requests has"):
        # type: (str, str, str, str) -> None
        self._message = "waterspout.%s has no '%s' as %s: %s" % (owner, name, where, instead)

    def __get__(self, instance, owner=None):
        # type: (Any, Any) -> NoReturn
        raise AttributeError(self._message)


class OfResponse(Absent):
    """A descriptor for an attribute of the response that a call resolves to."""

    def __init__(self, name):
        # type: (str) -> None
        self._message = (
            "'Call' object has no attribute '%s', but its response has: await the call, or yield "
            "it in a @gen.coroutine, as in (await session.get(url)).%s" % (name, name))


_NO_ADAPTERS = (
    "there are no adapters. Session(transport=...) chooses how bytes travel, by a name or an "
    "object of your own with send(request, options) and close(); for other settings for some "
    "URLs use another Session")

_OWN_REDIRECTS = (
    "a session follows redirects itself. See allow_redirects=, max_redirects, Response.history "
    "and, to follow one at a time, Response.next")

_NO_CONNECTION = (
    "a hook cannot send and wait. To answer a challenge, set the request's responder, as "
    "waterspout.HTTPDigestAuth does; to send something else first, return a coroutine or Future "
    "from the hook")


class SessionWithoutAdapters(object):
    """The attributes of requests' Session that ours does not have."""

    __slots__ = ()

    if not TYPE_CHECKING:  # Checkers complain of what is not there.
        mount = Absent("Session", "mount", _NO_ADAPTERS)
        get_adapter = Absent("Session", "get_adapter", _NO_ADAPTERS)
        adapters = Absent("Session", "adapters", _NO_ADAPTERS)
        resolve_redirects = Absent("Session", "resolve_redirects", _OWN_REDIRECTS)
        get_redirect_target = Absent("Session", "get_redirect_target", _OWN_REDIRECTS)
        rebuild_auth = Absent("Session", "rebuild_auth", _OWN_REDIRECTS)
        rebuild_method = Absent("Session", "rebuild_method", _OWN_REDIRECTS)
        rebuild_proxies = Absent("Session", "rebuild_proxies", _OWN_REDIRECTS)
        should_strip_auth = Absent("Session", "should_strip_auth", _OWN_REDIRECTS)
        merge_environment_settings = Absent(
            "Session", "merge_environment_settings",
            "Session(trust_env=True) reads the environment for every call, send() included")


class ResponseWithoutRaw(object):
    """The attributes of requests' Response that ours does not have."""

    __slots__ = ()

    if not TYPE_CHECKING:  # Checkers complain of what is not there.
        raw = Absent(
            "Response", "raw",
            "there is no urllib3 response. The body is in content, or with stream=True in "
            "iter_content() and read(); repeated header fields are in headers.get_list(name); "
            "close() gives up the connection")
        connection = Absent("Response", "connection", _NO_CONNECTION)


class CallBeforeResponse(object):
    """The attributes of a `Response` that are used on its call where an ``await`` is missing."""

    __slots__ = ()

    if not TYPE_CHECKING:  # Checkers complain of what is not there.
        content = OfResponse("content")
        headers = OfResponse("headers")
        iter_content = OfResponse("iter_content")
        iter_lines = OfResponse("iter_lines")
        json = OfResponse("json")
        ok = OfResponse("ok")
        raise_for_status = OfResponse("raise_for_status")
        read = OfResponse("read")
        reason = OfResponse("reason")
        status_code = OfResponse("status_code")
        text = OfResponse("text")
        url = OfResponse("url")


class PreparedRequestWithoutJar(object):
    """The attribute of requests' PreparedRequest, used by its hooks, that ours does not have."""

    __slots__ = ()

    if not TYPE_CHECKING:  # Checkers complain of what is not there.
        _cookies = Absent("PreparedRequest", "_cookies", _NO_CONNECTION)


def not_prepared(request):
    # type: (Any) -> TypeError
    """The error of ``Session.send`` for an object that is not our PreparedRequest."""
    text = "send() takes a waterspout.PreparedRequest, not %s" % _kind(request)
    if all(hasattr(request, name) for name in ("method", "url", "headers", "body")):
        text += ("; call session.request(request.method, request.url, headers=request.headers, "
                 "data=request.body), or make it by session.prepare_request()")
    elif _is_request(request):
        text += "; call session.send(session.prepare_request(request))"
    return TypeError(text)


def check_preparable(request):
    # type: (Any) -> None
    """Check the argument of ``Session.prepare_request``; requests' own Request is accepted.

    Raises: TypeError.
    """
    if not _is_request(request):
        raise TypeError(
            "prepare_request() takes a waterspout.Request, not %s%s"
            % (_kind(request), "; send() takes it" if hasattr(request, "body") else ""))


def _is_request(request):
    return all(hasattr(request, name) for name in (
        "method", "url", "headers", "files", "data", "params", "auth", "cookies", "hooks", "json"))


def _kind(value):
    return "%s.%s" % (type(value).__module__, type(value).__name__)
