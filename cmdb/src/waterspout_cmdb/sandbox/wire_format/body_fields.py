"""Reading the fields of a request's body.

Clients made from the vendor's Go code send every field they know, unset ones too: null, 0,
``""`` and ``[]`` of an optional field mean that it was not given.
"""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument, NotBuilt
from waterspout_cmdb.sandbox.wire_format.values import (
    InvalidValue,
    as_elements,
    as_integer,
    as_text,
)


def read_integer(body, name, default, highest):
    # type: (dict, Text, int, int) -> int
    """A number from 1 to ``highest``. Raises: InvalidArgument."""
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
    """True or false, false by default. Raises: InvalidArgument."""
    value = body.get(name) or False
    if isinstance(value, (list, dict)) or value not in (True, False):
        raise InvalidArgument(u"%s must be true or false" % name)
    return bool(value)


def read_text(body, name, default=u""):
    # type: (dict, Text, Any) -> Text
    """Text. Raises: InvalidArgument."""
    if not body.get(name):
        return default
    try:
        return as_text(body[name])
    except InvalidValue as error:
        raise InvalidArgument(u"%s %s" % (name, error.args[0]))


def read_map(body, name):
    # type: (dict, Text) -> dict
    """A map, empty by default. Raises: InvalidArgument."""
    value = body.get(name) or {}
    if not isinstance(value, dict):
        raise InvalidArgument(u"%s must be a map" % name)
    return value


def read_maps(body, name):
    # type: (dict, Text) -> List[dict]
    """A list of maps, empty by default. Raises: InvalidArgument."""
    return _read_list(body, name, dict, u"maps")


def read_texts(body, name):
    # type: (dict, Text) -> List[Text]
    """A list of texts, empty by default. Raises: InvalidArgument."""
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
    """Raise InvalidArgument unless each of the names has a value, be it an empty one."""
    for name in names:
        if body.get(name) is None:
            raise InvalidArgument(u"%s is missing" % name)


def is_unset(value):
    # type: (Any) -> bool
    """Whether a client that sends every field sends this for one that it was not given.

    False is not: where JSON has booleans, it is as good a value as true.
    """
    if isinstance(value, dict):
        return all(one is False or is_unset(one) for one in value.values())
    return value is None or (value is not False and value in (u"", 0, []))


def overlaid(old, body, **fixed):
    # type: (dict, dict, **Any) -> dict
    """``old`` with what is set in ``body`` over it, and ``fixed`` over that."""
    merged = dict(old)
    merged.update((name, value) for name, value in body.items() if not is_unset(value))
    merged.update(fixed)
    return merged


def refuse_features(body, features):
    # type: (dict, Mapping[Text, Text]) -> None
    """Raise NotBuilt when a field is set that asks for a feature we do not have.

    Args:
        features: what to call the feature, by the field that asks for it.
    """
    for name, feature in features.items():
        if body.get(name):
            raise NotBuilt(feature)
