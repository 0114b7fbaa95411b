"""The options that a client may give for an import, and what is clearly wrong with values."""

from __future__ import absolute_import, division, print_function

import codecs
import re

from tornado.escape import native_str

from waterspout_cmdb.bulk.utc_offset import minutes_of

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, Text, Tuple  # noqa: F401

_YES, _ONE, _LIST, _PAIRS = range(4)

#: Those of the import command that name no file and no place.
OPTIONS = {
    u"key": _LIST, u"map": _PAIRS, u"ignore": _LIST, u"ignore_unknown": _YES, u"empty": _ONE,
    u"list_separator": _ONE, u"dates": _ONE, u"decimal": _ONE, u"utc_offset": _ONE,
    u"peer_key": _PAIRS, u"format": _ONE,
    u"encoding": _ONE, u"delimiter": _ONE, u"sheet": _ONE, u"header_row": _ONE, u"dry_run": _YES,
    u"all_or_nothing": _YES,
}

#: The name of the file, for people, where the body is the file itself.
FILENAME = u"filename"

#: Values of one request, and characters of each.
_MOST_VALUES, _MOST_CHARACTERS = 1000, 4000

_BOOLEANS = {u"": True, u"1": True, u"true": True, u"yes": True, u"on": True,
             u"0": False, u"false": False, u"no": False, u"off": False}

# A command line cannot have NUL; of the others a tab may be between cells.
_CONTROLS = re.compile(u"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")


def _is_encoding(value):
    try:
        return codecs.lookup(native_str(value)) is not None
    except (LookupError, ValueError):
        return False


def _is_delimiter(value):
    return value in (u"tab", u"\\t", u"comma", u"semicolon", u"pipe") or (
        len(value) == 1 and value != u'"')


#: What values must be, and whether one is: the command would refuse it when the upload is over.
_VALUES = {
    u"dates": ("dmy or mdy", (u"dmy", u"mdy").__contains__),
    u"decimal": ("comma or point", (u"comma", u"point").__contains__),
    u"utc_offset": ("an offset such as +08:00, or Z (in a URL, + is written %2B)",
                    lambda text: minutes_of(text) is not None),
    u"empty": ("keep or clear", (u"keep", u"clear").__contains__),
    u"format": ("csv, tsv, json, jsonl or xlsx",
                (u"csv", u"tsv", u"json", u"jsonl", u"xlsx").__contains__),
    u"encoding": ("the name of one, such as gb18030", _is_encoding),
    u"delimiter": ("one character, or tab", _is_delimiter),
    u"header_row": ("a row from 1, or two such as 3-4",
                    re.compile(u"[1-9][0-9]*(-[1-9][0-9]*)?\\Z").match),
}


class BadImportOption(ValueError):
    """An option cannot be used; ``str()`` is a sentence for the client."""


def import_options(pairs):
    # type: (Iterable[Tuple[Text, Text]]) -> Dict[Text, Any]
    """Return the options by name: text, True, or a list of texts.

    The import itself checks what depends on the file or on the model.

    Args:
        pairs: names and values; ``dry-run`` is ``dry_run``.
    Raises: BadImportOption.
    """
    found = {}  # type: Dict[Text, Any]
    pairs = list(pairs)
    if len(pairs) > _MOST_VALUES:
        raise BadImportOption("there are more than %d options" % _MOST_VALUES)
    for name, value in pairs:
        name = name.replace(u"-", u"_")
        if name not in OPTIONS:
            raise BadImportOption("there is no option %s; there are %s" % (
                native_str(name[:100]), ", ".join(sorted(map(native_str, OPTIONS)))))
        _take(found, name, value, OPTIONS[name])
    if not found.get(u"key"):
        raise BadImportOption(
            "key is missing: the attribute by which rows find their instances, such as key=name")
    return found


def _take(found, name, value, kind):
    shown = native_str(name)
    if len(value) > _MOST_CHARACTERS or _CONTROLS.search(value):
        raise BadImportOption("%s must be text of at most %d characters, without control "
                              "characters" % (shown, _MOST_CHARACTERS))
    if kind == _YES:
        if value.lower() not in _BOOLEANS:
            raise BadImportOption("%s must be true or false" % shown)
        if _BOOLEANS[value.lower()]:
            found[name] = True
    elif not value.strip() and value != u"\t":
        return  # A form has its empty fields, too.
    elif kind == _ONE:
        if name in found:
            raise BadImportOption("%s is given twice" % shown)
        needed, allows = _VALUES.get(name, ("", None))
        if allows is not None and not allows(value):
            raise BadImportOption("%s must be %s, not %s" % (
                shown, needed, native_str(value[:100])))
        found[name] = value
    else:
        if kind == _PAIRS and not all(part.strip() for part in value.rpartition(u"=")[::2]):
            raise BadImportOption("%s must be like %s" % (
                shown, "Host Name=name" if name == u"map" else "owner=name"))
        found.setdefault(name, []).append(value)
