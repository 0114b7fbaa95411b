"""The cells of a row as text, and back with the types they had."""

from __future__ import absolute_import, division, print_function

import datetime
import json
import re

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.rows import ABSENT

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Text  # noqa: F401

_NUMBERS = re.compile(r"[0-9]+")


def encode(cells):
    # type: (list) -> Text
    """Return JSON: a list, or if there are dates or `ABSENT` an object with the list and types."""
    types = {}
    for index, cell in enumerate(cells):
        if cell is ABSENT:
            types[index] = "absent"
        elif isinstance(cell, datetime.datetime):  # It is a date, too.
            types[index] = "datetime"
        elif isinstance(cell, datetime.date):
            types[index] = "date"
    if not types:
        return to_unicode(json.dumps(cells, default=_other))
    plain = list(cells)
    for index, name in types.items():
        plain[index] = None if name == "absent" else cells[index].isoformat()
    return to_unicode(json.dumps({"cells": plain, "types": types}, default=_other))


def decode(text):
    # type: (Text) -> list
    """Return the list of cells that `encode` was given."""
    found = json.loads(text)
    if isinstance(found, list):
        return found
    cells = found["cells"]
    for index, name in found["types"].items():
        cells[int(index)] = _TYPES[name](cells[int(index)])
    return cells


def _other(value):
    return to_unicode(str(value))


def _date(text):
    return datetime.date(*[int(each) for each in _NUMBERS.findall(text)])


def _datetime(text):
    return datetime.datetime(*[int(each) for each in _NUMBERS.findall(text)])


_TYPES = {"absent": lambda text: ABSENT, "date": _date, "datetime": _datetime}
