"""Concurrency: how many requests may be under way at once."""

from __future__ import absolute_import, division, print_function

#: Answers for each place, after which there is one place more.
ANSWERS = 5


class Concurrency(object):
    """Halved when a target has too much to do; grows by one after a while without trouble.

    Args:
        maximum (int)
    Attributes:
        limit (int): requests that may be under way now.
    """

    def __init__(self, maximum):
        # type: (int) -> None
        self._maximum = self.limit = maximum
        self._answers = 0

    def answered(self):
        # type: () -> None
        """Note an answer that was a success."""
        if self.limit < self._maximum:
            self._answers += 1
            if self._answers >= ANSWERS * self.limit:
                self.limit += 1
                self._answers = 0

    def overloaded(self):
        # type: () -> None
        """Note that the target had too much to do; once for all requests that were under way."""
        self.limit = max(1, self.limit // 2)
        self._answers = 0
