"""Files and options that say which columns are which attributes."""

from __future__ import absolute_import, division, print_function

import csv
import io
import json
import os

from tornado.escape import to_unicode
from tornado.util import unicode_type

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Dict, Iterable, Text, Tuple  # noqa: F401

#: Bytes of a mapping file: some ten thousand columns.
MAX_SIZE = 2 ** 20

_HEADER = (u"column", u"attribute")


def parse_entry(entry):
    # type: (Text) -> Tuple[Text, Text]
    """Return the column and the attribute in ``Host Name=name``; the last ``=`` separates them.

    Raises: BulkError: one of them is missing.
    """
    column, _, attribute = [part.strip() for part in to_unicode(entry).rpartition(u"=")]
    if not column or not attribute:
        raise BulkError(
            u'--map %s: write a column, = and an attribute, as in "Host Name=name"' % (
                to_unicode(entry)))
    return column, attribute


def parse_entries(entries):
    # type: (Iterable[Text]) -> Dict[Text, Text]
    """Return the mapping that entries make. Raises: BulkError: one is wrong, or names a column
    that another names."""
    return _mapping([parse_entry(each) for each in entries], u"--map")


def read_mapping(path):
    # type: (str) -> Dict[Text, Text]
    """Return the mapping in a file: a JSON object, or a CSV file with two columns.

    The CSV file's first row may be ``column,attribute``. Both are in UTF-8.

    Raises: BulkError: the file cannot be read, or is not such a file.
    """
    text = _read(path)
    name = u"the mapping file %s" % to_unicode(path)
    if text.lstrip()[:1] == u"{":
        return _mapping(_pairs_of_json(text, name), name)
    return _mapping(_pairs_of_csv(text, name), name)


def _read(path):
    name = to_unicode(path)
    try:
        with io.open(path, "rb") as file:
            data = file.read(MAX_SIZE + 1)
    except EnvironmentError as error:
        raise BulkError(u"cannot read the mapping file %s: %s" % (
            name, to_unicode(os.strerror(error.errno or 0))))
    if len(data) > MAX_SIZE:
        raise BulkError(u"the mapping file %s is larger than %d bytes; is it the right file?" % (
            name, MAX_SIZE))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BulkError(u"the mapping file %s is not in UTF-8; save it so" % name)


def _pairs_of_json(text, name):
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RuntimeError) as error:  # RuntimeError: nested too deep.
        raise BulkError(u"%s is not JSON: %s" % (name, to_unicode(str(error))))
    for column, attribute in pairs:
        if not isinstance(attribute, unicode_type):
            raise BulkError(u"%s: column %s must have the name of an attribute, as text" % (
                name, column))
    return pairs


def _pairs_of_csv(text, name):
    if u"\x00" in text:
        raise BulkError(u"%s is neither JSON nor CSV" % name)
    if str is bytes:  # Python 2.7.
        rows = csv.reader(io.BytesIO(text.encode("utf-8")), strict=True)
    else:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    pairs = []
    try:
        for row in rows:
            cells = [to_unicode(cell).strip() for cell in row]
            if any(cells):
                if len(cells) != 2 or not all(cells):
                    raise BulkError(
                        u"%s, line %d: write a column, a comma and an attribute"
                        % (name, rows.line_num))
                pairs.append(tuple(cells))
    except csv.Error as error:
        raise BulkError(u"%s, line %d: %s" % (name, rows.line_num, to_unicode(str(error))))
    if pairs and tuple(each.lower() for each in pairs[0]) == _HEADER:
        del pairs[0]
    return pairs


def _mapping(pairs, name):
    found = {}  # type: Dict[Text, Text]
    for column, attribute in pairs:
        if found.setdefault(column, attribute) != attribute:
            raise BulkError(u"%s: column %s is said to be %s and %s" % (
                name, column, found[column], attribute))
    return found
