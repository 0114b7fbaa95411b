"""Which instances of the CMDB have the keys of some documents: the queries, and their answers."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.targets.key_values import exact, loose

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Mapping, Sequence, Set, Tuple  # noqa: F401

#: Conditions of one query. The sandbox takes 300; no other limit is published.
MAX_CONDITIONS = 300

#: Values of one ``$in``.
MAX_VALUES = 500


class Found(dict):
    """Maps the key of a document to its instance; keys of which there is none are missing.

    Attributes:
        several (set): keys that more than one instance has. The CMDB refuses to import these.
    """

    def __init__(self):
        # type: () -> None
        super(Found, self).__init__()
        self.several = set()  # type: Set[Tuple[Any, ...]]


def queries(keys, documents):
    # type: (Sequence[str], Sequence[Mapping]) -> Iterator[Tuple[Dict, List[Tuple[Any, ...]]]]
    """Yield queries, each with the keys that it asks for; documents without a key are left out."""
    wanted = {}  # type: Dict[Tuple[Any, ...], Tuple[Any, ...]]
    for document in documents:
        key = tuple([document.get(name) for name in keys])
        if not any(value is None or value == u"" for value in key):
            wanted.setdefault(exact(key), key)
    asked = list(wanted.values())
    size = MAX_VALUES if len(keys) == 1 else max(1, MAX_CONDITIONS // len(keys))
    for start in range(0, len(asked), size):
        part = asked[start : start + size]
        if len(keys) == 1:
            query = {keys[0]: {"$in": [key[0] for key in part]}}  # type: Dict[str, Any]
        else:
            query = {"$or": [
                dict((name, {"$eq": value}) for name, value in zip(keys, key)) for key in part]}
        yield query, part


def note(found, keys, asked, instances):
    # type: (Found, Sequence[str], Sequence[Tuple[Any, ...]], Sequence[Mapping]) -> None
    """Add the instances that a query has found for the keys that it asked for."""
    by_exact = dict((exact(key), key) for key in asked)
    by_loose = dict((loose(key), key) for key in asked)
    for instance in instances:
        shown = [instance.get(name) for name in keys]
        key = by_exact.get(exact(shown)) or by_loose.get(loose(shown))
        if key is None:
            continue
        if key in found:
            found.several.add(key)
        found[key] = instance
