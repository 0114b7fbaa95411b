"""The fields of an instance, and of its related instances, that a caller selects."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.query.parser import MAX_PATH
from waterspout_cmdb.sandbox.wire_format.api_errors import InvalidArgument

#: All plain attributes and system fields, but no relation.
PLAIN = "*"


class Projection(object):
    """Selects fields.

    Args:
        included (iterable of text): the fields to show, with dots into structs and related
            instances; ``"*"`` means all plain fields. If it is empty, all plain fields and all
            relations are shown. Unknown names are ignored.
        excluded (iterable of text): fields to leave out.
        always (iterable of text): fields to show in any case.
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
        """Return the projection for the ``fields`` of a search: a map from names to booleans,
        or to 1 and 0."""
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
        """Return the projection for names separated by commas, as in a query string."""
        return cls(name.strip() for name in names.split(u",") if name.strip())

    def names(self):
        # type: () -> List[Text]
        """Return the selected names up to their first dot."""
        return sorted(set(self._included) - {PLAIN})

    def inner_names(self, name):
        # type: (Text) -> List[Text]
        """Return the rests of the selected names that begin with ``name`` and a dot."""
        return sorted(rest for rest in self._included.get(name, ()) if rest is not None)

    def __call__(self, document):
        # type: (dict) -> dict
        """Return the selected fields of ``document``, without related instances."""
        if self._all_plain and not self._excluded:
            return dict(document)
        return {
            name: value if name in self._always else self._part(name, value)
            for name, value in document.items()
            if name in self._always or self._shows(name)
        }

    def related(self, side):
        # type: (Text) -> Optional[Projection]
        """Return the projection for the instances on a side of a relation; None hides them.

        Their own relations are shown only if they are selected by name.
        """
        if not (self._everything or side in self._included) or None in self._excluded.get(side, ()):
            return None
        names = [PLAIN if rest is None else rest for rest in self._included.get(side, [None])]
        # A related instance is of no use without its id.
        return Projection(names, self._excluded.get(side, ()), self._always | {"instanceId"})

    def _shows(self, name):
        if None in self._excluded.get(name, ()):
            return False
        return self._all_plain or name in self._included

    def _part(self, name, value):
        """Return a value, or the selected members of a struct or of each struct in a list."""
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
    """Map the first part of dotted names to their rests; None if there is no rest."""
    heads = {}
    for name in names:
        if name.count(u".") >= MAX_PATH:
            raise InvalidArgument(u"the path %s is too long" % name)
        head, dot, rest = name.partition(u".")
        heads.setdefault(head, set()).add(rest if dot else None)
    return heads
