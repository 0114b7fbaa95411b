"""Reading the fields of a request's body.

Clients made from the vendor's Go code send every field they know, unset ones too: null, 0,
``""`` and ``[]`` of an optional field mean that it was not given.
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.errors import InvalidArgument, NotBuilt
from waterspout_cmdb.sandbox.values import InvalidValue, as_integer


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
    if value not in (True, False):
        raise InvalidArgument(u"%s must be true or false" % name)
    return bool(value)


def refuse_features(body, features):
    # type: (dict, Mapping[Text, Text]) -> None
    """Raise NotBuilt when a field is set that asks for a feature we do not have.

    Args:
        features: what to call the feature, by the field that asks for it.
    """
    for name, feature in features.items():
        if body.get(name):
            raise NotBuilt(feature)
