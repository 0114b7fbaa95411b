"""The references of a schema, which must not lead out of it."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, string_types, urljoin

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterator, Tuple  # noqa: F401

#: Keywords whose values are data: what looks like a schema in them is none.
_DATA = frozenset(["const", "enum", "default", "examples"])

#: Keywords whose values are schemas by names: a name that looks like a keyword is none.
_BY_NAME = frozenset([
    "properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "dependencies"])

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")

#: Where the drafts' own schemas are, which every validator knows.
_DRAFTS = ("http://json-schema.org/", "https://json-schema.org/")


class References(object):
    """
    Args:
        schema (dict or bool).
        id_of (callable): returns what a schema is called, ``""`` for one without a name.
    Attributes:
        named (dict): the schemas in it that have names, by their URIs; ``""`` or its own is the
            whole schema.
        are_there (bool): it has any, or names for them.
    Raises: ValueError: a reference leads out of the schema, or to a place that it does not have.
    """

    def __init__(self, schema, id_of):
        # type: (Any, Callable[[Any], Any]) -> None
        self.named = {"": schema}  # type: Dict[str, Any]
        found = []
        for base, each in _subschemas(schema, id_of):
            self.named.setdefault(base, each)
            found.extend(
                (base, each[name]) for name in _REFERENCES
                if isinstance(each.get(name), string_types))
        self.are_there = bool(found) or len(self.named) > 1
        for base, reference in found:
            self._check(base, reference)

    def __repr__(self):
        # type: () -> str
        return "<References to %d schemas>" % len(self.named)

    def _check(self, base, reference):
        # type: (str, str) -> None
        document, _, place = urljoin(base, reference).partition("#")
        if document.startswith(_DRAFTS):
            return
        if document not in self.named:
            raise ValueError(
                "the schema refers to %s, which is not in it: nothing is read from elsewhere"
                % reference)
        if place.startswith("/") and "%" not in place:  # Not a name, and not escaped once more.
            _find(self.named[document], reference, place)


def _subschemas(schema, id_of):
    # type: (Any, Callable[[Any], Any]) -> Iterator[Tuple[str, Dict[str, Any]]]
    """Yield ``schema`` and the schemas in it, each with the URI that its references begin at."""
    waiting = [("", schema)]
    while waiting:
        base, each = waiting.pop()
        if isinstance(each, list):
            waiting.extend((base, item) for item in each)
        elif isinstance(each, dict):
            name = id_of(each)
            if isinstance(name, string_types):
                base = urljoin(base, name).partition("#")[0]
            yield base, each
            for keyword, value in each.items():
                if keyword in _BY_NAME and isinstance(value, dict):
                    waiting.extend((base, item) for item in value.values())
                elif keyword not in _DATA:
                    waiting.append((base, value))


def _find(here, reference, place):
    # type: (Any, str, str) -> None
    for step in place.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(here, list) and step.isdigit() and int(step) < len(here):
            here = here[int(step)]
        elif isinstance(here, dict) and step in here:
            here = here[step]
        else:
            raise ValueError("the schema refers to %s, which it does not have" % reference)
