"""Numbers of a spreadsheet as the text that a person reads in it."""

from __future__ import absolute_import, division, print_function

import decimal
import re
from numbers import Integral

#: Signs of a format that are no digits: colours, conditions, room for other signs, literal text.
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ROOM = re.compile(r"[_*].")
_LITERAL = r'(?:"[^"]*"|\\.|[-/ ])*'
_PLAIN = re.compile(
    r"(?P<before>%s)(?P<whole>[#,?]*0+|[#,?]*#[#,0?]*)(?:\.(?P<part>0+)(?P<more>[#?]*))?"
    r"(?P<percent>%%?)(?P<after>%s)\Z" % (_LITERAL, _LITERAL))
_QUOTES = re.compile(r'"([^"]*)"|\\(.)')

#: Zeros in groups with signs between them, as of a number of a telephone: 000-00-0000.
_SIGN = r'(?:"[^"]*"|\\.|[-/ ()+])'
_GROUPS = re.compile(r"%s*0+(?:%s+0+)+%s*\Z" % (_SIGN, _SIGN, _SIGN))
_PIECES = re.compile(r'"[^"]*"|\\.|.')

#: A number with more digits than this before the point, or zeros behind it, keeps its exponent.
_LONGEST = 40
_LONGEST_FORMAT = 255  # Excel's own limit.


def shown_by(number_format):
    # type: (str | None) -> Callable[[float], Text]
    """Return what turns a number into its text in a format.

    Shown are decimals (``0.00``), zeros in front (``00000``, also with text around them as in
    ``"A-"0000``, or between them as in ``000-00-0000``), and percent. Marks between
    thousands, currencies, units and fractions are not: the number alone can be read again.
    """
    if not number_format or len(number_format) > _LONGEST_FORMAT:
        return general
    text = _BRACKETS.sub("", number_format).split(";")[0]
    text = _ROOM.sub("", text).strip()
    if _GROUPS.match(text):
        return _grouped_by(text)
    match = _PLAIN.match(text)
    if match is None:
        return general
    zeros = match.group("whole").replace(",", "").lstrip("#?").count("0")
    digits = len(match.group("part") or "")
    most = digits + len(match.group("more") or "")
    if most == 0 and zeros == 0 and not match.group("percent"):
        return general
    before, after = u"", u""
    if zeros > 1:
        before, after = _unquoted(match.group("before")), _unquoted(match.group("after"))
    is_percent = bool(match.group("percent"))

    def shown(value):
        number = exact(value).scaleb(2) if is_percent else exact(value)
        sign = u"-" if number < 0 else u""
        text = u"{:f}".format(_rounded(abs(number), most))
        sign = sign if text.strip(u"0.") else u""
        for _ in range(most - digits):
            text = text[:-1] if text.endswith(u"0") else text
        whole, point, part = text.partition(u".")
        text = whole.rjust(zeros, u"0") + point + part
        return before + sign + text + (u"%" if is_percent else u"") + after

    return shown


def _grouped_by(text):
    pieces = _PIECES.findall(text)
    first, count = pieces.index("0"), pieces.count("0")

    def shown(value):
        number = exact(value)
        digits = u"{:f}".format(_rounded(abs(number), 0)).rjust(count, u"0")
        made = []
        for index in range(len(pieces) - 1, -1, -1):
            if index == first:
                made.append(digits)  # All that are left.
            elif pieces[index] == "0":
                made.append(digits[-1])
                digits = digits[:-1]
            else:
                made.append(_unquoted(pieces[index]))
        return (u"-" if number < 0 else u"") + u"".join(reversed(made))

    return shown


def general(value):
    # type: (float) -> Text
    """Return a number without format: 15 digits, which hides what floats cannot hold."""
    if isinstance(value, Integral):
        return u"%d" % value
    return _plain(exact(value))


def exact(value):
    # type: (float) -> decimal.Decimal
    """Return the decimal number that a float stands for; an int has all its digits."""
    if isinstance(value, Integral):
        return decimal.Decimal(int(value))
    return decimal.Decimal("%.15g" % value)


def _plain(number):
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        return u"%s" % number
    text = u"{:f}".format(number)
    return text.rstrip(u"0").rstrip(u".") if u"." in text else text


def _rounded(number, digits):
    """Round half away from zero, as spreadsheets do."""
    if not number.is_finite() or number.adjusted() > _LONGEST:
        return number
    with decimal.localcontext() as context:
        context.prec = 2 * _LONGEST + digits
        return number.quantize(decimal.Decimal(1).scaleb(-digits), decimal.ROUND_HALF_UP)


def _unquoted(text):
    return u"%s" % _QUOTES.sub(lambda match: match.group(1) or match.group(2) or "", text)
