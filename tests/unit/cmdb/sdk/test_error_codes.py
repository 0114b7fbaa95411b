"""The vendor's table of error codes."""

from __future__ import absolute_import, division, print_function

import io
import os
import re

import pytest

from waterspout.testing import make_response
from waterspout_cmdb import ERROR_CODES, CMDBError
from waterspout_cmdb.sdk import error_codes

PAGE = os.path.join(
    os.path.dirname(__file__), *[os.pardir] * 4 + ["docs", "reference", "cmdb.md"])


def test_the_table_has_every_code():
    """Also each that has a name of its own in the module."""
    named = {value for name, value in vars(error_codes).items()
             if isinstance(value, error_codes.ErrorCode)}
    assert set(ERROR_CODES.values()) == named
    assert all(code == each.code for code, each in ERROR_CODES.items())
    assert all(getattr(error_codes, each.name) == each for each in named)


def test_the_page_has_the_same_table():
    """In the same words."""
    with io.open(PAGE, encoding="utf-8") as file:
        rows = re.findall(r"^ +(\d+) +([A-Z_]+) +(\d{3})$", file.read(), re.MULTILINE)
    assert sorted((int(code), name, int(status)) for code, name, status in rows) == sorted(
        tuple(each) for each in ERROR_CODES.values())


@pytest.mark.parametrize("code, name", [(100007, "ALREADY_EXISTS"), (133112, None), (None, None)])
def test_an_error_has_the_name_of_its_code(code, name):
    """None where the vendor publishes none."""
    assert CMDBError(make_response(409), code, "x").code_name == name
