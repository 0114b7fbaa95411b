"""Which fields of an instance a caller wants to see."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.errors import InvalidArgument

#: Shown whatever was asked for.
ALWAYS = "_object_id"


class Projection(object):
    """Chooses fields.

    Args:
        included (iterable of text): the fields to show; ``"*"`` stands for all, and so does an
            empty selection. Unknown names choose nothing.
        excluded (iterable of text): fields to leave out of these.
    """

    def __init__(self, included=(), excluded=()):
        # type: (Iterable[Text], Iterable[Text]) -> None
        self._included = frozenset(included)
        self._excluded = frozenset(excluded) - {ALWAYS}
        self._everything = not self._included or "*" in self._included

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

    def __call__(self, document):
        # type: (dict) -> dict
        """What is to be seen of ``document``."""
        if self._everything and not self._excluded:
            return document
        return {name: value for name, value in document.items() if self._shows(name)}

    def _shows(self, name):
        if name == ALWAYS:
            return True
        return name not in self._excluded and (self._everything or name in self._included)
