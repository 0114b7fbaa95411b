"""The problem of a row that has the key of an earlier one."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.mapping import shown
from waterspout_cmdb.bulk.rows import Problem

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Sequence, Text, Tuple  # noqa: F401


def duplicate_problem(row_number, first_row, keys, key):
    # type: (int, int, Sequence[Text], Tuple) -> Problem
    """Return the problem of the later row, which names the first.

    Args:
        keys: the names of the key's attributes; key: the values that both rows have.
    """
    pairs = u", ".join(u"%s %s" % (name, shown(value)) for name, value in zip(keys, key))
    return Problem(row_number, None, None, u"row %d has the same key, %s: leave one out" % (
        first_row, pairs))
