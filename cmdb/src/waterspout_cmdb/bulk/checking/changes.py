"""What an import would change in an instance, and how much in all, for a dry run."""

from __future__ import absolute_import, division, print_function

import collections
from numbers import Number

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Text  # noqa: F401


def compare(model, document, instance):
    # type: (Model, Dict, Dict) -> List[Text]
    """Return the ids of the attributes and relations that the document would change, sorted.

    4 and 4.0 are the same, as are null, ``""``, an empty list and nothing at all. The order of a
    list matters, that of related instances does not. What the document does not have stays.

    Args:
        instance (dict): as a search returns it; of related instances, the ids are enough.
    """
    changed = []
    for name, value in document.items():
        there = instance.get(name)
        if name in model.relations:
            differs = _ids(value) != _ids(there)
        else:
            differs = not _is_same(value, there)
        if differs:
            changed.append(name)
    return sorted(changed)


class ChangeCounts(object):
    """How many rows would be inserted, updated and left alone.

    Attributes:
        inserted, updated, unchanged (int): numbers of rows.
        attributes (Counter): in how many updated rows each attribute would change.
    """

    def __init__(self):
        # type: () -> None
        self.inserted = self.updated = self.unchanged = 0
        self.attributes = collections.Counter()  # type: Dict[Text, int]

    def note(self, changed):
        # type: (Optional[List[Text]]) -> None
        """Count a row: None if it would be inserted, or what `compare` returned."""
        if changed is None:
            self.inserted += 1
        elif changed:
            self.updated += 1
            self.attributes.update(changed)
        else:
            self.unchanged += 1

    def as_dict(self):
        # type: () -> Dict[str, Any]
        """Return the counts as JSON values, for a report."""
        return {
            "inserted": self.inserted, "updated": self.updated, "unchanged": self.unchanged,
            "attributes": dict(self.attributes),
        }

    def lines(self):
        # type: () -> List[Text]
        """Return the counts for a person, the attribute that changes most first."""
        found = [u"%d would be inserted, %d updated, %d are as they are in the file" % (
            self.inserted, self.updated, self.unchanged)]
        ordered = sorted(self.attributes.items(), key=lambda pair: (-pair[1], pair[0]))
        return found + [u"%s would change in %d" % pair for pair in ordered]


def _is_same(one, other):
    if _is_empty(one) or _is_empty(other):
        return _is_empty(one) and _is_empty(other)
    if isinstance(one, dict) and isinstance(other, dict):
        return all(_is_same(one.get(name), other.get(name)) for name in set(one) | set(other))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_is_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other  # In Python, True == 1.
    if isinstance(one, Number) != isinstance(other, Number):
        return False
    return one == other


def _is_empty(value):
    return value is None or (not value and isinstance(value, (list, type(u""), bytes)))


def _ids(value):
    """Return the ids of related instances, which a search returns as maps."""
    return set(
        each.get("instanceId") if isinstance(each, dict) else each
        for each in (value if isinstance(value, list) else []))
