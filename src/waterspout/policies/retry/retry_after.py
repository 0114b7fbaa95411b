"""Reads the field Retry-After (RFC 9110 section 10.2.3)."""

from __future__ import absolute_import, division, print_function

import datetime
import re

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Optional, Tuple  # noqa: F401

#: The most that is returned: RFC 9111 section 1.2.2 has it for numbers of seconds that are larger.
LONGEST = 2.0 ** 31

_EPOCH = datetime.datetime(1970, 1, 1)

_MONTHS = dict((name, number) for number, name in enumerate(
    "jan feb mar apr may jun jul aug sep oct nov dec".split(), 1))

_SECONDS = re.compile(r"0*([0-9]{1,10})\Z")
_MORE_SECONDS = re.compile(r"[0-9]+\Z")  # Not \d, which accepts the digits of all scripts.

_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"

#: The three forms of an HTTP-date (RFC 9110 section 5.6.7). The weekday is not compared with the
#: date, and the case of letters does not matter.
_DATES = [re.compile(pattern + r"\Z", re.IGNORECASE) for pattern in (
    r"(?:mon|tue|wed|thu|fri|sat|sun), "
    r"(?P<day>[0-9]{2}) (?P<month>[a-z]{3}) (?P<year>[0-9]{4}) " + _TIME + " gmt",
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day, "
    r"(?P<day>[0-9]{2})-(?P<month>[a-z]{3})-(?P<year>[0-9]{2}) " + _TIME + " gmt",
    r"(?:mon|tue|wed|thu|fri|sat|sun) "
    r"(?P<month>[a-z]{3}) (?P<day>[0-9]{2}| [0-9]) " + _TIME + " (?P<year>[0-9]{4})",
)]

#: A longer value is no date, and is not searched for one.
_DATE_CHARACTERS = 40


def retry_after(value, wall_now):
    # type: (Optional[str], float) -> Optional[float]
    """The seconds from now on that a Retry-After asks to wait: from 0 to `LONGEST`.

    None for a value that is neither a number of whole seconds nor an HTTP-date, and for None. A
    date that has passed is 0.

    Args:
        value (native str or None): the field's value.
        wall_now: now, in seconds since 1970 (UTC).
    """
    if value is None:
        return None
    value = value.strip(" \t")
    match = _SECONDS.match(value)
    if match is not None:
        return min(float(match.group(1)), LONGEST)
    if _MORE_SECONDS.match(value) is not None:
        return LONGEST
    moment = _moment(value, wall_now)
    return None if moment is None else min(max(moment - wall_now, 0.0), LONGEST)


def _moment(value, wall_now):
    # type: (str, float) -> Optional[float]
    """An HTTP-date in seconds since 1970, or None."""
    if len(value) > _DATE_CHARACTERS:
        return None
    for pattern in _DATES:
        match = pattern.match(value)
        if match is not None:
            break
    else:
        return None
    year, day, hour, minute, second = [
        int(match.group(name)) for name in ("year", "day", "hour", "minute", "second")]
    month = _MONTHS.get(match.group("month").lower(), 0)
    leap = second == 60  # A leap second.
    rest = (month, day, hour, minute, second - leap)
    if len(match.group("year")) == 2:
        year = _full_year(year, rest, wall_now)
    try:
        since = datetime.datetime(year, *rest) - _EPOCH
    except ValueError:  # The 31st of February.
        return None
    return since.total_seconds() + leap


def _full_year(year, rest, wall_now):
    # type: (int, Tuple[int, ...], float) -> int
    """The latest year that ends in these two digits and is not over 50 years in the future."""
    now = _EPOCH + datetime.timedelta(seconds=wall_now)
    latest = (now.year + 50,) + now.timetuple()[1:6]
    year += now.year - now.year % 100 + 100
    while (year,) + rest > latest:
        year -= 100
    return year
