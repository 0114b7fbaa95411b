"""Permissions: which methods a client may use on which paths."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING, text_type, to_native

if TYPE_CHECKING:
    from typing import Any, FrozenSet, Iterable, List, Mapping, Optional, Tuple  # noqa: F401

    #: The methods, None for all of them, and the path without a final slash.
    Rule = Tuple[Optional[FrozenSet[str]], str]

EVERYTHING = "*"

# The path is no pattern, and has no query: with "*", "?" or "#" it would never be the one of a
# request.
_RULE = re.compile(r"(\*|[A-Z]+(?:,[A-Z]+)*) (/[\x21\x22\x24-\x29\x2b-\x3e\x40-\x7e]*)\Z")

# A path that another program might read as a path further up.
_DOTS = re.compile(r"(?:/|%2f)(?:\.|%2e)", re.IGNORECASE)

# A key or a part of one, also if it has mistakes.
_SECRET = re.compile(r"wsk_\w*|[0-9a-f]{32,}", re.IGNORECASE)


class Permissions(object):
    """What one client may do.

    Args:
        allow (list of text): permissions: a name in ``names``; methods and a path, such as
            ``"GET,POST /cmdb/search"`` or ``"* /cmdb"``; or ``"*"`` for everything. A path permits
            itself and all paths below it, but none with a segment that begins with a dot: only
            ``"*"`` does that.
        names (mapping of name to list of text): what the names of permissions mean.
    Raises: ValueError: one is none of these. The text names it and says which names there are.
    """

    __slots__ = ("_rules", "_everything")

    def __init__(self, allow, names=None):
        # type: (Iterable[Any], Optional[Mapping[str, List[str]]]) -> None
        self._everything = False
        self._rules = []  # type: List[Rule]
        for text in allow:
            if text == EVERYTHING:
                self._everything = True
            elif names and isinstance(text, (str, text_type)) and text in names:
                self._rules.extend(_parsed(rule, names) for rule in names[text])
            else:
                self._rules.append(_parsed(text, names))

    def allow(self, method, path):
        # type: (str, str) -> bool
        """Say whether a request is permitted.

        Args:
            path (native str): as it was sent, without the query. Escapes are not decoded, since
                routes do not do that either.
        """
        if self._everything:
            return True
        if ("." in path or "%" in path) and _DOTS.search(path):
            return False
        for methods, prefix in self._rules:
            if (methods is None or method in methods) and (
                    path == prefix or path.startswith(prefix + "/")):
                return True
        return False


def _parsed(text, names):
    # type: (Any, Optional[Mapping[str, List[str]]]) -> Rule
    match = _RULE.match(text) if isinstance(text, (str, text_type)) else None
    if match is None or _DOTS.search(match.group(2)):
        raise ValueError(
            "%s is not a permission: write %smethods and a path such as \"GET,POST /path\", which "
            "permits all below it, or \"*\" for everything" % (
                shown(text), "".join("\"%s\", " % name for name in sorted(names or ()))))
    methods, path = match.groups()
    path = to_native(path).rstrip("/")
    if methods == EVERYTHING:
        return None, path
    found = set(to_native(methods).split(","))
    if "GET" in found:
        found.add("HEAD")
    return frozenset(found), path


def shown(value):
    # type: (Any) -> str
    """A value of a file of keys, for an error. Somebody may have written a whole key there."""
    if isinstance(value, (str, text_type)):
        value = to_native(value)  # py2: without the u.
    return _SECRET.sub("wsk_***", repr(value))[:100]
