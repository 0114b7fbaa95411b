"""What passes from one step of the pipeline to the next."""

from __future__ import absolute_import, division, print_function

import collections

#: One row of a file. ``number`` is that of its first line, or the sheet's, as a person sees it
#: there, from 1; that of a JSON array's element is its position, from 1. ``cells`` is a list beside
#: the table's columns; it may be shorter (what is missing is `ABSENT`) or, by a mistake, longer.
#: A cell is a text, a bool, an int, a float, a date, a datetime, None, or, from JSON, any value.
Row = collections.namedtuple("Row", "number cells")

#: What is wrong with one cell, or with a whole row (``column`` and ``value`` are None then).
#: ``reason`` completes a sentence: "is not a whole number; write for example 8".
Problem = collections.namedtuple("Problem", "row column value reason")


class _Absent(object):
    """The cell of a column that a row does not have: it says nothing about the attribute."""

    def __repr__(self):
        return "ABSENT"

    def __bool__(self):
        return False

    __nonzero__ = __bool__

    def __reduce__(self):
        return "ABSENT"  # The same object after it was sent to another process.


ABSENT = _Absent()
