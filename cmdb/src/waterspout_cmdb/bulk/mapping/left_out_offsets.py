"""LeftOutOffsets: the times whose offset from UTC was left out, for the user to know."""

from __future__ import absolute_import, division, print_function

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Text  # noqa: F401


class LeftOutOffsets(object):
    """Counts the times that were taken as written, although they have an offset.

    Attributes:
        row (int): the number of the row that is read now.
    """

    def __init__(self):
        # type: () -> None
        self.row = 0
        self._found = None  # type: Optional[Dict[str, Any]]

    def noter(self, column):
        # type: (Text) -> Callable[[], None]
        """Return what is to be called for each such time in a column."""
        def note():
            self.add({"times": 1, "row": self.row, "column": column})

        return note

    def add(self, found):
        # type: (Optional[Dict[str, Any]]) -> None
        """Count those that another one has `found`, in later rows."""
        if self._found is None:
            self._found = found and dict(found)
        elif found is not None:
            self._found["times"] += found["times"]

    @property
    def found(self):
        # type: () -> Optional[Dict[str, Any]]
        """JSON: how many ``times``, and the ``row`` and ``column`` of the first; None: none."""
        return self._found


def told(found):
    # type: (Dict[str, Any]) -> Text
    """Return a line for the user about what was `found`."""
    times = found["times"]
    return (
        u"%s an offset such as Z or +08:00, which was left out (the first in row %d, column %s); "
        u"--utc-offset=+08:00 converts such times, if that is the offset of the times in the CMDB"
        % (u"1 time has" if times == 1 else u"{:,} times have".format(times), found["row"],
           found["column"]))
