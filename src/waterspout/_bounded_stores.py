"""Bounds for dicts that keep what is expensive to make."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401


def keep(kept, key, value, entries):
    # type: (Dict[Any, Any], Any, Any, int) -> Any
    """Set ``kept[key]``, and return ``value``. If ``entries`` others were kept, remove them first.

    That is rare where a program uses few keys, and simpler than tracking the order of use.
    """
    if len(kept) >= entries and key not in kept:
        kept.clear()
    kept[key] = value
    return value
