"""Instances as documents: made, changed, shown. Plain functions from values to values."""

from __future__ import absolute_import, division, print_function

import json
import time

from waterspout_cmdb.sandbox.models.model import SYSTEM_FIELDS, convert
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument


class Author(object):
    """Who writes, and when: what the system fields record.

    Attributes:
        org (int), user (text): from the request's headers.
        seconds (int): since the epoch.
        local_time (text): the same for people to read.
    """

    __slots__ = ("org", "user", "seconds", "local_time")

    def __init__(self, org, user, seconds):
        # type: (int, Text, float) -> None
        self.org = org
        self.user = user
        self.seconds = int(seconds)
        self.local_time = u"%s" % time.strftime(
            "%Y-%m-%d %H:%M:%S", time.localtime(self.seconds)
        )


def accept(model, values):
    # type: (Model, dict) -> dict
    """The attributes that a caller may set, out of what it sent, each as it is stored.

    None means "clear". What the model does not know is left out: clients repeat path arguments
    in the body, and send back the system fields of what they read. Relations are not attributes;
    ``peers.py`` has them.

    Raises: InvalidArgument: a value that its attribute does not accept.
    """
    return {
        name: model.attributes[name].convert(value)
        for name, value in values.items()
        if name in model.attributes
    }


def accept_metadata(values):
    # type: (dict) -> dict
    """``ctime`` and ``creator`` as a caller wants them, for imports that bring their history."""
    return {
        name: convert(name, SYSTEM_FIELDS[name], values[name])
        for name in ("ctime", "creator")
        if not is_empty(values.get(name))
    }


def create(model, values, author, instance_id):
    # type: (Model, dict, Author, Text) -> dict
    """A new document from accepted values, defaults and system fields.

    Raises: InvalidArgument: a required attribute has no value.
    """
    document = {name: value for name, value in values.items() if value is not None}
    for attribute in model.attributes.values():
        if attribute.id not in document and attribute.default is not None:
            document[attribute.id] = attribute.default
        _require(attribute, document)
    document.setdefault("creator", author.user)
    document.setdefault("ctime", author.local_time)
    document.update(
        instanceId=instance_id,
        org=author.org,
        _object_id=model.object_id,
        _object_version=model.version,
        _version=1,
        _ts=author.seconds,
    )
    return document


def change(model, document, values, author, relates=False):
    # type: (Model, dict, dict, Author, bool) -> dict
    """``document`` with accepted values merged in; itself when that changes nothing.

    Args:
        relates: whether the same write relates the instance to others, which is a change too.

    Raises: InvalidArgument: a required attribute would lose its value.
    """
    changed = dict(document)
    for name, value in values.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
        if name in model.attributes:
            _require(model.attributes[name], changed)
    if not relates and _same(changed, document):
        return document
    changed.update(
        _object_version=model.version,
        _version=document["_version"] + 1,
        _pre_ts=document["_ts"],
        _ts=author.seconds,
        modifier=author.user,
        mtime=author.local_time,
    )
    return changed


def is_empty(value):
    # type: (Any) -> bool
    """Whether ``value`` counts as "no value": None, ``""`` and ``[]`` do, 0 and False do not."""
    return value is None or value == u"" or value == []


def _require(attribute, document):
    if attribute.required and is_empty(document.get(attribute.id)):
        raise InvalidArgument(u"attribute %s is required" % attribute.id)


def _same(one, other):
    """Equality as JSON sees it: Python alone would hold that true is 1."""
    return one == other and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
