"""Cells as one of an enum's texts: as written, or else ignoring case."""

from __future__ import absolute_import, division, print_function

import difflib

from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions.text import as_text
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Text  # noqa: F401

#: Choices that a reason lists.
SHOWN = 12

#: What is looked at for the nearest choice: its time grows with the product of these.
_COMPARED, _COMPARED_LENGTH = 500, 60

#: Reasons that are kept, because a wrong text often stands in thousands of rows; of short texts.
_KEPT, _KEPT_LENGTH = 500, 100


def converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], Text]
    """Return the function that makes a cell one of the choices; any text if none are known."""
    if not attribute.choices:
        return as_text
    known = {choice: choice for choice in attribute.choices}
    for choice in attribute.choices:
        known.setdefault(choice.strip(), choice)
    folded = {}
    for choice in attribute.choices:
        # Two choices that differ in case only are told apart, or refused.
        name = choice.strip().lower()
        folded[name] = choice if folded.get(name, choice) == choice else None
    reasons = {}
    get = known.get

    def convert(cell):
        value = get(cell) if cell.__class__ is unicode_type else None
        if value is not None:
            return value
        text = as_text(cell)
        value = get(text)
        if value is None:
            value = folded.get(text.lower())
        if value is not None:
            return value
        reason = reasons.get(text)
        if reason is None:
            reason = _reason(text, attribute.choices)
            if len(reasons) >= _KEPT:
                reasons.clear()
            if len(text) <= _KEPT_LENGTH:
                reasons[text] = reason
        raise Unreadable(reason)

    return convert


def _reason(text, choices):
    shown = u", ".join(choices[:SHOWN])
    if len(choices) > SHOWN:
        shown += u" and %d more" % (len(choices) - SHOWN)
    close = difflib.get_close_matches(
        text[:_COMPARED_LENGTH].lower(),
        [choice[:_COMPARED_LENGTH].lower() for choice in choices[:_COMPARED]], n=1)
    nearest = [c for c in choices[:_COMPARED] if close and c[:_COMPARED_LENGTH].lower() == close[0]]
    hint = u"; is %s meant?" % nearest[0] if nearest else u""
    return u"is not one of %s%s" % (shown, hint)
