"""Limits: how large batches may become, and how many are under way at once."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

#: Users of the vendor's CMDB send so many rows at once.
MAX_ROWS = 1000

MAX_BYTES = 1024 * 1024

CONCURRENCY = 4


class Limits(namedtuple("Limits", "max_rows max_bytes concurrency")):
    """The most that a `Sender` sends.

    Args:
        max_rows (int): rows of one batch.
        max_bytes (int): bytes of the rows of one batch; a longer row is a batch of its own.
        concurrency (int): requests that are under way at once.
    Raises: ValueError: one of them is not a whole number from 1 on.
    """

    __slots__ = ()

    def __new__(cls, max_rows=MAX_ROWS, max_bytes=MAX_BYTES, concurrency=CONCURRENCY):
        # type: (int, int, int) -> Limits
        values = max_rows, max_bytes, concurrency
        for name, value in zip(cls._fields, values):
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError("%s=%r: give a whole number from 1 on" % (name, value))
        return super(Limits, cls).__new__(cls, *values)
