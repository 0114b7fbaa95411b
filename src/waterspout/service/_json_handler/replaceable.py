"""replaceable_property: a property that handlers of users may have an attribute instead of."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401

    replaceable_property = property
else:

    class replaceable_property(object):
        """Like ``property``, but ``self.name = value`` gives the object an attribute of its own.

        For names that handlers had for something else before the kit had them.
        """

        def __init__(self, function):
            # type: (Callable[[Any], Any]) -> None
            self.fget = function
            self.__doc__ = function.__doc__

        def __get__(self, handler, owner=None):
            return self if handler is None else self.fget(handler)
