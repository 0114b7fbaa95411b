"""Cells become values of attributes: one module for each kind of attribute.

Each has ``converter(attribute, rules)``, called once for a column; it returns the function that
is called for each cell, which raises `Unreadable` if the cell is not a value.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.mapping.conversions import (
    booleans,
    choices,
    floats,
    text,
    whole_numbers,
)

CONVERTERS = {
    u"str": text.converter,
    u"int": whole_numbers.converter,
    u"float": floats.converter,
    u"bool": booleans.converter,
    u"enum": choices.converter,
}
