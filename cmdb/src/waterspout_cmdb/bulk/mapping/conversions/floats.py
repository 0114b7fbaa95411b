"""Cells as numbers with decimals; a comma is the decimal one only where it can be nothing else.

Accepted: 3.5, 3,5, 0,125, 1,024.5, 1.024,5, 1 024.5, 1.048.576, 1,048,576, 1.5e3. Not 1,024, which
may be a thousand or one; 1.024 is read as computers write it, unless `decimals` says otherwise.
"""

from __future__ import absolute_import, division, print_function

import re

from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions import decimals, digits
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401

_INFINITY = float("inf")
_KIND, _EXAMPLE = u"a number", u"3.5"

_is_usual = re.compile(u"-?[0-9]{1,15}(?:\\.[0-9]{1,20})?\\Z").match
_AMBIGUOUS = re.compile(u"[-+]?[1-9][0-9]{0,2},[0-9]{3}\\Z")

#: Forms, and the characters in them that only group digits.
_FORMS = [(re.compile(form + u"\\Z"), grouping) for form, grouping in (
    (u"[-+]? ?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][-+]?[0-9]{1,4})?", u" "),
    (u"[-+]? ?[0-9]{1,3}(?:,[0-9]{3})+\\.[0-9]*", u", "),
    (u"[-+]? ?[0-9]{1,3}(?:,[0-9]{3}){2,}", u", "),
    (u"[-+]? ?[0-9]{1,3}(?:\\.[0-9]{3})+,[0-9]*", u". "),
    (u"[-+]? ?[0-9]{1,3}(?:\\.[0-9]{3}){2,}", u". "),
    (u"[-+]? ?[0-9]{1,3}(?:[ '][0-9]{3})+(?:[.,][0-9]*)?", u" '"),
)]


def converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], float]
    """Return the function that makes a cell a number."""
    return as_float if is_json else decimals.settled(as_float, rules.decimal)


def as_float(cell):
    # type: (Any) -> float
    """Return a cell as a number. Raises: Unreadable."""
    if cell.__class__ is unicode_type:
        return float(cell) if _is_usual(cell) else _from_text(digits.plain(cell))
    if isinstance(cell, bool) or not isinstance(cell, (int, float, type(2 ** 64))):
        raise digits.explain_other(cell, _KIND, _EXAMPLE)
    try:
        return _finite(float(cell))
    except OverflowError:
        return _finite(_INFINITY)


def _from_text(text):
    if _AMBIGUOUS.match(text):
        raise Unreadable(
            u"may be %s or, with a decimal comma, %s; write one of these, or in CSV say what "
            u"decimals have with --decimal=comma or --decimal=point" % (
                text.replace(u",", u""), text.replace(u",", u".")))
    for form, grouping in _FORMS:
        if form.match(text):
            for each in grouping:
                text = text.replace(each, u"")
            return _finite(float(text.replace(u",", u".")))
    raise digits.explain(text, _KIND, _EXAMPLE)


def _finite(number):
    if not -_INFINITY < number < _INFINITY:
        raise Unreadable(u"is not a number that fits in 64 bits; write for example 3.5")
    return number
