"""Pieces: what of the blocks is left to be sent."""

from __future__ import absolute_import, division, print_function

import collections

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterable, Iterator, List, Optional, Tuple  # noqa: F401

#: Rows of a block that are to be sent: from ``first_row`` to ``last_row`` (None: to its end),
#: without those in ``refused``, numbers in order.
Piece = collections.namedtuple("Piece", "block first_row last_row refused")

_END = float("inf")


def pieces_of(blocks, finished, refused):
    # type: (Iterable[Any], Iterable[Tuple[int, int]], Iterable[int]) -> Iterator[Piece]
    """Yield the pieces that are neither finished nor refused, in order.

    Together with what is finished they leave no number of a row out, so that ranges in the journal
    become one; a piece without any row that is left has to be finished, too.

    Args:
        blocks: one right after the other.
        finished: (first row, last row), in order, without overlaps.
        refused: numbers of rows, in order; read as it is needed.
    """
    finished, refused = list(finished), iter(refused)
    number = next(refused, _END)
    start = 0  # Before the first block: the header is nothing that is left to do.
    index = 0
    for block in blocks:
        last = block.last_row
        in_block = []
        while number <= (_END if last is None else last) and number != _END:
            in_block.append(number)
            number = next(refused, _END)
        while last is None or start <= last:
            while index < len(finished) and finished[index][1] < start:
                index += 1
            first, end = finished[index] if index < len(finished) else (_END, _END)
            if first <= start:  # It is finished up to there, maybe beyond this block.
                start = end + 1
                continue
            stop = last if last is not None and last < first else (
                None if first == _END else first - 1)
            yield Piece(block, start, stop, _within(in_block, start, stop))
            if stop is None:
                return
            start = stop + 1


def _within(numbers, first, last):
    # type: (List[int], int, Optional[int]) -> List[int]
    return [each for each in numbers if each >= first and (last is None or each <= last)]
