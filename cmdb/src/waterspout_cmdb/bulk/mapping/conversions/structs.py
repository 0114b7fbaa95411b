"""Cells as maps with the members that the model names, or as lists of such maps: in JSON."""

from __future__ import absolute_import, division, print_function

from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions import json_values
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable
from waterspout_cmdb.bulk.mapping.mapped import shown

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Text  # noqa: F401


def struct_converter(members, example):
    # type: (Dict[Text, Callable], Text) -> Callable[[Any], Dict]
    """Return the function that makes a cell a map.

    Args:
        members: the converter of each member.
        example: what a cell may look like, for reasons.
    """
    known = u", ".join(members)

    def convert_map(value):
        if not isinstance(value, dict):
            raise Unreadable(u"is not a map; write for example %s" % example)
        found = {}
        for name, item in value.items():
            if name not in members:
                raise Unreadable(u"has a member %s; the members are %s" % (shown(name), known))
            if item is None or item == u"":
                continue
            try:
                found[name] = members[name](_stripped(item))
            except Unreadable as error:
                raise Unreadable(u"has a member %s, which %s" % (name, error.reason))
        return found

    def convert(cell):
        return convert_map(json_values.parse(cell) if cell.__class__ is unicode_type else cell)

    return convert


def structs_converter(members, example):
    # type: (Dict[Text, Callable], Text) -> Callable[[Any], List[Dict]]
    """Return the function that makes a cell a list of maps; one map is a list of one."""
    convert_map = struct_converter(members, example)

    def convert(cell):
        value = json_values.parse(cell) if cell.__class__ is unicode_type else cell
        return [convert_map(each) for each in (value if isinstance(value, list) else [value])]

    return convert


def _stripped(item):
    """Return a member's value; one of spaces only stays, to be refused or stored as it is."""
    return (item.strip() or item) if item.__class__ is unicode_type else item
