"""Every name that requests exports at its top level is of the same kind at ours."""

from __future__ import absolute_import, division, print_function
import __future__

import inspect
import re

import pytest
import requests
from features import read_page

import waterspout

#: How the section of docs/compatibility.md begins that lists the names we do not have.
SECTION = "## Names at the top level of `requests`"


def kind(value):
    """What code does with it: raise and catch, instantiate, call, or read."""
    if inspect.isclass(value):
        return "exception class" if issubclass(value, BaseException) else "class"
    if inspect.ismodule(value):
        return "module"
    return "function" if callable(value) else "value"


def names():
    """Without modules, private names, and what `from __future__` leaves behind."""
    for name, value in sorted(vars(requests).items()):
        if not (kind(value) == "module" or name.startswith("_")
                or name in __future__.all_feature_names):
            yield name


def listed():
    """The names in the first column of that section's table."""
    section = read_page().partition(SECTION)[2].partition("\n## ")[0]
    return set(name for cell in re.findall(r"(?m)^\| ([^|]*) \|", section)
               for name in re.findall(r"`(\w+)", cell))


@pytest.mark.parametrize("name", sorted(names()))
def test_a_name_is_of_the_same_kind(name):
    """If not, the compatibility page lists it with what to use instead."""
    ours = kind(getattr(waterspout, name, None))
    assert name in listed() or (ours == kind(getattr(requests, name))
                                and name in waterspout.__all__)


@pytest.mark.parametrize("name", sorted(listed()))
def test_a_listed_name_differs(name):
    """The page lists no name that could be used as it is."""
    assert name not in waterspout.__all__


def test_timeout_is_the_exception():
    """`except waterspout.Timeout:` catches what a slow call raises."""
    assert issubclass(waterspout.ReadTimeout, waterspout.Timeout)
    assert waterspout.Timeout is waterspout.exceptions.Timeout
