"""``name=value&...``: queries and forms, decoded, or changed pair by pair."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, quote_plus, to_bytes, to_native, unquote_to_bytes

if TYPE_CHECKING:
    from typing import Any, Callable, List, Text, Tuple  # noqa: F401


def decoded_pairs(encoded):
    # type: (str) -> List[Tuple[Text, Text]]
    """The pairs of a query or form; one without ``=`` has an empty value."""
    return [tuple(decoded(part) for part in pair.partition("=")[::2])  # type: ignore[misc]
            for pair in encoded.split("&") if pair]


def decoded(part):
    # type: (str) -> Text
    return unquote_to_bytes(part.replace("+", " ")).decode("utf-8", "replace")


def encoded(value):
    # type: (Any) -> str
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
