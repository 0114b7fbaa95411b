"""Which routes of an application lead to handlers that read their body as a stream."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401


def has_stream(rules):
    # type: (Any) -> bool
    """Whether one of these rules of Tornado's, or of those in them, leads to such a handler."""
    return any(
        _streams(rule.target) or has_stream(getattr(rule.target, "rules", ())) for rule in rules)


def streaming_class(rules, request):
    # type: (Any, HTTPServerRequest) -> Optional[Any]
    """Return the class of such a handler if the first rule that fits leads to it; else None."""
    target = _target(rules, request)
    return target if _streams(target) else None


def _streams(target):
    # type: (Any) -> bool
    return bool(getattr(target, "streams_body", False))


def _target(rules, request):
    # type: (Any, HTTPServerRequest) -> Any
    for rule in rules:
        if rule.matcher.match(request) is not None:
            target = rule.target
            if hasattr(target, "rules"):  # Of a host, or of all hosts.
                target = _target(target.rules, request)
            if target is not None:
                return target
    return None
