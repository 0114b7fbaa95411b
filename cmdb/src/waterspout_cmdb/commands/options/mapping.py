"""How the columns of a file become attributes of the model."""

from __future__ import absolute_import, division, print_function

import io
import json

from tornado.escape import native_str, to_unicode
from tornado.util import basestring_type, unicode_type

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.command_line.option import ANY_TEXT, YES_OR_NO, one_of, option

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Tuple  # noqa: F401

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
           'the same in a file: JSON, {"Host Name": "name"}, or a line COLUMN=ATTRIBUTE for each',
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
    columns = _of_file(native_str(options.map_file), reasons) if options.map_file else []
    # A flag stands nearer to the user than the file.
    by_column = dict(_once("map_file", columns, reasons))
    by_column.update(_once("map", map(_pair, options.map), reasons))
    peers = dict(_once("peer_key", map(_pair, options.peer_key), reasons))
    reasons += ["ignore: the column %s is to be ignored, and has an attribute by --map" %
                native_str(each) for each in options.ignore if to_unicode(each) in by_column]
    if reasons:
        raise BulkError(reasons)
    return dict(
        map=by_column or None, ignore_columns=tuple(map(to_unicode, options.ignore)),
        ignore_unknown=options.ignore_unknown, empty=native_str(options.empty),
        list_separator=to_unicode(options.list_separator) or None,
        dates=native_str(options.dates) or None, peer_keys=peers or None)


def _pair(text):
    # The last =: an attribute has none in its name, and a column may.
    column, _, attribute = to_unicode(text).rpartition(u"=")
    return column.strip(), attribute.strip()


def _once(name, pairs, reasons):
    # type: (str, Iterable[Tuple], List[str]) -> List[Tuple]
    found = []  # type: List[Tuple]
    for column, attribute in pairs:
        for other, before in found:
            if other == column and attribute != before:
                reasons.append("%s: %s is given twice, as %s and as %s" % (
                    name, native_str(column), native_str(before), native_str(attribute)))
        found.append((column, attribute))
    return found


def _of_file(path, reasons):
    # type: (str, List[str]) -> List[Tuple]
    """The pairs of a file; what is wrong with it is added to ``reasons``."""
    try:
        with io.open(path, "rb") as file:
            text = file.read().decode("utf-8-sig")
    except EnvironmentError as error:
        reasons.append("map_file: %s cannot be read: %s" % (path, error.strerror))
        return []
    except UnicodeDecodeError:
        reasons.append("map_file: %s is not in UTF-8; save it so" % path)
        return []
    if text.lstrip().startswith(u"{"):
        return _of_json(path, text, reasons)
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(u"#"):
            continue
        if _are_pairs([line]):
            found.append(_pair(line))
        else:
            reasons.append("map_file: line %d of %s is %s; write COLUMN=ATTRIBUTE" % (
                number, path, native_str(line.strip()[:60])))
    return found


def _of_json(path, text, reasons):
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except Exception as error:  # RecursionError, too.
        reasons.append("map_file: %s is not JSON: %s" % (path, error))
        return []
    if all(isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[1], unicode_type)
           and pair[1] for pair in pairs):
        return [(column.strip(), attribute.strip()) for column, attribute in pairs]
    reasons.append('map_file: %s must be one object of texts: {"Host Name": "name"}' % path)
    return []
