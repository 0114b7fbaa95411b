"""Patterns of texts, checked here as far as it surely takes little time.

A pattern of the CMDB such as ``^(a+)+$`` would keep Python's ``re`` busy for hours with 40
characters. Such a pattern is left to the CMDB, which checks every text in any case.
"""

from __future__ import absolute_import, division, print_function

import re

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Callable, Text  # noqa: F401

#: Steps for one text, at most: a tenth of a second.
_MAX_STEPS = 10 ** 6

#: Letters after a backslash that mean the same everywhere. py2: it takes unknown ones for letters.
_ESCAPES = frozenset(u"bBdDsSwWfnrtv")

# Python 3.11 renamed it.
_parser = getattr(re, "_parser", None) or re.sre_parse


def matcher(pattern):
    # type: (Text) -> Callable[[Text], bool]
    """Return a function that says whether a text has the pattern, or that the CMDB must say."""
    escaped = re.findall(u"\\\\(.)", pattern)
    if any(each.isalnum() and each not in _ESCAPES for each in escaped):
        return _unchecked
    try:
        search = re.compile(pattern, getattr(re, "ASCII", 0)).search
        repeats, ways = _size(_parser.parse(pattern))
    except Exception:  # The CMDB's syntax need not be Python's; what fails here has many types.
        return _unchecked
    # A text of n characters takes at most `ways` times n to the power of `repeats`, from each of
    # its n places.
    longest = int((_MAX_STEPS // ways) ** (1.0 / (repeats + 1)))
    return lambda text: len(text) > longest or search(text) is not None


def _unchecked(text):
    return True


def _size(parsed):
    """Return the number of repeats without end in a pattern, and of other ways through it.

    Raises: ValueError: it has too many, or what this function does not know.
    """
    repeats, ways = 0, 1
    for name, value in parsed:
        name = str(name).lower()
        if name in ("max_repeat", "min_repeat"):
            more, inner_ways = _size_of_repeat(*value)
        elif name == "branch":
            sizes = [_size(each) for each in value[1]]
            more, inner_ways = max(size[0] for size in sizes), sum(size[1] for size in sizes)
        elif name == "subpattern":
            more, inner_ways = _size(value[-1])
        elif name in ("literal", "not_literal", "any", "in", "at"):
            continue
        else:
            raise ValueError(name)  # Looking around, references to groups.
        repeats, ways = repeats + more, ways * inner_ways
        if ways > _MAX_STEPS or repeats > 5:
            raise ValueError(name)
    return repeats, ways


def _size_of_repeat(least, most, body):
    repeats, ways = _size(body)
    if most >= 1000:
        if repeats or ways > 1:
            raise ValueError("a repeat in a repeat without end")
        return 1, 1
    if ways > 1 and most > 20:
        raise ValueError("too many ways")
    return repeats * most, (most - least + 1) * ways ** most
