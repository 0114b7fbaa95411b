"""Rules: what the user says about how a file's cells are to be read."""

from __future__ import absolute_import, division, print_function

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, Mapping, Optional, Text  # noqa: F401

#: What an empty cell does: the attribute is left as it is, or loses its value.
EMPTY = ("keep", "clear")

#: The orders of day and month in dates such as 03/04/2024.
DATES = ("dmy", "mdy")


class Rules(object):
    """How cells become attributes. It can be pickled, and compares by its values.

    Args:
        map (mapping): columns to attributes, where the names do not tell; values may also be
            ``attribute.member`` and ``relation.key``.
        ignore_columns (iterable of text): columns that are left out.
        ignore_unknown (bool): leave out columns that the model has no attribute for.
        empty (str): "keep": an empty cell says nothing; "clear": it takes the value away.
        list_separator (text): between the items of a list in one cell; None: found out.
        dates (str): "dmy" or "mdy", the order in dates such as 03/04/2024; None: such are refused.
        peer_keys (mapping): for each relation the attribute by which its cells name instances;
            without: the first ``show_key`` of the other model.
    Raises:
        BulkError: a value is not one of these.
    """

    _NAMES = ("map", "ignore_columns", "ignore_unknown", "empty", "list_separator", "dates",
              "peer_keys")

    def __init__(
        self, map=None, ignore_columns=(), ignore_unknown=False, empty="keep",
        list_separator=None, dates=None, peer_keys=None,
    ):
        # type: (Optional[Mapping], Iterable[Text], bool, str, Optional[Text], Optional[str], Optional[Mapping]) -> None
        if empty not in EMPTY:
            raise BulkError(u"empty cells: %s is unknown; it may be keep or clear" % empty)
        if dates is not None and dates not in DATES:
            raise BulkError(u"dates: %s is unknown; it may be dmy or mdy" % dates)
        self.map = _texts(map)  # type: Dict[Text, Text]
        self.ignore_columns = tuple([to_unicode(each) for each in ignore_columns])
        self.ignore_unknown = bool(ignore_unknown)
        self.empty = empty
        self.list_separator = to_unicode(list_separator) or None
        self.dates = dates
        self.peer_keys = _texts(peer_keys)  # type: Dict[Text, Text]

    def as_dict(self):
        # type: () -> Dict[str, Any]
        """Return the rules as JSON values; ``Rules(**rules.as_dict())`` equals them."""
        values = {name: getattr(self, name) for name in self._NAMES}
        values["ignore_columns"] = list(self.ignore_columns)
        return values

    def __eq__(self, other):
        return isinstance(other, Rules) and self.as_dict() == other.as_dict()

    def __ne__(self, other):
        return not self == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self):
        return "<Rules %r>" % self.as_dict()


def _texts(mapping):
    return {to_unicode(key): to_unicode(value) for key, value in dict(mapping or {}).items()}
