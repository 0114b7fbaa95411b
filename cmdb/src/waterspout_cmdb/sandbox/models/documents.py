"""Instances as documents: created and changed by functions without side effects."""

from __future__ import absolute_import, division, print_function

import json
import time

from waterspout_cmdb.sandbox.models.model import SYSTEM_FIELDS, convert
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument


class Author(object):
    """The user and the time of a write, which the system fields record.

    Attributes:
        org (int), user (text): from the request's headers.
        seconds (int): since the epoch.
        local_time (text): the same time in a readable form.
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
    """Return the attributes in a caller's values that it may set, in the form to store.

    None means "clear". Other names are left out: clients repeat path arguments in the body, and
    send back the system fields that they have read. Relations are not attributes; see
    ``operations/peers.py``.

    Raises: InvalidArgument: an attribute does not accept its value.
    """
    return {
        name: model.attributes[name].convert(value)
        for name, value in values.items()
        if name in model.attributes
    }


def accept_metadata(values):
    # type: (dict) -> dict
    """Return ``ctime`` and ``creator`` from a caller's values, for imports of older instances."""
    return {
        name: convert(name, SYSTEM_FIELDS[name], values[name])
        for name in ("ctime", "creator")
        if not is_empty(values.get(name))
    }


def create(model, values, author, instance_id):
    # type: (Model, dict, Author, Text) -> dict
    """Return a new document of accepted values, defaults and system fields.

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
    """Return ``document`` with accepted values merged in; the same object if nothing changes.

    Args:
        relates: whether the same write changes the instance's relations, which is a change, too.

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
    """Say whether ``value`` means "no value": None, ``""`` and ``[]`` do, 0 and False do not."""
    return value is None or value == u"" or value == []


def _require(attribute, document):
    if attribute.required and is_empty(document.get(attribute.id)):
        raise InvalidArgument(u"attribute %s is required" % attribute.id)


def _same(one, other):
    """Compare as JSON: in Python ``True == 1``."""
    return one == other and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
