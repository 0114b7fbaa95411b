"""Cells as whole numbers of 64 bits, never by way of a float, which would round long ones.

Accepted: 8, +8, -8, 1,024, 1 024, 1'024, 1,024.00, 1.024,00, 1.048.576, 4.0, 4,0 and digits of
East Asian keyboards. Not 1.024, which may be a thousand or one, and not 1e3: spreadsheets write
long numbers so when they have lost their last digits.
"""

from __future__ import absolute_import, division, print_function

import re

from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions import decimals, digits
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401

MAXIMUM = 2 ** 63 - 1
MINIMUM = -(2 ** 63)

#: From here on, several whole numbers are the same float.
_MAX_EXACT_FLOAT = 2.0 ** 53

_KIND, _EXAMPLE = u"a whole number", u"8"

_is_usual = re.compile(u"-?[0-9]{1,18}\\Z").match
_AMBIGUOUS = re.compile(u"[-+]?[1-9][0-9]{0,2}\\.[0-9]{3}\\Z")
_FORMS = [re.compile(form + u"\\Z") for form in (
    # "3,000" is tried with separators first: its zeros are no decimals.
    u"([-+]? ?[0-9]{1,3}(?:,[0-9]{3})+)(?:\\.0*)?",
    u"([-+]? ?[0-9]{1,3}(?:[ '][0-9]{3})+)(?:[.,]0*)?",
    u"([-+]? ?[0-9]{1,3}(?:\\.[0-9]{3})+)(?:,0*)",
    u"([-+]? ?[0-9]{1,3}(?:\\.[0-9]{3}){2,})",
    u"([-+]? ?[0-9]+)(?:[.,]0*)?",
)]
_NO_DIGIT = re.compile(u"[^-0-9]")


def converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], int]
    """Return the function that makes a cell a whole number."""
    return as_whole_number if is_json else decimals.settled(as_whole_number, rules.decimal)


def as_whole_number(cell):
    # type: (Any) -> int
    """Return a cell as a whole number. Raises: Unreadable."""
    if cell.__class__ is unicode_type:
        return int(cell) if _is_usual(cell) else _from_text(digits.plain(cell))
    if isinstance(cell, bool) or not isinstance(cell, (int, float, type(MAXIMUM + 1))):
        raise digits.explain_other(cell, _KIND, _EXAMPLE)
    if isinstance(cell, float):
        if cell != cell or abs(cell) == float("inf") or cell != int(cell):
            raise Unreadable(u"is not a whole number; write for example 8")
        if abs(cell) >= _MAX_EXACT_FLOAT:
            raise Unreadable(u"is rounded; write all digits of the number, without point and e")
    return _of_64_bits(int(cell))


def _from_text(text):
    if _AMBIGUOUS.match(text):
        raise Unreadable(
            u"may be %s or, with a decimal point, %s; write a whole number without a point" % (
                text.replace(u".", u""), text.rstrip(u"0").rstrip(u".")))
    for form in _FORMS:
        found = form.match(text)
        if found:
            return _of_64_bits(int(_NO_DIGIT.sub(u"", found.group(1))))
    if digits.is_scientific(text):
        raise Unreadable(
            u"is written with an exponent, which may hide lost digits; write all digits")
    if text.replace(u",", u".").count(u".") == 1 and _is_number(text.replace(u",", u".")):
        raise Unreadable(u"is not a whole number: it has decimals; write for example 8")
    raise digits.explain(text, _KIND, _EXAMPLE)


def _is_number(text):
    return re.match(u"[-+]?[0-9]*\\.[0-9]*\\Z", text) is not None and len(text.strip(u"+-.")) > 0


def _of_64_bits(number):
    if not MINIMUM <= number <= MAXIMUM:
        raise Unreadable(u"does not fit in 64 bits: from %d to %d" % (MINIMUM, MAXIMUM))
    return number
