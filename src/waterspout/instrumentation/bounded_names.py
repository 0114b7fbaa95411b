"""BoundedNames: so many different names, and "other" for all that come later."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Set  # noqa: F401

#: In place of a name that is one too many.
OTHER = "other"


class BoundedNames(object):
    """Keeps the number of a metric's time series within bounds.

    Args:
        limit (int): the first so many different names are themselves.
    """

    __slots__ = ("_limit", "_known")

    def __init__(self, limit):
        # type: (int) -> None
        self._limit = limit
        self._known = set()  # type: Set[str]

    def of(self, name):
        # type: (str) -> str
        """``name``, or "other"."""
        if name not in self._known:
            if len(self._known) >= self._limit:
                return OTHER
            self._known.add(name)
        return name
