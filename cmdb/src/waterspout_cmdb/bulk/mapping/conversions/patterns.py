"""Patterns of texts, checked here as far as it surely takes little time.

A pattern of the CMDB such as ``^(a+)+$`` would keep Python's ``re`` busy for hours with 40
characters. Such a pattern is left to the CMDB, which checks every text in any case.
"""

from __future__ import absolute_import, division, print_function

import re

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Callable, Text  # noqa: F401

#: Steps for one text: those for one repeat of the pattern are as many as the text has characters,
#: those for two its square, and so on.
_MAX_STEPS = 10 ** 6

# Python 3.11 renamed it.
_parser = getattr(re, "_parser", None) or re.sre_parse


def matcher(pattern):
    # type: (Text) -> Callable[[Text], bool]
    """Return a function that says whether a text has the pattern, or that the CMDB must say."""
    try:
        search = re.compile(pattern, getattr(re, "ASCII", 0)).search
        repeats = _repeats(_parser.parse(pattern))
    except Exception:  # The CMDB's syntax need not be Python's; what fails here has many types.
        return _unchecked
    if repeats is None:
        return _unchecked
    longest = int(_MAX_STEPS ** (1.0 / (repeats + 1)))
    return lambda text: len(text) > longest or search(text) is not None


def _unchecked(text):
    return True


def _repeats(parsed, inside=False):
    """Return the number of repeats; None: one is inside another, or has alternatives."""
    count = 0
    for name, value in parsed:
        name = str(name).lower()
        if name in ("max_repeat", "min_repeat", "possessive_repeat"):
            if value[1] > 1:
                if inside:
                    return None
                count += 1
            inner = [(value[2], inside or value[1] > 1)]
        elif name == "branch":
            if inside:
                return None
            inner = [(each, inside) for each in value[1]]
        elif name == "subpattern":
            inner = [(value[-1], inside)]
        elif name in ("literal", "not_literal", "any", "in", "at"):
            continue
        else:
            return None  # Looking around, references to groups.
        for each, deeper in inner:
            more = _repeats(each, deeper)
            if more is None:
                return None
            count += more
    return count
