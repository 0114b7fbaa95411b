"""Which imports may be sent twice: those whose second run changes nothing more."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

_INSTANCE_ID = "instanceId"


def is_repeatable_import(payload):
    # type: (Any) -> bool
    """Whether the CMDB makes an import of ``payload`` idempotent.

    It looks for the instance with a row's ``keys``: what the first run has inserted, the second one
    finds and updates. That is not so

    - without ``keys``, and with ``instanceId`` as a key: an instance is inserted under a new id;
    - for a row with a list of maps that have no ``instanceId``: they may be related instances, of
      which each run creates new ones, unless ``disableNestedCreateInstance`` is true. (They may be
      a list of structures, too, which a run replaces; only the model tells.)

    Args:
        payload: of ``instance_api_import_instance``. What is no mapping, such as a
            `waterspout.EncodedJSON`, cannot be looked into: the answer is False.
    """
    if not isinstance(payload, dict):
        return False
    keys = payload.get("keys")
    if not isinstance(keys, list) or not keys or _INSTANCE_ID in keys:
        return False
    for key in keys:
        if not isinstance(key, basestring_type) or not key:
            return False
    if payload.get("disableNestedCreateInstance") is True:
        return True
    rows = payload.get("datas")
    return isinstance(rows, list) and not any(map(_may_create_peers, rows))


def _may_create_peers(row):
    if type(row) is not dict and not isinstance(row, dict):
        return True
    for value in row.values():
        if type(value) is list or type(value) is tuple:
            for each in value:
                if isinstance(each, dict) and each.get(_INSTANCE_ID) is None:
                    return True
    return False
