"""Mapper: rows of cells become documents, by a plan that is made once for a file's columns."""

from __future__ import absolute_import, division, print_function

import collections

from tornado.escape import to_unicode
from tornado.util import unicode_type

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping.columns import Matcher, nearest, reason_column, simplified
from waterspout_cmdb.bulk.mapping.conversions import converter, marks, no_values, peers
from waterspout_cmdb.bulk.mapping.conversions.text import as_text
from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable
from waterspout_cmdb.bulk.mapping.left_out_offsets import LeftOutOffsets
from waterspout_cmdb.bulk.mapping.mapped import Mapped, Reference
from waterspout_cmdb.bulk.mapping.model import INSTANCE_ID, PLAIN_TYPES
from waterspout_cmdb.bulk.mapping.peer_keys import check_peer_keys
from waterspout_cmdb.bulk.rows import ABSENT, Problem

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Text, Tuple  # noqa: F401

_MARKS = marks.MARKS
_NO_VALUES = (u"", None, ABSENT)


class Mapper(object):
    """Makes documents of rows. `use` must be called before `map`; it can be called again.

    Args:
        model (Model): the model of the documents.
        keys (iterable of text): the attributes that together tell instances apart, or
            ``instanceId`` alone. Each row must have a value for each.
        rules (Rules)
    Attributes:
        model (Model), rules (Rules), keys (list of text): as above, each key once.
        findings (list of text): lines for the user: which columns are left out, and which members
            of structs have no column.
        matches (list): for each column that is used its name and what it is, as pairs of texts.
        offsets (LeftOutOffsets): of the rows that were mapped so far.
    Raises:
        BulkError: a key is not an attribute whose values can be one; the rules name a relation
            that the model does not have.
    """

    def __init__(self, model, keys, rules):
        # type: (Model, Iterable[Text], Rules) -> None
        self.keys = _checked_keys(model, keys, rules)
        check_peer_keys(model, rules)
        self.findings = []  # type: List[Text]
        self.matches = []  # type: List[Tuple[Text, Text]]
        self.offsets = LeftOutOffsets()
        self.model = self._model = model
        self.rules = rules
        self._clears = rules.empty == "clear"
        self._matcher = Matcher(model, rules, self.keys)
        self._columns = []  # type: List[Text]
        self._width = 0
        self._is_json = False
        self._plan = []  # type: List[Tuple]
        self._unmarked = marks.unquoted
        self._inner_plan = []  # type: List[Tuple]  # Of members of structs, and of relations.
        # What an empty cell of these does is not what the rules say.
        self._required = frozenset(
            [one.id for one in model.attributes.values() if one.required] if self._clears else [])

    def use(self, columns, is_json=False):
        # type: (List[Text], bool) -> None
        """Make ready for the rows of a table.

        Args:
            columns: of the table, as written; with ``is_json`` the table may append to this list
                later, which `map` sees.
            is_json: the cells are JSON values rather than texts.
        Raises:
            BulkError: columns that the model does not have, columns of the key that are missing,
                several columns for one attribute, one that cannot be written.
        """
        matches, left_out = self._matcher.match(columns, are_all=not is_json)
        found = set(each.name for each in matches if each.member is None)
        missing = [key for key in self.keys if key not in found]
        if missing and not is_json:
            raise BulkError([
                u'the key %s has no column%s; --map "Column=%s" says which it is'
                % (key, nearest(key, columns), key) for key in missing])
        self._plan = [
            (each.index, each.name, self._converter(each, is_json), each.column)
            for each in matches if self._is_plain(each)]
        self._inner_plan = [
            (each, self._converter(each, is_json)) for each in matches if not self._is_plain(each)]
        # Quotes come from spreadsheets, and from files that are made for them.
        self._unmarked = marks.checked if is_json else marks.unquoted
        self._columns, self._width, self._is_json = columns, len(columns), is_json
        self.matches = [
            (each.column, each.name if each.member is None else u"%s.%s" % each[2:])
            for each in matches]
        self.findings = [u'column "%s" is left out' % each for each in left_out]
        self.findings += [u"%s has no name: it is left out, and rows that have something there are "
                          u"rejected" % name for _, name in self._matcher.unnamed]
        self.findings += _missing_members(matches, self._model)

    def told(self):
        # type: () -> Text
        """Return a line for the user: what each column is that is not named as its attribute."""
        return u"columns: " + u", ".join(
            column if column == name else u"%s = %s" % (column, name)
            for column, name in self.matches)

    def map(self, row):
        # type: (Row) -> Mapped
        """Return what a row becomes; whatever is wrong with it is in ``problems``.

        Raises:
            BulkError: a column that a JSON file has from this row on cannot be used.
        """
        cells = row.cells
        self.offsets.row = row.number
        document = {}  # type: Dict[Text, Any]
        problems = []  # type: List[Problem]
        if len(cells) != self._width:
            cells = self._fitted(row, problems)
        for index, name, convert, column in self._plan:
            cell = cells[index]
            try:
                if cell.__class__ is unicode_type:
                    cell = cell.strip()
                    if cell and cell[0] in _MARKS:
                        cell = self._unmarked(cell)
                if cell is None or cell is ABSENT or cell == u"":
                    if self._clears and cell is not ABSENT:
                        self._clear(document, name)
                else:
                    document[name] = convert(cell)
            except Unreadable as error:
                reason = self._reason(name, cells[index], error)
                problems.append(Problem(row.number, column, cells[index], reason))
        references = []  # type: List[Reference]
        if self._inner_plan:
            self._map_inner(row.number, cells, document, problems, references)
        for index, column in self._matcher.unnamed:
            if _has_value(cells[index]):
                problems.append(Problem(row.number, column, cells[index], u"is in a column without "
                                        u'a name: name it, or leave it out with --ignore "%s"'
                                        % column))
        for key in self.keys:
            if document.get(key) in _NO_VALUES:
                self._note_missing_key(key, row.number, problems)
        return Mapped(document, problems, references)

    def key(self, document):
        # type: (Dict[Text, Any]) -> Tuple
        """Return the values of the key in a document that `map` gave without problems."""
        return tuple([document[name] for name in self.keys])

    def reason_column(self):
        # type: () -> Text
        """Return the name that the column for reasons has in a file of rejected rows."""
        return reason_column(self.model, [column for column, _ in self.matches])

    def _is_plain(self, match):
        return match.member is None and match.name not in self._model.relations

    def _converter(self, match, is_json):
        if match.name == INSTANCE_ID:
            return as_text
        relation = self._model.relations.get(match.name)
        if relation is not None:
            return peers.converter(relation, self._peer_key(match), self.rules)
        attribute = self._model.attributes[match.name]
        if match.member is not None:
            attribute = attribute.members[match.member]
        made = converter(attribute, self.rules, is_json, self.offsets.noter(match.column))
        if made is None:
            raise BulkError(
                u'column "%s": the attribute %s has the type %s, which an import cannot write; '
                u'--ignore "%s" leaves it out'
                % (match.column, attribute.id, attribute.type, match.column))
        return made

    def _peer_key(self, match):
        return match.member or self.rules.peer_keys.get(match.name)

    def _map_inner(self, number, cells, document, problems, references):
        """Map the columns that are not an attribute each."""
        for match, convert in self._inner_plan:
            cell = cells[match.index]
            try:
                value = self._prepared(cell)
                if value in _NO_VALUES:
                    if self._clears and value is not ABSENT:
                        # Of a struct, members of other columns stay.
                        if not document.get(match.name):
                            self._clear(document, match.name)
                    continue
                value = convert(value)
            except Unreadable as error:
                reason = self._reason(match.name, cell, error)
                problems.append(Problem(number, match.column, cell, reason))
                continue
            relation = self._model.relations.get(match.name)
            if relation is None:
                members = document[match.name] = document.get(match.name) or {}
                members[match.member] = value
                continue
            ids, names = value
            if not names:
                document[match.name] = ids
            key = self._peer_key(match)
            references.extend(
                Reference(relation.side, relation.peer_object_id, key, name, number, match.column)
                for name in names)

    def _prepared(self, cell):
        if cell.__class__ is unicode_type:
            cell = cell.strip()
            if cell and cell[0] in _MARKS:
                return self._unmarked(cell)
        return cell

    def _reason(self, name, cell, error):
        attribute = self._model.attributes.get(name)
        if name in self.keys or (attribute is not None and attribute.required):
            return error.reason
        return no_values.with_hint(cell, error.reason)

    def _clear(self, document, name):
        if name in self._required:
            raise Unreadable(u"is empty, but the attribute %s needs a value" % name)
        document[name] = None

    def _fitted(self, row, problems):
        """Return the cells with one for each column."""
        cells = row.cells
        if len(cells) > self._width and len(self._columns) > self._width:
            try:
                self.use(self._columns, self._is_json)
            except BulkError as error:
                raise BulkError([u"row %d: %s" % (row.number, to_unicode(each))
                                 for each in error.reasons])
        more = len(cells) - self._width
        if more > 0 and any(each not in _NO_VALUES for each in cells[self._width:]):
            problems.append(Problem(
                row.number, None, None,
                u"the row has %d cells, the header %d: is a separator inside a cell that has no "
                u"quotation marks?" % (len(cells), self._width)))
        return list(cells) + [ABSENT] * -more

    def _note_missing_key(self, key, number, problems):
        columns = [column for column, name in self.matches if name == key]
        column = columns[0] if columns else key
        if not any(each.column == column for each in problems):
            problems.append(Problem(
                number, column, None, u"is empty, but it is the key: write a value"))


