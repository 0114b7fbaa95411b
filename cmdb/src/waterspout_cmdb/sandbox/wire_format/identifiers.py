"""The names of models, attributes and relations."""

from __future__ import absolute_import, division, print_function

import json
import re

from tornado.escape import to_unicode
from tornado.util import basestring_type

from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument

_ATTRIBUTE_NAME = re.compile(r"[a-zA-Z_][0-9a-zA-Z_]{0,31}\Z")

# Newer models are called NAME@NAMESPACE and are longer. The maximum is our choice.
_OBJECT_ID = re.compile(r"[a-zA-Z_][0-9a-zA-Z_@]{0,127}\Z")

# It consists of the ids of two models and of two of their fields.
_RELATION_ID = re.compile(r"[a-zA-Z_][0-9a-zA-Z_@]{0,399}\Z")


def attribute_name(name):
    # type: (Any) -> Text
    """Return ``name`` if it can name an attribute. Such a name is safe in SQL and JSON paths.

    Raises: InvalidArgument.
    """
    return _matching(_ATTRIBUTE_NAME, name, u"an attribute")


def object_id(name):
    # type: (Any) -> Text
    """Return ``name`` if it can name a model. Raises: InvalidArgument."""
    return _matching(_OBJECT_ID, name, u"a model")


def relation_id(name):
    # type: (Any) -> Text
    """Return ``name`` if it can name a relation. Raises: InvalidArgument."""
    return _matching(_RELATION_ID, name, u"a relation")


def index_name(name):
    # type: (Any) -> Text
    """Return ``name`` if it can name an index of a model. Raises: InvalidArgument."""
    return _matching(_RELATION_ID, name, u"an index")


def _matching(pattern, name, what):
    if not isinstance(name, basestring_type) or not pattern.match(name):
        raise InvalidArgument(u"%s cannot name %s" % (json.dumps(name), what))
    return to_unicode(name)
