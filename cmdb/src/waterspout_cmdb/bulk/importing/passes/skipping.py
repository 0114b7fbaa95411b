"""Skipper: leaves out the rows that were refused, or finished, before."""

from __future__ import absolute_import, division, print_function

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Iterator, List, Tuple  # noqa: F401

    from waterspout_cmdb.bulk.rows import Row  # noqa: F401

_END = float("inf")


class Skipper(object):
    """Leaves rows out: a merge of three sorted sources, of which none is held as a whole.

    Args:
        rejected (iterable of int): the numbers of refused rows, in order; read as it is needed.
        finished (iterable of (int, int)): the first and last number of each finished range.
    """

    def __init__(self, rejected, finished):
        # type: (Iterable[int], Iterable[Tuple[int, int]]) -> None
        self._rejected = iter(rejected)
        self._refused = next(self._rejected, _END)
        self._finished = iter(joined(finished))
        self._first, self._last = next(self._finished, (_END, _END))
        self._start = 0

    def runs(self, rows):
        # type: (Iterable[Row]) -> Iterator[Tuple[int, List[Row]]]
        """Yield the rows that are left, in runs that no finished range divides.

        All rows must come once, in the order of their numbers, in one call or in several.

        Yields: the number from which a run's rows are unfinished, 0 before the first finished
            range, and the rows, at least one. A run may go on in the next call.
        """
        run = []  # type: List[Row]
        for row in rows:
            number = row[0]
            while self._refused < number:
                self._refused = next(self._rejected, _END)
            if self._last < number:
                if run:
                    yield self._start, run
                    run = []
                while self._last < number:
                    self._start = self._last + 1
                    self._first, self._last = next(self._finished, (_END, _END))
            if self._refused != number and number < self._first:
                run.append(row)
        if run:
            yield self._start, run


def joined(ranges):
    # type: (Iterable[Tuple[int, int]]) -> List[Tuple[int, int]]
    """Return ranges of numbers in order, those that overlap or touch made one."""
    found = []  # type: List[Tuple[int, int]]
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found