def _has_value(cell):
    return cell not in _NO_VALUES and not (cell.__class__ is unicode_type and cell.isspace())


def _meant(key, model, rules):
    """Return a hint: the key may be named as its column is, or as people call the attribute."""
    known = dict((simplified(one.name), one.id) for one in list(model.attributes.values()))
    known.update((simplified(column), name) for column, name in rules.map.items())
    found = known.get(simplified(key))
    return nearest(key, model.attributes) if found is None else u"; is %s meant?" % found


def _missing_members(matches, model):
    """Return a line for each struct that the file has in part: the CMDB replaces it as a whole."""
    present = collections.defaultdict(set)
    for each in matches:
        if each.member is not None and each.name in model.attributes:
            present[each.name].add(each.member)
    return [
        u"%s has columns for %s only: where a row has one of these, %s is taken away, because the "
        u"CMDB stores %s as a whole" % (
            name, u", ".join(sorted(members)),
            u", ".join(each for each in model.attributes[name].members if each not in members),
            name)
        for name, members in sorted(present.items())
        if len(members) < len(model.attributes[name].members)]


def _checked_keys(model, keys, rules):
    found = []  # type: List[Text]
    for key in [to_unicode(each) for each in keys]:
        attribute = model.attributes.get(key)
        if attribute is None and key != INSTANCE_ID:
            raise BulkError(u"the key %s: %s has no such attribute%s" % (
                key, model.object_id, _meant(key, model, rules)))
        if attribute is not None and attribute.type not in PLAIN_TYPES:
            raise BulkError(u"the key %s: values of the type %s cannot be a key" % (
                key, attribute.type))
        if key not in found:
            found.append(key)
    if not found:
        raise BulkError(u"no key is given: --key names the attributes that tell rows apart")
    if INSTANCE_ID in found and len(found) > 1:
        raise BulkError(u"instanceId is a key by itself: leave out the other ones")
    return found
