"""The names of models, attributes and relations, and the ids of instances."""

from __future__ import absolute_import, division, print_function

import json
import re

from tornado.escape import to_unicode
from tornado.util import basestring_type

from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument

_ATTRIBUTE_NAME = re.compile(r"[a-zA-Z_][0-9a-zA-Z_]{0,31}\Z")

# Newer models are called NAME@NAMESPACE, which takes more room. The length is our choice.
_OBJECT_ID = re.compile(r"[a-zA-Z_][0-9a-zA-Z_@]{0,127}\Z")

# Made of the ids of two models and of two of their fields.
_RELATION_ID = re.compile(r"[a-zA-Z_][0-9a-zA-Z_@]{0,399}\Z")


def attribute_name(name):
    # type: (Any) -> Text
    """``name`` if it can name an attribute; such a name is safe inside SQL and JSON paths.

    Raises: InvalidArgument.
    """
    return _matching(_ATTRIBUTE_NAME, name, u"an attribute")


def object_id(name):
    # type: (Any) -> Text
    """``name`` if it can name a model. Raises: InvalidArgument."""
    return _matching(_OBJECT_ID, name, u"a model")


def relation_id(name):
    # type: (Any) -> Text
    """``name`` if it can name a relation. Raises: InvalidArgument."""
    return _matching(_RELATION_ID, name, u"a relation")


def index_name(name):
    # type: (Any) -> Text
    """``name`` if it can name an index of a model. Raises: InvalidArgument."""
    return _matching(_RELATION_ID, name, u"an index")


def _matching(pattern, name, what):
    if not isinstance(name, basestring_type) or not pattern.match(name):
        raise InvalidArgument(u"%s cannot name %s" % (json.dumps(name), what))
    return to_unicode(name)


class InstanceIds(object):
    """Gives out the numbers behind instance ids: microseconds since the epoch, each only once.

    A clock that stands still or goes back does not matter: the next number is then one more
    than the last.

    Attributes:
        last (int): the highest number given out, in this run or an earlier one.
    """

    def __init__(self, last, clock):
        # type: (int, Callable[[], float]) -> None
        self.last = last
        self._clock = clock

    def next(self):
        # type: () -> int
        self.last = max(int(self._clock() * 1e6), self.last + 1)
        return self.last


def instance_id(number):
    # type: (int) -> Text
    """13 hexadecimal digits; ids sort as their numbers do until the year 2112."""
    return u"%013x" % number
