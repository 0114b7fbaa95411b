"""What an import reads."""

from __future__ import absolute_import, division, print_function

import codecs
import re

from tornado.escape import native_str
from tornado.util import basestring_type

from waterspout_cmdb.command_line.option import one_of, option

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

FORMATS = ("csv", "tsv", "json", "jsonl", "xlsx")

#: A shell makes a tab hard to type.
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


def is_encoding(name):
    # type: (str) -> bool
    """Return whether Python knows an encoding of this name; an empty one is found out."""
    try:
        return not name or codecs.lookup(native_str(name)) is not None
    except (LookupError, UnicodeError):
        return False


def _is_delimiter(text):
    return len(_DELIMITERS.get(text, text)) <= 1 and text not in ('"', "\n", "\r")


OPTIONS = (
    option("format", basestring_type, "", "NAME",
           "of the file: %s; found out unless given" % ", ".join(FORMATS),
           one_of(("",) + FORMATS)),
    option("encoding", basestring_type, "", "NAME",
           "such as utf-8, gb18030, latin-1; found out unless given, and told",
           ("the name of an encoding, such as gb18030", is_encoding)),
    option("delimiter", basestring_type, "", "CHARACTER",
           "between two cells of a CSV: a character, or tab; found out unless given",
           ("one character, or tab", _is_delimiter)),
    option("sheet", basestring_type, "", "NAME",
           "of an Excel file; the first one unless given", ("text", lambda text: True)),
    option("header_row", basestring_type, "", "N",
           "the row with the names of the columns, from 1; two that belong together are 3-4; "
           "found out unless given",
           ("a row from 1, or two such as 3-4", re.compile(r"([1-9]\d*(-[1-9]\d*)?)?\Z").match)),
)  # fmt: skip


def complaints(options):
    # type: (Options) -> List[str]
    """Return what does not go together."""
    found = []
    kind = native_str(options.format)
    if options.delimiter and kind not in ("", "csv", "tsv"):
        found.append("delimiter: %s has none; it is for csv" % kind)
    if options.sheet and kind not in ("", "xlsx"):
        found.append("sheet: %s has none; it is for xlsx" % kind)
    if options.encoding and kind == "xlsx":
        found.append("encoding: an Excel file says its own; leave it out")
    if options.header_row and kind in ("json", "jsonl"):
        found.append("header_row: %s has none; leave it out" % kind)
    return found


def read_keywords(options):
    # type: (Options) -> dict
    """Return the keywords of ``ReadOptions`` that these options mean."""
    keywords = dict(
        (name, native_str(getattr(options, name)) or None)
        for name in ("format", "encoding", "sheet"))
    delimiter = native_str(options.delimiter)
    keywords["delimiter"] = _DELIMITERS.get(delimiter, delimiter) or None
    row = native_str(options.header_row)
    keywords["header_row"] = int(row) if row.isdigit() else row or None
    return keywords
