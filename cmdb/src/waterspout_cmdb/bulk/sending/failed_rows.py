"""Which rows of a batch are those that the CMDB shows as failed."""

from __future__ import absolute_import, division, print_function

from collections import Counter

from tornado.escape import native_str

from waterspout_cmdb.bulk.targets.key_values import exact, loose

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, List, Sequence, Text, Tuple  # noqa: F401


def find_failed(rows, keys, failures):
    # type: (Sequence[Tuple], Sequence[Text], Sequence[Tuple]) -> Tuple[Dict[int, str], List[str]]
    """Return ``(found, not_found)``: the reason by the index of a row; reasons without a row.

    The answer shows rows without their numbers, perhaps as the CMDB has converted them. So they are
    found by their keys, which differ in a file; first exactly, then with 4 as "4" or 4.0. A row
    is found only if there is no doubt.

    Args:
        rows: of a `Batch`. failures: of an `ImportResult`.
    """
    found = {}  # type: Dict[int, str]
    not_found = []  # type: List[str]
    if not failures:
        return found, not_found
    by_exact, by_loose = _index(rows, exact), _index(rows, loose)
    for _code, text, row in failures:
        position = None
        if row is not None:
            key = [row.get(name) for name in keys]
            position = by_exact.get(exact(key))
            if position is None:
                position = by_loose.get(loose(key))
        if position is None or position in found:
            not_found.append(native_str(text))
        else:
            found[position] = native_str(text)
    return found, not_found


def _index(rows, form):
    # type: (Sequence[Tuple], Any) -> Dict[Any, int]
    """Map each key that one row only has to its index."""
    forms = [form(row[1]) for row in rows]
    times = Counter(forms)
    return dict((each, index) for index, each in enumerate(forms) if times[each] == 1)
