"""Columns of a file and the attributes that they are: by name, or as the user says."""

from __future__ import absolute_import, division, print_function

import collections
import difflib
import re
import unicodedata

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping.model import INSTANCE_ID, is_system_field
from waterspout_cmdb.bulk.reading.header import unnamed

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Dict, Iterable, List, Optional, Text, Tuple  # noqa: F401

#: Names of the column that a rejects file has besides those of the file it comes from: the first
#: that is not the name of anything else, see `reason_column`.
REASONS = (u"reason", u"reject reason", u"reject reason 2", u"reject reason 3")

#: A column and what it is: an attribute's or relation's id, and the member or key after the point.
Match = collections.namedtuple("Match", "index column name member")

#: What does not matter in a name; a form marks required columns by ``*``.
_IGNORED = re.compile(u"[\\s_*\ufeff\u200b-]+", re.UNICODE)

_MAX_SHOWN = 10

#: Attributes that are named where columns are unknown.
_MAX_LISTED = 40


class Matcher(object):
    """Matches columns to what a model has.

    Args:
        model (Model): has the attributes and relations.
        rules (Rules): says what the names do not.
        keys (list of text): ``instanceId`` may be a column only if it is the key.
    Attributes:
        unnamed (list): of the last `match`, columns without a name, such as empty ones between
            others: pairs of the index and what it is called.
    """

    def __init__(self, model, rules, keys):
        # type: (Model, Rules, List[Text]) -> None
        self.unnamed = []  # type: List[Tuple[int, Text]]
        self._model = model
        self._rules = rules
        self._ignored = frozenset(simplified(each) for each in rules.ignore_columns)
        self._reasons = frozenset(simplified(each) for each in REASONS)
        self._ids = set(model.attributes) | set(model.relations)
        self._ids.update([INSTANCE_ID] if INSTANCE_ID in keys else [])
        self._by_name = collections.defaultdict(list)  # type: Dict[Text, List[Text]]
        for name in self._ids:
            self._by_name[simplified(name)].append(name)
        self._by_label = collections.defaultdict(list)  # type: Dict[Text, List[Text]]
        for one in list(model.attributes.values()):
            self._by_label[simplified(one.name)].append(one.id)
        for relation in model.relations.values():
            if relation.name:
                self._by_label[simplified(relation.name)].append(relation.side)

    def match(self, columns, are_all=True):
        # type: (List[Text], bool) -> Tuple[List[Match], List[Text]]
        """Return the matches, and the columns that are left out.

        Args:
            are_all: False: more may come, so that a column of ``rules.map`` may be one of them.
        Raises:
            BulkError: with one reason for each thing that is wrong.
        """
        columns = [to_unicode(each) for each in columns]
        told = self._told(columns, are_all)
        self.unnamed = []
        matches, left_out, reasons, unknown = [], [], [], []
        for index, column in enumerate(columns):
            target = told.get(index)
            if target is None and simplified(column) in self._ignored:
                left_out.append(column)
                continue
            try:
                found = self._parted(target if target is not None else column)
            except BulkError as error:
                reasons += error.reasons
                continue
            if found is None:
                if simplified(column) in self._reasons or self._rules.ignore_unknown:
                    left_out.append(column)
                elif are_all and column in (u"", unnamed(index)):
                    self.unnamed.append((index, unnamed(index)))
                elif is_system_field(column):
                    reasons.append(_refusal(column, u"is written by the CMDB itself"))
                else:
                    unknown.append(column)
                continue
            reasons += self._refusals(column, *found)
            matches.append(Match(index, column, found[0], found[1]))
        reasons += self._unknown(unknown)
        reasons += _twice(matches, self._model.relations)
        if reasons:
            raise BulkError(reasons)
        return matches, left_out

    def _told(self, columns, are_all):
        """Return what ``rules.map`` says, by the index of the column."""
        told, reasons = {}, []
        for wanted, target in sorted(self._rules.map.items()):
            places = [i for i, each in enumerate(columns) if each == wanted]
            places = places or [
                i for i, each in enumerate(columns) if simplified(each) == simplified(wanted)]
            if self._parted(target) is None:
                reasons.append(u"the mapping of column %s: %s has no attribute %s%s" % (
                    wanted, self._model.object_id, target, nearest(target, self._ids)))
            elif places:
                told[places[0]] = target
            elif are_all:
                reasons.append(u"the mapping names a column %s that the file does not have%s" % (
                    wanted, nearest(wanted, columns)))
        if reasons:
            raise BulkError(reasons)
        return told

    def _parted(self, text):
        """Return the id and the member in a name; None: there is no such id."""
        found = self._find(text)
        if found is not None:
            return found, None
        first, point, member = text.partition(u".")
        found = self._find(first) if point and member else None
        if found is None:
            return None
        if found in self._model.relations:
            return found, member
        attribute = self._model.attributes.get(found)
        if attribute is None or attribute.type != "struct":
            return None
        names = [one.id for one in attribute.members.values()
                 if simplified(member) in (simplified(one.id), simplified(one.name))]
        return (found, member if member in attribute.members else names[0]) if names else None

    def _find(self, text):
        if text in self._ids:
            return text
        for table in (self._by_name, self._by_label):
            found = table.get(simplified(text))
            if found and len(found) > 1:
                raise BulkError(
                    u'column "%s" may be %s: say which with --map "%s=%s"'
                    % (text, u" or ".join(sorted(found)), text, sorted(found)[0]))
            if found:
                return found[0]
        return None

    def _refusals(self, column, name, member):
        attribute = self._model.attributes.get(name)
        if attribute is not None and attribute.readonly:
            return [_refusal(column, u"cannot be written: the attribute %s is read-only" % name)]
        return []

    def _unknown(self, unknown):
        if not unknown:
            return []
        reasons = []
        for column in unknown[:_MAX_SHOWN]:
            labels = [one.name for one in self._model.attributes.values()]
            reasons.append(u'%s has no attribute for column "%s"%s' % (
                self._model.object_id, column, nearest(column, list(self._ids) + labels)))
        if len(unknown) > _MAX_SHOWN:
            reasons.append(u"%d more columns are unknown" % (len(unknown) - _MAX_SHOWN))
        reasons.append(u"%s has the attributes %s" % (self._model.object_id, _listed(self._model)))
        reasons.append(
            u'--map "%s=attribute" says what a column is; --ignore "%s" leaves one out, and '
            u"--ignore-unknown all of these" % (unknown[0], unknown[0]))
        return reasons


