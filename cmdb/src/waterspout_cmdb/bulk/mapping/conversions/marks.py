"""Cells that begin with a mark: the quote that keeps a spreadsheet from computing, and errors."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

#: The first characters of cells that the functions below must see.
MARKS = frozenset(u"'#")

#: After a quote, these would begin a formula. A rejects file has the quote in front of them.
_FORMULA = frozenset(u"=+-@\t\r")

_EXCEL_ERRORS = frozenset([
    u"#N/A", u"#REF!", u"#VALUE!", u"#DIV/0!", u"#NAME?", u"#NULL!", u"#NUM!", u"#SPILL!",
    u"#CALC!", u"#FIELD!", u"#BLOCKED!", u"#CONNECT!", u"#UNKNOWN!", u"#BUSY!", u"#GETTING_DATA",
    u"#EXTERNAL!", u"#PYTHON!",
])


def unquoted(text):
    # type: (Text) -> Text
    """Return a cell without its quote. Raises: Unreadable: it is an error of Excel.

    A cell that begins with several quotes and then a formula has one more than the value.
    """
    if text[0] == u"'":
        begin = text.lstrip(u"'")[:1]
        return text[1:].strip() if begin and begin in _FORMULA else text
    return checked(text)


def checked(text):
    # type: (Text) -> Text
    """Return a cell as it is. Raises: Unreadable: it is an error of Excel."""
    if text.upper() in _EXCEL_ERRORS:
        raise Unreadable(
            u"is an error of Excel, not a value: correct the formula, or write the value itself")
    return text
