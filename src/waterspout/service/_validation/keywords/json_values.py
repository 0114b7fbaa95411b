"""When two JSON values are the same: 1 and 1.0 are, 1 and true are not."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Hashable  # noqa: F401

_ODD = (bool, list, dict)


def are_equal(one, other):
    # type: (Any, Any) -> bool
    """Return whether two values are the same. It takes no longer than the smaller one is large."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return len(one) == len(other) and all(
            name in other and are_equal(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(are_equal, one, other))
    return bool(one == other)


def hashable(value):
    # type: (Any) -> Hashable
    """Return something that is equal for the same values only."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, dict):
        return frozenset([
            (name, hashable(item) if isinstance(item, _ODD) else item)
            for name, item in value.items()])
    if isinstance(value, list):
        return tuple([hashable(item) if isinstance(item, _ODD) else item for item in value])
    return value
