# -*- coding: utf-8 -*-
"""What people write where there is no value: a cell that is wrong because of it gets a hint."""

from __future__ import absolute_import, division, print_function

from tornado.util import unicode_type

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Text  # noqa: F401

_NO_VALUES = frozenset([
    u"-", u"--", u"---", u"\u2013", u"\u2014", u"/", u"?", u"n/a", u"na", u"n.a.", u"none", u"null",
    u"nil", u"tbd", u"tba", u"unknown", u"\u65e0", u"\u6682\u65e0", u"\u672a\u77e5",
])

_HINT = u"; if it stands for no value, leave the cell empty"


def with_hint(cell, reason):
    # type: (Any, Text) -> Text
    """Return why a cell is wrong, with what to do if it is one of these."""
    if cell.__class__ is unicode_type and cell.strip().lower() in _NO_VALUES:
        return reason + _HINT
    return reason
