"""What keywords yield: a `Fault`, or a `PAUSE` where nothing is wrong so far."""

from __future__ import absolute_import, division, print_function

import collections
import threading

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Deque, Iterator, List, Optional, Text, Union  # noqa: F401

#: Items or names that are looked at between two pauses.
_PAUSE_AFTER = 50

_suppressed = threading.local()


class Fault(object):
    """One error, as the generators of jsonschema pass it on.

    Attributes:
        detail (text): for the client.
        path (deque): of names and indexes. Those that pass it on add theirs at the left.
    """

    __slots__ = ("detail", "path", "schema_path")

    def __init__(self, detail, *path):
        # type: (Text, *Union[Text, int]) -> None
        self.detail = detail
        self.path = collections.deque(path)  # type: Deque[Union[Text, int]]
        self.schema_path = collections.deque(maxlen=0)  # type: Deque[Any]

    def _set(self, *args, **kwargs):
        # type: (*Any, **Any) -> None
        """Called with the keyword and the instance, which it does not keep."""


#: Others may have their turn.
PAUSE = Fault(u"")
PAUSE.path = collections.deque(maxlen=0)


def is_pause_due(count):
    # type: (int) -> bool
    """Whether to yield a `PAUSE` after so many items of a loop that begins with 0."""
    return count % _PAUSE_AFTER == _PAUSE_AFTER - 1 and not getattr(_suppressed, "depth", 0)


def without_pauses(keyword):
    # type: (Any) -> Any
    """Return a keyword of jsonschema that counts what other keywords yield, pauses included."""
    def quiet(validator, value, instance, schema):
        _suppressed.depth = getattr(_suppressed, "depth", 0) + 1
        try:
            return list(keyword(validator, value, instance, schema) or ())
        finally:
            _suppressed.depth -= 1

    return quiet


def descend(validator, instance, subschema, path=None):
    # type: (Any, Any, Any, Optional[Union[Text, int]]) -> Any
    """Return an iterable of what ``subschema`` finds in ``instance``.

    Args:
        path: from the instance that the caller looks at; None: it is the same.
    """
    if subschema is False:
        return [Fault(u"is not allowed") if path is None else Fault(u"is not allowed", path)]
    if subschema is True or not subschema:
        return ()
    return validator.descend(instance, subschema, path=path)


def first_fault(validator, instance, subschema, found):
    # type: (Any, Any, Any, List[Any]) -> Iterator[Fault]
    """Yield pauses only, until there is a fault, which is added to ``found``, or none."""
    for fault in descend(validator, instance, subschema):
        if fault is not PAUSE:
            found.append(fault)
            return
        yield fault
