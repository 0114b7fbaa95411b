"""What spreadsheets call their columns: A, B, ... Z, AA."""

from __future__ import absolute_import, division, print_function

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Text  # noqa: F401


def column_letters(index):
    # type: (int) -> Text
    """Return the letters of a column, which is counted from 0."""
    text = u""
    index += 1
    while index:
        index, left = divmod(index - 1, 26)
        text = u"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[left] + text
    return text
