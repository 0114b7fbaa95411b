"""What a template says of each column of a model."""

from __future__ import absolute_import, division, print_function

import collections

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Text  # noqa: F401

#: ``id`` is the header. ``type`` is the CMDB's name of it, or "relation"; ``choices`` are texts;
#: ``is_list``: several values can be in a cell. ``form`` says what to write.
Column = collections.namedtuple(
    "Column", "id name type required unique choices is_list form")

_FORMS = {
    u"str": u"text",
    u"int": u"a whole number, for example 8",
    u"float": u"a number, for example 2.5",
    u"bool": u"true or false",
    u"enum": u"one of the choices",
    u"enums": u"several of the choices, separated by ;",
    u"arr": u"several texts, separated by ;",
    u"date": u"a date, for example 2024-02-29",
    u"datetime": u"a date and a time, for example 2024-02-29 13:45:00",
    u"ip": u"an IP address, for example 10.0.0.1",
    u"json": u"JSON",
    u"struct": u"a JSON object",
    u"structs": u"a JSON array of objects",
}


def columns_of(model):
    # type: (Any) -> List[Column]
    """Return the columns of a template: what an import can write.

    Args:
        model: has ``attributes`` and ``relations``, as `mapping.Model` does.
    """
    found = []
    for one in model.attributes.values():
        if one.readonly:
            continue
        if one.type == u"struct" and one.members:
            for member in one.members.values():
                found.append(_column(
                    member, u"%s.%s" % (one.id, member.id), u"%s: %s" % (one.name, member.name)))
        else:
            found.append(_column(one, one.id, one.name))
    for relation in model.relations.values():
        several = relation.maximum != 1
        found.append(Column(
            relation.side, getattr(relation, "name", u"") or relation.side, u"relation", False,
            False, (), several,
            u"the key of %s %s%s" % (
                u"instances of" if several else u"an instance of", relation.peer_object_id,
                u", separated by ;" if several else u"")))
    return found


def _column(attribute, identifier, name):
    form = _FORMS.get(attribute.type, attribute.type)
    if attribute.pattern:
        form += u" that matches %s" % attribute.pattern
    choices = attribute.choices
    if attribute.type == u"bool":
        choices = (u"true", u"false")
    return Column(identifier, name, attribute.type, attribute.required, attribute.unique,
                  tuple(choices), attribute.type in (u"enums", u"arr"), form)


def explanation(column):
    # type: (Column) -> Text
    """Return the lines of the comment at a column's header."""
    lines = [column.name, u"%s: %s" % (column.type, column.form)]
    if column.required:
        lines.append(u"required in a new instance")
    if column.unique:
        lines.append(u"unique")
    if column.choices and column.type != u"bool":
        shown = u", ".join(column.choices[:20])
        more = len(column.choices) - 20
        lines.append(u"choices: %s%s" % (shown, u" and %d more" % more if more > 0 else u""))
    return u"\n".join(lines)
