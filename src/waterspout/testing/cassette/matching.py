"""How a request is compared with the recorded ones: ``match_on``."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING, string_types
from waterspout.testing._form_pairs import pairs_in
from waterspout.testing.cassette.json_text import parsed_json, unordered
from waterspout.testing.cassette.wildcards import same

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, List, Tuple  # noqa: F401

    from waterspout.testing.cassette.messages import RecordedRequest  # noqa: F401

#: vcrpy's default.
MATCH_ON = ("method", "scheme", "host", "port", "path", "query")

_BOUNDARY = re.compile(r"boundary=\"?([^\";,\s]+)", re.IGNORECASE)


def body_value(request):
    # type: (RecordedRequest) -> Any
    """What the body says: the same for two JSON texts or forms that differ in writing only.

    A multipart body has the same value with any boundary, which is random.
    """
    content_type = request.content_type
    if "json" in content_type:
        value = parsed_json(request.body)
        if value is not None:
            return unordered(value)
    if "x-www-form-urlencoded" in content_type:
        return sorted(pairs_in(request.body))
    boundary = _BOUNDARY.search(request.headers.get("Content-Type", ""))
    if content_type.startswith("multipart/") and boundary is not None:
        return request.body.replace(boundary.group(1).encode("latin-1"), b"boundary")
    return request.body


def _lower_headers(request):
    return dict((name.lower(), request.headers.get_list(name)) for name in request.headers)


#: What each name of ``match_on`` compares.
PARTS = {
    "method": lambda request: request.method,
    "scheme": lambda request: request.scheme,
    "host": lambda request: request.host,
    "port": lambda request: request.port,
    "path": lambda request: request.path,
    "query": lambda request: request.query,
    "uri": lambda request: request.url,
    "url": lambda request: request.url,
    "headers": _lower_headers,
    "body": body_value,
    "raw_body": lambda request: request.body,
}


class Matchers(object):
    """The matchers of one cassette.

    Args:
        match_on (iterable): names of `PARTS`, and callables ``(sent, recorded)`` that return
            whether the requests match; one that returns None matches, as in vcrpy, and one that
            raises AssertionError does not.
    Raises: ValueError: an unknown name; TypeError: neither a name nor a callable.
    """

    def __init__(self, match_on):
        # type: (Iterable[Any]) -> None
        if isinstance(match_on, string_types):
            raise TypeError("match_on=%r: give a list of names" % (match_on,))
        match_on = list(match_on)
        self._matchers = [_matcher(each) for each in match_on]
        self._parts = [PARTS[each] for each in match_on if isinstance(each, string_types)]

    def different(self, sent, recorded):
        # type: (RecordedRequest, RecordedRequest) -> List[Tuple[str, str]]
        """The name of each matcher that finds a difference, with what a callable says about it."""
        found = []
        for name, differ in self._matchers:
            complaint = differ(sent, recorded)
            if complaint is not None:
                found.append((name, complaint))
        return found

    def match(self, sent, recorded):
        # type: (RecordedRequest, RecordedRequest) -> bool
        """Whether they match; a mask in ``recorded`` matches anything."""
        # The first difference is enough; bodies are compared last in nearly all lists.
        return all(differ(sent, recorded) is None for _, differ in self._matchers)

    def equal(self, sent, recorded):
        # type: (RecordedRequest, RecordedRequest) -> bool
        """Whether those that `match` are equal, with no mask in the place of something else."""
        return all(part(sent) == part(recorded) for part in self._parts)


def _matcher(each):
    # type: (Any) -> Tuple[str, Callable]
    if callable(each):
        return getattr(each, "__name__", repr(each)), lambda sent, recorded: _ask(
            each, sent, recorded)
    if not isinstance(each, string_types):
        raise TypeError("match_on: %r is neither a name nor a callable" % (each,))
    part = PARTS.get(each)
    if part is None:
        raise ValueError("match_on: %r: choose among %s, or give a callable"
                         % (each, ", ".join(sorted(PARTS))))
    return each, lambda sent, recorded: None if same(part(sent), part(recorded)) else ""


def _ask(matcher, sent, recorded):
    try:
        answer = matcher(sent, recorded)
    except AssertionError as error:
        return str(error)
    return None if answer is None or answer else ""
