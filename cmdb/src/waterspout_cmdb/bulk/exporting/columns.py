"""The columns of an export: what they are called, what is asked for, and how cells are made."""

from __future__ import absolute_import, division, print_function

import collections

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.exporting.values import converter, list_cell
from waterspout_cmdb.bulk.mapping.columns import nearest, simplified
from waterspout_cmdb.bulk.mapping.model import is_system_field
from waterspout_cmdb.bulk.rows import ABSENT

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Text  # noqa: F401

    from waterspout_cmdb.bulk.mapping.model import Model, Relation  # noqa: F401

#: ``header`` is written, ``field`` is asked for, ``cell`` makes a cell of an instance.
Column = collections.namedtuple("Column", "header field cell")


def chosen(model, names=None):
    # type: (Model, Iterable[Text] | None) -> List[Text]
    """Return the ids of the attributes, relations and system fields that are to be columns.

    Args:
        names: what the user wants: ids or display names; None: all that an import can write.
    Raises: BulkError: there is no such thing, or one is named twice.
    """
    if names is None:
        attributes = [one.id for one in model.attributes.values() if not one.readonly]
        return attributes + [side for side in model.relations if side not in attributes]
    known = list(model.attributes) + list(model.relations)
    labels = {}
    for name in known:
        labels.setdefault(simplified(name), name)
    for one in list(model.attributes.values()):
        labels.setdefault(simplified(one.name), one.id)
    found, reasons = [], []
    for name in [to_unicode(each).strip() for each in names]:
        identifier = name
        if name not in known and not is_system_field(name):
            identifier = labels.get(simplified(name))
        if identifier is None:
            reasons.append(u"%s has no attribute %s%s" % (
                model.object_id, name, nearest(name, known)))
        elif identifier in found:
            reasons.append(u"the column %s is named twice" % name)
        found.append(identifier)
    if reasons or not found:
        raise BulkError(reasons or u"no columns are named")
    return found


def make(model, identifiers, peer_keys, format, note, delimiter=None):
    # type: (Model, List[Text], Dict[Text, Text], str, Any, Text | None) -> List[Column]
    """Return the columns.

    Args:
        identifiers: of `chosen`.
        peer_keys: for each relation the attribute by which its instances are named.
        note: is called with a text about what cannot be written.
        delimiter: of CSV, or None.
    """
    made = []
    for name in identifiers:
        attribute = model.attributes.get(name)
        if attribute is not None or name not in model.relations:
            convert = converter(
                attribute.type if attribute is not None else u"", format, delimiter)
            made.append(Column(name, name, _attribute_cell(name, convert)))
        else:
            # With the key in the header, the import cannot take the names for ids.
            path = u"%s.%s" % (name, peer_keys[name])
            made.append(Column(path, path, _peers_cell(
                model.relations[name], peer_keys[name], format, note)))
    return made


def _attribute_cell(name, convert):
    def cell(instance):
        return convert(instance.get(name, ABSENT))

    return cell


def _peers_cell(relation, key, format, note):
    is_json = format in ("json", "jsonl")

    def cell(instance):
        names = []
        for peer in instance.get(relation.side) or []:
            name = peer.get(key) if isinstance(peer, dict) else None
            if name is None or name == u"":
                note(u"%s of %s: an instance without %s was left out" % (
                    relation.side, instance.get(u"instanceId"), key))
            else:
                names.append(name)
        return names if is_json else list_cell(names)

    return cell
