"""Rules: what the user says about how a file's cells are to be read."""

from __future__ import absolute_import, division, print_function

from tornado.escape import to_unicode

from waterspout_cmdb.bulk import utc_offset as offsets
from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, Mapping, Optional, Text  # noqa: F401

#: What an empty cell does: the attribute is left as it is, or loses its value.
EMPTY = ("keep", "clear")

#: The orders of day and month in dates such as 03/04/2024.
DATES = ("dmy", "mdy")

#: What is between a number and its decimals. "unclear": 1.024 and 1,024 are refused.
DECIMALS = ("point", "comma", "unclear")


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
        decimal (str): "point" or "comma", what is before the decimals of a number in text; None:
            found out, see `for_table`.
        peer_keys (mapping): for each relation the attribute by which its cells name instances;
            without: the first ``show_key`` of the other model.
        utc_offset (text): of the times in the CMDB, such as +08:00 or Z: times that have an offset
            are converted into it; None: their offset is left out.
    Raises:
        BulkError: a value is not one of these.
    """

    _NAMES = ("map", "ignore_columns", "ignore_unknown", "empty", "list_separator", "dates",
              "peer_keys", "decimal", "utc_offset")

    def __init__(
        self, map=None, ignore_columns=(), ignore_unknown=False, empty="keep",
        list_separator=None, dates=None, peer_keys=None, decimal=None,
        utc_offset=None,
    ):
        # type: (Optional[Mapping], Iterable[Text], bool, str, Optional[Text], Optional[str], Optional[Mapping], Optional[str], Optional[Text]) -> None
        if empty not in EMPTY:
            raise BulkError(u"empty cells: %s is unknown; it may be keep or clear" % empty)
        if dates is not None and dates not in DATES:
            raise BulkError(u"dates: %s is unknown; it may be dmy or mdy" % dates)
        if decimal is not None and decimal not in DECIMALS:
            raise BulkError(u"decimal: %s is unknown; it may be point or comma" % decimal)
        minutes = None if utc_offset is None else offsets.minutes_of(utc_offset)
        if utc_offset is not None and minutes is None:
            raise BulkError(u"utc_offset: %s is unknown; it may be +08:00, or Z" % utc_offset)
        self.map = _texts(map)  # type: Dict[Text, Text]
        self.ignore_columns = tuple([to_unicode(each) for each in ignore_columns])
        self.ignore_unknown = bool(ignore_unknown)
        self.empty = empty
        self.list_separator = to_unicode(list_separator) or None
        self.dates = dates
        self.decimal = decimal
        # In one form: +0000 and Z are the same rule.
        self.utc_offset = None if minutes is None else offsets.shown(minutes)
        self.peer_keys = _texts(peer_keys)  # type: Dict[Text, Text]

    def for_table(self, table):
        # type: (Any) -> Rules
        """Return the rules for the cells of a table: what is before their decimals is known.

        In Excel and JSON, numbers have a point. Semicolons between cells are the sign of a country
        that writes 3,5: "1.024" may be a thousand there.
        """
        decimal = self.decimal
        if table.format not in ("csv", "tsv"):
            decimal = None
        elif decimal is None and table.delimiter == u";":
            decimal = "unclear"
        return Rules(**dict(self.as_dict(), decimal=decimal))

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
