"""Create, get, change and delete attributes and indexes of a model, one at a time."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.models.definition_checks import (
    attribute_definition,
    check,
    index_definition,
)
from waterspout_cmdb.sandbox.operations.defining_models import find_part
from waterspout_cmdb.sandbox.wire_format.api_errors import AlreadyExists, FailedPrecondition
from waterspout_cmdb.sandbox.wire_format.body_fields import merged, require


def create_attribute(transaction, object_id, body):
    # type: (Transaction, Text, dict) -> dict
    """Add an attribute to a model, and return the attribute.

    Existing instances get no value, even if there is a default.

    Raises: NotFound; InvalidArgument; AlreadyExists: the name is taken.
    """
    require(body, "id", "name", "value")
    table = transaction.table(object_id)
    model = transaction.model(object_id).definition
    attribute = attribute_definition(body)
    if attribute["id"] in table.model.sides or table.model.type_of(attribute["id"]) is not None:
        raise AlreadyExists(u"%s has a field %s already" % (object_id, attribute["id"]))
    _store(transaction, dict(model, attrList=model["attrList"] + [attribute]))
    return attribute


def get_attribute(transaction, object_id, name):
    # type: (Transaction, Text, Text) -> dict
    """Return an attribute. Raises: NotFound."""
    model = transaction.model(object_id).definition
    return find_part(model["attrList"], "id", name, u"attribute")


def update_attribute(transaction, object_id, name, body):
    # type: (Transaction, Text, Text, dict) -> dict
    """Change the properties in ``body`` of an attribute, and return the attribute.

    Its type cannot change while instances have values of the old type. Other conditions, such as
    an enum's values, apply to later writes only.

    Raises: NotFound; InvalidArgument; FailedPrecondition; AlreadyExists: not unique.
    """
    old = get_attribute(transaction, object_id, name)
    new = attribute_definition(merged(old, body, id=name))
    table = transaction.table(object_id)
    if _types(new["value"]) != _types(old["value"]) and table.has_values(name):
        raise FailedPrecondition(u"instances have values of attribute %s of its old type" % name)
    model = transaction.model(object_id).definition
    attributes = [new if one["id"] == name else one for one in model["attrList"]]
    _store(transaction, dict(model, attrList=attributes))
    return new


def delete_attribute(transaction, object_id, name):
    # type: (Transaction, Text, Text) -> dict
    """Delete an attribute with all its values, and return it.

    Raises: NotFound; FailedPrecondition: an index is on it, or it is protected.
    """
    old = get_attribute(transaction, object_id, name)
    model = transaction.model(object_id).definition
    if old["protected"]:
        raise FailedPrecondition(u"attribute %s is protected" % name)
    for index in model["indexList"]:
        if name in index["propertyIds"]:
            raise FailedPrecondition(u"the index %s is on attribute %s" % (index["name"], name))
    transaction.table(object_id).drop_values(name)
    _store(transaction, dict(model, attrList=[a for a in model["attrList"] if a["id"] != name]))
    return old


def create_index(transaction, object_id, body):
    # type: (Transaction, Text, dict) -> dict
    """Create an index on attributes, for searches or for uniqueness.

    A unique index allows each combination of their values only once.

    Raises: NotFound; InvalidArgument; AlreadyExists: the name is taken, or several instances have
        the same values.
    """
    require(body, "propertyIds", "unique")
    model = transaction.model(object_id).definition
    index = index_definition(body)
    _store(transaction, dict(model, indexList=model["indexList"] + [index]))
    return {"indexName": index["name"]}


def delete_index(transaction, object_id, name):
    # type: (Transaction, Text, Text) -> dict
    """Delete an index, and return its name. Raises: NotFound."""
    model = transaction.model(object_id).definition
    index = find_part(model["indexList"], "name", name, u"index")
    remaining = [one for one in model["indexList"] if one is not index]
    _store(transaction, dict(model, indexList=remaining))
    return {"indexName": name}


def _store(transaction, definition):
    check(definition)
    transaction.change_model(definition)
    transaction.table(definition["objectId"]).model_changed()


def _types(value):
    """Return what determines how values are stored and compared."""
    return (value["type"], [(one["id"], _types(one)) for one in value["struct_define"]])
