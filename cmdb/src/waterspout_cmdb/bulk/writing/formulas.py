"""Cells that a spreadsheet would take for formulas: a quote in front keeps them text.

The import takes one quote off a cell that is quotes and then one of ``= + - @``, a tab or a CR.
"""

from __future__ import absolute_import, division, print_function

import re

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Text  # noqa: F401

_BEGINS = frozenset(u"=+-@\t\r")

#: -5, +1.5e3, -1,024.00, -20 %: they are no formulas.
_NUMBER = re.compile(u"[+-][0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)? ?%?\\Z")


def neutral_cell(text):
    # type: (Text) -> Text
    """Return the text of a cell that was read from a file, with a quote if it needs one.

    One that has a quote already is left alone, so that the import reads both as the same.
    """
    if text[:1] in _BEGINS and len(text) > 1 and not _NUMBER.match(text):
        return u"'" + text
    return text


def neutral_value(text):
    # type: (Text) -> Text
    """Return the text of a value of the CMDB, with a quote if it needs one.

    A value that has a quote itself gets another, so that the import reads the value again.
    """
    return u"'" + text if is_quoted(text) else neutral_cell(text)


def is_quoted(text):
    # type: (Text) -> bool
    """Say whether the import would take a quote off the text."""
    return text[:1] == u"'" and text.lstrip(u"'")[:1] in _BEGINS
