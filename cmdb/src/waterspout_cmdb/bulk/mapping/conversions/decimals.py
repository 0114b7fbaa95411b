"""Numbers such as 1.024 and 1,024, which are a thousand or about one: as the rules say."""

from __future__ import absolute_import, division, print_function

import re

from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions import digits
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

_match = re.compile(u"([-+]?[1-9][0-9]{0,2})([.,])([0-9]{3})\\Z").match
_SHORTEST, _LONGEST = 5, 8

#: Before the last three digits; those of East Asian keyboards as well.
_SIGNS = frozenset(u".,\uff0e\uff0c")

_MARKS = {"point": u".", "comma": u","}


def settled(convert, decimal):
    # type: (Callable[[Any], Any], Optional[str]) -> Callable[[Any], Any]
    """Return the function that converts a cell as ``convert`` does, once it is clear what it is.

    Args:
        convert: makes a cell a number.
        decimal: of `Rules`; None: ``convert`` itself decides.
    """
    if decimal is None:
        return convert
    mark = _MARKS.get(decimal)

    def convert_settled(cell):
        if cell.__class__ is unicode_type and _SHORTEST <= len(cell) <= _LONGEST:
            found = _match(digits.plain(cell)) if cell[-4] in _SIGNS else None
            if found is not None:
                cell = _plain(*found.groups() + (mark,))
        return convert(cell)

    return convert_settled


def _plain(whole, sign, part, mark):
    """Return the number in the one form that can be nothing else."""
    if mark is None:
        raise Unreadable(
            u"may be %s%s or %s.%s: the cells of the file are separated by semicolons, as where "
            u"decimals have a comma; say what they have with --decimal=comma or --decimal=point"
            % (whole, part, whole, part))
    return whole + part if sign != mark else u"%s.%s0" % (whole, part)
