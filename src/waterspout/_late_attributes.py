"""Attributes that an object of a class makes when one of them is first asked for."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable  # noqa: F401


class _Late(object):
    """Such an attribute, as long as the object has none of this name."""

    def __init__(self, name, make):
        # type: (str, Callable[[Any], None]) -> None
        self._name = name
        self._make = make

    def __get__(self, found, owner=None):
        # type: (Any, Any) -> Any
        if found is None:
            return self
        self._make(found)
        try:
            return vars(found)[self._name]
        except KeyError:
            raise AttributeError(self._name)


def late_attributes(owner, names, make):
    # type: (type, Iterable[str], Callable[[Any], None]) -> None
    """Have ``make(object)`` called when an object of a class is asked for an attribute it lacks.

    In place of a ``__getattr__`` of the class, which would make each access to an attribute that is
    there take several times as long.

    Args:
        owner (type): the class.
        names (iterable of native str): of the attributes.
        make (callable): sets all of them.
    """
    for name in names:
        setattr(owner, name, _Late(name, make))
