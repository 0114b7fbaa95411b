"""The path of a call: a template and its arguments."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING, quote, string_types, to_bytes, to_native
from waterspout.exceptions import InvalidURL

if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple  # noqa: F401

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

_FULL_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

#: Whether a segment needs no escape and is none of "", "." and ".." (RFC 3986 section 2.3).
_IS_UNRESERVED = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*\Z").match

#: Whether a URI is a short path, with or without placeholders.
_IS_PATH = re.compile(r"[A-Za-z0-9/_.{}-]{1,256}\Z").match

#: What `_split` returned, by URI.
_templates = {}  # type: Dict[str, Tuple[List[str], List[str], int]]
_TEMPLATE_ENTRIES = 512

#: What `_operation` returned, by URI.
_operations = {}  # type: Dict[str, str]


def expand(uri, path):
    # type: (str, Any) -> str
    """Replace each ``{name}`` in ``uri`` by the escaped value in ``path``.

    Raises: InvalidURL: a value is empty, ``.`` or ``..``, which would change the path; a name has
        no value, or a value no name; ``uri`` is a whole URL.
    """
    values = path if type(path) is dict else dict(path or {})
    expanded = to_native(_fill(uri, values) if values or "{" in uri else uri)
    if expanded.startswith("/"):
        return expanded
    if _FULL_URL.match(expanded):
        raise InvalidURL(
            '%s is a whole URL: uri is relative to the host of the SDK, as in "/path". For another '
            "host use another SDK, or waterspout.Session"
            % re.sub("//[^/]*@", "//", shown(expanded)))
    return "/" + expanded


def _fill(uri, values):
    parts, names, count = _templates.get(uri) or _split(uri)
    parts = parts[:]
    for index, name in enumerate(names):
        if name not in values:
            raise InvalidURL("%s: no path argument for {%s}" % (shown(uri), name))
        parts[2 * index + 1] = _segment(uri, name, values[name])
    if len(values) > count:
        unused = set(values).difference(names)
        raise InvalidURL("%s has no {%s}" % (shown(uri), "}, {".join(sorted(unused))))
    return "".join(parts)


def operation_of(uri):
    # type: (str) -> str
    """The name of a call for observers: its path template."""
    found = _operations.get(uri)
    if found is not None:
        return found
    template = shown(uri)
    if not template.startswith("/"):
        template = "/" + template
    return keep(_operations, uri, template, _TEMPLATE_ENTRIES) if _IS_PATH(uri) else template


def named_by_paths(operations):
    # type: (Any) -> Dict[str, Any]
    """``operations`` with the names that `operation_of` gives; a name without a slash stays."""
    named = {}
    for name, keywords in dict(operations).items():
        named["/" + name if "/" in name and not name.startswith("/") else name] = keywords
    return named


def _split(uri):
    # type: (str) -> Tuple[List[str], List[str], int]
    """The parts of ``uri``, of which every second one is a name; these names; how many differ."""
    parts = _PLACEHOLDER.split(uri)
    names = parts[1::2]
    split = parts, names, len(set(names))
    # Neither a query nor credentials, which may be secrets; nor a long text.
    return keep(_templates, uri, split, _TEMPLATE_ENTRIES) if _IS_PATH(uri) else split


def _segment(uri, name, value):
    if value is None or isinstance(value, bool):
        raise InvalidURL("%s: the path argument %s is %r" % (shown(uri), name, value))
    if not isinstance(value, string_types):
        value = str(value)
    if type(value) is str and _IS_UNRESERVED(value):
        return value
    if to_bytes(value) in (b"", b".", b".."):
        raise InvalidURL(
            "%s: the path argument %s=%r is not a path segment" % (shown(uri), name, value))
    return quote(to_bytes(value), safe="")


def shown(uri):
    # Without query and fragment, which may hold secrets.
    return re.split("[?#]", to_native(uri))[0]


