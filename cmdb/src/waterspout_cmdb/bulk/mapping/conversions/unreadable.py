"""Unreadable: why a cell is not a value of its attribute."""

from __future__ import absolute_import, division, print_function


class Unreadable(ValueError):
    """A cell cannot be read.

    Attributes:
        reason (text): completes "<the cell> ...", and says what would be accepted.
    """

    def __init__(self, reason):
        super(Unreadable, self).__init__(reason)
        self.reason = reason
