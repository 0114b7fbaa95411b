"""Read the fields of a request's body.

Clients generated from the vendor's Go code send every field, unset ones included: null, 0,
``""`` and ``[]`` for an optional field mean "not set".
"""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, Unimplemented
from waterspout_cmdb.sandbox.wire_format.values import (
    InvalidValue,
    as_elements,
    as_integer,
    as_text,
)


def read_integer(body, name, default, highest):
    # type: (dict, Text, int, int) -> int
    """Return a number from 1 to ``highest``. Raises: InvalidArgument."""
    if not body.get(name):
        return default
    try:
        number = as_integer(body[name])
    except InvalidValue as error:
        raise InvalidArgument(u"%s %s" % (name, error.args[0]))
    if not 1 <= number <= highest:
        raise InvalidArgument(u"%s must be between 1 and %d" % (name, highest))
    return number


def read_boolean(body, name):
    # type: (dict, Text) -> bool
    """Return a boolean, False by default. Raises: InvalidArgument."""
    value = body.get(name) or False
    if isinstance(value, (list, dict)) or value not in (True, False):
        raise InvalidArgument(u"%s must be true or false" % name)
    return bool(value)


def read_text(body, name, default=u""):
    # type: (dict, Text, Any) -> Text
    """Return a text. Raises: InvalidArgument."""
    if not body.get(name):
        return default
    try:
        return as_text(body[name])
    except InvalidValue as error:
        raise InvalidArgument(u"%s %s" % (name, error.args[0]))


def read_map(body, name):
    # type: (dict, Text) -> dict
    """Return a map, empty by default. Raises: InvalidArgument."""
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise InvalidArgument(u"%s must be a map" % name)
    return value


def read_maps(body, name):
    # type: (dict, Text) -> List[dict]
    """Return a list of maps, empty by default. Raises: InvalidArgument."""
    return _read_list(body, name, dict, u"maps")


def read_texts(body, name):
    # type: (dict, Text) -> List[Text]
    """Return a list of texts, empty by default. Raises: InvalidArgument."""
    return _read_list(body, name, basestring_type, u"texts")


def _read_list(body, name, element_type, elements):
    values = body.get(name) or []
    if not isinstance(values, list):
        raise InvalidArgument(u"%s must be a list of %s" % (name, elements))
    try:
        as_elements(values)
    except InvalidValue as error:
        raise InvalidArgument(u"%s %s" % (name, error.args[0]))
    for value in values:
        if not isinstance(value, element_type):
            raise InvalidArgument(u"%s must be a list of %s" % (name, elements))
    return values


def require(body, *names):
    # type: (dict, *Text) -> None
    """Raise InvalidArgument if one of the names is absent or null; empty values are allowed."""
    for name in names:
        if body.get(name) is None:
            raise InvalidArgument(u"%s is missing" % name)


def is_unset(value):
    # type: (Any) -> bool
    """Say whether a client that sends every field sends ``value`` for an unset one.

    False counts as set, because it is a value like True.
    """
    if isinstance(value, dict):
        return all(one is False or is_unset(one) for one in value.values())
    return value is None or (value is not False and value in (u"", 0, []))


def merged(old, body, **fixed):
    # type: (dict, dict, **Any) -> dict
    """Return ``old`` updated with the set fields of ``body``, and then with ``fixed``."""
    fields = dict(old)
    fields.update((name, value) for name, value in body.items() if not is_unset(value))
    fields.update(fixed)
    return fields


def refuse_features(body, features):
    # type: (dict, Mapping[Text, Text]) -> None
    """Raise Unimplemented if a field is set that needs a feature the sandbox does not have.

    Args:
        features: maps the name of the field to the name of the feature.
    """
    for name, feature in features.items():
        if body.get(name):
            raise Unimplemented(feature)
