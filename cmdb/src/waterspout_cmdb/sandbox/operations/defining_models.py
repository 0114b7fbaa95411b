"""Create, get, list and change models."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.models.definition_checks import (
    MAX_NAME,
    TEXTS,
    check_name,
    model_definition,
    view_definition,
)
from waterspout_cmdb.sandbox.wire_format.api_errors import (
    AlreadyExists,
    InvalidArgument,
    NotFound,
    Unimplemented,
)
from waterspout_cmdb.sandbox.wire_format.body_fields import (
    is_unset,
    read_boolean,
    read_maps,
    read_text,
    require,
)
from waterspout_cmdb.sandbox.wire_format.paging import page_of, read_page

#: The properties of a model besides its attributes, indexes and relations.
BASIC = TEXTS + ("objectId", "protected", "view", "isAbstract", "parentObjectIds", "_version")

_PARTS = {
    "attrList": u"changing attributes along with their model; change them one by one",
    "indexList": u"changing indexes along with their model; change them one by one",
    "relation_list": u"changing relations along with their model; change them one by one",
}


def create(transaction, body):
    # type: (Transaction, dict) -> dict
    """Store a new model with its relations, and return it.

    Raises: InvalidArgument; AlreadyExists; NotFound: the other model of a relation; Unimplemented.
    """
    require(body, "objectId", "name")
    if not transaction.add_model(body):
        raise AlreadyExists(u"there is a model %s already" % body["objectId"])
    for relation in read_maps(body, "relation_list"):
        if transaction.add_relation(relation) is None:
            raise AlreadyExists(u"there is a relation of this id already")
    return get(transaction, body["objectId"])


def get(transaction, object_id):
    # type: (Transaction, Text) -> dict
    """Return the whole model. Raises: NotFound."""
    definition = transaction.model(object_id).definition
    return _with_relations(definition, transaction.relations.of(object_id))


def get_all(transaction, chosen):
    # type: (Transaction, Callable[[dict], bool]) -> List[dict]
    """Return the models for which ``chosen`` is true, oldest first."""
    relations = transaction.relations.all()
    found = [stored.definition for stored in transaction.models.all()]
    return [_with_relations(one, relations) for one in found if chosen(one)]


def get_page(transaction, chosen, fields):
    # type: (Transaction, Callable[[dict], bool], dict) -> dict
    """Return one page of these models; ``fields`` has ``page`` and ``page_size``."""
    page = read_page(fields)
    found = get_all(transaction, chosen)
    return page_of(page, found[page.offset : page.offset + page.size], len(found))


def update(transaction, object_id, body):
    # type: (Transaction, Text, dict) -> dict
    """Change properties of a model. Attributes, indexes and relations have their own operations.

    Raises: NotFound; InvalidArgument; Unimplemented: an attribute, index or relation is different.
    """
    model = get(transaction, object_id)
    _refuse_other_parts(model, body)
    definition = dict(transaction.model(object_id).definition)
    for name in TEXTS:
        if not is_unset(body.get(name)):
            definition[name] = read_text(body, name)
    check_name(definition["name"])
    if body.get("protected") is not None:
        definition["protected"] = read_boolean(body, "protected")
    if body.get("view"):
        definition["view"] = view_definition(body)
    transaction.change_model(definition)
    return get(transaction, object_id)


def chosen_by(object_ids=None, category=None, text=None):
    # type: (Optional[Iterable[Text]], Optional[Text], Optional[Text]) -> Callable[[dict], bool]
    """Return a condition on models: by id, by category, by a text in their id or name.

    Raises: InvalidArgument: the text is longer than any name.
    """
    if text is not None and len(text) > MAX_NAME:
        raise InvalidArgument(u"q may have at most %d characters" % MAX_NAME)

    def chosen(definition):
        return (
            (object_ids is None or definition["objectId"] in object_ids)
            and (category is None or definition["category"] == category)
            and (text is None or text in definition["objectId"] or text in definition["name"])
        )

    return chosen


def find_part(parts, name, value, what):
    # type: (List[dict], Text, Text, Text) -> dict
    """Return the attribute or index with that name. Raises: NotFound."""
    for part in parts:
        if part[name] == value:
            return part
    raise NotFound(u"there is no %s %s" % (what, value))


def _with_relations(definition, relations):
    object_id = definition["objectId"]
    own = [
        dict(stored.definition)
        for stored in relations
        if object_id
        in (stored.definition["left_object_id"], stored.definition["right_object_id"])
    ]
    return dict(definition, relation_list=own)


def _refuse_other_parts(model, body):
    """Accept unchanged parts, because clients send back the whole model that they have read."""
    sent = {name: body[name] for name in _PARTS if body.get(name)}
    if sent:
        given = model_definition(dict(sent, objectId=model["objectId"]))
        given["relation_list"] = read_maps(body, "relation_list")
        for name in sent:
            if given[name] != model[name]:
                raise Unimplemented(_PARTS[name])
