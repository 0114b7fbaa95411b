"""Cells become values of attributes: one module for each kind of attribute.

Each has ``converter(attribute, rules, is_json)``, called once for a column; it returns the
function that is called for each cell, which raises `Unreadable` if the cell is not a value. It is
never called with an empty cell; texts have no outer spaces. ``is_json``: the cells are JSON values.
Those for what may have times take ``note`` besides: it is called when an offset is left out.
"""

from __future__ import absolute_import, division, print_function

import collections

from waterspout_cmdb.bulk.mapping.conversions import (
    booleans,
    choices,
    dates,
    floats,
    ip_addresses,
    json_values,
    lists,
    structs,
    text,
    whole_numbers,
)

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

_EXAMPLES = {u"int": u"8", u"float": u"3.5", u"bool": u"true", u"date": u'"2024-02-29"'}


def _struct(attribute, rules, is_json, note):
    return structs.struct_converter(_members(attribute, rules, note), _example(attribute))


def _structs(attribute, rules, is_json, note):
    example = u"[%s]" % _example(attribute)
    return structs.structs_converter(_members(attribute, rules, note), example)


def _members(attribute, rules, note):
    # The type of a member may be unknown; its values are left to the CMDB then.
    return collections.OrderedDict(
        (name, converter(member, rules, True, note) or json_values.checked)
        for name, member in attribute.members.items())


def _example(attribute):
    """Return a cell that has the first two members."""
    return u"{%s}" % u", ".join(
        u'"%s": %s' % (name, _EXAMPLES.get(member.type, u'"%s"' % (
            member.choices[0] if member.choices else u"...")))
        for name, member in list(attribute.members.items())[:2])


_CONVERTERS = {
    u"str": text.converter,
    u"int": whole_numbers.converter,
    u"float": floats.converter,
    u"bool": booleans.converter,
    u"enum": choices.converter,
    u"enums": lists.enums_converter,
    u"arr": lists.array_converter,
    u"date": dates.date_converter,
    u"ip": ip_addresses.converter,
    u"json": json_values.converter,
}

_WITH_TIMES = {u"datetime": dates.datetime_converter, u"struct": _struct, u"structs": _structs}


def converter(attribute, rules, is_json, note=None):
    # type: (Attribute, Rules, bool, Optional[Callable[[], None]]) -> Optional[Callable[[Any], Any]]
    """Return the function for the cells of an attribute; None: its type is not known here.

    Args:
        note: is called for each time whose offset is left out.
    """
    if attribute.type in _WITH_TIMES:
        return _WITH_TIMES[attribute.type](attribute, rules, is_json, note)
    make = _CONVERTERS.get(attribute.type)
    return make(attribute, rules, is_json) if make is not None else None
