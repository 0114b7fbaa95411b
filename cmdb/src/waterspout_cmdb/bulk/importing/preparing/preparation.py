"""Preparation: rows become documents that can be sent, with the ids of what they refer to."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.importing.waiting import settled
from waterspout_cmdb.bulk.mapping import problem_text

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterator, List, Text, Tuple  # noqa: F401

    from waterspout_cmdb.bulk.mapping import Mapped  # noqa: F401
    from waterspout_cmdb.bulk.rows import Row  # noqa: F401


class Preparation(object):
    """Maps rows, and resolves what they refer to, many rows at a time.

    Args:
        mapper (Mapper): ready for the table's columns.
        references (PeerResolver): puts the ids into documents.
    Attributes:
        ready (list): of pairs (Row, Mapped), once the steps are done.
    """

    def __init__(self, mapper, references):
        # type: (Any, Any) -> None
        self._map = mapper.map
        self._references = references
        self.ready = []  # type: List[Tuple[Row, Mapped]]

    def steps(self, rows):
        # type: (List[Row]) -> Iterator[Any]
        """Yield what must be waited for, if there is anything."""
        map_row = self._map
        self.ready = [(row, map_row(row)) for row in rows]
        referring = [mapped for _, mapped in self.ready if mapped.references]
        if referring:
            future = self._references.resolve(referring)
            yield settled(future)
            found = {row.number: mapped for row, mapped in self.ready}
            for problem in future.result():
                found[problem.row].problems.append(problem)


def reason_of(problems):
    # type: (List[Any]) -> Text
    """Return all that is wrong with a row, on one line."""
    return u"; ".join([problem_text(each) for each in problems])
