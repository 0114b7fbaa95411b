"""How the columns of a file become attributes of the model."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str, to_unicode
from tornado.util import basestring_type

from waterspout_cmdb.bulk import utc_offset
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import parse_entries, read_mapping
from waterspout_cmdb.command_line.option import ANY_TEXT, YES_OR_NO, one_of, option

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

_TEXTS = "texts", lambda texts: True


def _are_pairs(texts):
    return all(all(part.strip() for part in text.rpartition("=")[::2]) for text in texts)


OPTIONS = (
    option("key", basestring_type, [], "ATTRIBUTES",
           "by which an instance is found again: name, or several by commas; a row whose key the "
           "CMDB has updates that instance, another one inserts", _TEXTS, several=True),
    option("map", basestring_type, [], "COLUMN=ATTRIBUTE",
           'for a column that is named otherwise: --map "Host Name=name"; may be repeated',
           ("COLUMN=ATTRIBUTE", _are_pairs), several=True, whole=True),
    option("map_file", basestring_type, "", "FILE",
           'the same in a file: JSON, {"Host Name": "name"}, or CSV with column,attribute',
           ANY_TEXT),
    option("ignore", basestring_type, [], "COLUMN",
           "leave this column out; may be repeated", _TEXTS, several=True, whole=True),
    option("ignore_unknown", bool, False, "",
           "leave out columns that are no attributes; they are a mistake otherwise", YES_OR_NO),
    option("empty", basestring_type, "keep", "keep|clear",
           "what an empty cell does to the instance's value", one_of(("keep", "clear"))),
    option("list_separator", basestring_type, "", "TEXT",
           "between two values in a cell of a list; found out unless given", ANY_TEXT),
    option("dates", basestring_type, "", "dmy|mdy",
           "how to read 03/04/2027; such a date is a mistake unless this is given",
           one_of(("", "dmy", "mdy"))),
    option("decimal", basestring_type, "", "comma|point",
           "what is before the decimals of numbers in a CSV; 1,024 is a mistake unless this is "
           "given, and so is 1.024 where semicolons separate the cells",
           one_of(("", "comma", "point"))),
    option("utc_offset", basestring_type, "", "OFFSET",
           "of the times in the CMDB, such as +08:00 or Z: times that have one themselves are "
           "converted into it; their offset is left out unless this is given",
           ("an offset such as +08:00, or Z",
            lambda text: not text or utc_offset.minutes_of(text) is not None)),
    option("peer_key", basestring_type, [], "SIDE=ATTRIBUTE",
           "by which attribute a relation's cells name instances; may be repeated",
           ("SIDE=ATTRIBUTE", _are_pairs), several=True, whole=True),
)  # fmt: skip


def complaints(options):
    # type: (Options) -> List[str]
    """Return what is wrong with these options together, or with the file that they name."""
    try:
        rule_keywords(options)
    except BulkError as error:
        return error.reasons
    return []


def rule_keywords(options):
    # type: (Options) -> Dict[str, Any]
    """Return the keywords of ``Rules`` that these options mean.

    Raises: BulkError: a file of columns cannot be used, or a column is given twice.
    """
    reasons = []  # type: List[str]
    columns = {}  # type: Dict[Any, Any]
    if options.map_file:
        columns.update(_tried("map_file", read_mapping, native_str(options.map_file), reasons))
    # A flag stands nearer to the user than the file.
    columns.update(_tried("map", parse_entries, options.map, reasons))
    peers = _tried("peer_key", parse_entries, options.peer_key, reasons)
    reasons += ["ignore: the column %s is to be ignored, and has an attribute by --map" %
                native_str(each) for each in options.ignore if to_unicode(each) in columns]
    if reasons:
        raise BulkError(reasons)
    return dict(
        map=columns or None, ignore_columns=tuple(map(to_unicode, options.ignore)),
        ignore_unknown=options.ignore_unknown, empty=native_str(options.empty),
        list_separator=to_unicode(options.list_separator) or None,
        dates=native_str(options.dates) or None, peer_keys=peers or None,
        decimal=native_str(options.decimal) or None,
        utc_offset=to_unicode(options.utc_offset) or None)


def _tried(name, parse, value, reasons):
    # type: (str, Callable[[Any], Dict], Any, List[str]) -> Dict[Any, Any]
    """What ``parse`` makes of a value; why it cannot is added to ``reasons``."""
    try:
        return parse(value)
    except BulkError as error:
        reasons += ["%s: %s" % (name, each.replace("--%s: " % name.replace("_", "-"), ""))
                    for each in error.reasons]
        return {}
