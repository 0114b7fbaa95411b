"""Keywords for arrays."""

from __future__ import absolute_import, division, print_function

from waterspout.service._validation.keywords.faults import (
    PAUSE,
    Fault,
    descend,
    first_fault,
    is_pause_due,
)
from waterspout.service._validation.keywords.json_values import hashable


def items(validator, value, instance, schema):
    if not isinstance(instance, list):
        return ()
    if isinstance(value, list):  # Until draft 2019-09.
        return prefix_items(validator, value, instance, schema)
    start = 0
    if "prefixItems" in validator.VALIDATORS:
        start = len(schema.get("prefixItems", ()))
    return _items_from(start, validator, value, instance)


def prefix_items(validator, subschemas, instance, schema):
    if isinstance(instance, list):
        for index, subschema in enumerate(subschemas[:len(instance)]):
            for fault in descend(validator, instance[index], subschema, index):
                yield fault


def additional_items(validator, subschema, instance, schema):
    first = schema.get("items")
    if not isinstance(instance, list) or not isinstance(first, list):
        return ()
    return _items_from(len(first), validator, subschema, instance)


def contains(validator, subschema, instance, schema):
    if not isinstance(instance, list):
        return
    least, most = 1, None
    if "dependentRequired" in validator.VALIDATORS:  # From draft 2019-09 on.
        least, most = schema.get("minContains", 1), schema.get("maxContains")
    fitting = 0
    for index, item in enumerate(instance):
        if is_pause_due(index):
            yield PAUSE
        faults = []
        for pause in first_fault(validator, item, subschema, faults):
            yield pause
        fitting += not faults
        if fitting >= least if most is None else fitting > most:
            break
    if fitting < least:
        yield Fault(u"has too few of the items that it must contain")
    elif most is not None and fitting > most:
        yield Fault(u"has too many of the items of which it may contain some")


def unique_items(validator, value, instance, schema):
    if not value or not isinstance(instance, list):
        return
    seen = set()
    for index, item in enumerate(instance):
        if is_pause_due(index):
            yield PAUSE
        item = hashable(item)
        if item in seen:
            yield Fault(u"is the same as an item before it", index)
            return
        seen.add(item)


def min_items(validator, least, instance, schema):
    if isinstance(instance, list) and len(instance) < least:
        yield Fault(u"must have at least %s items" % least)


def max_items(validator, most, instance, schema):
    if isinstance(instance, list) and len(instance) > most:
        yield Fault(u"must have at most %s items" % most)


def _items_from(start, validator, subschema, instance):
    if subschema is True or subschema == {}:
        return
    for index in range(start, len(instance)):
        if is_pause_due(index):
            yield PAUSE
        for fault in descend(validator, instance[index], subschema, index):
            yield fault


KEYWORDS = {
    "items": items, "prefixItems": prefix_items, "additionalItems": additional_items,
    "contains": contains, "uniqueItems": unique_items, "minItems": min_items,
    "maxItems": max_items,
}
