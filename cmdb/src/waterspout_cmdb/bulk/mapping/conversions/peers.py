"""Cells as related instances: by names, or in JSON by the ids that the CMDB gave them."""

from __future__ import absolute_import, division, print_function

import collections
import re

from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions import json_values, lists
from waterspout_cmdb.bulk.mapping.conversions.text import as_text
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable
from waterspout_cmdb.bulk.mapping.model import INSTANCE_ID

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional, Text, Tuple  # noqa: F401

_is_id = re.compile(u"[0-9a-z]{13}\\Z").match


def converter(relation, key, rules):
    # type: (Relation, Optional[Text], Rules) -> Callable[[Any], Tuple[List[Text], List[Text]]]
    """Return the function that makes a cell ids and names of instances; one of them is empty.

    A JSON list is one of ids if each item looks like one and ``key`` is None, or if its items are
    maps with an ``instanceId``, as an export has them.

    Args:
        key: the attribute by which cells name instances, if the user said it.
    """
    split = lists.splitter(rules.list_separator)
    by_id = key == INSTANCE_ID

    def convert(cell):
        is_text = cell.__class__ is unicode_type and cell[0] not in u"[{"
        if is_text:
            names = [cell] if relation.maximum == 1 else split(cell)
        else:
            names = lists.as_list(cell)
        names = _each_once([_name(item) for item in names])
        if relation.maximum > 0 and len(names) > relation.maximum:
            raise Unreadable(u"names %d instances; the relation %s allows %d" % (
                len(names), relation.side, relation.maximum))
        are_ids = all(is_given or _is_id(name) for name, is_given in names)
        texts = [name for name, _ in names]
        if any(is_given for _, is_given in names) or by_id or (
                key is None and not is_text and are_ids):
            if not all(_is_id(name) for name in texts):
                raise Unreadable(
                    u"is not a list of ids of instances, which have 13 characters from 0 to 9 and "
                    u"from a to z")
            return texts, []
        return [], texts

    return convert


def _name(item):
    """Return an item's text, and whether it is surely an id."""
    if isinstance(item, dict):
        identifier = item.get(INSTANCE_ID)
        if not isinstance(identifier, unicode_type):
            raise Unreadable(u"has a map without instanceId; write names, separated by commas")
        return identifier, True
    if item is None or item == u"" or isinstance(item, list):
        raise Unreadable(u"has an item that names no instance; leave it out")
    name = as_text(json_values.checked(item)).strip()
    if not name:
        raise Unreadable(u"has an item that names no instance; leave it out")
    return name, False


def _each_once(items):
    return list(collections.OrderedDict.fromkeys(items))
