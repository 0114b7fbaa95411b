"""Keywords for values of any type."""

from __future__ import absolute_import, division, print_function

from waterspout.service._validation.keywords.faults import Fault, descend, first_fault
from waterspout.service._validation.keywords.json_values import are_equal


def type_(validator, types, instance, schema):
    types = types if isinstance(types, list) else [types]
    if not any(validator.is_type(instance, each) for each in types):
        yield Fault(u"must be of type " + u" or ".join(types))


def enum(validator, values, instance, schema):
    if not any(are_equal(instance, each) for each in values):
        yield Fault(u"is not one of the values that are allowed")


def const(validator, value, instance, schema):
    if not are_equal(instance, value):
        yield Fault(u"is not the value that is allowed")


def any_of(validator, subschemas, instance, schema):
    for subschema in subschemas:
        faults = []
        for pause in first_fault(validator, instance, subschema, faults):
            yield pause
        if not faults:
            return
    yield Fault(u"fits none of the alternatives")


def one_of(validator, subschemas, instance, schema):
    fitting = 0
    for subschema in subschemas:
        faults = []
        for pause in first_fault(validator, instance, subschema, faults):
            yield pause
        fitting += not faults
    if fitting != 1:
        yield Fault(u"must fit exactly one of the alternatives, not %d" % fitting)


def not_(validator, subschema, instance, schema):
    faults = []
    for pause in first_fault(validator, instance, subschema, faults):
        yield pause
    if not faults:
        yield Fault(u"fits what is excluded")


def if_(validator, subschema, instance, schema):
    faults = []
    for pause in first_fault(validator, instance, subschema, faults):
        yield pause
    for fault in descend(validator, instance, schema.get("else" if faults else "then", True)):
        yield fault


KEYWORDS = {
    "type": type_, "enum": enum, "const": const, "anyOf": any_of, "oneOf": one_of, "not": not_,
    "if": if_,
}
