"""Bounds for dicts that keep what is expensive to make."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401


def keep(kept, key, value, entries):
    # type: (Dict[Any, Any], Any, Any, int) -> Any
    """Set ``kept[key]``, after removing everything if ``entries`` were kept. Return ``value``.

    That is rare where a program uses few keys, and simpler than tracking the order of use.
    """
    if len(kept) >= entries:
        kept.clear()
    kept[key] = value
    return value
