"""Keywords for objects."""

from __future__ import absolute_import, division, print_function

import re

from waterspout.service._validation.keywords.faults import (
    PAUSE,
    Fault,
    descend,
    first_fault,
    is_pause_due,
)


def properties(validator, subschemas, instance, schema):
    if isinstance(instance, dict):
        for name, subschema in subschemas.items():
            if name in instance:
                for fault in descend(validator, instance[name], subschema, name):
                    yield fault


def pattern_properties(validator, subschemas, instance, schema):
    if isinstance(instance, dict):
        for pattern, subschema in subschemas.items():
            search = re.compile(pattern).search
            for count, name in enumerate(instance):
                if is_pause_due(count):
                    yield PAUSE
                if search(name):
                    for fault in descend(validator, instance[name], subschema, name):
                        yield fault


def additional_properties(validator, subschema, instance, schema):
    if subschema is True or not isinstance(instance, dict):
        return
    known = schema.get("properties", ())
    searches = [re.compile(pattern).search for pattern in schema.get("patternProperties", ())]
    for count, name in enumerate(instance):
        if is_pause_due(count):
            yield PAUSE
        if name not in known and not any(search(name) for search in searches):
            for fault in descend(validator, instance[name], subschema, name):
                yield fault


def property_names(validator, subschema, instance, schema):
    if isinstance(instance, dict):
        for count, name in enumerate(instance):
            if is_pause_due(count):
                yield PAUSE
            faults = []
            for pause in first_fault(validator, name, subschema, faults):
                yield pause
            if faults:
                yield Fault(u"has a name that is not allowed", name)


def required(validator, names, instance, schema):
    if isinstance(instance, dict):
        for name in names:
            if name not in instance:
                yield Fault(u'the property "%s" is missing' % name)


def min_properties(validator, least, instance, schema):
    if isinstance(instance, dict) and len(instance) < least:
        yield Fault(u"must have at least %s properties" % least)


def max_properties(validator, most, instance, schema):
    if isinstance(instance, dict) and len(instance) > most:
        yield Fault(u"must have at most %s properties" % most)


KEYWORDS = {
    "properties": properties, "patternProperties": pattern_properties,
    "additionalProperties": additional_properties, "propertyNames": property_names,
    "required": required, "minProperties": min_properties, "maxProperties": max_properties,
}