def simplified(name):
    # type: (Text) -> Text
    """Return a name without what does not matter: case, spaces, ``_``, ``-``, wide letters."""
    return _IGNORED.sub(u"", unicodedata.normalize("NFKC", name).lower())


def reason_column(model, columns=()):
    # type: (Model, Iterable[Text]) -> Text
    """Return the name of a rejects file's column for reasons, which is no data of the model.

    Args:
        model (Model): whose attributes and relations may be named so.
        columns: other columns with data, by ``rules.map``.
    """
    taken = set(simplified(each) for each in columns)
    for one in list(model.attributes.values()):
        taken.update([simplified(one.id), simplified(one.name)])
    for side, relation in model.relations.items():
        taken.update([simplified(side), simplified(relation.name)])
    free = [each for each in REASONS if simplified(each) not in taken]
    return free[0] if free else REASONS[-1]


def nearest(name, names):
    # type: (Text, Iterable[Text]) -> Text
    """Return ``; is X meant?`` with the most similar of the names, or an empty text.

    Of a header with several rows, as "Network / IP", the last one is looked at by itself, too.
    """
    by_simple = {simplified(each)[:60]: each for each in sorted(names)}
    for text in [name, name.rpartition(u" / ")[2]]:
        found = difflib.get_close_matches(simplified(text)[:60], sorted(by_simple), n=1)
        if found:
            return u"; is %s meant?" % by_simple[found[0]]
    return u""


def _listed(model):
    """Return the names that columns may have."""
    names = [one.id for one in model.attributes.values() if not one.readonly]
    names += [side for side in model.relations if side not in names]
    more = len(names) - _MAX_LISTED
    return u", ".join(names[:_MAX_LISTED]) + (u" and %d more" % more if more > 0 else u"")


def _refusal(column, why):
    return u'column "%s" %s; --ignore "%s" leaves it out' % (column, why, column)


def _twice(matches, relations):
    """Return a reason for each attribute that several columns are."""
    places = collections.OrderedDict()
    whole = set(each.name for each in matches if each.member is None or each.name in relations)
    for each in matches:
        name = each.name if each.name in whole else u"%s.%s" % (each.name, each.member)
        places.setdefault(name, []).append(each.column)
    return [
        u"the columns %s are all %s: --ignore leaves one out"
        % (u", ".join(u'"%s"' % each for each in columns), name)
        for name, columns in places.items() if len(columns) > 1
    ]
