"""Facts about a response that observers and the access log are told: its route and its size."""

from __future__ import absolute_import, division, print_function

import re

from tornado.routing import PathMatches

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

_is_number = re.compile("[0-9]{1,18}\\Z").match


#: The attribute of a request that keeps the label of its route, if the application knows it.
_ATTRIBUTE = "_waterspout_route"


def keep_route(request, label):
    # type: (HTTPServerRequest, str) -> None
    """Remember that ``request`` is for the route with this `label_of`."""
    vars(request)[_ATTRIBUTE] = label


def route_of(application, request):
    # type: (Any, HTTPServerRequest) -> Optional[str]
    """The pattern or the name of the route for ``request``; None if there is none."""
    label = vars(request).get(_ATTRIBUTE)  # type: Optional[str]
    return _route_in(application.default_router.rules, request) if label is None else label


def label_of(rule):
    # type: (Any) -> str
    """What observers and logs call a rule with a path."""
    return rule.name or rule.matcher.regex.pattern.rstrip("$")


def body_bytes(handler):
    # type: (Any) -> Optional[int]
    """The length of the body that ``handler`` has sent; None if it was not stated."""
    if handler.request.method == "HEAD":
        return 0
    headers = handler._headers
    length = getattr(headers, "content_length", None)
    if length is None:
        length = headers.get("Content-Length")
        if length is None or not _is_number(length):
            return 0 if handler.get_status() in (204, 304) else None
    return int(length)


def _route_in(rules, request):
    for rule in rules:
        matcher = rule.matcher
        if isinstance(matcher, PathMatches):
            if matcher.regex.match(request.path):
                return label_of(rule)
        elif hasattr(rule.target, "rules") and matcher.match(request) is not None:
            route = _route_in(rule.target.rules, request)  # Of a host, or of all hosts.
            if route is not None:
                return route
    return None
