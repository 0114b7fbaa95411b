"""What numbers have in common: the digits that people write, and what they write beside them."""

from __future__ import absolute_import, division, print_function

import datetime
import re

from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

#: Characters of East Asian keyboards and of typesetting, and the plain ones. Not by NFKC, which
#: would make "5\u00b2" (five square) 52.
_PLAIN = dict((0xFF10 + digit, u"%d" % digit) for digit in range(10))
_PLAIN.update({
    0xFF0B: u"+", 0xFF0D: u"-", 0xFF0C: u",", 0xFF0E: u".", 0x2212: u"-", 0x2019: u"'",
    0x3000: u" ", 0xA0: u" ", 0x202F: u" ", 0x2009: u" ", 0x2007: u" ",
})

_PERCENT = re.compile(u"[-+0-9., ]+ ?[%\uff05]\\Z")
_UNIT = re.compile(u"[-+]?[0-9][0-9., ]*[^\\W\\d_]", re.UNICODE)
_SCIENTIFIC = re.compile(u"[-+]?[0-9]+([.,][0-9]*)?[eE][-+]?[0-9]+\\Z")

#: Longer cells are no numbers; expressions need not read them.
MAX_LENGTH = 400


def plain(text):
    # type: (Text) -> Text
    """Return a text with plain digits, signs and spaces."""
    return text.translate(_PLAIN) if len(text) <= MAX_LENGTH else u""


def is_scientific(text):
    # type: (Text) -> bool
    """Say whether a number is written as 1.5E+06."""
    return _SCIENTIFIC.match(text) is not None


def explain(text, kind, example):
    # type: (Text, Text, Text) -> Unreadable
    """Return why a plain text is not a number of this kind."""
    wanted = u"is not %s" % kind
    # No number of the cell is suggested: "16 GB" of an attribute in MB is not 16.
    if _PERCENT.match(text):
        return Unreadable(
            u"%s: it is a percentage; write a number alone, as the attribute counts it, for "
            u"example %s" % (wanted, example))
    if _UNIT.match(text) and not is_scientific(text):
        return Unreadable(
            u"%s: it has a unit or a word; write a number alone, in the unit of the attribute, for "
            u"example %s" % (wanted, example))
    return Unreadable(u"%s; write for example %s" % (wanted, example))


def explain_other(cell, kind, example):
    # type: (Any, Text, Text) -> Unreadable
    """Return why a cell that is neither text nor number is no number."""
    if isinstance(cell, datetime.date):
        return Unreadable(
            u"is a date, not %s; is the column formatted as a date? Write for example %s"
            % (kind, example))
    return Unreadable(u"is not %s; write for example %s" % (kind, example))
