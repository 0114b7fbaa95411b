"""``name=value&...``: queries and forms, decoded, or changed pair by pair."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, quote_plus, to_bytes, to_native, unquote_to_bytes

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Text, Tuple  # noqa: F401


def pairs_in(encoded):
    # type: (Any) -> List[Tuple[Text, Text]]
    """The (name, value) pairs of ``application/x-www-form-urlencoded`` text or bytes, in order.

    One without ``=`` has an empty value.
    """
    pairs = []
    for pair in to_bytes(encoded).split(b"&"):
        if pair:
            name, _, value = pair.partition(b"=")
            pairs.append((_decoded(name), _decoded(value)))
    return pairs


def decoded(part):
    # type: (Any) -> Text
    """One encoded name or value."""
    return _decoded(to_bytes(part))


def encoded(value):
    # type: (Any) -> str
    """A value, encoded; ``~`` and ``*`` are kept as they are."""
    return quote_plus(to_bytes(value), "~*")


def changed_pairs(text, change):
    # type: (str, Callable[[Text, Text], Any]) -> str
    """``text`` (encoded pairs) with the values that ``change(name, value)`` returns.

    All but the changed values stays as it is written; None leaves a pair out.
    """
    kept = []
    for pair in text.split("&"):
        name, equals, value = pair.partition("=")
        old = decoded(value)
        new = change(decoded(name), old) if equals else old
        if new is None:
            continue
        kept.append(pair if new == old else "%s=%s" % (name, to_native(encoded(new))))
    return "&".join(kept)


def lists_of(pairs):
    # type: (List[Tuple[Text, Text]]) -> Dict[Text, List[Text]]
    """The values of each name: to compare pairs, as the order of the names has no meaning."""
    lists = {}  # type: Dict[Text, List[Text]]
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return lists


def mapping_of(pairs):
    # type: (List[Tuple[Text, Text]]) -> Dict[Text, Any]
    """``{name: value}``; a repeated name has the list of its values."""
    return dict((name, values[0] if len(values) == 1 else values)
                for name, values in lists_of(pairs).items())


def lines_of(pairs):
    # type: (List[Tuple[Text, Text]]) -> List[Text]
    """``name=value``, unescaped, one line for each; by name, and in order for each name."""
    return [u"%s=%s" % pair for pair in sorted(pairs, key=lambda pair: pair[0])]


def _decoded(part):
    return unquote_to_bytes(part.replace(b"+", b" ")).decode("utf-8", "replace")
