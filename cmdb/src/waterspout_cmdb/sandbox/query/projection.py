"""Which fields of an instance a caller wants to see, and which of the instances related to it."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.query.parser import MAX_PATH
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument

#: All plain attributes and system fields, but no relation.
PLAIN = "*"


class Projection(object):
    """Chooses fields.

    Args:
        included (iterable of text): the fields to show, with dots into structs and related
            instances; ``"*"`` stands for all plain ones. No selection at all shows these and the
            relations. Unknown names choose nothing.
        excluded (iterable of text): fields to leave out of these.
        always (iterable of text): fields to show whatever is said.
    """

    def __init__(self, included=(), excluded=(), always=("_object_id",)):
        # type: (Iterable[Text], Iterable[Text], Iterable[Text]) -> None
        self._included = _by_head(included)
        self._excluded = _by_head(excluded)
        self._always = frozenset(always)
        self._everything = not self._included
        self._all_plain = self._everything or PLAIN in self._included

    @classmethod
    def from_map(cls, fields):
        # type: (Any) -> Projection
        """From the ``fields`` of a search: a map from names to true (1) or false (0)."""
        if not isinstance(fields or {}, dict):
            raise InvalidArgument(u"fields must be a map from names to true or false")
        chosen = {True: [], False: []}
        for name, wanted in (fields or {}).items():
            if not isinstance(wanted, (bool, int, float)) or wanted not in chosen:
                raise InvalidArgument(u"fields.%s must be true or false" % name)
            chosen[wanted].append(name)
        return cls(chosen[True], chosen[False])

    @classmethod
    def from_list(cls, names):
        # type: (Text) -> Projection
        """From a comma list, as in a query string."""
        return cls(name.strip() for name in names.split(u",") if name.strip())

    def names(self):
        # type: () -> List[Text]
        """The fields that were asked for by name, without what follows their first dot."""
        return sorted(set(self._included) - {PLAIN})

    def inner_names(self, name):
        # type: (Text) -> List[Text]
        """What follows ``name`` and a dot in the fields that were asked for."""
        return sorted(rest for rest in self._included.get(name, ()) if rest is not None)

    def __call__(self, document):
        # type: (dict) -> dict
        """What is to be seen of ``document``, related instances aside."""
        if self._all_plain and not self._excluded:
            return dict(document)
        return {
            name: value if name in self._always else self._part(name, value)
            for name, value in document.items()
            if name in self._always or self._shows(name)
        }

    def related(self, side):
        # type: (Text) -> Optional[Projection]
        """What is to be seen of the instances at a side of a relation; None for nothing.

        Their relations in turn are only shown when asked for by name.
        """
        if not (self._everything or side in self._included) or None in self._excluded.get(side, ()):
            return None
        names = [PLAIN if rest is None else rest for rest in self._included.get(side, [None])]
        # Without an id a related instance would be of no use.
        return Projection(names, self._excluded.get(side, ()), self._always | {"instanceId"})

    def _shows(self, name):
        if None in self._excluded.get(name, ()):
            return False
        return self._all_plain or name in self._included

    def _part(self, name, value):
        """All of a value, or the chosen members of a struct or of each struct in a list."""
        whole = self._all_plain or None in self._included[name]
        included = () if whole else self._included[name]
        excluded = self._excluded.get(name, ())
        if not included and not excluded:
            return value
        members = Projection(included, excluded, always=())
        if isinstance(value, list):
            return [members(item) if isinstance(item, dict) else item for item in value]
        return members(value) if isinstance(value, dict) else value


def _by_head(names):
    """The remainders of dotted names by their first part; None where that is the whole name."""
    heads = {}
    for name in names:
        if name.count(u".") >= MAX_PATH:
            raise InvalidArgument(u"the path %s is too long" % name)
        head, dot, rest = name.partition(u".")
        heads.setdefault(head, set()).add(rest if dot else None)
    return heads
